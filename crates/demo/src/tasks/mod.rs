//! The tasks area: a folder as the task manager keeps it.

mod attempt;
mod calendar;
mod columns;
mod documents;
mod payload;
mod small;
mod template;
mod words;

use crate::csv::CsvFile;
use crate::{ColumnAge, DemoOptions, Error, Summary};
use attempt::Attempt;
use calendar::Calendar;
use std::fs;
use std::path::Path;
use template::Template;

/// Writes a made-up legacy tasks folder.
///
/// Makes the folder when it is missing and replaces files of the same names. Which files there are
/// depends on the age. Records come out one by one: memory use does not grow with the scale.
///
/// # Errors
/// [`Error`] names the file or folder that could not be written.
pub fn write_tasks(folder: &Path, options: &DemoOptions) -> Result<Summary, Error> {
    fs::create_dir_all(folder).map_err(Error::at(folder))?;
    let calendar = Calendar::new(options);
    let mut summary = Summary::default();
    write_templates(folder, &calendar, &mut summary)?;
    write_attempts(folder, &calendar, &mut summary)?;
    small::write_emotions(folder, options, &mut summary)?;
    small::write_logs(folder, &calendar, &mut summary)?;
    if options.age >= ColumnAge::December2025 {
        small::write_preferences(folder, &calendar, &mut summary)?;
        small::write_survey(folder, &calendar, &mut summary)?;
        documents::write_survey_questions(folder, &mut summary)?;
    }
    if options.age >= ColumnAge::LateDecember2025 {
        small::write_formulas(folder, &calendar, &mut summary)?;
    }
    if options.age >= ColumnAge::March2026 {
        small::write_jobs(folder, &calendar, &mut summary)?;
        small::write_notes(folder, &calendar, &mut summary)?;
        small::write_popups(folder, &calendar, &mut summary)?;
        documents::write_logs(folder, &calendar, &mut summary)?;
    }
    Ok(summary)
}

fn write_templates(folder: &Path, calendar: &Calendar, summary: &mut Summary) -> Result<(), Error> {
    let header = columns::template_columns(calendar.options.age);
    let mut file = CsvFile::create(folder, "tasks.csv", header)?;
    for number in 0..calendar.template_count() {
        let template = Template::nth(calendar, number);
        let cells: Vec<&str> = header.iter().map(|name| template.cell(name)).collect();
        file.record(&cells)?;
    }
    file.finish(summary)
}

fn write_attempts(folder: &Path, calendar: &Calendar, summary: &mut Summary) -> Result<(), Error> {
    let header = columns::instance_columns(calendar.options.age);
    let mut file = CsvFile::create(folder, "task_instances.csv", header)?;
    for number in 0..calendar.attempt_count() {
        let attempt = Attempt::nth(calendar, number);
        let cells: Vec<&str> = header.iter().map(|name| attempt.cell(name)).collect();
        file.record(&cells)?;
    }
    file.finish(summary)
}
