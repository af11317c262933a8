//! Running rules against a store and collecting what became of them.

use super::support::USER_PREFIX;
use super::{RULES, Rule};
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
/// Rules make users whose ids begin with `contract-` and records below them; nothing else in the store is
/// changed. A rule that is broken panics inside; the caller may want to silence the panic message.
///
/// # Errors
/// [`landfast_domain::Error::Backend`] when the users made by the rules cannot be removed.
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

/// Removes all users that rules made, with everything they own. Returns how many there were.
///
/// # Errors
/// [`landfast_domain::Error::Backend`] when the store fails.
pub fn remove_leftovers(store: &dyn Store) -> Result<usize> {
    store.write(|r| {
        let users = r.accounts().list()?;
        let mut removed = 0;
        for user in users.iter().filter(|user| user.id.as_str().starts_with(USER_PREFIX)) {
            removed += usize::from(r.accounts().delete(&user.id)?);
        }
        Ok(removed)
    })
}
