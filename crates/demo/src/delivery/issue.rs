//! Issues and what happened to them.

use super::team::{Release, Team, Weeks};
use super::words::{
    ACTIONS, ACTIVE, DEFECTS, EFFORTS, KINDS, OPERATION, PEOPLE, PRIORITIES, Project, STATUSES, SUBJECTS, Status,
};
use crate::clock::{hours, seconds, spread};
use crate::random::Random;
use chrono::NaiveDateTime;

/// A change of status.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    pub(super) at: NaiveDateTime,
    pub(super) from: &'static str,
    pub(super) to: &'static str,
}

/// How the points of an issue are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Points {
    /// `8.0`.
    Float(u32),
    /// `8`.
    Whole(u32),
    /// `null`.
    Null,
    /// No such field.
    Absent,
}

/// One made-up issue.
#[derive(Debug)]
pub(super) struct Issue {
    /// From 1; part of its key.
    pub(super) number: u64,
    pub(super) project: &'static Project,
    /// Name, number, whether it is a sub-task.
    pub(super) kind: (&'static str, &'static str, bool),
    pub(super) created: NaiveDateTime,
    pub(super) steps: Vec<Step>,
    pub(super) points: Points,
    pub(super) effort: Option<&'static str>,
    pub(super) priority: Option<(&'static str, &'static str)>,
    pub(super) assignee: Option<(&'static str, &'static str)>,
    pub(super) summary: String,
    /// Environment a bug was seen in.
    pub(super) environment: Option<&'static str>,
    pub(super) severity: Option<&'static str>,
    /// Whether a deployment failed.
    pub(super) failed: bool,
    /// Release that has it.
    pub(super) release: Option<Release>,
}

impl Issue {
    /// Issue `number` of `count`, from 0, always the same for the same seed.
    pub(super) fn nth(seed: u64, team: &'static Team, weeks: &Weeks, number: u64, count: u64) -> Self {
        let mut random = Random::of_item(seed, team.stream, number);
        let slot = spread(weeks.first, weeks.now, 1, count) - weeks.first;
        let jitter = random.below_large(u64::try_from(slot.num_milliseconds()).unwrap_or(0).max(1));
        let created = spread(weeks.first, weeks.now, number, count)
            + chrono::Duration::milliseconds(i64::try_from(jitter).unwrap_or(0));
        let operations = team.operations.as_ref().filter(|_| random.chance(11));
        let kind = if operations.is_some() { OPERATION } else { kind(&mut random) };
        let steps = steps(&mut random, created, weeks.now, operations.is_some());
        let is_bug = kind.0 == "Bug";
        let mut issue = Self {
            number: number + 1,
            project: operations.unwrap_or(&team.project),
            kind,
            created,
            steps,
            points: if team.points { points(&mut random) } else { Points::Absent },
            effort: (!random.chance(15)).then(|| random.pick(&EFFORTS)),
            priority: if random.chance(10) { None } else { random.choose(&PRIORITIES).copied() },
            assignee: if random.chance(14) { None } else { random.choose(&PEOPLE).copied() },
            summary: summary(&mut random, is_bug),
            environment: (is_bug && random.chance(80)).then(|| random.pick(&["PROD", "PROD", "TEST"])),
            severity: (is_bug && random.chance(70)).then(|| random.pick(&["critical", "major", "minor"])),
            failed: random.chance(14),
            release: None,
        };
        let shipped = operations.is_none() && random.chance(75);
        issue.release = issue.resolved().filter(|_| shipped).map(|time| weeks.release_after(time.date()));
        issue
    }

    pub(super) fn key(&self) -> String {
        format!("{}-{}", self.project.key, self.number)
    }

    pub(super) fn is_operation(&self) -> bool {
        self.kind.0 == OPERATION.0
    }

    pub(super) fn is_bug(&self) -> bool {
        self.kind.0 == "Bug"
    }

    /// The status it has now.
    pub(super) fn status(&self) -> &'static Status {
        let name = self.steps.last().map_or("To Do", |step| step.to);
        STATUSES.iter().find(|status| status.name == name).unwrap_or(&STATUSES[0])
    }

    /// When it was resolved, if it is.
    pub(super) fn resolved(&self) -> Option<NaiveDateTime> {
        self.steps.last().filter(|_| self.status().category == "done").map(|step| step.at)
    }

    pub(super) fn updated(&self) -> NaiveDateTime {
        self.steps.last().map_or(self.created, |step| step.at)
    }

    /// When work on it began.
    pub(super) fn started(&self) -> Option<NaiveDateTime> {
        self.steps.iter().find(|step| step.to == "In Progress").map(|step| step.at)
    }

    /// Its points as a number.
    pub(super) fn estimate(&self) -> Option<u32> {
        match self.points {
            Points::Float(points) | Points::Whole(points) => Some(points),
            Points::Null | Points::Absent => None,
        }
    }

    /// Times it was in a status: begin, end and name. The last one ends `now`.
    pub(super) fn stays(&self, now: NaiveDateTime) -> Vec<(NaiveDateTime, NaiveDateTime, &'static str)> {
        let begins = std::iter::once((self.created, "To Do")).chain(self.steps.iter().map(|step| (step.at, step.to)));
        let ends = self.steps.iter().map(|step| step.at).chain([now]);
        begins.zip(ends).map(|((begin, name), end)| (begin, end, name)).collect()
    }

    /// Hours of work, and hours from its begin to its end.
    pub(super) fn active_and_total(&self) -> Option<(f64, f64)> {
        let (started, resolved) = (self.started()?, self.resolved()?);
        let active = self
            .stays(resolved)
            .iter()
            .filter(|(_, _, status)| ACTIVE.contains(status))
            .map(|(begin, end, _)| hours(*begin, *end))
            .sum();
        Some((active, hours(started, resolved)))
    }
}

