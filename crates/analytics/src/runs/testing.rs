//! Runs for tests.

use landfast_domain::runs::{Layout, Run, RunDocuments, documents};

/// A run read from a state with these members after the id, source and times.
pub(super) fn run(id: &str, created: &str, members: &str) -> Run {
    let state = format!(
        r#"{{"run_id": "{id}", "source": "jetstream", "created_at": "{created}", "updated_at": "{created}", {members}}}"#
    );
    let documents = RunDocuments { state: Some(state), ..RunDocuments::default() };
    documents::read(Layout::State, &format!("runs/{id}"), documents).unwrap().run
}

/// A complete run with a summary of results.
pub(super) fn complete(id: &str, created: &str, results: &str) -> Run {
    run(id, created, &format!(r#""status": "complete", "results_summary": {results}"#))
}
