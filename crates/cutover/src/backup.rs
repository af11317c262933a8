//! Verified copies of the sources.

use crate::bytes::{Hashing, hash_file, hex};
use crate::error::{Error, Result};
use crate::progress::Progress;
use crate::report::BackupReport;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Name of the list of hashes in a backup, in the form of `sha256sum`.
pub(crate) const SUMS: &str = "SHA256SUMS";

/// A file to be copied.
#[derive(Debug, Clone)]
pub(crate) struct BackupFile {
    /// Path below the folder, with `/`.
    pub(crate) path: String,
    pub(crate) location: PathBuf,
    pub(crate) sha256: String,
    pub(crate) size_bytes: u64,
}

/// Copies the files of a source into `<root>/<area>-<hash of their paths and contents>`, or finds that
/// this very state was copied before and is intact.
///
/// Every byte is read back before the folder gets its name; until then it is called `….partial`.
pub(crate) fn back_up(
    root: &Path,
    area: &str,
    source: &str,
    files: &[BackupFile],
    progress: &dyn Progress,
) -> Result<BackupReport> {
    let sums = sums(files);
    let state = hex(&Sha256::digest(sums.as_bytes()));
    let name = format!("{area}-{}", state.get(..16).unwrap_or(&state));
    let path = root.join(&name);
    let mut report = BackupReport {
        area: area.to_owned(),
        source: source.to_owned(),
        path: path.to_string_lossy().into_owned(),
        files: crate::bytes::to_u64(files.len()),
        bytes: files.iter().map(|file| file.size_bytes).sum(),
        reused: true,
    };
    if path.exists() {
        match check(&path, Some(&sums)) {
            Ok(_) => return Ok(report),
            Err(Error::Backup { .. }) => set_aside(&path)?,
            Err(error) => return Err(error),
        }
    }
    report.reused = false;
    let partial = root.join(format!(".{name}.partial"));
    if partial.exists() {
        fs::remove_dir_all(&partial).map_err(Error::io("remove", &partial))?;
    }
    fs::create_dir_all(&partial).map_err(Error::io("create", &partial))?;
    for part in files.chunks(SYNCED_TOGETHER) {
        let mut copies = Vec::with_capacity(part.len());
        for file in part {
            copies.push((file.path.as_str(), copy(file, &partial)?));
            progress.advance(file.size_bytes, 0);
        }
        sync_all(&copies)?;
    }
    write_synced(&partial.join(SUMS), sums.as_bytes())?;
    check(&partial, Some(&sums))?;
    fs::rename(&partial, &path).map_err(Error::io("rename", &partial))?;
    sync_folder(root)?;
    Ok(report)
}

/// Checks every file of a backup against its list of hashes, and the list against `expected` if given.
/// Gives the list: path to SHA-256.
pub(crate) fn check(folder: &Path, expected: Option<&str>) -> Result<BTreeMap<String, String>> {
    let wrong = |path: PathBuf, reason: String| Error::Backup { path, reason };
    let list = folder.join(SUMS);
    let text = fs::read_to_string(&list).map_err(|error| wrong(list.clone(), error.to_string()))?;
    if expected.is_some_and(|expected| expected != text) {
        return Err(wrong(list, "the list of hashes is not the expected one".to_owned()));
    }
    let listed = parse_sums(&text).map_err(|reason| wrong(list, reason))?;
    for (path, sha256) in &listed {
        let file = folder.join(path);
        match hash_file(&file) {
            Ok((found, _)) if found == *sha256 => {}
            Ok((found, _)) => return Err(wrong(file, format!("its SHA-256 is {found} instead of {sha256}"))),
            Err(Error::Io { source, .. }) => return Err(wrong(file, source.to_string())),
            Err(error) => return Err(error),
        }
    }
    Ok(listed)
}

