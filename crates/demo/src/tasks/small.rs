//! The smaller tables.

use super::calendar::{Calendar, iso, minutes, seconds, unix};
use super::{attempt::Attempt, template::Template, words};
use crate::csv::CsvFile;
use crate::python::JsonObject;
use crate::random::Random;
use crate::{ColumnAge, DemoOptions, Error, Summary};
use std::path::Path;

pub(super) fn write_emotions(folder: &Path, options: &DemoOptions, summary: &mut Summary) -> Result<(), Error> {
    let owned = options.age >= ColumnAge::March2026;
    let mut file = CsvFile::create(folder, "emotions.csv", if owned { &["emotion", "user_id"] } else { &["emotion"] })?;
    for emotion in words::EMOTIONS {
        if owned { file.record(&[emotion, "1"])? } else { file.record(&[emotion])? }
    }
    file.finish(summary)
}

pub(super) fn write_logs(folder: &Path, calendar: &Calendar, summary: &mut Summary) -> Result<(), Error> {
    let header = [
        "timestamp",
        "task",
        "aversion_level",
        "relief_prediction",
        "relief_actual",
        "completion_percent",
        "perceived_overextension",
        "time_estimate_minutes",
        "time_actual_minutes",
        "comment",
        "blocker_type",
    ];
    let blockers = ["None", "Fear", "Overwhelm", "Confusion", "Time", "Energy", "Other"];
    let mut file = CsvFile::create(folder, "logs.csv", &header)?;
    for number in 0..20 {
        let mut random = Random::of_item(calendar.options.seed, "log", number);
        let time = minutes(calendar.template_time(0) - seconds((20 - number) * 7_000));
        let ratings: Vec<String> = (0..4).map(|_| random.below(11).to_string()).collect();
        let percent = (random.below(11) * 10).to_string();
        let (estimate, worked) = ((random.below(7) * 5).to_string(), (random.below(9) * 5).to_string());
        let [aversion, predicted, relief, overextension] = ratings.as_slice() else { continue };
        let task = random.pick(&words::OBJECTS);
        let (comment, blocker) = (random.pick(&words::REMARKS), random.pick(&blockers));
        file.record(&[
            &time,
            task,
            aversion,
            predicted,
            relief,
            &percent,
            overextension,
            &estimate,
            &worked,
            comment,
            blocker,
        ])?;
    }
    file.finish(summary)
}

pub(super) fn write_preferences(folder: &Path, calendar: &Calendar, summary: &mut Summary) -> Result<(), Error> {
    let header = [
        "user_id",
        "tutorial_completed",
        "tutorial_choice",
        "tutorial_auto_show",
        "tooltip_mode_enabled",
        "survey_completed",
        "created_at",
        "last_active",
        "persistent_emotion_values",
        "composite_score_weights",
    ];
    let mut file = CsvFile::create(folder, "user_preferences.csv", &header)?;
    let (first, last) = (iso(calendar.template_time(0)), iso(calendar.options.now));
    let mut emotions = JsonObject::default();
    emotions.int("calm", 30).int("心配", 55);
    let mut weights = JsonObject::default();
    weights.float("tracking_consistency_score", 1.0).float("work_volume_score", 0.5);
    file.record(&[
        "default",
        "True",
        "guided",
        "False",
        "True",
        "True",
        &first,
        &last,
        &emotions.finish(),
        &weights.finish(),
    ])?;
    let browser = "3f0c9a44-71d2-4b7e-9a55-2d1f0c8e7b11-mf2k9q";
    file.record(&[browser, "False", "", "True", "True", "False", &last, &last, "", ""])?;
    file.finish(summary)
}

pub(super) fn write_survey(folder: &Path, calendar: &Calendar, summary: &mut Summary) -> Result<(), Error> {
    let header =
        ["user_id", "response_id", "question_category", "question_id", "response_value", "response_text", "timestamp"];
    let answers = [
        ("struggles", "struggles_main", "['Procrastination', 'Perfectionism']", ""),
        ("task_patterns", "procrastination_frequency", "7", ""),
        ("task_patterns", "coping", "", "lists,\nwalks & tea"),
        ("wellbeing", "stress_level", "4", ""),
    ];
    let mut file = CsvFile::create(folder, "survey_responses.csv", &header)?;
    let mut time = calendar.template_time(0);
    for (category, question, value, text) in answers {
        time += seconds(11);
        file.record(&["default", &format!("srv-{}001", unix(time)), category, question, value, text, &iso(time)])?;
    }
    file.finish(summary)
}

