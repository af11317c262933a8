//! Folders as values: every file below with its bytes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Path below the folder, with `/`, to content.
pub type Tree = BTreeMap<String, Vec<u8>>;

/// A small legacy folder of all four areas: 4 templates, 4 instances, one profile with 3 issues, 4 jobs, 4 runs.
/// Cut out of made-up data.
///
/// # Panics
/// When the fixture cannot be read.
#[must_use]
pub fn small() -> Tree {
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/small"))
}

/// The part of [`small`] that has each kind of document once or twice: 14 files.
///
/// # Panics
/// As [`small`].
#[must_use]
pub fn tiny() -> Tree {
    let kept = [
        "tasks/tasks.csv",
        "tasks/task_instances.csv",
        "tasks/emotions.csv",
        "delivery/profiles/",
        "presentations/",
        "runs/outputs/e1ea395a-57ea-48f5-a6c3-c7705a12c4b9/manifest.json",
        "runs/outputs/e1ea395a-57ea-48f5-a6c3-c7705a12c4b9/Coverage_Front.csv",
        "runs/runs/run_2026-03-07T09-27-16Z-a7d668/run_state.json",
    ];
    small().into_iter().filter(|(path, _)| kept.iter().any(|kept| path.starts_with(kept))).collect()
}

/// All files below a folder; a link counts as a file that holds its target, a pipe as an empty file. A folder that
/// is not there is empty.
///
/// # Panics
/// When something cannot be read.
#[must_use]
pub fn read(folder: &Path) -> Tree {
    let mut found = Tree::new();
    let mut waiting: Vec<PathBuf> = if folder.is_dir() { vec![folder.to_owned()] } else { Vec::new() };
    while let Some(current) = waiting.pop() {
        for entry in fs::read_dir(&current).expect("a readable folder") {
            let entry = entry.expect("a readable entry");
            let (path, kind) = (entry.path(), entry.file_type().expect("a kind of file"));
            if kind.is_dir() {
                waiting.push(path);
                continue;
            }
            let content = if kind.is_symlink() {
                fs::read_link(&path).expect("a readable link").into_os_string().into_encoded_bytes()
            } else if kind.is_file() {
                fs::read(&path).expect("a readable file")
            } else {
                Vec::new()
            };
            let name = path.strip_prefix(folder).expect("a path below the folder").to_string_lossy();
            found.insert(name.into_owned(), content);
        }
    }
    found
}

/// As [`read`], but a link to a file is that file.
///
/// # Panics
/// As [`read`].
#[must_use]
pub fn read_through_links(folder: &Path) -> Tree {
    let mut tree = read(folder);
    for (path, content) in &mut tree {
        let path = folder.join(path);
        if path.is_symlink() && path.is_file() {
            *content = fs::read(&path).expect("a readable file");
        }
    }
    tree
}

/// Writes all files below a folder.
///
/// # Panics
/// When that fails.
pub fn write(tree: &Tree, folder: &Path) {
    fs::create_dir_all(folder).expect("a folder");
    for (path, content) in tree {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a folder");
        fs::write(&path, content).expect("a file");
    }
}

/// The files below one folder of a tree, with their paths below it.
#[must_use]
pub fn below(tree: &Tree, folder: &str) -> Tree {
    let start = format!("{folder}/");
    tree.iter()
        .filter_map(|(path, content)| path.strip_prefix(&start).map(|path| (path.to_owned(), content.clone())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let home = tempfile::tempdir().unwrap();
        let tree = Tree::from([("a/b.txt".to_owned(), b"x".to_vec()), ("c".to_owned(), Vec::new())]);
        write(&tree, home.path());
        assert_eq!(read(home.path()), tree);
        assert_eq!(below(&tree, "a"), Tree::from([("b.txt".to_owned(), b"x".to_vec())]));
        assert_eq!(read(&home.path().join("not there")), Tree::new());
    }

    #[test]
    fn the_small_folder_has_all_areas() {
        let tree = small();
        for area in ["tasks", "delivery", "presentations", "runs"] {
            assert!(!below(&tree, area).is_empty(), "{area}");
            assert!(!below(&tiny(), area).is_empty(), "{area}");
        }
    }
}
