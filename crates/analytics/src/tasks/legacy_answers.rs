//! Everything the original program answered about a user's data, in one document.

use super::averages::Averages;
use super::gaps::gap_summary;
use super::history::TaskHistory;
use super::number::NotFinite;
use landfast_domain::accounts::UserId;
use landfast_domain::record::Record;
use landfast_domain::tasks::{
    Emotion, JobTask, Note, PopupResponse, PopupTrigger, Preference, Task, TaskInstance, backfill, emotions, jobs,
    lists, templates,
};
use landfast_domain::text::{python_lower, python_strip};
use landfast_domain::{Repositories, Result};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Versions of the original program whose answers differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LegacyVersion {
    /// The file program of 2025.
    December2025,
    /// The database program of March 2026. It always answered "none" for `get_previous_aversion_average`,
    /// because the public method lost its user argument, and exported no survey answers.
    March2026,
}

impl LegacyVersion {
    /// The version that wrote the data: March 2026 when any template or instance has an owner number.
    #[must_use]
    pub fn of_data(tasks: &[Task], instances: &[TaskInstance]) -> Self {
        let owned =
            tasks.iter().any(|task| !task.user_id.is_blank()) || instances.iter().any(|row| !row.user_id.is_blank());
        if owned { Self::March2026 } else { Self::December2025 }
    }
}

/// What the original program answered, method by method.
///
/// Keys are the original's method names: `tasks` (for each task id, templates first, then ids that only
/// instances name: averages, baselines and whether it was completed), the lists of instances, templates and
/// emotions, what the backfill would change (`[row from 1, instance id, column, text]`), and the gap report.
/// An answer `{"raises": "ValueError"}` stands for an exception, which a `NaN` in a payload causes.
///
/// Nothing is changed: the backfill is only computed. `emotions_file_after_list` is the file that the original
/// left behind after merely listing the emotions.
///
/// # Errors
/// [`landfast_domain::Error::Backend`] when the store fails.
pub fn legacy_answers(
    repositories: &mut dyn Repositories,
    user: &UserId,
    version: Option<LegacyVersion>,
) -> Result<Value> {
    let tasks = repositories.tasks().list(user)?;
    let instances = repositories.instances().list(user)?;
    let version = version.unwrap_or_else(|| LegacyVersion::of_data(&tasks, &instances));
    let ids = task_ids(&tasks, &instances);
    let histories = TaskHistory::by_task(&instances);
    let none = TaskHistory::default();
    let history = |id: &str| histories.get(id).unwrap_or(&none);

    let mut document = Map::new();
    let by_task =
        |answer: &dyn Fn(&str) -> Value| -> Value { ids.iter().map(|id| ((*id).to_owned(), answer(id))).collect() };
    document.insert("tasks".to_owned(), by_task(&|id| task_answers(id, history(id), version)));
    add_lists(&mut document, repositories, user)?;
    add_emotions(&mut document, repositories, user)?;
    document.insert("backfill".to_owned(), backfill_answer(&instances));
    let preferences = repositories.preferences().page(user, None, 1)?;
    document.insert("gap_summary".to_owned(), gap_answer(&instances, preferences.first().map(|placed| &placed.record)));
    document.insert("bulk_task_averages".to_owned(), by_task(&|id| bulk_answer(history(id))));
    document.insert("batch_baseline_aversions".to_owned(), by_task(&|id| baseline_answer(history(id))));
    add_jobs(&mut document, repositories, user, &ids)?;
    document.insert("task_notes".to_owned(), notes_answer(&tasks));
    document.insert("export_counts".to_owned(), export_counts(repositories, user, version)?);
    Ok(Value::Object(document))
}

/// Task ids in the order of the templates, then those that only instances name. Without repetitions.
fn task_ids<'a>(tasks: &'a [Task], instances: &'a [TaskInstance]) -> Vec<&'a str> {
    let mut seen = std::collections::HashSet::new();
    let named = tasks.iter().map(|task| task.task_id.legacy());
    named.chain(instances.iter().map(|row| row.task_id.legacy())).filter(|id| seen.insert(*id)).collect()
}

fn task_answers(id: &str, history: &TaskHistory, version: LegacyVersion) -> Value {
    let average = match version {
        LegacyVersion::December2025 => answer(history.aversion_average()),
        LegacyVersion::March2026 => Value::Null,
    };
    json!({
        "get_previous_task_averages": answer(history.legacy_task_averages()),
        "get_previous_actual_averages": answer(history.legacy_actual_averages()),
        "get_initial_aversion": history.initial_aversion(),
        "has_completed_task": !id.is_empty() && history.legacy_has_completed(),
        "get_previous_aversion_average": average,
        "get_baseline_aversion_robust": answer(history.baseline_aversion_robust()),
        "get_baseline_aversion_sensitive": answer(history.baseline_aversion_sensitive()),
    })
}

