//! The rules against what the original program answered on the sample files.
//!
//! The answers are in `expected.json` beside the samples; their meaning is in the README there.

use super::payload::payload;
use super::testing::{Memory, user};
use super::*;
use crate::Repositories;
use crate::json::{Json, Object};
use crate::record::{Record, RecordKey};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Folder of a sample and its answers.
struct Sample {
    memory: Memory,
    expected: Object,
}

impl Sample {
    /// Reads a sample; the answers of `data` stand one folder higher.
    fn read(name: &str) -> Self {
        let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../testkit/fixtures/tasks"));
        let folder = root.join(name);
        let answers = if name == "data" { root.join("expected.json") } else { folder.join("expected.json") };
        let answers = std::fs::read_to_string(answers).unwrap();
        let mut memory = Memory::default();
        load::<Task>(&mut memory, &folder);
        load::<TaskInstance>(&mut memory, &folder);
        load::<Emotion>(&mut memory, &folder);
        load::<Job>(&mut memory, &folder);
        load::<JobTask>(&mut memory, &folder);
        Self { memory, expected: super::testing::object(&answers) }
    }

    fn answer(&self, name: &str) -> Json {
        self.expected.get(name).unwrap_or_else(|| panic!("no answer {name}")).clone()
    }
}

/// Loads a CSV file if the sample has it; short rows end with empty cells.
fn load<R: Record>(memory: &mut Memory, folder: &std::path::Path) {
    let path = folder.join(R::FILE);
    if !path.exists() {
        return;
    }
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(path).unwrap();
    let header = reader.headers().unwrap().clone();
    let mut seen: BTreeMap<String, u64> = BTreeMap::new();
    for row in reader.records() {
        let row = row.unwrap();
        let mut record = R::blank("new".into());
        for (index, column) in header.iter().enumerate() {
            record.set_cell_named(column, row.get(index).unwrap_or_default().to_owned());
        }
        let identity = record.identity();
        let nth = seen.entry(identity.clone()).or_default();
        *nth += 1;
        record.set_key(RecordKey::nth(&identity, *nth));
        R::repository(memory).insert(&user(), &record).unwrap();
    }
}

fn texts<T>(items: &[T], text: impl Fn(&T) -> &str) -> Json {
    items.iter().map(|item| text(item).to_owned()).collect::<Vec<_>>().into()
}

fn ids(instances: &[TaskInstance]) -> Json {
    texts(instances, |instance| instance.instance_id.raw())
}

#[test]
fn lists_of_the_file_program() {
    for name in ["data", "nov2025", "dec18"] {
        let mut sample = Sample::read(name);
        let memory = &mut sample.memory;
        let active = ids(&lists::active(memory, &user()).unwrap());
        let recent = ids(&lists::recent_completed(memory, &user(), 20).unwrap());
        let names = texts(&templates::list(memory, &user()).unwrap(), |task| task.name.legacy());
        let recent_tasks = templates::recent(memory, &user(), 5).unwrap();
        let recent_tasks = texts(&recent_tasks, |recent| recent.task.task_id.raw());
        assert_eq!(active, sample.answer("list_active_instances"), "{name}");
        assert_eq!(recent, sample.answer("list_recent_completed_20"), "{name}");
        assert_eq!(names, sample.answer("list_tasks"), "{name}");
        assert_eq!(recent_tasks, sample.answer("get_recent_5"), "{name}");
    }
}

#[test]
fn emotions_of_the_file_program() {
    for name in ["data", "nov2025", "dec18"] {
        let mut sample = Sample::read(name);
        let listed: Json = emotions::list(&mut sample.memory, &user()).unwrap().into();
        let found: Json = emotions::search(&mut sample.memory, &user(), "a").unwrap().into();
        let duplicates: Object = emotions::find_duplicates(&mut sample.memory, &user()).unwrap().into_iter().collect();
        assert_eq!(listed, sample.answer("list_emotions"), "{name}");
        assert_eq!(found, sample.answer("search_emotions_a"), "{name}");
        assert_eq!(Json::Object(duplicates), sample.answer("find_duplicates"), "{name}");
    }
}

#[test]
fn every_backfilled_cell() {
    for name in ["data", "nov2025", "dec18"] {
        let mut sample = Sample::read(name);
        let changes = backfill::backfill_attributes_from_json(&mut sample.memory, &user()).unwrap();
        let list = changes.iter().map(|change| {
            let row = Json::from(i64::try_from(change.row).unwrap());
            Json::Array(vec![
                row,
                change.instance_id.as_str().into(),
                change.column.into(),
                change.text.as_str().into(),
            ])
        });
        let mut rows: Vec<u64> = changes.iter().map(|change| change.row).collect();
        rows.dedup();
        let expected = sample.answer("backfill");
        let expected = expected.as_object().unwrap();
        let cells = expected.get("changes").and_then(Json::as_array).unwrap();
        let list: Vec<Json> = list.collect();
        for (cell, answer) in list.iter().zip(cells) {
            assert_eq!(cell, answer, "{name}");
        }
        assert_eq!(list.len(), cells.len(), "{name}");
        assert_eq!(i64::try_from(rows.len()).ok(), expected.get("returned").and_then(Json::as_i64), "{name}");
    }
}

