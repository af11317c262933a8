//! Scope: how much there is, is done, and is left (delivery specification 5.3).

use super::issue_row::IssueRow;
use super::numbers::count;
use landfast_domain::json::Json;

/// How many of the first issues the original looked at to judge whether the points field is in use.
pub const LEGACY_SAMPLE: usize = 10;

/// Share of issues that must have the points field for points to count.
pub const REQUIRED_COVERAGE: f64 = 0.5;

/// Points of an item when nothing is known about any.
pub const DEFAULT_POINTS_PER_ITEM: f64 = 10.0;

/// Where an issue stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ScopeClass {
    /// Finished.
    Completed,
    /// Begun.
    InProgress,
    /// Not begun.
    Todo,
}

impl ScopeClass {
    /// Name in documents: `COMPLETED`, `IN_PROGRESS` or `TODO`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Completed => "COMPLETED",
            Self::InProgress => "IN_PROGRESS",
            Self::Todo => "TODO",
        }
    }

    /// Reads [`ScopeClass::as_str`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Completed, Self::InProgress, Self::Todo].into_iter().find(|class| class.as_str() == text)
    }
}

/// How statuses are classified; the default is by their category.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScopeRules {
    /// Statuses with a class of their own, which comes before everything else.
    pub overrides: Vec<(String, ScopeClass)>,
    /// The names of completed statuses and of those in progress; every other one is [`ScopeClass::Todo`].
    /// Without them the category decides.
    pub names: Option<(Vec<String>, Vec<String>)>,
}

/// Class of a status, by its name and the key of its category: `done` is completed, `indeterminate` in
/// progress, everything else to do.
///
/// ```
/// use landfast_analytics::delivery::scope::{ScopeClass, ScopeRules, classify};
///
/// let rules = ScopeRules::default();
/// assert_eq!(classify("Testing", "indeterminate", &rules), ScopeClass::InProgress);
/// assert_eq!(classify("Done", "undefined", &rules), ScopeClass::Todo);
/// ```
#[must_use]
pub fn classify(status: &str, category: &str, rules: &ScopeRules) -> ScopeClass {
    if let Some((_, class)) = rules.overrides.iter().find(|(name, _)| name == status) {
        return *class;
    }
    let holds = |names: &[String]| names.iter().any(|name| name == status);
    match (&rules.names, category) {
        (Some((completed, _)), _) if holds(completed) => ScopeClass::Completed,
        (Some((_, in_progress)), _) if holds(in_progress) => ScopeClass::InProgress,
        (Some(_), _) => ScopeClass::Todo,
        (None, "done") => ScopeClass::Completed,
        (None, "indeterminate") => ScopeClass::InProgress,
        (None, _) => ScopeClass::Todo,
    }
}

/// Items and points.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Amount {
    /// Number of items.
    pub items: f64,
    /// Points.
    pub points: f64,
}

impl Amount {
    fn add(&mut self, points: f64) {
        self.items += 1.0;
        self.points += points;
    }
}

/// What one status holds.
#[derive(Debug, Clone, PartialEq)]
pub struct StatusShare {
    /// Name of the status.
    pub status: String,
    /// Key of its category, as the first of its issues had it.
    pub category: String,
    /// Class of the status.
    pub class: ScopeClass,
    /// Its issues.
    pub amount: Amount,
}

/// How well the points field is filled.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct FieldCoverage {
    /// Issues looked at.
    pub sample_size: usize,
    /// Of those, issues that have the field, be it null.
    pub with_field: usize,
    /// Of those, issues whose value is a number.
    pub with_points: usize,
}

impl FieldCoverage {
    /// Whether points count: the field exists in at least half of the issues looked at.
    #[must_use]
    pub fn is_sufficient(&self) -> bool {
        self.sample_size > 0 && count(self.with_field) / count(self.sample_size) >= REQUIRED_COVERAGE
    }
}

