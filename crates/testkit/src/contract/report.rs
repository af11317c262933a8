//! Running rules against a store and collecting what became of them.

use super::support::{OWN_PREFIX, time};
use super::{RULES, Rule};
use landfast_domain::delivery::DeliveryRepository;
use landfast_domain::instant::epoch_micros;
use landfast_domain::presentations::{JobCursor, JobId, PresentationRepository};
use landfast_domain::runs::{RunCursor, RunFilter, RunId, RunPage, RunRepository};
use landfast_domain::{Result, Store};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

/// What became of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The store keeps it.
    Kept,
    /// The store breaks it; the text says how.
    Broken(String),
}

/// A rule with its outcome on one store.
#[derive(Debug, Clone)]
pub struct RuleResult {
    /// The rule.
    pub rule: Rule,
    /// Whether the store keeps it.
    pub outcome: Outcome,
    /// How long the check took.
    pub took: Duration,
}

/// Runs all rules against a store, telling each result as it comes, and removes what they left behind.
///
/// Rules make users whose ids begin with `contract-` and records below them, profiles, keys of the
/// application's state and tasks with such ids, and rendering jobs and runs of the year 900 with such ids; nothing
/// else in the store is changed. A rule that is broken panics inside; the caller may want to silence the panic
/// message.
///
/// # Errors
/// [`landfast_domain::Error::Backend`] when what the rules made cannot be removed.
pub fn run_rules(store: &dyn Store, mut each: impl FnMut(&RuleResult)) -> Result<Vec<RuleResult>> {
    let mut results = Vec::with_capacity(RULES.len());
    for rule in RULES {
        let result = run_rule(store, *rule);
        each(&result);
        results.push(result);
        remove_leftovers(store)?;
    }
    Ok(results)
}

/// Runs one rule against a store.
pub fn run_rule(store: &dyn Store, rule: Rule) -> RuleResult {
    let start = Instant::now();
    let outcome = match catch_unwind(AssertUnwindSafe(|| (rule.check)(store))) {
        Ok(()) => Outcome::Kept,
        Err(panic) => {
            let text = panic.downcast_ref::<String>().cloned();
            let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
            Outcome::Broken(text.unwrap_or_else(|| "the rule panicked without a message".to_owned()))
        }
    };
    RuleResult { rule, outcome, took: start.elapsed() }
}

/// Removes all users that rules made, with everything they own, their profiles, rendering jobs and runs. Returns
/// how many there were.
///
/// # Errors
/// [`landfast_domain::Error::Backend`] when the store fails.
pub fn remove_leftovers(store: &dyn Store) -> Result<usize> {
    store.write(|r| {
        let users = r.accounts().list()?;
        let mut removed = 0;
        for user in users.iter().filter(|user| user.id.as_str().starts_with(OWN_PREFIX)) {
            removed += usize::from(r.accounts().delete(&user.id)?);
        }
        Ok(removed + remove_profiles(r.delivery()?)? + remove_jobs(r.presentations()?)? + remove_runs(r.runs()?)?)
    })
}

/// Profiles with everything below them, and what rules left when they were broken half-way.
fn remove_profiles(delivery: &mut dyn DeliveryRepository) -> Result<usize> {
    let mut removed = 0;
    for profile in delivery.list_profiles()? {
        if profile.id.as_str().starts_with(OWN_PREFIX) {
            delivery.delete_profile(&profile.id)?;
            removed += 1;
        }
    }
    for (key, _) in delivery.list_app_state()? {
        removed += usize::from(key.starts_with(OWN_PREFIX) && delivery.delete_app_state(&key)?);
    }
    for progress in delivery.list_task_progress()? {
        if progress.task_name.starts_with(OWN_PREFIX) {
            delivery.clear_task_progress(&progress.task_name)?;
            removed += 1;
        }
    }
    Ok(removed)
}

/// Rules make their jobs before this time, so that not all jobs of a store in use have to be looked at.
fn remove_jobs(jobs: &mut dyn PresentationRepository) -> Result<usize> {
    let after = JobCursor { created_at: time("1000-01-01 00:00"), id: JobId::existing("") };
    let mut removed = 0;
    for job in jobs.list(None, Some(&after), usize::MAX)? {
        removed += usize::from(job.id.as_str().starts_with(OWN_PREFIX) && jobs.delete(&job.id)?);
    }
    Ok(removed)
}

/// As [`remove_jobs`], or without a time.
fn remove_runs(runs: &mut dyn RunRepository) -> Result<usize> {
    let cursor = RunCursor { order_key: epoch_micros(time("1000-01-01 00:00")), id: RunId::existing("") };
    let mut removed = 0;
    for run in runs.list(&RunFilter::default(), &RunPage::After(cursor), usize::MAX)? {
        removed += usize::from(run.id.as_str().starts_with(OWN_PREFIX) && runs.delete(&run.id)?);
    }
    Ok(removed)
}
