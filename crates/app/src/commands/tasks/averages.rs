//! Averages and baselines, under the names of the original program's methods.

use super::Session;
use crate::failure::{Exit, Failure};
use crate::output::{self, Align, Page, Table};
use landfast_analytics::tasks::{Averages, LegacyVersion, NotFinite, TaskHistory, legacy_answers};
use landfast_domain::tasks::templates;
use serde_json::{Map, Value, json};
use std::collections::HashSet;

/// Answers by method name.
type Methods = Map<String, Value>;

/// `landfast tasks averages`: the methods of one template, or of all of them by id.
pub(super) fn averages(session: &Session, task_id: Option<&str>) -> Result<Exit, Failure> {
    let answers = match task_id {
        Some(id) => vec![(id.to_owned(), of_one(session, id)?)],
        None => of_all(session)?,
    };
    match (session.json, task_id, answers.as_slice()) {
        (true, Some(_), [(_, methods)]) => {
            let mut document = output::document([]);
            document.extend(methods.clone());
            output::print_json(document)?;
        }
        (true, ..) => {
            let tasks: Map<String, Value> =
                answers.into_iter().map(|(id, methods)| (id, Value::Object(methods))).collect();
            output::print_json(output::document([("tasks", Value::Object(tasks))]))?;
        }
        (false, Some(id), [(_, methods)]) => one_as_text(id, methods)?,
        (false, ..) => all_as_text(&answers)?,
    }
    Ok(Exit::Done)
}

fn of_one(session: &Session, id: &str) -> Result<Methods, Failure> {
    let (tasks, instances) = session.read(|repositories, user| {
        Ok((templates::list(repositories, user)?, repositories.instances().list_by_task(user, id)?))
    })?;
    // Without attempts there are no averages, but a mistyped id should not look like that.
    if instances.is_empty() && !tasks.iter().any(|task| task.task_id.legacy() == id) {
        return Err(session.failure(landfast_domain::Error::NotFound { entity: "task", key: id.to_owned() }));
    }
    let version = LegacyVersion::of_data(&tasks, &instances);
    Ok(methods(id, &TaskHistory::of_task(id, &instances), version))
}

/// Every template in list order, then ids that only instances name, in byte order.
fn of_all(session: &Session) -> Result<Vec<(String, Methods)>, Failure> {
    let (tasks, instances) = session
        .read(|repositories, user| Ok((templates::list(repositories, user)?, repositories.instances().list(user)?)))?;
    let version = LegacyVersion::of_data(&tasks, &instances);
    let mut histories = TaskHistory::by_task(&instances);
    let mut seen = HashSet::new();
    let mut answers: Vec<(String, Methods)> = Vec::new();
    for task in &tasks {
        let id = task.task_id.legacy();
        // A twin has the same attempts; the ids of the answers are unique.
        if seen.insert(id) {
            answers.push((id.to_owned(), methods(id, &histories.remove(id).unwrap_or_default(), version)));
        }
    }
    answers.extend(histories.iter().map(|(id, history)| (id.clone(), methods(id, history, version))));
    Ok(answers)
}

fn methods(id: &str, history: &TaskHistory, version: LegacyVersion) -> Methods {
    let mut methods = Map::new();
    let mut add = |name: &str, value: Value| methods.insert(name.to_owned(), value);
    add("get_previous_task_averages", answer(history.legacy_task_averages(), averages_json));
    add("get_previous_actual_averages", answer(history.legacy_actual_averages(), averages_json));
    add("get_initial_aversion", json!(history.initial_aversion()));
    add("has_completed_task", json!(!id.is_empty() && history.legacy_has_completed()));
    let aversion = match version {
        LegacyVersion::December2025 => answer(history.aversion_average(), |value| json!(value)),
        // That version lost an argument and always answered nothing. The number itself is the
        // `expected_aversion` of the task averages.
        LegacyVersion::March2026 => Value::Null,
    };
    add("get_previous_aversion_average", aversion);
    add("get_baseline_aversion_robust", answer(history.baseline_aversion_robust(), |value| json!(value)));
    add("get_baseline_aversion_sensitive", answer(history.baseline_aversion_sensitive(), |value| json!(value)));
    methods
}

fn answer<T>(result: Result<T, NotFinite>, to_json: impl FnOnce(T) -> Value) -> Value {
    match result {
        Ok(value) => to_json(value),
        Err(error) => json!({ "raises": error.python_exception() }),
    }
}

fn averages_json(averages: Averages) -> Value {
    Value::Object(averages.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect())
}

fn one_as_text(id: &str, methods: &Methods) -> Result<(), Failure> {
    let mut page = Page::new();
    for (method, value) in methods {
        if let Value::Object(ratings) = value {
            page.heading(method);
            let pairs: Vec<(&str, String)> =
                ratings.iter().map(|(name, value)| (name.as_str(), plain(value))).collect();
            page.pairs(&pairs);
        }
    }
    page.heading(&format!("Single answers for {}", output::safe(id)));
    let single = methods.iter().filter(|(_, value)| !value.is_object());
    let pairs: Vec<(&str, String)> = single.map(|(name, value)| (name.as_str(), plain(value))).collect();
    page.pairs(&pairs);
    page.print()
}

fn all_as_text(answers: &[(String, Methods)]) -> Result<(), Failure> {
    const COLUMNS: [(&str, &str); 4] = [
        ("completed", "has_completed_task"),
        ("first aversion", "get_initial_aversion"),
        ("robust", "get_baseline_aversion_robust"),
        ("sensitive", "get_baseline_aversion_sensitive"),
    ];
    let mut columns = vec![("task", Align::Left)];
    columns.extend(COLUMNS.map(|(title, _)| (title, Align::Right)));
    let mut table = Table::new(&columns);
    for (id, methods) in answers {
        let cells = COLUMNS.map(|(_, method)| methods.get(method).map(plain).unwrap_or_default());
        table.row([if id.is_empty() { "(no id)".to_owned() } else { id.clone() }].into_iter().chain(cells));
    }
    let mut page = Page::new();
    page.heading(&output::counted(u64::try_from(answers.len()).unwrap_or(u64::MAX), "task"));
    page.table(&table);
    page.line(&page.style().dim("  all averages: --json, or --task-id ID"));
    page.print()
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Object(map) => map.values().next().map(|name| format!("raises {}", plain(name))).unwrap_or_default(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// `landfast tasks answers`.
pub(super) fn answers(session: &Session) -> Result<Exit, Failure> {
    let answers = session.read(|repositories, user| legacy_answers(repositories, user, None))?;
    let mut document = output::document([]);
    match answers {
        Value::Object(answers) => document.extend(answers),
        other => return Err(Failure::failed(format!("the answers are no object but {other}"))),
    }
    output::print_json(document)?;
    Ok(Exit::Done)
}
