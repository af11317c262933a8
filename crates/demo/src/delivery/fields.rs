//! Issues and their histories as JSON.

use super::issue::{Issue, Points};
use super::team::Weeks;
use super::words::Project;
use crate::clock::{aware, jira};
use crate::json::{Json, object};
use crate::random::Random;
use chrono::NaiveDateTime;

/// Custom fields of the made-up Jira.
pub(super) const POINTS_FIELD: &str = "customfield_10016";

/// An issue as a response holds it.
pub(super) fn issue(issue: &Issue, weeks: &Weeks) -> Json {
    let mut fields = shared(issue, weeks);
    match issue.points {
        Points::Float(points) => fields.set(POINTS_FIELD, f64::from(points)),
        Points::Whole(points) => fields.set(POINTS_FIELD, points),
        Points::Null => fields.set(POINTS_FIELD, Json::Null),
        Points::Absent => {}
    }
    fields.set("customfield_10020", issue.effort.map(|effort| object! { "value": effort, "id": "1" }));
    if issue.is_bug() {
        let environment = |name: &str| object! { "value": name, "id": if name == "PROD" { "31" } else { "32" } };
        fields.set("customfield_10030", issue.environment.map(environment));
        fields.set("customfield_10050", issue.severity);
    }
    if issue.is_operation() {
        fields.set("customfield_10031", object! { "value": "PROD", "id": "41" });
        fields.set("customfield_10040", object! { "value": if issue.failed { "Yes" } else { "No" }, "id": "51" });
    }
    document(issue, fields)
}

/// An issue that came with a later fetch, which asked for a fixed list of fields and for no custom ones.
pub(super) fn issue_of_delta(issue: &Issue, weeks: &Weeks) -> Json {
    document(issue, shared(issue, weeks))
}

/// The entry of an issue in a map of histories, reduced to what the program needs. With at least so many changes:
/// what is missing are changes of labels at the end.
pub(super) fn history_entry(issue: &Issue, weeks: &Weeks, fetched: NaiveDateTime, changes: usize) -> Json {
    let steps = issue.steps.iter().map(|step| {
        let item = object! { "field": "status", "fromString": step.from, "toString": step.to };
        object! { "created": jira(step.at), "items": Json::list([item]) }
    });
    let missing = changes.saturating_sub(issue.steps.len());
    let labels = std::iter::repeat_with(|| {
        let item = object! { "field": "labels", "fromString": "", "toString": "reviewed" };
        object! { "created": jira(issue.updated()), "items": Json::list([item]) }
    });
    let histories = Json::list(steps.chain(labels.take(missing)));
    let total = issue.steps.len() + missing;
    object! {
        "key": issue.key(),
        "fields": object! {
            "project": project(issue.project),
            "fixVersions": versions(issue, weeks),
            "status": status(issue),
            "issuetype": kind(issue),
            "created": jira(issue.created),
            "resolutiondate": issue.resolved().map(jira),
        },
        "changelog": object! { "histories": histories, "total": u64::try_from(total).unwrap_or(0) },
        "last_updated": aware(fetched),
    }
}

/// An issue with its whole history, as the older layout of histories kept it.
pub(super) fn issue_with_history(issue: &Issue, weeks: &Weeks, seed: u64) -> Json {
    let mut random = Random::of_item(seed, "delivery authors", issue.number);
    let mut histories = Vec::new();
    for (number, step) in (0_u64..).zip(&issue.steps) {
        let mut items = vec![object! {
            "field": "status", "fieldtype": "jira", "from": Json::Null, "fromString": step.from, "to": Json::Null, "toString": step.to,
        }];
        if random.chance(25) {
            items.push(object! {
                "field": "assignee", "fieldtype": "jira", "fromString": Json::Null, "toString": issue.assignee.map(|(name, _)| name),
            });
        }
        histories.push(object! {
            "id": (700_000 + issue.number * 20 + number).to_string(),
            "author": person(random.choose(&super::words::PEOPLE).copied()),
            "created": jira(step.at),
            "items": items,
        });
    }
    let mut found = self::issue(issue, weeks);
    found.set("changelog", object! { "histories": histories });
    found
}

/// Fields every fetch asks for.
fn shared(issue: &Issue, weeks: &Weeks) -> Json {
    let resolution = issue.resolved().map(|_| {
        let name = if issue.status().name == "Closed" { "Won't Do" } else { "Done" };
        object! { "name": name, "id": "10000" }
    });
    object! {
        "project": project(issue.project),
        "summary": issue.summary.as_str(),
        "status": status(issue),
        "issuetype": kind(issue),
        "created": jira(issue.created),
        "updated": jira(issue.updated()),
        "resolutiondate": issue.resolved().map(jira),
        "resolution": resolution,
        "assignee": person(issue.assignee),
        "priority": issue.priority.map(|(name, id)| object! { "name": name, "id": id }),
        "fixVersions": versions(issue, weeks),
    }
}

fn document(issue: &Issue, fields: Json) -> Json {
    object! { "id": (300_000 + issue.number).to_string(), "key": issue.key(), "fields": fields }
}

fn project(project: &Project) -> Json {
    object! { "id": project.id, "key": project.key, "name": project.name }
}

fn kind(issue: &Issue) -> Json {
    let (name, id, is_subtask) = issue.kind;
    object! { "id": id, "name": name, "subtask": is_subtask }
}

fn status(issue: &Issue) -> Json {
    let status = issue.status();
    let (id, name) = match status.category {
        "new" => (2, "To Do"),
        "done" => (3, "Done"),
        _ => (4, "In Progress"),
    };
    object! {
        "name": status.name,
        "id": status.id,
        "statusCategory": object! { "id": id, "key": status.category, "name": name },
    }
}

fn person(person: Option<(&str, &str)>) -> Json {
    person.map(|(name, account)| object! { "displayName": name, "name": account, "active": account != "pn" }).into()
}

fn versions(issue: &Issue, weeks: &Weeks) -> Json {
    Json::list(issue.release.map(|release| {
        object! {
            "id": (20_000 + release.number).to_string(),
            "name": release_name(issue.project.key, release.number),
            "releaseDate": release.date.to_string(),
            "released": release.date <= weeks.now.date(),
            "archived": false,
        }
    }))
}

/// Name of a release.
pub(super) fn release_name(project: &str, number: i64) -> String {
    format!("{project}_R{number:02}")
}
