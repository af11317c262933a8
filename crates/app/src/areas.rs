//! What a store holds, area by area, in a few numbers for reports and pages.

use crate::output::{count, counted};
use landfast_domain::accounts::UserId;
use landfast_domain::delivery::{DeliveryRepository, IssueFilter};
use landfast_domain::presentations::{JobStatus, PresentationRepository};
use landfast_domain::runs::{RunFilter, RunRepository, RunStatus};
use landfast_domain::tasks::lists;
use landfast_domain::{Error, Repositories, Result};

/// Issues are looked at one by one to tell the open ones; beyond this number only their sum is told.
const MOST_ISSUES: u64 = 50_000;

/// What a store holds of one area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    /// `tasks`, `delivery`, `presentations` or `runs`.
    pub area: &'static str,
    /// Numbers with what they count, the most important one first.
    pub facts: Vec<(u64, String)>,
}

impl Holding {
    /// Whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.facts.iter().all(|(number, _)| *number == 0)
    }

    /// All facts on one line.
    #[must_use]
    pub fn line(&self) -> String {
        let facts: Vec<String> = self.facts.iter().map(|(number, what)| format!("{} {what}", count(*number))).collect();
        facts.join(", ")
    }
}

/// What the store holds of each area. An area the store has no room for is left out.
///
/// # Errors
/// Those of the repositories.
pub fn holdings(repositories: &mut dyn Repositories, user: &UserId) -> Result<Vec<Holding>> {
    let mut found = vec![tasks(repositories, user)?];
    let others = [
        repositories.delivery().and_then(delivery),
        repositories.presentations().and_then(presentations),
        repositories.runs().and_then(runs),
    ];
    for other in others {
        match other {
            Ok(holding) => found.push(holding),
            Err(Error::Unsupported { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

fn tasks(repositories: &mut dyn Repositories, user: &UserId) -> Result<Holding> {
    let open = size(lists::active(repositories, user)?.len());
    let facts = vec![
        noun(repositories.instances().count(user)?, "instance"),
        (open, "open".to_owned()),
        noun(repositories.tasks().count(user)?, "template"),
    ];
    Ok(Holding { area: "tasks", facts })
}

fn delivery(repository: &mut dyn DeliveryRepository) -> Result<Holding> {
    let rows = repository.row_counts()?;
    let number = |kind: &str| rows.iter().find(|(name, _)| *name == kind).map_or(0, |(_, rows)| *rows);
    let mut facts = vec![noun(number("issues"), "issue")];
    if number("issues") <= MOST_ISSUES {
        facts.push((open_issues(repository)?, "open".to_owned()));
    }
    facts.extend([
        noun(number("profiles"), "profile"),
        (number("queries"), if number("queries") == 1 { "query" } else { "queries" }.to_owned()),
        noun(number("changelog_items"), "change"),
        noun(number("metric_values"), "metric"),
    ]);
    Ok(Holding { area: "delivery", facts })
}

/// Issues whose status is not one of the category `done`, over all queries; of repeated keys the newest counts.
fn open_issues(repository: &mut dyn DeliveryRepository) -> Result<u64> {
    let mut open = 0;
    for profile in repository.list_profiles()? {
        for query in repository.list_queries(&profile.id)? {
            let issues = repository.list_issues(query.key(), &IssueFilter::default())?;
            let is_open = |category: &Option<String>| category.as_ref().is_some_and(|category| category != "done");
            open += size(issues.iter().filter(|issue| is_open(&issue.facts.status_category)).count());
        }
    }
    Ok(open)
}

fn presentations(repository: &mut dyn PresentationRepository) -> Result<Holding> {
    const ORDER: [JobStatus; 4] = [JobStatus::Queued, JobStatus::Processing, JobStatus::Completed, JobStatus::Failed];
    let mut counts = repository.count_by_status()?;
    counts.sort_by_key(|(status, _)| ORDER.iter().position(|known| known == status).unwrap_or(ORDER.len()));
    let mut facts = vec![noun(counts.iter().map(|(_, count)| count).sum(), "job")];
    facts.extend(counts.into_iter().map(|(status, count)| (count, status.to_string())));
    Ok(Holding { area: "presentations", facts })
}

fn runs(repository: &mut dyn RunRepository) -> Result<Holding> {
    let total = repository.count(&RunFilter::default())?;
    let mut facts = vec![noun(total, "run")];
    let mut known = 0;
    for status in RunStatus::ALL {
        let name = status.to_string();
        let count = repository.count(&RunFilter { status: Some(status), ..RunFilter::default() })?;
        known += count;
        if count > 0 {
            facts.push((count, name));
        }
    }
    if total > known {
        facts.push((total - known, "with another status".to_owned()));
    }
    Ok(Holding { area: "runs", facts })
}

/// A number with its noun in the right form.
fn noun(number: u64, noun: &str) -> (u64, String) {
    let text = counted(number, noun);
    (number, text.split_once(' ').map_or_else(|| noun.to_owned(), |(_, word)| word.to_owned()))
}

fn size(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_told_on_a_line() {
        let facts = vec![noun(1, "run"), noun(0, "issue"), (1200, "open".to_owned())];
        let holding = Holding { area: "runs", facts };
        assert_eq!(holding.line(), format!("1 run, 0 issues, {} open", count(1200)));
        assert!(!holding.is_empty());
        assert!(Holding { area: "runs", facts: vec![noun(0, "run")] }.is_empty());
    }
}