fn kind(random: &mut Random) -> (&'static str, &'static str, bool) {
    let mut left = random.below(100);
    for (name, id, is_subtask, share) in KINDS {
        if left < share {
            return (name, id, is_subtask);
        }
        left -= share;
    }
    ("Task", "10002", false)
}

fn points(random: &mut Random) -> Points {
    match random.below(100) {
        0..11 => Points::Null,
        11..15 => Points::Absent,
        draw => {
            let points = random.choose(&[1, 2, 2, 3, 3, 5, 5, 8, 13]).copied().unwrap_or(3);
            if draw < 30 { Points::Whole(points) } else { Points::Float(points) }
        }
    }
}

fn summary(random: &mut Random, is_bug: bool) -> String {
    let subject = random.pick(&SUBJECTS);
    if is_bug {
        return format!("{subject}: {}", random.pick(&DEFECTS));
    }
    format!("{} {subject}", random.pick(&ACTIONS))
}

/// The way of an issue through the statuses until `now`.
fn steps(random: &mut Random, created: NaiveDateTime, now: NaiveDateTime, is_operation: bool) -> Vec<Step> {
    let end = if random.chance(15) { "Closed" } else { "Done" };
    let mut way = Vec::new();
    match random.below(100) {
        // Never taken up.
        0..5 => way.extend(random.chance(40).then_some("Selected")),
        // Taken up and forgotten.
        5..8 => way.extend(["Selected", "In Progress", "Blocked"]),
        _ if is_operation => way.extend(["In Progress", "In Deployment", end]),
        _ => {
            way.extend(["Selected", "In Progress"]);
            if random.chance(12) {
                way.extend(["Blocked", "In Progress"]);
            }
            way.extend(["In Review", "Testing"]);
            if random.chance(6) {
                way.extend([end, "In Progress", "Testing"]);
            }
            way.push(end);
        }
    }
    let (mut at, mut from) = (created, "To Do");
    let mut steps = Vec::new();
    for to in way {
        let (low, high) = match to {
            "Selected" => (4, 300),
            "In Progress" => (2, 140),
            "Blocked" => (3, 70),
            "In Review" => (6, 120),
            "Testing" => (2, 60),
            _ => (2, 80),
        };
        let wait = u64::from(random.between(low * 3600, high * 3600));
        at += seconds(wait) + chrono::Duration::milliseconds(i64::from(random.below(1000)));
        if at >= now {
            break;
        }
        steps.push(Step { at, from, to });
        from = to;
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::super::team::TIDEWATER;
    use super::*;

    fn issues(count: u64) -> (Weeks, Vec<Issue>) {
        let now = chrono::NaiveDate::from_ymd_opt(2026, 3, 7).unwrap().and_hms_opt(9, 30, 0).unwrap();
        let weeks = Weeks::until(now, 40);
        (weeks, (0..count).map(|number| Issue::nth(1, &TIDEWATER, &weeks, number, count)).collect())
    }

    #[test]
    fn histories_are_chains_that_end_at_the_status() {
        let (weeks, issues) = issues(400);
        for issue in &issues {
            let mut last = (issue.created, "To Do");
            for step in &issue.steps {
                assert!(step.at > last.0 && step.from == last.1 && step.at < weeks.now, "{issue:?}");
                last = (step.at, step.to);
            }
            assert_eq!(issue.status().name, last.1);
            assert_eq!(issue.resolved().is_some(), issue.status().category == "done");
            assert!(issue.release.is_none_or(|release| release.date > issue.resolved().unwrap().date()));
        }
        let open = issues.iter().filter(|issue| issue.resolved().is_none()).count();
        assert!((30..120).contains(&open), "{open} of 400 are open");
    }

    #[test]
    fn all_kinds_and_gaps_occur() {
        let (_, issues) = issues(400);
        assert!(issues.windows(2).all(|pair| pair[0].created <= pair[1].created));
        for kind in ["Story", "Bug", "Task", "Spike", "Sub-task", "Operational Task"] {
            assert!(issues.iter().any(|issue| issue.kind.0 == kind), "{kind}");
        }
        for points in [Points::Null, Points::Absent] {
            assert!(issues.iter().any(|issue| issue.points == points));
        }
        assert!(
            issues.iter().any(|issue| issue.priority.is_none()) && issues.iter().any(|issue| issue.assignee.is_none())
        );
    }
}
