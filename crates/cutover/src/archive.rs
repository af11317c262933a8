//! Packing the sources away once the database has everything.

use crate::area::area;
use crate::backup::{sync_folder, write_synced};
use crate::bytes::{Hashing, hash_file, hex};
use crate::error::{Error, Result};
use crate::ledger;
use crate::progress::{Progress, Quiet, Stage};
use crate::report::Verdict;
use crate::verify::{VerifyRequest, verify};
use landfast_domain::Store;
use landfast_domain::accounts::UserId;
use landfast_domain::time::Timestamp;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// What to pack, and where to.
pub struct ArchiveRequest<'a> {
    /// Owner of the imported documents.
    pub user: UserId,
    /// Folder the archives are written into; made when absent.
    pub target: &'a Path,
    /// Where the backups lie; they are verified as well.
    pub backup_root: &'a Path,
    /// Sizes of lists.
    pub limits: crate::Limits,
    /// The clock, UTC.
    pub clock: &'a (dyn Fn() -> Timestamp + Sync),
}

/// An archive.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Archived {
    /// Area of the files.
    pub area: String,
    /// Folder they lie in.
    pub folder: PathBuf,
    /// The archive: `tar`, compressed with zstd. `tar --zstd -xf` and `sha256sum -c SHA256SUMS` unpack and check it.
    pub archive: PathBuf,
    /// Files in it, the list of hashes not counted.
    pub files: u64,
    /// Bytes of these files.
    pub bytes: u64,
    /// SHA-256 of the archive, which also lies beside it.
    pub sha256: String,
}

/// Name of the list of hashes in an archive.
const SUMS: &str = "SHA256SUMS";

/// Packs every imported folder, after a verification that found no difference. The archive is read back before it
/// gets its name. Nothing is removed: what becomes of the folders is for a person to decide.
///
/// # Errors
/// [`Error::NotClean`] when the verification found differences or something is in quarantine;
/// [`Error::NothingRecognised`] when nothing was imported; [`Error::Interrupted`], [`Error::Io`], [`Error::Store`].
pub fn archive(
    store: &dyn Store,
    request: &ArchiveRequest<'_>,
    progress: &dyn Progress,
    interrupt: &AtomicBool,
) -> Result<Vec<Archived>> {
    let folders = clean_folders(store, request, interrupt)?;
    fs::create_dir_all(request.target).map_err(Error::io("create", request.target))?;
    let packed: Vec<Pack> = folders.into_iter().map(|(area, folder)| Pack::new(area, folder)).collect::<Result<_>>()?;
    progress.begin(Stage::Archive, packed.iter().map(Pack::bytes).sum());
    let done = packed.iter().map(|pack| pack.write(request.target, progress, interrupt)).collect();
    progress.end();
    done
}

/// Tells what [`archive`] would pack, and writes nothing. The archives have no hash yet.
///
/// # Errors
/// As [`archive`].
pub fn archivable(store: &dyn Store, request: &ArchiveRequest<'_>, interrupt: &AtomicBool) -> Result<Vec<Archived>> {
    let folders = clean_folders(store, request, interrupt)?;
    folders
        .into_iter()
        .map(|(area, folder)| {
            let pack = Pack::new(area, folder)?;
            Ok(pack.report(request.target.join(&pack.name), String::new()))
        })
        .collect()
}

/// Imported folders by area, after a verification that found no difference.
fn clean_folders(
    store: &dyn Store,
    request: &ArchiveRequest<'_>,
    interrupt: &AtomicBool,
) -> Result<BTreeSet<(String, PathBuf)>> {
    let documents = ledger::documents(store, &request.user)?;
    let folders: BTreeSet<(String, PathBuf)> = documents
        .iter()
        .filter(|document| !ledger::is_replaced(document))
        .map(|document| (document.area.clone(), PathBuf::from(&document.source)))
        .collect();
    if folders.is_empty() {
        return Err(Error::NothingRecognised { paths: "the database".to_owned() });
    }
    let paths: Vec<PathBuf> =
        folders.iter().map(|(_, folder)| folder.clone()).collect::<BTreeSet<_>>().into_iter().collect();
    let check = VerifyRequest {
        paths: &paths,
        user: request.user.clone(),
        backup_root: Some(request.backup_root),
        allow_edits: true,
        limits: request.limits,
        runs: crate::RunOptions::default(),
        clock: request.clock,
    };
    let report = verify(store, &check, &Quiet, interrupt)?;
    let differences = report.verification.as_ref().map_or(0, |verification| verification.differences_total);
    if report.outcome == Verdict::Different || differences > 0 || report.totals.quarantined > 0 {
        return Err(Error::NotClean { differences, quarantined: report.totals.quarantined });
    }
    Ok(folders)
}

/// A file to be packed.
struct Member {
    path: String,
    location: PathBuf,
    sha256: String,
    size_bytes: u64,
}

/// A folder whose files are to be packed.
struct Pack {
    area: String,
    folder: PathBuf,
    members: Vec<Member>,
    sums: String,
    name: String,
}

