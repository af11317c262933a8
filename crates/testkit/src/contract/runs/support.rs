//! Small helpers of the rules about runs.

use crate::contract::support::{read, time, unique, write};
use landfast_domain::runs::manager::{self, NewRun, RunChange};
use landfast_domain::runs::{Layout, Run, RunDocuments, RunFilter, RunId, RunPage, RunRepository, documents, state};
use landfast_domain::time::Timestamp;
use landfast_domain::{Result, Store};

/// A time of a day of the year 900, when no run in use was made.
pub(super) fn at(clock: &str) -> Timestamp {
    time(&format!("0900-01-01 {clock}"))
}

/// A source, and ids that are alike up to the last part, which no other rule has.
pub(super) struct Own(String);

impl Own {
    pub(super) fn new() -> Self {
        Self(unique("contract-r"))
    }

    pub(super) fn source(&self) -> &str {
        &self.0
    }

    pub(super) fn id(&self, name: &str) -> RunId {
        RunId::existing(&format!("{}-{name}", self.0))
    }

    /// Only one's own runs.
    pub(super) fn filter(&self) -> RunFilter {
        RunFilter { status: None, source: Some(self.0.clone()) }
    }

    /// An id before all of one's own.
    pub(super) fn before(&self) -> RunId {
        RunId::existing(&self.0)
    }

    /// The last parts of the ids, of those that are one's own.
    pub(super) fn names<'r>(&self, runs: impl IntoIterator<Item = &'r Run>) -> Vec<String> {
        let name = |run: &Run| run.id.as_str().strip_prefix(&format!("{}-", self.0)).map(str::to_owned);
        runs.into_iter().filter_map(name).collect()
    }

    /// A run as it is read from a state with these times and status.
    pub(super) fn run(&self, name: &str, status: &str, created: &str, updated: &str) -> Run {
        let id = self.id(name);
        let text = format!(
            r#"{{"run_id": "{id}", "status": "{status}", "source": "{}", "created_at": "{created}", "updated_at": "{updated}"}}"#,
            self.0
        );
        from_state(&id, text)
    }

    /// Adds a run as the program does, at a moment.
    pub(super) fn create(&self, store: &dyn Store, name: &str, clock: &str) -> Run {
        let new = NewRun { id: self.id(name), source: self.0.clone(), jetstream_id: None, metadata: None };
        with(store, |r| manager::create(r, new.clone(), at(clock)))
    }

    /// One's own runs in the order of lists.
    pub(super) fn list(&self, store: &dyn Store) -> Vec<String> {
        self.names(&seen(store, |r| r.list(&self.filter(), &RunPage::Offset(0), usize::MAX)))
    }
}

/// A run by the text of its state.
pub(super) fn from_state(id: &RunId, text: String) -> Run {
    let kept = RunDocuments { state: Some(text), ..RunDocuments::default() };
    documents::read(Layout::State, &state::directory_of(id), kept).unwrap().run
}

/// Adds runs.
pub(super) fn insert(store: &dyn Store, runs: &[Run]) {
    with(store, |r| runs.iter().try_for_each(|run| r.insert(run)));
}

/// Changes a run at a moment.
pub(super) fn change(store: &dyn Store, id: &RunId, change: &RunChange, clock: &str) -> Run {
    with(store, |r| manager::update(r, id, change, at(clock)))
}

/// A run that exists.
pub(super) fn get(store: &dyn Store, id: &RunId) -> Run {
    seen(store, |r| r.get(id)).unwrap()
}

/// A call in a write transaction of its own.
pub(super) fn with<T>(store: &dyn Store, mut work: impl FnMut(&mut dyn RunRepository) -> Result<T>) -> T {
    write(store, |r| work(r.runs()?))
}

/// A call in a write transaction of its own that may be refused.
pub(super) fn tried<T>(store: &dyn Store, mut work: impl FnMut(&mut dyn RunRepository) -> Result<T>) -> Result<T> {
    store.write(|r| work(r.runs()?))
}

/// A call in a read transaction of its own.
pub(super) fn seen<T>(store: &dyn Store, mut work: impl FnMut(&mut dyn RunRepository) -> Result<T>) -> T {
    read(store, |r| work(r.runs()?))
}