/// Backups below `root` whose list of hashes names all these files.
pub(crate) fn find(root: &Path, area: &str, files: &[(&str, &str)]) -> Result<Vec<PathBuf>> {
    if !root.is_dir() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(root).map_err(Error::io("list", root))? {
        let entry = entry.map_err(Error::io("list", root))?;
        let is_ours = entry
            .file_name()
            .to_str()
            .is_some_and(|name| name.starts_with(&format!("{area}-")) && !name.contains(".damaged"));
        let Ok(text) = fs::read_to_string(entry.path().join(SUMS)) else { continue };
        let Ok(listed) = parse_sums(&text) else { continue };
        if is_ours && files.iter().all(|(path, sha256)| listed.get(*path).is_some_and(|own| own == sha256)) {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

fn sums(files: &[BackupFile]) -> String {
    let mut lines: Vec<String> = files.iter().map(sum_line).collect();
    lines.sort();
    lines.concat()
}

/// A line of `sha256sum`: a name with a line break or backslash is escaped, and the line begins with one.
fn sum_line(file: &BackupFile) -> String {
    let escaped = file.path.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r");
    let mark = if escaped == file.path { "" } else { "\\" };
    format!("{mark}{}  {escaped}\n", file.sha256)
}

fn parse_sums(text: &str) -> Result<BTreeMap<String, String>, String> {
    let mut listed = BTreeMap::new();
    for (number, line) in text.lines().enumerate() {
        let (is_escaped, rest) = match line.strip_prefix('\\') {
            Some(rest) => (true, rest),
            None => (false, line),
        };
        let (sha256, path) =
            rest.split_once("  ").ok_or_else(|| format!("line {} is no line of sha256sum", number + 1))?;
        let path = if is_escaped { unescape(path) } else { path.to_owned() };
        if crate::export::safe_path(&path).is_err() {
            return Err(format!("line {} names a path outside of the backup", number + 1));
        }
        listed.insert(path, sha256.to_owned());
    }
    Ok(listed)
}

fn unescape(path: &str) -> String {
    let mut text = String::with_capacity(path.len());
    let mut chars = path.chars();
    while let Some(c) = chars.next() {
        text.push(match c {
            '\\' => match chars.next() {
                Some('n') => '\n',
                Some('r') => '\r',
                Some(other) => other,
                None => '\\',
            },
            other => other,
        });
    }
    text
}

/// Copies that are open together while they are made durable. The file system writes what waits at the same time
/// in one go.
const SYNCED_TOGETHER: usize = 16;

/// Makes copies durable, all at the same time.
fn sync_all(copies: &[(&str, File)]) -> Result<()> {
    std::thread::scope(|scope| {
        let running: Vec<_> = copies
            .iter()
            .map(|(path, file)| scope.spawn(move || file.sync_all().map_err(Error::io("sync", Path::new(path)))))
            .collect();
        running
            .into_iter()
            .try_for_each(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })
}

/// Copies a file; the copy is not durable yet.
fn copy(file: &BackupFile, folder: &Path) -> Result<File> {
    let target = folder.join(&file.path);
    if let Some(parent) = target.parent() {
        fs::create_dir_all(parent).map_err(Error::io("create", parent))?;
    }
    let mut from = Hashing::new(File::open(&file.location).map_err(Error::io("read", &file.location))?);
    let mut to = File::create(&target).map_err(Error::io("create", &target))?;
    std::io::copy(&mut from, &mut to).map_err(Error::io("copy to", &target))?;
    let (sha256, _) = from.finish().map_err(Error::io("read", &file.location))?;
    if sha256 != file.sha256 {
        return Err(Error::SourceChanged { path: file.location.clone() });
    }
    Ok(to)
}

/// Keeps a damaged backup under another name: it may be all that is left of something.
fn set_aside(path: &Path) -> Result<()> {
    for number in 1.. {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".damaged-{number}"));
        let target = PathBuf::from(name);
        if !target.exists() {
            return fs::rename(path, &target).map_err(Error::io("rename", path));
        }
    }
    Ok(())
}

/// Writes a file and brings it to disk.
///
/// # Errors
/// [`Error::Io`].
pub fn write_synced(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut file = File::create(path).map_err(Error::io("create", path))?;
    file.write_all(bytes).map_err(Error::io("write", path))?;
    file.sync_all().map_err(Error::io("sync", path))
}

/// Makes a rename in a folder durable. Only Unix can open folders; elsewhere nothing has to be done.
///
/// # Errors
/// [`Error::Io`].
pub fn sync_folder(folder: &Path) -> Result<()> {
    if cfg!(unix) {
        let handle = File::open(folder).map_err(Error::io("open", folder))?;
        handle.sync_all().map_err(Error::io("sync", folder))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Quiet;

    fn files(folder: &Path, names: &[&str]) -> Vec<BackupFile> {
        names
            .iter()
            .map(|name| {
                let location = folder.join(name);
                fs::create_dir_all(location.parent().unwrap()).unwrap();
                fs::write(&location, format!("content of {name}")).unwrap();
                let (sha256, size_bytes) = hash_file(&location).unwrap();
                BackupFile { path: (*name).to_owned(), location, sha256, size_bytes }
            })
            .collect()
    }

    #[test]
    fn a_backup_is_made_once_and_again_when_it_was_damaged() {
        let (source, root) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let files = files(source.path(), &["tasks.csv", "logs/a.jsonl"]);
        let first = back_up(root.path(), "tasks", "here", &files, &Quiet).unwrap();
        assert!(!first.reused);
        assert!(back_up(root.path(), "tasks", "here", &files, &Quiet).unwrap().reused);
        fs::write(Path::new(&first.path).join("tasks.csv"), "content of tasks.csw").unwrap();
        assert!(matches!(check(Path::new(&first.path), None), Err(Error::Backup { .. })));
        let third = back_up(root.path(), "tasks", "here", &files, &Quiet).unwrap();
        assert_eq!((third.reused, &third.path), (false, &first.path));
        assert!(PathBuf::from(format!("{}.damaged-1", first.path)).exists());
        assert_eq!(
            find(root.path(), "tasks", &[("tasks.csv", &files[0].sha256)]).unwrap(),
            [PathBuf::from(first.path)]
        );
    }

    #[test]
    fn a_source_that_changes_is_noticed() {
        let (source, root) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let files = files(source.path(), &["tasks.csv"]);
        fs::write(&files[0].location, "something else").unwrap();
        assert!(matches!(back_up(root.path(), "tasks", "here", &files, &Quiet), Err(Error::SourceChanged { .. })));
    }

    #[test]
    fn names_with_line_breaks_survive_the_list() {
        let file =
            BackupFile { path: "a\n\\b".to_owned(), location: PathBuf::new(), sha256: "0".repeat(64), size_bytes: 0 };
        let line = sum_line(&file);
        assert_eq!(line.matches('\n').count(), 1);
        assert!(unescape(line.trim_end().split_once("  ").unwrap().1) == file.path);
    }
}
