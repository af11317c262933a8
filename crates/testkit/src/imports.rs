//! Importing legacy folders into throw-away stores.

use landfast_cutover::{ImportRequest, Limits, Quiet, Report, RunOptions, import};
use landfast_domain::Store;
use landfast_domain::accounts::UserId;
use landfast_domain::time::Timestamp;
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// Imports what is found below a folder for the guest, verified, with a fixed clock.
///
/// `backup` is the folder for the copies of the sources.
///
/// # Errors
/// Those of [`import`].
pub fn import_folder(store: &dyn Store, folder: &Path, backup: &Path) -> landfast_cutover::Result<Report> {
    let now = Timestamp::parse("2026-03-07 10:00").expect("a time");
    import_at(store, folder, backup, &|| now)
}

/// Imports like [`import_folder`], with another clock: where the time goes is part of the report.
///
/// # Errors
/// Those of [`import`].
pub fn import_at(
    store: &dyn Store,
    folder: &Path,
    backup: &Path,
    clock: &(dyn Fn() -> Timestamp + Sync),
) -> landfast_cutover::Result<Report> {
    let request = ImportRequest {
        paths: &[folder.to_owned()],
        user: UserId::guest(),
        dry_run: false,
        backup_root: backup,
        max_quarantined: None,
        repairs: &[],
        prune: false,
        live: false,
        verify: true,
        run_id: "run".to_owned(),
        holder: "test kit".to_owned(),
        holder_is_alive: &|_| false,
        clock,
        limits: Limits::default(),
        runs: RunOptions::default(),
    };
    import(store, &request, &Quiet, &AtomicBool::new(false))
}
