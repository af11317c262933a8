//! Automatic tunings.

use super::folder::Folder;
use super::session::zoned;
use super::tables::{Cells, Engine, Grid, LOADS, SPEEDS};
use crate::clock::seconds;
use crate::json::{Json, Style, object};
use crate::python::rounded;
use crate::random::Random;
use crate::{DemoOptions, Error};
use chrono::NaiveDateTime;
use std::fmt::Write as _;

/// Header of the recording.
const RECORDING: &str = "timestamp_ms,RPM,MAP_kPa,Torque,Horsepower,AFR";

/// Writes tuning `number` into a directory of `runs/`.
pub(super) fn write(
    folder: &mut Folder<'_>,
    options: &DemoOptions,
    number: u64,
    time: NaiveDateTime,
) -> Result<(), Error> {
    let mut random = Random::of_item(options.seed, "tuning", number);
    let time =
        time + seconds(random.below_large(3_000)) + chrono::Duration::microseconds(i64::from(random.below(1_000_000)));
    let id = if number % 3 == 1 {
        format!("bench_nord_{number}")
    } else {
        format!("run_{}_{}", time.format("%Y%m%d_%H%M%S"), random.hex(4))
    };
    let directory = format!("runs/{id}");
    let engine = Engine::drawn(&mut random);
    let (correction, error) = (Grid::drawn(&mut random, 6, 0), Grid::drawn(&mut random, 1, 20));
    let hits = Grid::hits(&mut random);
    let lines = random.between(80, 200);
    let recording = engine.recording(&mut random, RECORDING, lines);
    let simulated = number.is_multiple_of(3);
    let files = [
        ("raw_csv", "run.csv", recording),
        ("ve_corrections_2d", "VE_Corrections_2D.csv", correction.csv("RPM\\MAP", Cells::Factor, "\n")),
        ("afr_error_2d", "AFR_Error_2D.csv", error.csv("RPM\\MAP", Cells::Plain, "\n")),
        ("hit_count_2d", "Hit_Count_2D.csv", hits.csv("RPM\\MAP", Cells::Count, "\n")),
        ("pvv_file", "VE_Correction.pvv", pvv(&correction)),
        ("paste_ready", "VE_Delta_PasteReady.txt", correction.pasted("\n")),
    ];
    let mut outputs = Vec::new();
    for (name, file, text) in &files {
        folder.write(&format!("{directory}/{file}"), text)?;
        outputs.push(((*name).to_owned(), Json::from(format!("C:\\Tuning\\runs\\{id}\\{file}"))));
    }
    folder.write(&format!("{directory}/Diagnostics_Report.txt"), &report(&id, engine, lines))?;
    if options.odd_cells && number % 3 == 2 {
        // Listed, but somebody removed it.
        outputs.push(("tunelab_script".to_owned(), Json::from(format!("C:\\Tuning\\runs\\{id}\\apply_ve.py"))));
    }
    let source = if simulated { "simulated".to_owned() } else { format!("D:\\logs\\{id}.csv") };
    let mut manifest = object! {
        "run_id": id.as_str(),
        "timestamp": zoned(time),
        "source_file": source,
        "analysis": analysis(engine, lines, &correction, &hits),
        "grid": object! {
            "rpm_bins": Json::list(SPEEDS),
            "map_bins": Json::list(LOADS),
            "ve_correction": correction.json(),
            "hit_count": hits.json(),
        },
        "outputs": Json::Object(outputs),
    };
    if simulated {
        let stamp = time.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string();
        manifest.set("inputs", object! { "mode": "simulate", "mode_recorded_at": stamp });
    }
    folder.write(&format!("{directory}/manifest.json"), &manifest.text(Style::Escaped))
}

fn analysis(engine: Engine, lines: u32, correction: &Grid, hits: &Grid) -> Json {
    let count = |wanted: fn(f64) -> bool| u64::try_from(correction.values().filter(|value| wanted(*value)).count());
    let curve = SPEEDS.iter().map(|speed| {
        let (torque, power) = engine.at(*speed);
        object! { "rpm": f64::from(*speed), "hp": power, "tq": torque }
    });
    let (lean, rich) = (count(|value| value > 3.0).unwrap_or(0), count(|value| value < -3.0).unwrap_or(0));
    let empty = u64::try_from(hits.values().filter(|value| *value < 1.0).count()).unwrap_or(0);
    object! {
        "total_samples": lines,
        "duration_ms": lines * 100,
        "peak_hp": engine.power(),
        "peak_hp_rpm": 5000.0,
        "peak_tq": engine.torque,
        "peak_tq_rpm": 4000.0,
        "power_curve": Json::list(curve),
        "overall_status": if lean > rich { "LEAN" } else if rich > lean { "RICH" } else { "BALANCED" },
        "lean_cells": lean,
        "rich_cells": rich,
        "ok_cells": 55_u64.saturating_sub(lean + rich),
        "no_data_cells": empty,
    }
}

fn report(id: &str, engine: Engine, lines: u32) -> String {
    format!(
        "TUNING REPORT\n\nRun: {id}\nSamples: {lines}\nPeak power: {:.1} hp\nPeak torque: {:.1} ft-lb\n",
        rounded(engine.power(), 1),
        engine.torque
    )
}

/// The table as the tuning program on the bench reads it.
fn pvv(correction: &Grid) -> String {
    let mut text =
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<PVV>\n\t<Item name=\"VE Correction\" units=\"%\">\n".to_owned();
    for (speed, row) in SPEEDS.iter().zip(&correction.0) {
        // Writing into a String cannot fail.
        let _ = write!(text, "\t\t<Row label=\"{speed}\">");
        for (load, value) in LOADS.iter().zip(row) {
            let _ = write!(text, "<Cell label=\"{load}\" value=\"{:.2}\" />", value.unwrap_or(0.0));
        }
        text.push_str("</Row>\n");
    }
    text.push_str("\t</Item>\n</PVV>\n");
    text
}
