//! Files that are not tables.

use super::calendar::{Calendar, iso};
use super::template::Template;
use crate::csv::write_text;
use crate::python::JsonObject;
use crate::{Error, Summary};
use std::path::Path;

const QUESTIONS: &str = r#"{"categories": [
  {"id": "struggles", "title": "Struggles", "questions": [
    {"question_id": "struggles_main", "question_text": "What gets in your way?", "type": "checkbox", "required": true,
     "options": ["Overwhelmed", "Procrastination", "Self-doubt", "Perfectionism"], "allow_other": true}]},
  {"id": "task_patterns", "title": "Task patterns", "questions": [
    {"question_id": "procrastination_frequency", "question_text": "How often do you put things off?", "type": "scale",
     "scale_min": 1, "scale_max": 10},
    {"question_id": "coping", "question_text": "What helps?", "type": "text"}]},
  {"id": "wellbeing", "title": "Well-being", "disclaimer": "Not medical advice.", "questions": [
    {"question_id": "stress_level", "question_text": "Typical stress", "type": "scale"}]}
]}
"#;

pub(super) fn write_survey_questions(folder: &Path, summary: &mut Summary) -> Result<(), Error> {
    write_text(folder, "survey_questions.json", QUESTIONS, 1, summary)
}

/// Recommendation and error logs, one JSON object a line.
pub(super) fn write_logs(folder: &Path, calendar: &Calendar, summary: &mut Summary) -> Result<(), Error> {
    let time = iso(calendar.options.now);
    let mut lines = String::new();
    for number in 0..3 {
        let mut object = JsonObject::default();
        object
            .text("event_type", "recommendation_generated")
            .text("timestamp", &time)
            .text("task_id", &Template::nth(calendar, number).id);
        lines.push_str(&object.finish());
        lines.push('\n');
    }
    let day = calendar.options.now.date().to_string().replace('-', "");
    write_text(folder, &format!("logs/recommendations_{day}.jsonl"), &lines, 3, summary)?;
    let mut error = JsonObject::default();
    error.text("error_id", "9f3ab201").text("timestamp", &time).text("message", "slider value missing");
    write_text(folder, "logs/errors.jsonl", &format!("{}\n", error.finish()), 1, summary)
}
