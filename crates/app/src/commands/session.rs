//! What the verbs of delivery, presentations and runs work with.

use super::Context;
use crate::backend::{self, Opened};
use crate::clock::Clock;
use crate::failure::{Exit, Failure};
use crate::output::{self, Page, Table};
use landfast_domain::time::Timestamp;
use landfast_domain::{Error, Repositories, Result as DomainResult};
use serde_json::Value;

/// An open store, the time, and how to answer.
pub(super) struct Session {
    pub(super) opened: Opened,
    pub(super) clock: Clock,
    pub(super) json: bool,
}

impl Session {
    /// Opens the store. `at`: the time to act at.
    pub(super) fn open(context: &Context, at: Option<&str>, json: bool) -> Result<Self, Failure> {
        let clock = Clock::at(at)?;
        Ok(Self { opened: backend::open_store(context)?, clock, json })
    }

    /// Runs a read transaction; a failure names the store.
    pub(super) fn read<T>(&self, work: impl FnMut(&mut dyn Repositories) -> DomainResult<T>) -> Result<T, Failure> {
        self.opened.store.read(work).map_err(|error| self.failure(error))
    }

    /// Runs a write transaction; a failure names the store, and nothing was changed.
    pub(super) fn write<T>(&self, work: impl FnMut(&mut dyn Repositories) -> DomainResult<T>) -> Result<T, Failure> {
        self.opened.store.write(work).map_err(|error| self.failure(error))
    }

    /// Runs a write transaction that is rolled back at its end if this is only a rehearsal, so that it answers
    /// exactly what the real one would.
    pub(super) fn rehearse<T>(
        &self,
        rehearsal: bool,
        mut work: impl FnMut(&mut dyn Repositories) -> DomainResult<T>,
    ) -> Result<T, Failure> {
        let mut value = None;
        let ended = self.opened.store.write(|repositories| {
            value = None;
            value = Some(work(repositories)?);
            if rehearsal { Err(Error::aborted("the rehearsal is over")) } else { Ok(()) }
        });
        match (ended, value) {
            (Ok(()) | Err(Error::Aborted(_)), Some(value)) => Ok(value),
            (Err(error), _) => Err(self.failure(error)),
            (Ok(()), None) => Err(Failure::failed("the store did not run the transaction")),
        }
    }

    /// A failure of the domain with the place and what the person can do.
    pub(super) fn failure(&self, error: Error) -> Failure {
        let hint = match &error {
            Error::NotFound { entity: "profile", .. } => Some("`landfast delivery profiles list` shows the ids"),
            Error::NotFound { entity: "query", .. } => Some("`landfast delivery queries list` shows the ids"),
            Error::NotFound { entity: "issue", .. } => Some("`landfast delivery issues list` shows the keys"),
            Error::NotFound { entity: "presentation job", .. } => Some("`landfast presentations list` shows the ids"),
            Error::NotFound { entity: "run", .. } => Some("`landfast runs list` shows the ids"),
            Error::NotFound { .. } => Some("check the id"),
            Error::Transition { entity: "profile", .. } => {
                Some("another profile must be there and be the active one: `landfast delivery profiles switch ID`")
            }
            Error::Transition { .. } => Some("`landfast presentations show ID` shows its state, attempt and lease"),
            Error::Conflict { entity: "profile", .. } => Some(
                "choose another id; a package is brought in all the same with --merge, --overwrite or --rename NAME",
            ),
            Error::Conflict { entity: "profile name", .. } => {
                Some("choose another name; for a package with --rename NAME")
            }
            Error::Conflict { entity: "query name", .. } => Some("choose another name"),
            Error::Conflict { .. } => Some("choose another id"),
            Error::Busy { .. } | Error::SerializationFailure(_) => Some("try again in a moment"),
            Error::Corrupt { .. } => Some("mend the source file and import it again"),
            Error::Backend(_) => Some("`landfast doctor` checks the store"),
            _ => None,
        };
        let failure = Failure::from(error).at(&self.opened.place);
        match hint {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }

    /// Reports a change: JSON, or a line.
    pub(super) fn done<const N: usize>(&self, entries: [(&str, Value); N], line: &str) -> Result<Exit, Failure> {
        if self.json {
            output::print_json(output::document(entries))?;
        } else {
            output::print(&format!("{}\n", output::safe(line)))?;
        }
        Ok(Exit::Done)
    }

    /// Reports a list: JSON, or a heading with a table below it, if there is any row.
    pub(super) fn list<const N: usize>(
        &self,
        entries: impl FnOnce() -> [(&'static str, Value); N],
        heading: &str,
        table: impl FnOnce() -> Table,
        foot: Option<&str>,
    ) -> Result<Exit, Failure> {
        if self.json {
            output::print_json(output::document(entries()))?;
            return Ok(Exit::Done);
        }
        let mut page = Page::new();
        page.heading(&output::safe(heading));
        let table = table();
        if !table.is_empty() {
            page.table(&table);
        }
        if let Some(foot) = foot {
            page.gap();
            page.line(&format!("  {}", output::safe(foot)));
        }
        page.print()?;
        Ok(Exit::Done)
    }
}

/// Number of elements and their noun, for headings.
pub(super) fn counted<T>(list: &[T], noun: &str) -> String {
    output::counted(u64::try_from(list.len()).unwrap_or(u64::MAX), noun)
}

/// A time as JSON: ISO 8601 with `Z`.
pub(super) fn utc(time: Timestamp) -> String {
    format!("{}Z", time.to_iso_text())
}

/// A time for people, to the second.
pub(super) fn seconds(time: Timestamp) -> String {
    time.naive().format("%Y-%m-%d %H:%M:%S").to_string()
}

/// A JSON text as a value; null for what other programs take for no JSON, such as `NaN`. Where that can occur,
/// the text itself goes beside it.
pub(super) fn value_of(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or(Value::Null)
}
