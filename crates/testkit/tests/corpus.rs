//! Damaged folders: nothing is lost without a word, and nothing is called complete that is not.

use landfast_testkit::corpus::{AREAS, cases, check, check_on};
use landfast_testkit::databases;

/// One of the cases in so many is checked here; `LANDFAST_CORPUS=all` checks every one, as does the program `corpus`.
const SHARE: usize = 4;

fn check_area(area: &'static str) {
    let share = if std::env::var("LANDFAST_CORPUS").is_ok_and(|value| value == "all") { 1 } else { SHARE };
    let mut wrong = Vec::new();
    let mut checked = 0;
    for case in cases(area).into_iter().step_by(share) {
        let name = case.name.clone();
        let verdict = check(case);
        checked += 1;
        wrong.extend(verdict.problems.into_iter().map(|problem| format!("{area}: {name}: {problem}")));
    }
    assert!(checked > 10, "{checked}");
    assert!(wrong.is_empty(), "{checked} cases:\n{}", wrong.join("\n"));
}

#[test]
fn damaged_tasks_are_accounted_for() {
    check_area("tasks");
}

#[test]
fn damaged_delivery_trees_are_accounted_for() {
    check_area("delivery");
}

#[test]
fn damaged_snapshots_of_jobs_are_accounted_for() {
    check_area("presentations");
}

#[test]
fn damaged_runs_are_accounted_for() {
    check_area("runs");
}

#[test]
fn damaged_folders_are_accounted_for_on_postgres() {
    let mut wrong = Vec::new();
    for case in AREAS.into_iter().flat_map(|area| cases(area).into_iter().skip(3).step_by(24)) {
        let Some(database) = databases::postgres() else { return };
        let verdict = check_on(&case, &database);
        let here = check_on(&case, &databases::sqlite());
        if (verdict.exit_code, &verdict.set_aside, &verdict.findings)
            != (here.exit_code, &here.set_aside, &here.findings)
        {
            wrong.push(format!("{} {}: other than on SQLite", case.area, case.name));
        }
        wrong.extend(verdict.problems.into_iter().map(|problem| format!("{} {}: {problem}", case.area, case.name)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
