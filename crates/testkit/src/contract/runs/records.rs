//! Keeping runs.

use super::support::{Own, at, from_state, get, insert, seen, tried, with};
use crate::contract::concurrency::together;
use crate::contract::support::refusal;
use landfast_domain::runs::manager::{self, NewRun};
use landfast_domain::runs::{Layout, Run, RunDocuments, RunStatus, documents};
use landfast_domain::{Error, Store};

/// A run with every document.
fn full(own: &Own, name: &str) -> Run {
    let id = own.id(name);
    let state = format!(
        "{{\r\n  \"run_id\": \"{id}\",\r\n  \"status\": \"error\", \"source\": \"{}\",\r\n  \"created_at\": \"0900-01-01T10:00:00.493Z\",\
         \"updated_at\": \"0900-01-01T10:05:00\", \"jetstream_id\": \"JS-ALPHA-001\", \"current_stage\": \"Validating VE tables\",\
         \"progress_percent\": 250, \"files\": [\"a.csv\"], \"error\": {{\"stage\": \"export\", \"code\": \"VE-CSV-42\", \"message\": \"\\u00fc\"}},\
         \"results_summary\": {{\"max_correction\": 1.20e1, \"own\": [1, 1.0]}}, \"zone\": 7, \"zone\": 8}}",
        own.source()
    );
    let kept = RunDocuments {
        state: Some(state),
        manifest: Some(r#"{"schema_id":"dynoai.manifest@1","input":{"path":"C:\\Dev\\run.csv"},"config":{"args":{"clamp":7.0}},"timing":{"end":"0900-01-01T10:04:00Z"}}"#.to_owned()),
        metadata: Some("{\"peak_hp\": 113.25, \"peak_torque\":98.1,\n \"vehicle\": \"\u{1f3cd}\"}".to_owned()),
        session_log: Some("{\"events\": [ ]}\n".to_owned()),
    };
    documents::read(Layout::State, &format!("runs/{id}"), kept).unwrap().run
}

/// A run comes back with everything that was read from its documents, and with these byte for byte.
pub fn a_run_keeps_its_documents_byte_for_byte(store: &dyn Store) {
    let own = Own::new();
    let run = full(&own, "a");
    insert(store, std::slice::from_ref(&run));
    let stored = get(store, &run.id);
    assert_eq!(stored.documents, run.documents);
    assert_eq!(stored, run);
    assert_eq!((stored.progress_percent, stored.peak_hp, stored.status), (Some(250), Some(113.25), RunStatus::Error));
    assert_eq!(seen(store, |r| r.get(&own.id("missing"))), None);
}

/// A run that is known by its manifest only comes back without a state.
pub fn a_run_without_a_state_is_kept(store: &dyn Store) {
    let own = Own::new();
    let manifest = format!(
        r#"{{"timestamp": "0900-01-01T10:00:00+00:00", "run_id": "{}", "source_file": "simulated", "analysis": {{"peak_hp": 0.1, "power_curve": []}}, "outputs": {{}}}}"#,
        own.id("a")
    );
    let kept = RunDocuments { manifest: Some(manifest), ..RunDocuments::default() };
    let run = documents::read(Layout::Tuning, &format!("runs/{}", own.id("a")), kept).unwrap().run;
    insert(store, std::slice::from_ref(&run));
    assert_eq!(get(store, &run.id), run);
    with(store, |r| manager::delete(r, &run.id));
}

/// An id that is taken conflicts, and the transaction goes on. The legacy program reset the run.
pub fn a_taken_run_id_conflicts(store: &dyn Store) {
    let own = Own::new();
    let first = full(&own, "a");
    insert(store, std::slice::from_ref(&first));
    let error = with(store, |r| {
        let new =
            |name| NewRun { id: own.id(name), source: own.source().to_owned(), jetstream_id: None, metadata: None };
        let error = refusal(manager::create(r, new("a"), at("11:00")))?;
        manager::create(r, new("b"), at("11:00"))?;
        Ok(error)
    });
    assert!(matches!(error, Error::Conflict { key, .. } if key == first.id.as_str()));
    assert_eq!(get(store, &first.id), first);
    assert_eq!(get(store, &own.id("b")).status, RunStatus::Pending);
}

/// A new run is pending and made now.
pub fn a_new_run_is_pending(store: &dyn Store) {
    let own = Own::new();
    let created = own.create(store, "a", "10:00:00.123456");
    assert_eq!(get(store, &created.id), created);
    assert_eq!((&created.status, created.source.as_str()), (&RunStatus::Pending, own.source()));
    assert_eq!(created.created_at.as_ref().map(|time| time.as_str()), Some("0900-01-01T10:00:00.123Z"));
    assert_eq!(created.updated_at, created.created_at);
}

/// Runs that cannot be made are refused.
pub fn unusable_new_runs_are_refused(store: &dyn Store) {
    let own = Own::new();
    let new = NewRun { id: own.id("a"), source: own.source().to_owned(), jetstream_id: None, metadata: None };
    for (field, bad) in [
        ("source", NewRun { source: String::new(), ..new.clone() }),
        ("metadata", NewRun { metadata: Some("[]".to_owned()), ..new.clone() }),
        ("metadata", NewRun { metadata: Some("{".to_owned()), ..new }),
    ] {
        let refused = tried(store, |r| manager::create(r, bad.clone(), at("10:00")));
        assert!(matches!(refused, Err(Error::Invalid { field: named, .. }) if named == field), "{refused:?}");
    }
    assert_eq!(seen(store, |r| r.get(&own.id("a"))), None);
}

/// An update replaces everything but the id and the files.
pub fn a_run_update_replaces_everything(store: &dyn Store) {
    let own = Own::new();
    let (full, plain) = (full(&own, "a"), own.run("a", "complete", "0900-01-01T10:00:00Z", "0900-01-01T11:00:00Z"));
    insert(store, std::slice::from_ref(&plain));
    for run in [&full, &plain] {
        with(store, |r| r.update(run));
        assert_eq!(&get(store, &run.id), run);
    }
}

/// Updates and deletes of runs that do not exist are told.
pub fn missing_runs_are_not_found(store: &dyn Store) {
    let own = Own::new();
    let run = full(&own, "a");
    for refused in [
        tried(store, |r| r.update(&run)),
        tried(store, |r| manager::update(r, &run.id, &manager::RunChange::default(), at("11:00")).map(drop)),
        tried(store, |r| manager::delete(r, &run.id)),
    ] {
        assert!(matches!(refused, Err(Error::NotFound { .. })), "{refused:?}");
    }
    assert!(!with(store, |r| r.delete(&run.id)));
    assert_eq!(own.list(store), [""; 0]);
}

/// Ids are compared byte by byte.
pub fn run_ids_are_compared_exactly(store: &dyn Store) {
    let own = Own::new();
    let id = own.id("läuf 1");
    let text = format!(
        r#"{{"run_id": "{id}", "status": "pending", "source": "{}", "created_at": null, "updated_at": null}}"#,
        own.source()
    );
    insert(store, &[from_state(&id, text)]);
    for (name, there) in [("läuf 1", true), ("LÄUF 1", false), ("la\u{308}uf 1", false), ("läuf 1 ", false)] {
        assert_eq!(seen(store, |r| r.get(&own.id(name))).is_some(), there, "{name}");
    }
}

/// What a failed transaction did to runs is undone.
pub fn a_failed_transaction_leaves_runs_as_they_were(store: &dyn Store) {
    let own = Own::new();
    let before = own.create(store, "a", "10:00");
    let failed = tried(store, |r| {
        let change = manager::RunChange { stage: Some("load".to_owned()), ..manager::RunChange::default() };
        manager::update(r, &own.id("a"), &change, at("11:00"))?;
        r.delete(&own.id("a"))?;
        Err::<(), _>(Error::aborted("on purpose"))
    });
    assert!(matches!(failed, Err(Error::Aborted(_))));
    assert_eq!(get(store, &own.id("a")), before);
}

/// Of four threads that make the same run one did.
pub fn concurrent_creations_of_one_run_keep_one(store: &dyn Store) {
    let own = Own::new();
    let new = NewRun { id: own.id("a"), source: own.source().to_owned(), jetstream_id: None, metadata: None };
    let created = together(|_| tried(store, |r| manager::create(r, new.clone(), at("10:00"))));
    assert_eq!(created.iter().filter(|created| created.is_ok()).count(), 1);
    assert!(created.into_iter().filter_map(Result::err).all(|error| matches!(error, Error::Conflict { .. })));
    assert_eq!(own.list(store), ["a"]);
}