fn answer<T: serde::Serialize>(result: Result<T, NotFinite>) -> Value {
    match result {
        Ok(value) => json!(value),
        Err(error) => json!({ "raises": error.python_exception() }),
    }
}

fn bulk_answer(history: &TaskHistory) -> Value {
    let averages: Result<Averages, NotFinite> = history.legacy_task_averages();
    match answer(averages) {
        Value::Object(mut answer) if !answer.contains_key("raises") => {
            answer.insert("avg_time_estimate".to_owned(), json!(history.average_time_estimate()));
            Value::Object(answer)
        }
        other => other,
    }
}

fn baseline_answer(history: &TaskHistory) -> Value {
    json!({
        "robust": answer(history.baseline_aversion_robust()),
        "sensitive": answer(history.baseline_aversion_sensitive()),
    })
}

fn ids_of(instances: &[TaskInstance]) -> Value {
    instances.iter().map(|row| row.instance_id.legacy()).collect()
}

fn add_lists(document: &mut Map<String, Value>, repositories: &mut dyn Repositories, user: &UserId) -> Result<()> {
    let completed = lists::recent_completed(repositories, user, 20)?;
    let completed_keys: Value =
        completed.iter().map(|row| json!([row.instance_id.legacy(), row.completed_at.legacy()])).collect();
    let finished = lists::recent_tasks(repositories, user, 20)?;
    let finished: Value =
        finished.iter().map(|entry| json!([entry.instance.instance_id.legacy(), entry.outcome.as_str()])).collect();
    let names: Value = templates::list(repositories, user)?.iter().map(|task| task.name.legacy()).collect();
    let recent: Value =
        templates::recent(repositories, user, 5)?.iter().map(|recent| recent.task.task_id.legacy()).collect();
    for (key, value) in [
        ("list_active_instances", ids_of(&lists::active(repositories, user)?)),
        ("list_recent_completed_20", ids_of(&completed)),
        ("list_recent_completed_20_keys", completed_keys),
        ("list_cancelled_instances", ids_of(&lists::cancelled(repositories, user)?)),
        ("list_recent_tasks_20", finished),
        ("list_tasks", names),
        ("get_recent_5", recent),
    ] {
        document.insert(key.to_owned(), value);
    }
    Ok(())
}

fn add_emotions(document: &mut Map<String, Value>, repositories: &mut dyn Repositories, user: &UserId) -> Result<()> {
    let duplicates: Map<String, Value> =
        emotions::find_duplicates(repositories, user)?.into_iter().map(|(word, group)| (word, json!(group))).collect();
    for (key, value) in [
        ("find_duplicates", Value::Object(duplicates)),
        ("list_emotions", json!(emotions::list(repositories, user)?)),
        ("search_emotions_a", json!(emotions::search(repositories, user, "a")?)),
        ("emotions_file_after_list", json!(emotions_file(&repositories.emotions().list(user)?))),
    ] {
        document.insert(key.to_owned(), value);
    }
    Ok(())
}

/// The file with the first spelling of every word, trimmed, as pandas writes a table of one column.
fn emotions_file(stored: &[Emotion]) -> String {
    let mut seen = Vec::new();
    let mut file = "emotion\n".to_owned();
    for word in stored.iter().map(|emotion| python_strip(emotion.emotion.legacy())) {
        let lower = python_lower(word);
        if seen.contains(&lower) {
            continue;
        }
        seen.push(lower);
        if word.is_empty() || word.contains([',', '"', '\n']) {
            file.push_str(&format!("\"{}\"\n", word.replace('"', "\"\"")));
        } else {
            file.push_str(&format!("{word}\n"));
        }
    }
    file
}

fn backfill_answer(instances: &[TaskInstance]) -> Value {
    let mut changes = Vec::new();
    let mut changed_rows = 0;
    for (row, instance) in (1_u64..).zip(instances) {
        let cells = backfill::missing_cells(instance);
        changed_rows += u64::from(!cells.is_empty());
        changes
            .extend(cells.into_iter().map(|(column, text)| json!([row, instance.instance_id.legacy(), column, text])));
    }
    json!({ "returned": changed_rows, "changes": changes })
}