/// The scope of some issues.
#[derive(Debug, Clone, PartialEq)]
pub struct Scope {
    /// Issues that were given.
    pub processed: usize,
    /// All issues that count.
    pub total: Amount,
    /// Those completed.
    pub completed: Amount,
    /// Those to do and in progress.
    pub remaining: Amount,
    /// Of the remaining, those with an estimate.
    pub estimated: Amount,
    /// Points of the remaining issues, with an average for those without estimate; see
    /// [`remaining_total_points`]. 0 when points do not count.
    pub remaining_total_points: f64,
    /// How well the points field is filled.
    pub coverage: FieldCoverage,
    /// What each status holds, in the order in which statuses first occur.
    pub statuses: Vec<StatusShare>,
}

/// Scope of issues, the points field judged by all of them; an issue without status or category is to do.
///
/// `points_field` is the profile's. Points of an issue: [`super::points::scope_points`].
#[must_use]
pub fn scope(issues: &[&IssueRow], points_field: Option<&str>, rules: &ScopeRules) -> Scope {
    make_scope(issues, points_field, rules, issues.len(), false)
}

/// Scope as the original made it: the points field is judged by the first ten issues
/// ([`LEGACY_SAMPLE`]), and issues without status or category are skipped.
#[must_use]
pub fn legacy_scope(issues: &[&IssueRow], points_field: Option<&str>, rules: &ScopeRules) -> Scope {
    make_scope(issues, points_field, rules, LEGACY_SAMPLE, true)
}

fn make_scope(
    issues: &[&IssueRow],
    points_field: Option<&str>,
    rules: &ScopeRules,
    sample: usize,
    skips: bool,
) -> Scope {
    let sample = if points_field.is_some() { sample.min(issues.len()) } else { 0 };
    let looked_at = || issues.iter().take(sample);
    let field = points_field.unwrap_or_default();
    let coverage = FieldCoverage {
        sample_size: sample,
        with_field: looked_at().filter(|issue| issue.has_points_field).count(),
        with_points: looked_at().filter(|issue| has_number(issue.fields.get(field))).count(),
    };
    let mut made = Scope {
        processed: issues.len(),
        total: Amount::default(),
        completed: Amount::default(),
        remaining: Amount::default(),
        estimated: Amount::default(),
        remaining_total_points: 0.0,
        coverage,
        statuses: Vec::new(),
    };
    for issue in issues {
        let (status, category) = (issue.facts.status.as_deref(), issue.facts.status_category.as_deref());
        if skips && (status.is_none() || category.is_none()) {
            continue;
        }
        let (status, category) = (status.unwrap_or_default(), category.unwrap_or_default());
        let class = classify(status, category, rules);
        let points = issue.scope_points.points;
        made.total.add(points);
        if class == ScopeClass::Completed {
            made.completed.add(points);
        } else {
            made.remaining.add(points);
            if issue.scope_points.is_estimated {
                made.estimated.add(points);
            }
        }
        // There are a few dozen statuses at most, so a search is as good as a map.
        match made.statuses.iter_mut().find(|share| share.status == status) {
            Some(share) => share.amount.add(points),
            None => made.statuses.push(StatusShare {
                status: status.to_owned(),
                category: category.to_owned(),
                class,
                amount: Amount { items: 1.0, points },
            }),
        }
    }
    if made.coverage.is_sufficient() {
        made.remaining_total_points = remaining_total_points(made.estimated, made.remaining.items, made.completed);
    }
    made
}

fn has_number(value: Option<&Json>) -> bool {
    value.is_some_and(|value| super::points::scope_points(Some(""), Some(value)).is_estimated)
}

/// Points of the remaining items, with an average for those without an estimate.
///
/// E, Pₑ: number and points of the estimated; R: remaining items; C, P: number and points of the completed.
/// E > 0: a = Pₑ/E, result Pₑ + a·max(0, R − E). E = 0: a = P/C, or 10 when C = 0; result R·a.
///
/// ```
/// use landfast_analytics::delivery::scope::{Amount, remaining_total_points};
///
/// let completed = Amount { items: 146.0, points: 568.0 };
/// assert_eq!(remaining_total_points(Amount { items: 50.0, points: 100.0 }, 44.0, completed), 100.0);
/// assert_eq!(remaining_total_points(Amount::default(), 44.0, Amount::default()), 440.0);
/// ```
#[must_use]
pub fn remaining_total_points(estimated: Amount, remaining_items: f64, completed: Amount) -> f64 {
    if estimated.items > 0.0 {
        let average = estimated.points / estimated.items;
        return estimated.points + average * (remaining_items - estimated.items).max(0.0);
    }
    let average = if completed.items > 0.0 { completed.points / completed.items } else { DEFAULT_POINTS_PER_ITEM };
    remaining_items * average
}