#[test]
fn which_templates_were_completed() {
    for name in ["data", "nov2025", "dec18", "mar2026"] {
        let mut sample = Sample::read(name);
        let tasks = sample.answer("tasks");
        let tasks = tasks.as_object().unwrap();
        assert!(tasks.len() > 5);
        for (task_id, answers) in tasks.iter() {
            let done = lists::has_completed(&mut sample.memory, &user(), task_id).unwrap();
            let answer = answers.as_object().unwrap().get("has_completed_task").unwrap();
            assert_eq!(&Json::from(done), answer, "{name} {task_id}");
        }
    }
}

#[test]
fn lists_of_the_database_program() {
    let mut sample = Sample::read("mar2026");
    let memory = &mut sample.memory;
    let active = lists::active(memory, &user()).unwrap();
    let cancelled = ids(&lists::cancelled(memory, &user()).unwrap());
    let recent = lists::recent_tasks(memory, &user(), 20).unwrap();
    let recent: Vec<Vec<String>> =
        recent.iter().map(|r| vec![r.instance.instance_id.raw().to_owned(), r.outcome.as_str().to_owned()]).collect();
    let mut in_any_order: Vec<&str> = active.iter().map(|instance| instance.instance_id.raw()).collect();
    in_any_order.sort_unstable();
    let mut jobs = Object::new();
    let mut task_notes = Object::new();
    for task in templates::list(memory, &user()).unwrap() {
        let task_id = task.task_id.raw();
        let of_task = jobs::jobs_for_task(memory, &user(), task_id).unwrap();
        jobs.insert(task_id, texts(&of_task, |job| job.job_id.raw()));
        task_notes.insert(task_id, notes::of_task(memory, &user(), &task.key).unwrap());
    }
    let answer = sample.answer("list_active_instances");
    let mut expected: Vec<&str> = answer.as_array().unwrap().iter().filter_map(Json::as_str).collect();
    expected.sort_unstable();
    assert_eq!(in_any_order, expected);
    assert_eq!(cancelled, sample.answer("list_cancelled_instances"));
    assert_eq!(Json::from(recent), sample.answer("list_recent_tasks_20"));
    assert_eq!(Json::Object(jobs), sample.answer("jobs_for_task"));
    assert_eq!(Json::Object(task_notes), sample.answer("task_notes"));
}

/// Ids of instances with a time, score or duration that was changed after the program wrote it.
fn edited_by_hand() -> Vec<String> {
    const CELLS: [&str; 7] = [
        "created_at",
        "initialized_at",
        "started_at",
        "completed_at",
        "procrastination_score",
        "proactive_score",
        "duration_minutes",
    ];
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../testkit/fixtures/tasks/hand_edits.json");
    let edits = Json::parse(&std::fs::read_to_string(path).unwrap()).unwrap();
    let text = |edit: &Json, key| edit.as_object()?.get(key)?.as_str().map(str::to_owned);
    let edits = edits.as_array().unwrap().iter();
    edits
        .filter(|edit| text(edit, "column").is_some_and(|column| CELLS.contains(&column.as_str())))
        .map(|edit| text(edit, "id").unwrap())
        .collect()
}

/// Scores and delays the file program stored, computed anew from the stored times.
///
/// A delay without a start was taken from the clock with its seconds, of which the file keeps only the
/// minutes, so it may be up to a minute more.
#[test]
fn stored_scores_and_delays() {
    let edited = edited_by_hand();
    let (mut scores, mut started, mut unstarted) = (0, 0, 0);
    for name in ["data", "nov2025", "dec18"] {
        for instance in Sample::read(name).memory.instances().list(&user()).unwrap() {
            let times = (instance.created_at.value(), instance.completed_at.value());
            let (Some(created), Some(completed), true) = (times.0, times.1, instance.is_completed.raw() == "True")
            else {
                continue;
            };
            let Ok(Ok(estimate)) = payload(&instance.predicted).map(|p| completion::estimate_minutes(&p)) else {
                continue;
            };
            let (initialized, start) = (instance.initialized_at.value(), instance.started_at.value());
            let odd_dates = (initialized.is_none() && !instance.initialized_at.is_blank())
                || (start.is_none() && !instance.started_at.is_blank());
            if (name == "data" && edited.contains(&instance.instance_id.raw().to_owned())) || odd_dates {
                continue;
            }
            let wait = start.or(initialized).unwrap_or(created).minutes_since(created);
            let key = &instance.key;
            assert_eq!(
                Some(completion::procrastination_score(wait, estimate)),
                instance.procrastination_score.value(),
                "{name} {key}"
            );
            assert_eq!(
                Some(completion::proactive_score(wait, estimate)),
                instance.proactive_score.value(),
                "{name} {key}"
            );
            scores += 1;
            let (Some(initialized), Some(stored)) = (initialized, instance.delay_minutes.value()) else { continue };
            let duration = instance.duration_minutes.value().unwrap_or(0.0);
            let delay = completion::delay_minutes(initialized, start, completed, duration);
            if start.is_some() {
                assert_eq!(delay, stored, "{name} {key}");
                started += 1;
            } else {
                assert!((0.0..1.0).contains(&(stored - delay)), "{name} {key}: {delay} {stored}");
                unstarted += 1;
            }
        }
    }
    assert_eq!((scores, started, unstarted), (435, 255, 143));
}
