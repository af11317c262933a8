//! Rows for every table.

use crate::golden::copy_records;
use landfast_demo::{ColumnAge, DemoOptions, write_tasks};
use landfast_domain::Store;
use landfast_domain::accounts::{
    Credential, EventKind, Login, PasswordHash, SavedAnswer, SecurityEvent, Session, TokenHash, User, UserId,
};
use landfast_domain::cutover::{Area, AreaStage, CutoverRepository, ItemKey, Mismatch, Stage, StageChange};
use landfast_domain::delivery::{ProfileId, QueryId, QueryKey, TaskProgress, documents, profiles, progress, queries};
use landfast_domain::imports::{Chunk, Document, DocumentState, ImportRun, Lease, Outcome, QuarantineEntry};
use landfast_domain::json::Object;
use landfast_domain::presentations::queue::{self, NewJob};
use landfast_domain::presentations::{Claim, JobId, RequestText};
use landfast_domain::runs::manager::{self, NewRun};
use landfast_domain::runs::{RunFile, RunId};
use landfast_domain::time::Timestamp;
use landfast_legacy::files::FileStore;

/// Fills every table with at least one row: made-up data of the guest, another user, a finished import.
///
/// # Panics
/// When the store refuses something.
pub(super) fn populate(store: &dyn Store) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let now = Timestamp::parse("2026-03-07 09:30").expect("a time");
    let options = DemoOptions { seed: 7, scale: 1, now: now.naive(), age: ColumnAge::March2026, odd_cells: true };
    write_tasks(folder.path(), &options).expect("demo data is written");
    let files = FileStore::open(folder.path()).expect("demo data is a store");
    copy_records(&files, store, &UserId::guest());
    store
        .write(|r| {
            let id = UserId::new("ada")?;
            r.accounts().insert(&User { id: id.clone(), name: "Ada".to_owned(), created_at: now })?;
            let imports = r.imports()?;
            let document = imports.next_document_id()?;
            imports.save_document(&Document {
                id: document,
                user: id,
                area: "tasks".to_owned(),
                source: "home".to_owned(),
                path: "tasks.csv".to_owned(),
                size_bytes: 3,
                sha256: "00".repeat(32),
                modified_ns: 0,
                first_position: 1,
                state: DocumentState::Loaded,
                records_done: 1,
                chunks_done: 1,
            })?;
            imports.save_chunk(&Chunk { document, ordinal: 0, size_bytes: 3, compressed: vec![1, 2, 3] })?;
            imports.save_quarantine(&[QuarantineEntry {
                document,
                ordinal: 0,
                outcome: Outcome::Quarantined,
                line: 2,
                offset: 10,
                column: String::new(),
                code: "long-row".to_owned(),
                message: "one cell too many".to_owned(),
                raw: b"a,b,c".to_vec(),
            }])?;
            let run = ImportRun {
                id: "run-1".to_owned(),
                started_at: now,
                finished_at: None,
                state: "running".to_owned(),
                report: "{}".to_owned(),
            };
            imports.save_run(&run)?;
            imports
                .acquire_lease(&Lease { name: "import".to_owned(), holder: "host".to_owned(), expires_at: now }, now)?;
            populate_cutover(r.cutover()?, now)
        })
        .expect("the ledger is written");
    populate_security(store, now).expect("accounts are written");
    populate_jobs_and_runs(store, now);
    populate_delivery(store, now).expect("the delivery area is written");
}

