//! Files and a database as one store: stages, crashes, foreign writes, differences.

#![expect(clippy::unwrap_used, reason = "tests may panic, also in their helpers")]

use landfast_cutover::{DualOptions, DualStore, Error, Shadow};
use landfast_domain::accounts::{User, UserId};
use landfast_domain::cutover::{Area, AreaStage, Side, Stage};
use landfast_domain::presentations::{JobId, PresentationJob};
use landfast_domain::record::Record as _;
use landfast_domain::store::{StoreKind, Work};
use landfast_domain::tasks::Task;
use landfast_domain::time::Timestamp;
use landfast_domain::{Result, Store};
use landfast_legacy::files::FileStore;
use landfast_store::DatabaseUrl;
use landfast_testkit::databases::{both, both_in, open, sqlite_in};
use landfast_testkit::golden::TasksSample;
use landfast_testkit::imports::import_folder;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

fn now() -> Timestamp {
    Timestamp::parse("2026-03-04 05:06").unwrap()
}

fn task(id: &str, name: &str) -> Task {
    let mut task = Task::blank(id.into());
    task.task_id.set_raw(id);
    task.name.set_raw(name);
    task
}

fn insert(store: &dyn Store, id: &str, name: &str) {
    store.write(|r| r.tasks().insert(&UserId::guest(), &task(id, name))).unwrap();
}

fn name_of(store: &dyn Store, id: &str) -> Option<String> {
    let found = store.read(|r| r.tasks().get(&UserId::guest(), &id.into())).unwrap();
    found.map(|task| task.name.raw().to_owned())
}

/// A store that can be made to refuse writes, as if it could not be reached.
struct Breakable {
    inner: Box<dyn Store>,
    broken: Arc<AtomicBool>,
}