pub(super) fn write_formulas(folder: &Path, calendar: &Calendar, summary: &mut Summary) -> Result<(), Error> {
    let time = iso(calendar.options.now);
    let mut file = CsvFile::create(
        folder,
        "formula_settings.csv",
        &["formula_name", "timestamp", "user_id", "threshold", "bonus"],
    )?;
    file.record(&["execution_score", &time, "default", "0.5", "1.2"])?;
    file.record(&["grit_score", &time, "default", "3", ""])?;
    file.finish(summary)?;
    let mut notes =
        CsvFile::create(folder, "formula_baseline_notes.csv", &["timestamp", "score_system", "chart_id", "notes"])?;
    notes.record(&[&time, "productivity", "baseline", "looks flat below 20 hours"])?;
    notes.finish(summary)
}

pub(super) fn write_jobs(folder: &Path, calendar: &Calendar, summary: &mut Summary) -> Result<(), Error> {
    let mut jobs = CsvFile::create(
        folder,
        "jobs.csv",
        &["job_id", "name", "task_type", "description", "created_at", "updated_at"],
    )?;
    let mut ids = Vec::new();
    for ((name, task_type), number) in words::JOBS.iter().zip(0..) {
        let time = calendar.template_time(0) + seconds(number * 97);
        let id = format!("j{}{:03}", unix(time), 12 + number);
        jobs.record(&[&id, name, task_type, "", &iso(time), &iso(time)])?;
        ids.push(id);
    }
    jobs.finish(summary)?;
    let mut mapping = CsvFile::create(folder, "job_task_mapping.csv", &["job_id", "task_id", "created_at"])?;
    let time = iso(calendar.options.now);
    for number in 0..calendar.template_count() {
        let mut random = Random::of_item(calendar.options.seed, "mapping", number);
        let Some(id) = usize::try_from(random.below(5)).ok().and_then(|n| ids.get(n)) else { continue };
        mapping.record(&[id, &Template::nth(calendar, number).id, &time])?;
    }
    mapping.finish(summary)
}

pub(super) fn write_notes(folder: &Path, calendar: &Calendar, summary: &mut Summary) -> Result<(), Error> {
    let mut file = CsvFile::create(folder, "notes.csv", &["note_id", "content", "timestamp", "user_id"])?;
    for number in 0..12 {
        let mut random = Random::of_item(calendar.options.seed, "note", number);
        let time = calendar.attempt_time(number * 30, |_| 5);
        let content =
            format!("observation {number}: {} &amp; {}", random.pick(&words::OBJECTS), random.pick(&words::EMOTIONS));
        file.record(&[&format!("note-{}000", unix(time)), &content, &iso(time), "1"])?;
    }
    file.finish(summary)
}

pub(super) fn write_popups(folder: &Path, calendar: &Calendar, summary: &mut Summary) -> Result<(), Error> {
    let header = [
        "id",
        "user_id",
        "trigger_id",
        "task_id",
        "count",
        "last_shown_at",
        "helpful",
        "last_response",
        "last_comment",
        "created_at",
        "updated_at",
    ];
    let mut triggers = CsvFile::create(folder, "popup_triggers.csv", &header)?;
    let mut responses = CsvFile::create(
        folder,
        "popup_responses.csv",
        &[
            "id",
            "user_id",
            "trigger_id",
            "task_id",
            "instance_id",
            "response_value",
            "helpful",
            "comment",
            "context",
            "created_at",
        ],
    )?;
    for number in 0..6_u64 {
        let mut random = Random::of_item(calendar.options.seed, "popup", number);
        let attempt = Attempt::nth(calendar, number * 50);
        let time = iso(calendar.attempt_time(number * 50, |_| 30)).replace('T', " ");
        let (shown, answered) = ((number * 2 + 1).to_string(), (number * 2 + 2).to_string());
        let helpful = if random.chance(50) { "True" } else { "False" };
        let id = (number + 1).to_string();
        triggers.record(&[
            &id,
            "1",
            "7.1",
            &attempt.task_id,
            "1",
            &time,
            helpful,
            "edit",
            "ok, \"fine\"",
            &time,
            &time,
        ])?;
        let mut context = JsonObject::default();
        context
            .text("event_type", "initialize")
            .raw("sliders_adjusted", "false")
            .text("task_id", &attempt.task_id)
            .raw("instance_id", "null");
        responses.record(&[&shown, "1", "7.1", &attempt.task_id, "", "", "", "", &context.finish(), &time])?;
        responses.record(&[
            &answered,
            "1",
            "7.1",
            &attempt.task_id,
            &attempt.id,
            "edit",
            helpful,
            "ok, \"fine\"",
            "{}",
            &time,
        ])?;
    }
    triggers.finish(summary)?;
    responses.finish(summary)
}
