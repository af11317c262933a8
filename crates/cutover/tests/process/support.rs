//! A database, a legacy folder, and short ways to say what to do with them.

use landfast_cutover::report::Report;
use landfast_cutover::{
    Error, ExportReport, ExportRequest, ImportRequest, Limits, Progress, Quiet, Repair, RunOptions, Stage,
    VerifyRequest, export, import, verify,
};
use landfast_domain::accounts::UserId;
use landfast_domain::store::{Store, StoreKind, Work};
use landfast_domain::time::Timestamp;
use landfast_domain::{Repositories, Result};
use landfast_testkit::databases::{ThrowAway, sqlite};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use tempfile::TempDir;

/// Path of a sample folder.
pub(crate) fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../testkit/fixtures/tasks").join(name)
}

pub(crate) const SAMPLES: [&str; 4] = ["data", "nov2025", "dec18", "mar2026"];

/// A legacy folder and a database beside it.
pub(crate) struct Bench {
    pub(crate) root: TempDir,
    pub(crate) database: ThrowAway,
    pub(crate) limits: Limits,
    pub(crate) repairs: Vec<Repair>,
    pub(crate) prune: bool,
    pub(crate) max_quarantined: Option<u64>,
    pub(crate) run_id: String,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self::on(sqlite())
    }

    pub(crate) fn on(database: ThrowAway) -> Self {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("source")).unwrap();
        let run_id = "run-1".to_owned();
        Self {
            root,
            database,
            limits: Limits::default(),
            repairs: Vec::new(),
            prune: false,
            max_quarantined: None,
            run_id,
        }
    }

    /// With a copy of a sample.
    pub(crate) fn with_sample(name: &str) -> Self {
        let bench = Self::new();
        copy_folder(&sample(name), &bench.source());
        bench
    }

    /// With files of these contents.
    pub(crate) fn with(files: &[(&str, &[u8])]) -> Self {
        let bench = Self::new();
        files.iter().for_each(|(path, content)| bench.write(path, content));
        bench
    }

    pub(crate) fn source(&self) -> PathBuf {
        self.root.path().join("source")
    }

    pub(crate) fn backups(&self) -> PathBuf {
        self.root.path().join("backups")
    }

    pub(crate) fn write(&self, path: &str, content: &[u8]) {
        let path = self.source().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub(crate) fn store(&self) -> &dyn Store {
        self.database.store()
    }

    pub(crate) fn import(&self) -> Report {
        self.try_import(self.store(), &Quiet, &AtomicBool::new(false)).unwrap()
    }

    pub(crate) fn import_from(&self, path: &Path) -> Report {
        self.run(self.store(), &[path.to_owned()], false, &Quiet, &AtomicBool::new(false)).unwrap()
    }

    pub(crate) fn plan(&self) -> Report {
        self.run(self.store(), &[self.source()], true, &Quiet, &AtomicBool::new(false)).unwrap()
    }

    pub(crate) fn try_import(
        &self,
        store: &dyn Store,
        progress: &dyn Progress,
        interrupt: &AtomicBool,
    ) -> Result<Report, Error> {
        self.run(store, &[self.source()], false, progress, interrupt)
    }

    pub(crate) fn run(
        &self,
        store: &dyn Store,
        paths: &[PathBuf],
        dry_run: bool,
        progress: &dyn Progress,
        interrupt: &AtomicBool,
    ) -> Result<Report, Error> {
        let request = ImportRequest {
            paths,
            user: UserId::guest(),
            dry_run,
            backup_root: &self.backups(),
            max_quarantined: self.max_quarantined,
            repairs: &self.repairs,
            prune: self.prune,
            live: false,
            verify: true,
            run_id: self.run_id.clone(),
            holder: "test".to_owned(),
            holder_is_alive: &|_| true,
            clock: &clock,
            limits: self.limits,
            runs: RunOptions::default(),
        };
        import(store, &request, progress, interrupt)
    }

    pub(crate) fn verify(&self) -> Report {
        self.verify_with(false)
    }

    pub(crate) fn verify_with(&self, allow_edits: bool) -> Report {
        self.verify_paths(&[self.source()], allow_edits)
    }

    /// Compares with the bytes the database keeps.
    pub(crate) fn verify_kept(&self) -> Report {
        self.verify_paths(&[], false)
    }

    fn verify_paths(&self, paths: &[PathBuf], allow_edits: bool) -> Report {
        let backups = self.backups();
        let request = VerifyRequest {
            paths,
            user: UserId::guest(),
            backup_root: Some(&backups),
            allow_edits,
            limits: self.limits,
            runs: RunOptions::default(),
            clock: &clock,
        };
        verify(self.store(), &request, &Quiet, &AtomicBool::new(false)).unwrap()
    }

    pub(crate) fn export(&self) -> ExportReport {
        self.try_export().unwrap()
    }

    pub(crate) fn try_export(&self) -> Result<ExportReport, Error> {
        let target = self.exported();
        let request = ExportRequest { user: UserId::guest(), target: &target, overwrite: false };
        export(self.store(), &request, &Quiet, &AtomicBool::new(false))
    }

    pub(crate) fn exported(&self) -> PathBuf {
        self.root.path().join("exported")
    }

    pub(crate) fn exported_text(&self, path: &str) -> String {
        fs::read_to_string(self.exported().join(path)).unwrap()
    }

    pub(crate) fn write_rows<T>(&self, work: impl FnMut(&mut dyn Repositories) -> Result<T>) -> T {
        self.store().write(work).unwrap()
    }

    pub(crate) fn read_rows<T>(&self, work: impl FnMut(&mut dyn Repositories) -> Result<T>) -> T {
        self.store().read(work).unwrap()
    }

    pub(crate) fn digests(&self) -> BTreeMap<String, landfast_cutover::TableDigest> {
        landfast_cutover::digests(self.store(), &UserId::guest()).unwrap()
    }

    /// Names of the tasks with their keys, in list order.
    pub(crate) fn tasks(&self) -> Vec<(String, String)> {
        let tasks = self.read_rows(|r| r.tasks().list(&UserId::guest()));
        tasks.into_iter().map(|task| (task.key.to_string(), task.name.raw().to_owned())).collect()
    }
}