impl Store for Breakable {
    fn run_read(&self, work: &mut Work<'_>) -> Result<()> {
        self.inner.run_read(work)
    }
    fn run_write(&self, work: &mut Work<'_>) -> Result<()> {
        if self.broken.load(Ordering::SeqCst) {
            return Err(landfast_domain::Error::backend("the disk is gone"));
        }
        self.inner.run_write(work)
    }
    fn kind(&self) -> StoreKind {
        self.inner.kind()
    }
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &to.join(entry.file_name()));
        } else {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

#[test]
fn imported_samples_go_through_all_stages_and_back() {
    for sample in TasksSample::ALL {
        let home = tempfile::tempdir().unwrap();
        let legacy = home.path().join("legacy");
        copy_folder(&sample.folder(), &legacy);
        sqlite_in(home.path());
        let database = open(&DatabaseUrl::sqlite(home.path().join("landfast.db")));
        import_folder(&database, &legacy, &home.path().join("backups")).unwrap();
        let pair = both_in(home.path(), Stage::Files);
        let fresh = pair.compare(Area::Tasks).unwrap();
        assert!(fresh.items > 0);
        assert_eq!(fresh.mismatches, [], "{sample:?}: files and database say the same after an import");
        for to in [Stage::DualFiles, Stage::DualDatabase, Stage::Database, Stage::Archived] {
            assert_eq!(pair.change_stage(Area::Tasks, to, "test").unwrap().stage, to);
            insert(&pair, &format!("new-{to}"), "made on the way");
        }
        for to in [Stage::Database, Stage::DualDatabase, Stage::DualFiles, Stage::Files] {
            pair.change_stage(Area::Tasks, to, "test").unwrap();
            assert_eq!(name_of(&pair, "new-archived").as_deref(), Some("made on the way"));
        }
        // What was made while only the database was used is in the files now.
        let files = fs::read_to_string(legacy.join("tasks.csv")).unwrap();
        assert!(files.contains("new-archived") && files.contains("new-dual-files"), "{sample:?}");
        assert_eq!(pair.status(Area::Tasks).unwrap().changes.len(), 8);
        let step = pair.change_stage(Area::Tasks, Stage::Database, "test");
        assert!(matches!(step, Err(Error::NoSuchStep { .. })));
    }
}

#[test]
fn what_a_legacy_program_writes_is_taken_over() {
    let home = both(Stage::DualFiles);
    insert(&home.store, "t1", "Read");
    let path = home.folder.path().join("legacy/tasks.csv");
    let text = fs::read_to_string(&path).unwrap();
    // As the legacy program does it: the whole file anew, without any lock.
    fs::write(&path, text.replace("Read", "Read a book")).unwrap();
    let found = home.store.compare(Area::Tasks).unwrap();
    let [difference] = found.mismatches.as_slice() else { panic!("{found:?}") };
    assert_eq!((&*difference.item.table, &*difference.field), ("task", "name"));
    assert_eq!(difference.files.as_deref(), Some("Read a book"));
    assert_eq!(difference.database.as_deref(), Some("Read"));
    assert_eq!(name_of(home.store.database(), "t1").as_deref(), Some("Read"));
    let refused = home.store.change_stage(Area::Tasks, Stage::DualDatabase, "test");
    assert!(matches!(refused, Err(Error::StillDifferent { count: 1, .. })), "{refused:?}");

    assert_eq!(home.store.repair(Area::Tasks, true).unwrap().copied, 1);
    assert_eq!(name_of(home.store.database(), "t1").as_deref(), Some("Read a book"));
    assert_eq!(home.store.compare(Area::Tasks).unwrap().differences, 0);
    home.store.change_stage(Area::Tasks, Stage::DualDatabase, "test").unwrap();
}

/// Whichever store leads: what the other one cannot take is marked, holds up the next stage, and is copied later.
#[test]
fn a_following_store_that_fails_is_behind_and_known_to_be() {
    for stage in [Stage::DualFiles, Stage::DualDatabase] {
        let home = tempfile::tempdir().unwrap();
        sqlite_in(home.path());
        let (legacy, broken) = (home.path().join("legacy"), Arc::new(AtomicBool::new(false)));
        let files: Box<dyn Store> = Box::new(FileStore::open(&legacy).unwrap());
        let database: Box<dyn Store> = Box::new(open(&DatabaseUrl::sqlite(home.path().join("landfast.db"))));
        let breakable = |inner, side| -> Arc<dyn Store> {
            if stage.leader() == side {
                Arc::from(inner)
            } else {
                Arc::new(Breakable { inner, broken: Arc::clone(&broken) })
            }
        };
        let options = DualOptions { fallback: Box::new(move |_| stage), ..DualOptions::new("test", now) };
        let (files, database) = (breakable(files, Side::Files), breakable(database, Side::Database));
        let pair = DualStore::new(files, database, Some(&legacy), options).unwrap();
        insert(&pair, "before", "in both");
        broken.store(true, Ordering::SeqCst);
        insert(&pair, "meanwhile", "in one");
        pair.store_deletes("before");
        assert_eq!(pair.count_dirty(Area::Tasks).unwrap(), 2, "{stage}");
        assert!(pair.trouble_reason().unwrap().contains("the disk is gone"));
        assert_eq!(name_of(&pair, "meanwhile").as_deref(), Some("in one"));
        assert!(pair.change_stage(Area::Tasks, stage.next().unwrap(), "test").is_err());
        broken.store(false, Ordering::SeqCst);
        // Another process: the marks are in the leading store, not in memory.
        drop(pair);
        let again = both_in(home.path(), stage);
        assert_eq!(again.count_dirty(Area::Tasks).unwrap(), 2);
        assert_eq!(again.repair(Area::Tasks, false).unwrap().copied, 2);
        assert_eq!(again.count_dirty(Area::Tasks).unwrap(), 0);
        for store in [again.files(), again.database()] {
            assert_eq!((name_of(store, "meanwhile").as_deref(), name_of(store, "before")), (Some("in one"), None));
        }
        again.change_stage(Area::Tasks, stage.next().unwrap(), "test").unwrap();
    }
}

#[test]
fn an_account_that_only_the_database_has_is_given_to_the_files_and_not_removed() {
    let home = both(Stage::DualFiles);
    let ada = User { id: UserId::new("ada").unwrap(), name: "Ada".to_owned(), created_at: now() };
    home.store.database().write(|r| r.accounts().insert(&ada)).unwrap();
    home.store.repair(Area::Tasks, true).unwrap();
    for store in [home.store.files(), home.store.database()] {
        assert_eq!(store.read(|r| r.accounts().get(&ada.id)).unwrap().as_ref(), Some(&ada));
    }
    // A removal that was asked for is one.
    let store: &dyn Store = &home.store;
    assert!(store.write(|r| r.accounts().delete(&ada.id)).unwrap());
    assert_eq!(home.store.database().read(|r| r.accounts().get(&ada.id)).unwrap(), None);
}

trait Deletes {
    fn store_deletes(&self, id: &str);
}

impl Deletes for DualStore {
    fn store_deletes(&self, id: &str) {
        let store: &dyn Store = self;
        assert!(store.write(|r| r.tasks().delete(&UserId::guest(), &id.into())).unwrap());
    }
}

#[test]
fn everybody_follows_a_change_of_the_stage() {
    let home = both(Stage::DualFiles);
    let other = both_in(home.folder.path(), Stage::DualFiles);
    insert(&other, "t1", "files lead");
    home.store.change_stage(Area::Tasks, Stage::DualDatabase, "test").unwrap();
    home.store.change_stage(Area::Tasks, Stage::Database, "test").unwrap();
    // The other process still thinks that the files lead.
    insert(&other, "t2", "only in the database");
    assert_eq!(name_of(home.store.files(), "t2"), None);
    assert_eq!(name_of(&home.store, "t2").as_deref(), Some("only in the database"));
    assert_eq!(other.stage(Area::Tasks).stage, Stage::Database);
    home.store.change_stage(Area::Tasks, Stage::DualDatabase, "test").unwrap();
    assert_eq!(name_of(home.store.files(), "t2").as_deref(), Some("only in the database"));
}

#[test]
fn a_change_of_the_stage_that_was_not_finished_did_not_happen() {
    let home = both(Stage::DualFiles);
    insert(&home.store, "t1", "kept");
    let made = home.store.change_stage(Area::Tasks, Stage::DualDatabase, "test").unwrap();
    // As a crash leaves it on the way back: recorded where the database does not lead.
    let begun = AreaStage { stage: Stage::DualFiles, epoch: made.epoch + 1, ..made };
    home.store.files().write(|r| r.cutover()?.save_stage(&begun)).unwrap();
    let again = both_in(home.folder.path(), Stage::DualFiles);
    let status = again.status(Area::Tasks).unwrap();
    assert_eq!((status.stage, status.copies.agree()), (Stage::DualDatabase, false));
    insert(&again, "t2", "the database leads");
    let finished = again.change_stage(Area::Tasks, Stage::DualFiles, "test").unwrap();
    assert_eq!(finished.epoch, made_after(&begun));
    assert!(again.status(Area::Tasks).unwrap().copies.agree());
    assert_eq!(name_of(&again, "t2").as_deref(), Some("the database leads"));
}

fn made_after(record: &AreaStage) -> i64 {
    record.epoch + 1
}

#[test]
fn a_read_that_finds_a_difference_says_where_and_the_area_steps_back() {
    let home = both(Stage::DualDatabase);
    insert(&home.store, "t1", "same");
    insert(&home.store, "t2", "same");
    let legacy = home.folder.path().join("legacy");
    let options = DualOptions {
        fallback: Box::new(|_| Stage::DualDatabase),
        shadow: Shadow::All,
        budget: Some(1),
        ..DualOptions::new("test", now)
    };
    let files = Arc::new(FileStore::open(&legacy).unwrap());
    let database = Arc::new(open(&DatabaseUrl::sqlite(home.folder.path().join("landfast.db"))));
    let pair = DualStore::new(files, database, Some(&legacy), options).unwrap();
    assert_eq!(name_of(&pair, "t1").as_deref(), Some("same"));
    assert_eq!(pair.status(Area::Tasks).unwrap().mismatches, []);

    let path = legacy.join("tasks.csv");
    fs::write(&path, fs::read_to_string(&path).unwrap().replace("same", "other")).unwrap();
    assert_eq!(name_of(&pair, "t1").as_deref(), Some("same"));
    let status = pair.status(Area::Tasks).unwrap();
    let [found] = status.mismatches.as_slice() else { panic!("{status:?}") };
    assert_eq!((&*found.item.key, &*found.field), ("[\"t1\"]", "name"));
    assert_eq!((found.files.as_deref(), found.database.as_deref()), (Some("other"), Some("same")));
    assert_eq!(status.stage, Stage::DualDatabase, "one mismatch is allowed");

    assert_eq!(name_of(&pair, "t2").as_deref(), Some("same"));
    let status = pair.status(Area::Tasks).unwrap();
    assert_eq!(status.stage, Stage::DualFiles, "two are not");
    assert_eq!(status.changes[0].reason, "2 mismatches, 1 allowed");
    // What led holds the truth: the files were given it before they lead.
    assert_eq!(name_of(pair.files(), "t1").as_deref(), Some("same"));
    assert!(pair.compared_reads() >= 3 && pair.shadow_failure().is_none());
}

#[test]
fn areas_move_for_themselves_and_a_transaction_stays_in_one() {
    let home = both(Stage::DualFiles);
    let store: &dyn Store = &home.store;
    home.store.change_stage(Area::Runs, Stage::DualDatabase, "test").unwrap();
    insert(store, "t1", "files lead");
    assert_eq!(store.read(|r| r.runs()?.count(&landfast_domain::runs::RunFilter::default())).unwrap(), 0);
    let error = store
        .write(|r| {
            r.tasks().insert(&UserId::guest(), &task("t2", "no"))?;
            r.runs()?.delete(&"none".into())
        })
        .unwrap_err();
    assert!(matches!(error, landfast_domain::Error::Unsupported { .. }), "{error}");
    assert_eq!(name_of(store, "t2"), None);
}

#[test]
fn jobs_in_memory_follow_the_same_stages() {
    let home = tempfile::tempdir().unwrap();
    sqlite_in(home.path());
    let database = Arc::new(open(&DatabaseUrl::sqlite(home.path().join("landfast.db"))));
    let options = DualOptions { fallback: Box::new(|_| Stage::DualFiles), ..DualOptions::new("test", now) };
    let pair = DualStore::new(Arc::new(FileStore::in_memory()), database, None, options).unwrap();
    let store: &dyn Store = &pair;
    let id: JobId = "job-1".into();
    store.write(|r| r.presentations()?.insert(&PresentationJob::blank(id.clone(), now()))).unwrap();
    assert!(pair.database().read(|r| r.presentations()?.get(&id)).unwrap().is_some());
    // A job that is in the database alone, as another process leaves it, holds the switch up.
    let other = PresentationJob::blank("job-2".into(), now());
    pair.database().write(|r| r.presentations()?.insert(&other)).unwrap();
    let refused = pair.change_stage(Area::Presentations, Stage::DualDatabase, "test");
    assert!(matches!(refused, Err(Error::StillDifferent { .. })), "{refused:?}");
    pair.database().write(|r| r.presentations()?.delete(&other.id)).unwrap();
    pair.change_stage(Area::Presentations, Stage::DualDatabase, "test").unwrap();
    store.write(|r| r.presentations()?.insert(&other)).unwrap();
    assert!(pair.files().read(|r| r.presentations()?.get(&other.id)).unwrap().is_some());
}

#[test]
fn differences_are_merged_by_rule() {
    for (side, expected) in [(Some(Side::Files), "Read now"), (Some(Side::Database), "Read"), (None, "Read now")] {
        let home = both(Stage::Database);
        let guest = UserId::guest();
        for (store, name, created) in
            [(home.store.files(), "Read now", "2026-02-02 10:00"), (home.store.database(), "Read", "2026-01-01 10:00")]
        {
            let mut record = task("t1", name);
            record.created_at.set_raw(created);
            store.write(|r| r.tasks().insert(&guest, &record)).unwrap();
        }
        insert(home.store.files(), "only-files", "made during the fallback");
        let listed = home.store.differences(Area::Tasks).unwrap();
        assert_eq!(listed.len(), 2);
        let done =
            home.store.reconcile(Area::Tasks, &mut |difference| Ok(side.or_else(|| difference.newest()))).unwrap();
        assert_eq!(done.undecided, 0);
        for store in [home.store.files(), home.store.database()] {
            assert_eq!(name_of(store, "t1").as_deref(), Some(expected));
            assert_eq!(name_of(store, "only-files").is_some(), side != Some(Side::Database));
        }
        assert_eq!(home.store.differences(Area::Tasks).unwrap(), []);
    }
}

#[test]
fn writers_and_readers_lose_nothing_while_stages_change_and_processes_die() {
    let output = Command::new(env!("CARGO_BIN_EXE_soak")).args(["--seconds", "6"]).output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}{err}");
    assert!(out.contains("lost 0"), "{out}");
}