fn gap_answer(instances: &[TaskInstance], first_preference: Option<&Preference>) -> Value {
    let report = gap_summary(instances, first_preference);
    let largest = report.largest.map(|gap| {
        let (start, end) = (gap.start.to_seconds_text(), gap.end.to_seconds_text());
        json!({
            "gap_days": gap.days,
            "gap_start": start,
            "gap_end": end,
            "instances_before": gap.rows_before,
            "instances_after": gap.rows_after,
            "gap_start_str": start,
            "gap_end_str": end,
        })
    });
    json!({
        "has_gaps": !report.gaps.is_empty(),
        "gap_count": report.gaps.len(),
        "largest_gap": largest,
        "needs_decision": report.needs_decision,
    })
}

fn add_jobs(
    document: &mut Map<String, Value>,
    repositories: &mut dyn Repositories,
    user: &UserId,
    ids: &[&str],
) -> Result<()> {
    let mut answer = Map::new();
    for id in ids {
        let jobs: Value = jobs::jobs_for_task(repositories, user, id)?.iter().map(|job| job.job_id.legacy()).collect();
        answer.insert((*id).to_owned(), jobs);
    }
    document.insert("jobs_for_task".to_owned(), Value::Object(answer));
    Ok(())
}

/// Notes of each template; of twins the first one's, which is the one the original found.
fn notes_answer(tasks: &[Task]) -> Value {
    let mut notes: BTreeMap<&str, &str> = BTreeMap::new();
    for task in tasks {
        notes.entry(task.task_id.legacy()).or_insert(task.notes.legacy());
    }
    json!(notes)
}

fn export_counts(repositories: &mut dyn Repositories, user: &UserId, version: LegacyVersion) -> Result<Value> {
    fn count<R: Record>(repositories: &mut dyn Repositories, user: &UserId) -> Result<u64> {
        R::repository(repositories).count(user)
    }
    // The database program kept survey answers in a file and never found them in its database.
    let survey_responses = match version {
        LegacyVersion::December2025 => repositories.survey_responses().count(user)?,
        LegacyVersion::March2026 => 0,
    };
    Ok(json!({
        "tasks": count::<Task>(repositories, user)?,
        "jobs": repositories.jobs().count(user)?,
        "job_task_mapping": count::<JobTask>(repositories, user)?,
        "task_instances": count::<TaskInstance>(repositories, user)?,
        "emotions": count::<Emotion>(repositories, user)?,
        "popup_triggers": count::<PopupTrigger>(repositories, user)?,
        "popup_responses": count::<PopupResponse>(repositories, user)?,
        "notes": count::<Note>(repositories, user)?,
        "survey_responses": survey_responses,
        "user_preferences": count::<Preference>(repositories, user)?,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn emotion(text: &str) -> Emotion {
        let mut emotion = Emotion::blank(text.into());
        emotion.emotion.set_raw(text);
        emotion
    }

    #[test]
    fn the_emotions_file_keeps_first_spellings_and_one_empty_word() {
        let words = [" calm", "null", "Calm", "a, b", "", "x\"y"].map(emotion);
        assert_eq!(emotions_file(&words), "emotion\ncalm\n\"\"\n\"a, b\"\n\"x\"\"y\"\n");
    }

    #[test]
    fn ids_come_from_templates_then_from_instances() {
        let mut task = Task::blank("t2".into());
        task.task_id.set_raw("t2");
        let row = |id: &str| {
            let mut row = TaskInstance::blank("i".into());
            row.task_id.set_raw(id);
            row
        };
        assert_eq!(task_ids(&[task], &[row("t1"), row("t2"), row("NA"), row("")]), ["t2", "t1", ""]);
    }

    #[test]
    fn the_version_shows_in_the_owner_column() {
        let mut task = Task::blank("t1".into());
        assert_eq!(LegacyVersion::of_data(&[task.clone()], &[]), LegacyVersion::December2025);
        task.user_id.set_raw("1");
        assert_eq!(LegacyVersion::of_data(&[task], &[]), LegacyVersion::March2026);
    }

    #[test]
    fn a_nan_raises_what_the_original_raised() {
        let mut row = TaskInstance::blank("i1".into());
        row.initialized_at.set_raw("2025-12-01 10:00");
        row.predicted.set_raw(r#"{"motivation": NaN}"#);
        let history = TaskHistory::of_task("", [&row]);
        let answers = task_answers("t1", &history, LegacyVersion::December2025);
        assert_eq!(answers["get_previous_task_averages"], json!({ "raises": "ValueError" }));
        assert_eq!(answers["get_previous_actual_averages"], json!({}));
        assert_eq!(answers["get_initial_aversion"], Value::Null);
        assert_eq!(bulk_answer(&history), json!({ "raises": "ValueError" }));
    }
}