/// Points of all items of a manual input, and the average used.
///
/// T: total items; E, Pₑ: estimated. E > 0: a = Pₑ/E, total Pₑ + a·max(0, T − E). Otherwise a = Σ completed
/// points / Σ completed items of the statistics when any item was completed, else 10, and total T·a; without
/// `fallback`, and nothing estimated, both are 0.
///
/// ```
/// use landfast_analytics::delivery::scope::{Amount, total_points};
/// assert_eq!(total_points(100.0, Amount { items: 20.0, points: 200.0 }, None, true), (1000.0, 10.0));
/// assert_eq!(total_points(100.0, Amount::default(), None, false), (0.0, 0.0));
/// ```
#[must_use]
pub fn total_points(total_items: f64, estimated: Amount, completed: Option<Amount>, fallback: bool) -> (f64, f64) {
    if estimated.items > 0.0 {
        let average = estimated.points / estimated.items;
        return (estimated.points + average * (total_items - estimated.items).max(0.0), average);
    }
    if !fallback && estimated.points == 0.0 {
        return (0.0, 0.0);
    }
    let average = match completed {
        Some(done) if done.items > 0.0 => done.points / done.items,
        _ => DEFAULT_POINTS_PER_ITEM,
    };
    (total_items * average, average)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::settings::DeliverySettings;
    use landfast_domain::delivery::{Issue, Profile, ProfileId};

    fn issues(texts: &[String]) -> Vec<IssueRow> {
        let document = r#"{"jira_config": {"points_field": "customfield_1"}}"#;
        let profile = Profile::new(ProfileId::new("p").unwrap(), Some(document.to_owned()), None).unwrap();
        let settings = DeliverySettings::read(profile.facts());
        texts.iter().map(|text| IssueRow::read(&Issue::read(0, text.as_str(), None), &settings)).collect()
    }

    fn issue(category: &str, rest: &str) -> String {
        format!(
            r#"{{"fields": {{"status": {{"name": "S {category}", "statusCategory": {{"key": "{category}"}}}}{rest}}}}}"#
        )
    }

    #[test]
    fn the_points_field_is_judged_by_all_issues() {
        let mut texts = vec![issue("new", ""); 10];
        texts.extend(vec![issue("new", r#", "customfield_1": 4"#); 30]);
        let rows = issues(&texts);
        let rows: Vec<&IssueRow> = rows.iter().collect();
        let field = Some("customfield_1");
        let legacy = legacy_scope(&rows, field, &ScopeRules::default());
        assert_eq!((legacy.coverage.sample_size, legacy.coverage.is_sufficient()), (10, false));
        assert_eq!(legacy.remaining_total_points, 0.0);
        let right = scope(&rows, field, &ScopeRules::default());
        assert_eq!((right.coverage.with_field, right.coverage.is_sufficient()), (30, true));
        assert_eq!((right.estimated.items, right.remaining_total_points), (30.0, 160.0));
        assert!(!scope(&rows, None, &ScopeRules::default()).coverage.is_sufficient());
    }

    #[test]
    fn issues_without_status_are_to_do() {
        let rows = issues(&["{}".to_owned(), issue("done", ""), issue("indeterminate", "")]);
        let rows: Vec<&IssueRow> = rows.iter().collect();
        let counts = |scope: Scope| (scope.total.items, scope.completed.items, scope.remaining.items);
        assert_eq!(counts(legacy_scope(&rows, None, &ScopeRules::default())), (2.0, 1.0, 1.0));
        assert_eq!(counts(scope(&rows, None, &ScopeRules::default())), (3.0, 1.0, 2.0));
    }
}