pub(crate) fn pairs(pairs: &[(String, String)]) -> Vec<(&str, &str)> {
    pairs.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect()
}

/// A clock that goes on by a millisecond with every look.
pub(crate) fn clock() -> Timestamp {
    static LOOKS: AtomicI64 = AtomicI64::new(0);
    let start = Timestamp::parse("2026-01-02 03:04:05").unwrap();
    Timestamp::new(
        start.naive() + std::time::Duration::from_millis(LOOKS.fetch_add(1, Ordering::SeqCst).try_into().unwrap()),
    )
}

pub(crate) fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::write(target, fs::read(entry.path()).unwrap()).unwrap();
        }
    }
}

/// All files below a folder with their contents.
pub(crate) fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(current) = waiting.pop() {
        for entry in fs::read_dir(current).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// Sets the flag after some batches were kept.
pub(crate) struct StopAfter<'a> {
    pub(crate) batches: AtomicI64,
    pub(crate) flag: &'a AtomicBool,
    pub(crate) loading: AtomicBool,
}

impl<'a> StopAfter<'a> {
    pub(crate) fn new(batches: i64, flag: &'a AtomicBool) -> Self {
        Self { batches: AtomicI64::new(batches), flag, loading: AtomicBool::new(false) }
    }
}

impl Progress for StopAfter<'_> {
    fn begin(&self, stage: Stage, _: u64) {
        self.loading.store(stage == Stage::Load, Ordering::SeqCst);
    }
    fn advance(&self, _: u64, _: u64) {
        if self.loading.load(Ordering::SeqCst) && self.batches.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.flag.store(true, Ordering::SeqCst);
        }
    }
    fn end(&self) {}
}

/// A store whose process dies in its n-th write transaction, before or after the commit, and stays dead.
pub(crate) struct Dying<'a> {
    store: &'a dyn Store,
    left: AtomicI64,
    after_commit: bool,
}

impl<'a> Dying<'a> {
    pub(crate) fn new(store: &'a dyn Store, writes: i64, after_commit: bool) -> Self {
        Self { store, left: AtomicI64::new(writes), after_commit }
    }

    fn death() -> landfast_domain::Error {
        landfast_domain::Error::backend("the process died")
    }
}

impl Store for Dying<'_> {
    fn run_read(&self, work: &mut Work<'_>) -> Result<()> {
        if self.left.load(Ordering::SeqCst) < 0 {
            return Err(Self::death());
        }
        self.store.run_read(work)
    }

    fn run_write(&self, work: &mut Work<'_>) -> Result<()> {
        let left = self.left.fetch_sub(1, Ordering::SeqCst);
        if left < 0 {
            return Err(Self::death());
        }
        if left > 0 {
            return self.store.run_write(work);
        }
        self.left.store(-1, Ordering::SeqCst);
        if self.after_commit {
            self.store.run_write(work)?;
            return Err(Self::death());
        }
        // All of the work, but no commit.
        self.store.run_write(&mut |repositories| {
            work(repositories)?;
            Err(Self::death())
        })
    }

    fn kind(&self) -> StoreKind {
        self.store.kind()
    }
}