impl Pack {
    fn new(area_name: String, folder: PathBuf) -> Result<Self> {
        let area = area(&area_name).ok_or_else(|| Error::NothingRecognised { paths: folder.display().to_string() })?;
        let mut members = Vec::new();
        for file in area.files(&folder, &BTreeSet::new())? {
            let (sha256, size_bytes) = hash_file(&file.location)?;
            members.push(Member { path: file.path, location: file.location, sha256, size_bytes });
        }
        members.sort_by(|a, b| a.path.cmp(&b.path));
        let sums: String = members.iter().map(|member| format!("{}  {}\n", member.sha256, member.path)).collect();
        let state = hex(&Sha256::digest(sums.as_bytes()));
        let name = format!("{area_name}-{}.tar.zst", state.get(..16).unwrap_or(&state));
        Ok(Self { area: area_name, folder, members, sums, name })
    }

    fn bytes(&self) -> u64 {
        self.members.iter().map(|member| member.size_bytes).sum()
    }

    fn write(&self, target: &Path, progress: &dyn Progress, interrupt: &AtomicBool) -> Result<Archived> {
        let Self { members, sums, name, .. } = self;
        let (path, partial) = (target.join(name), target.join(format!(".{name}.partial")));
        let written = write_archive(&partial, members, sums, progress, interrupt)
            .and_then(|()| check_archive(&partial, members, sums))
            .and_then(|()| hash_file(&partial));
        let sha256 = match written {
            Ok((sha256, _)) => sha256,
            Err(error) => {
                // A leftover does no harm: the next archive of the same state writes over it.
                let _ = fs::remove_file(&partial);
                return Err(error);
            }
        };
        fs::rename(&partial, &path).map_err(Error::io("rename", &partial))?;
        write_synced(&target.join(format!("{name}.sha256")), format!("{sha256}  {name}\n").as_bytes())?;
        sync_folder(target)?;
        Ok(self.report(path, sha256))
    }

    fn report(&self, archive: PathBuf, sha256: String) -> Archived {
        let files = crate::bytes::to_u64(self.members.len());
        Archived { area: self.area.clone(), folder: self.folder.clone(), archive, files, bytes: self.bytes(), sha256 }
    }
}

/// Compression level: the archive is written once and kept for years.
const LEVEL: i32 = 12;

fn write_archive(
    path: &Path,
    members: &[Member],
    sums: &str,
    progress: &dyn Progress,
    interrupt: &AtomicBool,
) -> Result<()> {
    let failed = Error::io("write", path);
    let file = File::create(path).map_err(failed)?;
    let encoder = zstd::Encoder::new(BufWriter::new(file), LEVEL).map_err(Error::io("write", path))?;
    let mut tar = tar::Builder::new(encoder);
    let mut add = |name: &str, size: u64, source: &mut dyn Read| {
        let mut header = tar::Header::new_gnu();
        header.set_size(size);
        header.set_mode(0o644);
        header.set_mtime(0);
        header.set_cksum();
        tar.append_data(&mut header, name, source).map_err(Error::io("write", path))
    };
    add(SUMS, crate::bytes::to_u64(sums.len()), &mut sums.as_bytes())?;
    for member in members {
        if interrupt.load(Ordering::SeqCst) {
            return Err(Error::Interrupted);
        }
        let mut source = File::open(&member.location).map_err(Error::io("read", &member.location))?;
        add(&member.path, member.size_bytes, &mut source)?;
        progress.advance(member.size_bytes, 1);
    }
    let encoder = tar.into_inner().map_err(Error::io("write", path))?;
    let mut file = encoder.finish().map_err(Error::io("write", path))?;
    file.flush().map_err(Error::io("write", path))?;
    file.get_ref().sync_all().map_err(Error::io("sync", path))
}

/// Reads the archive back and compares every file with its hash.
fn check_archive(path: &Path, members: &[Member], sums: &str) -> Result<()> {
    let wrong = |reason: String| Error::Backup { path: path.to_owned(), reason };
    let file = BufReader::new(File::open(path).map_err(Error::io("read", path))?);
    let decoder = zstd::Decoder::with_buffer(file).map_err(Error::io("read", path))?;
    let mut tar = tar::Archive::new(decoder);
    let mut expected: BTreeMap<&str, &str> =
        members.iter().map(|member| (member.path.as_str(), member.sha256.as_str())).collect();
    let own = hex(&Sha256::digest(sums.as_bytes()));
    expected.insert(SUMS, &own);
    for entry in tar.entries().map_err(Error::io("read", path))? {
        let entry = entry.map_err(Error::io("read", path))?;
        let name = entry.path().map_err(Error::io("read", path))?.to_string_lossy().into_owned();
        let (sha256, _) = Hashing::new(entry).finish().map_err(Error::io("read", path))?;
        match expected.remove(name.as_str()) {
            Some(wanted) if wanted == sha256 => {}
            Some(_) => return Err(wrong(format!("{name} has another SHA-256 than its source"))),
            None => return Err(wrong(format!("{name} does not belong into the archive"))),
        }
    }
    match expected.into_keys().next() {
        None => Ok(()),
        Some(missing) => Err(wrong(format!("{missing} is missing"))),
    }
}
