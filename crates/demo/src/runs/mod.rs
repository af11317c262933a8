//! The runs area: directories of analysis runs in all four layouts.

mod analysis;
mod folder;
mod manifest;
mod session;
mod state;
mod tables;
mod tuning;

use crate::clock::{millis_zulu, spread};
use crate::json::{JsonFile, Style};
use crate::{DemoOptions, Error, Summary};
use chrono::{Duration, NaiveDateTime};
use folder::Folder;
use state::StateRun;
use std::fs;
use std::path::Path;

/// Runs of each layout at scale 1.
const STATES: u64 = 14;
const TUNINGS: u64 = 3;
const UPLOADS: u64 = 9;
const EXPERIMENTS: u64 = 2;
/// Days over which they were made.
const DAYS: i64 = 90;

/// Writes a made-up legacy working folder of the runs area: `runs/` with states and tunings, `outputs/` with
/// uploads, `experiments/`; with small result files, whose hashes are those of the manifests.
///
/// Makes the folder when it is missing and replaces files of the same names. The number of runs, 28 at scale 1,
/// grows with the scale. Five of them are not finished, one of each status before the last.
///
/// # Errors
/// [`Error`] names the file or folder that could not be written.
pub fn write_runs(folder: &Path, options: &DemoOptions) -> Result<Summary, Error> {
    fs::create_dir_all(folder).map_err(Error::at(folder))?;
    let mut folder = Folder { root: folder, summary: Summary::default() };
    let times = Times { options, scale: u64::from(options.scale.max(1)) };
    for number in 0..times.count(STATES) {
        times.state(number).write(&mut folder)?;
    }
    for number in 0..times.count(TUNINGS) {
        tuning::write(&mut folder, options, number, times.at(number, TUNINGS))?;
    }
    write_index(&mut folder, &times)?;
    for number in 0..times.count(UPLOADS) {
        let name = analysis::upload(options, number);
        analysis::write(&mut folder, options, ("outputs", &name), number, times.at(number, UPLOADS))?;
    }
    for number in 0..times.count(EXPERIMENTS) {
        let name = analysis::experiment(number);
        analysis::write(&mut folder, options, ("experiments", &name), number, times.at(number, EXPERIMENTS))?;
    }
    Ok(folder.summary)
}

/// `runs/index.json`: all states, the newest first. One was written by a script that does not know it.
fn write_index(folder: &mut Folder<'_>, times: &Times<'_>) -> Result<(), Error> {
    let count = times.count(STATES);
    let forgotten = times.options.odd_cells.then_some(5);
    let listed = || (0..count).rev().filter(|number| Some(*number) != forgotten);
    let total = u64::try_from(listed().count()).unwrap_or(0);
    let mut file = JsonFile::create(folder.root, "runs/index.json", Style::Escaped)?;
    file.object(None)?;
    file.member("updated_at", millis_zulu(times.options.now))?;
    file.member("total", total)?;
    file.list(Some("runs"))?;
    for number in listed() {
        file.element(&times.state(number).state())?;
    }
    file.finish(1, &mut folder.summary)
}

/// When runs are made.
struct Times<'a> {
    options: &'a DemoOptions,
    scale: u64,
}

impl Times<'_> {
    /// Runs of a layout that has so many at scale 1.
    fn count(&self, each: u64) -> u64 {
        each * self.scale
    }

    /// Begin of the time in which one of them is made.
    fn at(&self, number: u64, each: u64) -> NaiveDateTime {
        let end = self.options.now - Duration::hours(2);
        spread(end - Duration::days(DAYS), end, number, self.count(each))
    }

    fn state(&self, number: u64) -> StateRun {
        StateRun::nth(self.options, number, self.count(STATES), self.at(number, STATES))
    }
}