/// A user who is logged in, and what was noted about it.
fn populate_security(store: &dyn Store, now: Timestamp) -> landfast_domain::Result<()> {
    let user = UserId::new("ada")?;
    let text = || "1".to_owned();
    store.write(|r| {
        let security = r.security()?;
        security.save_credential(&Credential {
            user: user.clone(),
            login: Login::new("Ada")?,
            password_hash: PasswordHash::new("$argon2id$"),
            changed_at: now,
        })?;
        security.insert_session(&Session {
            id: text(),
            token_hash: TokenHash::new("00"),
            user: user.clone(),
            created_at: now,
            last_seen_at: now,
            expires_at: now,
            user_agent: text(),
        })?;
        security.insert_event(&SecurityEvent {
            id: text(),
            at: now,
            kind: EventKind::LoggedIn,
            user: Some(user.clone()),
            address: text(),
            user_agent: text(),
            detail: text(),
        })?;
        security.save_answer(&SavedAnswer {
            user: user.clone(),
            key: text(),
            request_hash: text(),
            status: 200,
            body: text(),
            created_at: now,
        })
    })
}

/// A profile with a query and one of each of its documents, and a background task.
fn populate_delivery(store: &dyn Store, now: Timestamp) -> landfast_domain::Result<()> {
    const RESPONSE: &str =
        r#"{"timestamp": "2026-03-07T09:00:00Z", "issues": [{"key": "A-1", "fields": {"summary": "s"}}]}"#;
    const CHANGELOG: &str =
        r#"{"A-1": {"changelog": {"histories": [{"created": "2026-03-06", "items": [{"field": "status"}]}]}}}"#;
    let id = ProfileId::new("p_1")?;
    let key = QueryKey::new(id.clone(), QueryId::new("q_1")?);
    store.write(|r| {
        let delivery = r.delivery()?;
        profiles::create(delivery, id.clone(), "Team", "", now)?;
        queries::create(delivery, key.clone(), "All", "project = A", "", now)?;
        documents::save_jira_cache(delivery, &key, "k", RESPONSE, None)?;
        documents::save_changelog_document(delivery, &key, CHANGELOG)?;
        documents::save_project_data(delivery, &key, r#"{"statistics": [{"date": "2026-03-02"}]}"#)?;
        documents::save_snapshots_document(delivery, &key, r#"{"2026-W10": {"flow_time": {"median_days": null}}}"#)?;
        let document = progress::begin(None, "update_data", "Update Data", Object::new(), now)?;
        delivery.save_task_progress(&TaskProgress::read(&document, now)?)?;
        delivery.save_task_state(&document)
    })
}

/// A rendering job that a worker has, and a run with a file.
fn populate_jobs_and_runs(store: &dyn Store, now: Timestamp) {
    let id = JobId::new("job-1").expect("an id");
    let request = RequestText("{}".to_owned());
    let job = NewJob { id, request, priority: 0, run_at: None, max_attempts: 3, idempotency_key: Some("k".to_owned()) };
    let claim = Claim { worker: "w".to_owned(), now, lease_until: now };
    let id = RunId::generate(now, 7);
    let run = NewRun { id: id.clone(), source: "jetstream".to_owned(), jetstream_id: None, metadata: None };
    store
        .write(|r| {
            queue::create(r.presentations()?, job.clone(), now)?;
            queue::claim(r.presentations()?, &claim)?;
            manager::create(r.runs()?, run.clone(), now)?;
            r.runs()?.replace_files(&id, &[RunFile::named("VE_Correction.csv")])
        })
        .expect("jobs and runs are written");
}

fn populate_cutover(cutover: &mut dyn CutoverRepository, now: Timestamp) -> landfast_domain::Result<()> {
    let (area, item) = (Area::Tasks, ItemKey::new(Area::Tasks, "task", "guest", "[\"t1\"]"));
    cutover.save_stage(&AreaStage {
        area,
        stage: Stage::DualFiles,
        epoch: 1,
        folder: "data".to_owned(),
        since: now,
    })?;
    cutover.save_change(&StageChange {
        area,
        epoch: 1,
        from: Some(Stage::Files),
        to: Stage::DualFiles,
        at: now,
        by: "host".to_owned(),
        reason: "asked for".to_owned(),
    })?;
    cutover.add_dirty(std::slice::from_ref(&item))?;
    let (files, database) = (Some("a".to_owned()), None);
    cutover.save_mismatches(&[Mismatch { item, field: "name".to_owned(), files, database, found_at: now }])
}
