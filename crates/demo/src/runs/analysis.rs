//! Analyses of recordings: uploads and experiments.

use super::folder::Folder;
use super::manifest::{Ending, Facts, entries, manifest};
use super::session;
use super::tables::{Engine, products};
use crate::clock::{millis_zulu, seconds};
use crate::json::Style;
use crate::random::Random;
use crate::{DemoOptions, Error};
use chrono::NaiveDateTime;

/// Columns of a recording.
pub(super) const RECORDING: &str = "timestamp_ms,rpm,map_kpa,torque,horsepower,afr";

const EXPERIMENTS: [&str; 6] =
    ["baseline_spring", "cold_start", "rear_bias_sweep", "smoothing_3", "exhaust_swap", "high_altitude"];

/// Name of upload `number`: a UUID.
pub(super) fn upload(options: &DemoOptions, number: u64) -> String {
    Random::of_item(options.seed, "upload name", number).uuid()
}

/// Name of experiment `number`.
pub(super) fn experiment(number: u64) -> String {
    let count = u64::try_from(EXPERIMENTS.len()).unwrap_or(1);
    let name = usize::try_from(number % count).ok().and_then(|place| EXPERIMENTS.get(place)).copied();
    let name = name.unwrap_or("experiment");
    if number < count { name.to_owned() } else { format!("{name}_{}", number / count + 1) }
}

/// Writes analysis `number` into `root/name`.
pub(super) fn write(
    folder: &mut Folder<'_>,
    options: &DemoOptions,
    (root, name): (&str, &str),
    number: u64,
    started: NaiveDateTime,
) -> Result<(), Error> {
    let mut random = Random::of_item(options.seed, root, number);
    let started = started + seconds(random.below_large(3_000));
    let id = format!("{}-{}", started.format("%Y-%m-%dT%H-%M-%SZ"), random.hex(6));
    let is_upload = root == "outputs";
    let ending = match number % 9 {
        4 | 7 if is_upload => Ending::Failed,
        5 if is_upload => Ending::Partial,
        _ => Ending::Success,
    };
    let engine = Engine::drawn(&mut random);
    let header = if ending == Ending::Failed { "time,rpm,λ" } else { RECORDING };
    let lines = random.between(120, 900);
    let recording = engine.recording(&mut random, header, lines);
    let file = random.pick(&["pull_3.csv", "Prüfstand Lauf 2.csv", "dyno_log.csv", "session-b.csv"]);
    let input = format!("C:\\Tuning\\uploads\\{name}\\{file}");
    let target = format!("{root}\\{name}");
    let milliseconds = random.between(60, 900);
    let created = millis_zulu(started + chrono::Duration::milliseconds(i64::from(milliseconds)));
    // The legacy program ran on Windows and wrote its line ends.
    let mut results = if ending == Ending::Failed { Vec::new() } else { products(&mut random, engine, "\r\n") };
    if ending == Ending::Partial {
        results.retain(|product| !product.name.contains("Rear"));
    }
    let outputs = entries(&results, &created);
    // A copy through a repository that normalises line ends.
    if options.odd_cells && is_upload && number % 9 == 2 {
        for product in &mut results {
            product.text = product.text.replace("\r\n", "\n");
        }
    }
    let facts = Facts {
        id: &id,
        ending,
        input: (&input, &recording),
        folder: &target,
        started,
        milliseconds,
        clamp: 15.0,
        outputs,
    };
    let text = manifest(facts).text(Style::Compact);
    let directory = format!("{root}/{name}");
    for product in &results {
        folder.write(&format!("{directory}/{}", product.name), &product.text)?;
    }
    folder.write(&format!("{directory}/{id}.manifest.json"), &text)?;
    folder.write(&format!("{directory}/manifest.json"), &text)?;
    if is_upload && ending == Ending::Success && number.is_multiple_of(3) {
        session::write(folder, &mut random, &directory, name, started, false)?;
    }
    Ok(())
}
