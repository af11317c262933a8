//! Backup and restore of a whole database, which only the program `landfast` can do.

use crate::AnyError;
use crate::home::{Home, open};
use landfast_cutover::{TableDigest, digests};
use landfast_domain::accounts::UserId;
use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// The program: `LANDFAST_PROGRAM`, or the one that was built beside this one.
pub(crate) fn program() -> Result<PathBuf, AnyError> {
    let program = match env::var_os("LANDFAST_PROGRAM") {
        Some(path) => PathBuf::from(path),
        None => env::current_exe()?.with_file_name("landfast"),
    };
    if !program.is_file() {
        return Err(format!("{} is missing; build it with: cargo build --package landfast", program.display()).into());
    }
    Ok(program)
}

/// The file a backup is written to, and restored from.
pub(crate) fn backup_file(home: &Home) -> PathBuf {
    home.root.join("backup.db")
}

/// Words for the program that back a database up.
pub(crate) fn backup_words(home: &Home, url: &str) -> Vec<String> {
    words(home, url, &["db", "backup", &backup_file(home).to_string_lossy()])
}

/// Words for the program that put the backup in the place of a database.
pub(crate) fn restore_words(home: &Home, url: &str) -> Vec<String> {
    words(home, url, &["db", "restore", &backup_file(home).to_string_lossy()])
}

fn words(home: &Home, url: &str, verb: &[&str]) -> Vec<String> {
    let data = home.root.join("data").to_string_lossy().into_owned();
    let start = ["--quiet", "--database-url", url, "--data-dir", data.as_str()];
    start.iter().chain(verb).map(|word| (*word).to_owned()).collect()
}

/// Runs the program undisturbed.
pub(crate) fn run(words: &[String]) -> Result<(), AnyError> {
    let output = Command::new(program()?).args(words).stdin(Stdio::null()).output()?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("landfast ends with {}: {}", output.status, String::from_utf8_lossy(&output.stderr).trim()).into())
}

/// Whether a backup is there, with both of its files.
pub(crate) fn is_backed_up(home: &Home) -> bool {
    backup_file(home).exists() && backup_file(home).with_extension("db.json").exists()
}

/// Removes what is left of a backup that was not finished.
pub(crate) fn remove_backup(home: &Home) -> Result<(), AnyError> {
    for path in [backup_file(home), backup_file(home).with_extension("db.json")] {
        if path.exists() {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// What a database holds that was restored from the backup.
pub(crate) fn restored_rows(home: &Home) -> Result<BTreeMap<String, TableDigest>, AnyError> {
    let url = format!("sqlite:{}", home.root.join("restored.db").display());
    for end in ["", "-wal", "-shm", ".lock"] {
        let path = home.root.join(format!("restored.db{end}"));
        if path.exists() {
            fs::remove_file(path)?;
        }
    }
    run(&restore_words(home, &url))?;
    Ok(digests(&open(&url)?, &UserId::guest())?)
}
