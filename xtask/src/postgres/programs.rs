//! Where the PostgreSQL programs are installed.
//!
//! Debian keeps the server programs off `PATH`, in one folder per version, so looking at `PATH`
//! alone would miss them on most Linux machines.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process;

/// Folders that hold one sub-folder per installed version, each with its own `bin`.
const VERSIONED: [&str; 5] = [
    "/usr/lib/postgresql", // Debian, Ubuntu, Alpine
    "/usr",                // Red Hat: /usr/pgsql-16/bin
    "/opt/homebrew/opt",   // Homebrew on Apple silicon: postgresql@16
    "/usr/local/opt",      // Homebrew on Intel
    "/Applications/Postgres.app/Contents/Versions",
];

/// The programs that make and run a private server, all of the same version.
#[derive(Debug, Clone)]
pub(crate) struct ServerPrograms {
    pub(crate) initdb: PathBuf,
    pub(crate) postgres: PathBuf,
    pub(crate) pg_ctl: PathBuf,
}

/// The server programs of the first folder that has all three.
pub(crate) fn find_server() -> Option<ServerPrograms> {
    folders().iter().find_map(|folder| server_in(folder))
}

/// One program, for instance `psql`.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    folders().iter().map(|folder| folder.join(name)).find(|path| path.is_file())
}

fn server_in(folder: &Path) -> Option<ServerPrograms> {
    let program = |name| Some(folder.join(name)).filter(|path| path.is_file());
    Some(ServerPrograms { initdb: program("initdb")?, postgres: program("postgres")?, pg_ctl: program("pg_ctl")? })
}

/// `PATH` first, then what `pg_config` says, then the usual places with the newest version first.
fn folders() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    // A missing or broken pg_config only means one place less to look at.
    if let Ok(told) = process::capture(Command::new("pg_config").arg("--bindir")) {
        folders.push(told.trim().into());
    }
    for parent in VERSIONED {
        folders.extend(versions_below(Path::new(parent)));
    }
    folders.push("/usr/local/pgsql/bin".into());
    folders
}

/// `bin` folders of the versions below one folder, newest first.
fn versions_below(parent: &Path) -> Vec<PathBuf> {
    let Ok(entries) = parent.read_dir() else {
        return Vec::new();
    };
    let mut found: Vec<(Vec<u32>, PathBuf)> = entries
        .filter_map(Result::ok)
        .filter_map(|entry| Some((version(entry.file_name().to_str()?)?, entry.path().join("bin"))))
        .filter(|(_, bin)| bin.is_dir())
        .collect();
    found.sort();
    found.into_iter().rev().map(|(_, bin)| bin).collect()
}

/// The version in a folder name: `15`, `9.6`, `postgresql16`, `postgresql@16`, `pgsql-16`.
fn version(name: &str) -> Option<Vec<u32>> {
    let start = name.find(|c: char| c.is_ascii_digit())?;
    let (word, number) = name.split_at_checked(start)?;
    if !["", "postgresql", "postgresql@", "pgsql-"].contains(&word) {
        return None;
    }
    number.split('.').map(|part| part.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        let parent = tempfile::tempdir().unwrap();
        for name in ["9.6", "15", "postgresql@16", "python3", "latest"] {
            std::fs::create_dir_all(parent.path().join(name).join("bin")).unwrap();
        }
        let found = versions_below(parent.path());
        let names: Vec<_> = found.iter().map(|bin| bin.parent().unwrap().file_name().unwrap()).collect();
        assert_eq!(names, ["postgresql@16", "15", "9.6"]);
    }

    #[test]
    fn a_folder_counts_only_with_all_three_programs() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["initdb", "postgres"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        assert!(server_in(folder.path()).is_none());
        std::fs::write(folder.path().join("pg_ctl"), "").unwrap();
        assert!(server_in(folder.path()).is_some());
    }

    #[test]
    fn a_missing_folder_holds_no_versions() {
        assert!(versions_below(Path::new("/no/such/folder")).is_empty());
    }

    #[test]
    fn programs_on_path_are_found() {
        assert!(find("sh").is_some());
        assert!(find("no-such-program-anywhere").is_none());
    }
}
