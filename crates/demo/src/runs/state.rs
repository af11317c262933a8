//! Runs with a state.

use super::analysis::RECORDING;
use super::folder::Folder;
use super::manifest::{Ending, Facts, manifest};
use super::session;
use super::tables::{Engine, products};
use crate::clock::{millis_zulu, seconds};
use crate::json::{Json, Style, object};
use crate::python::rounded;
use crate::random::Random;
use crate::{DemoOptions, Error};
use chrono::{Duration, NaiveDateTime};

const VEHICLES: [&str; 5] = ["2021 Nordkap 1200", "Østersø GT", "Café racer No. 7", "Tidewater Cruiser 107", "隼 1300"];

/// A run and its state.
pub(super) struct StateRun {
    pub(super) id: String,
    status: &'static str,
    created: NaiveDateTime,
    updated: NaiveDateTime,
    jetstream: Option<String>,
    engine: Engine,
    random: Random,
    odd: Option<u64>,
}

impl StateRun {
    /// Run `number` of `count`, from 0, the oldest first; the newest ones are at work.
    pub(super) fn nth(options: &DemoOptions, number: u64, count: u64, slot: NaiveDateTime) -> Self {
        let mut random = Random::of_item(options.seed, "run", number);
        let age = count - number;
        let status = match age {
            1 => "pending",
            2 => "downloading",
            3 => "converting",
            4 => "validating",
            5 => "processing",
            // At least one, whatever the seed.
            8 => "error",
            _ if random.chance(20) => "error",
            _ => "complete",
        };
        let back = if age <= 5 { seconds(age * 41) } else { Duration::hours(1) };
        let created = if age <= 5 { options.now - back } else { slot };
        let created = created + Duration::milliseconds(i64::from(random.below(1000)));
        let id = format!("run_{}-{}", created.format("%Y-%m-%dT%H-%M-%SZ"), random.hex(6));
        let lasted = if status == "pending" { 0 } else { u64::from(random.between(8, 38)) };
        let jetstream = random.chance(75).then(|| {
            let word = random.pick(&["NORD", "SUND", "FJORD", "BELT", "KLIPPE"]);
            format!("JS-{word}-{}", 100 + number)
        });
        let engine = Engine::drawn(&mut random);
        let updated = created + seconds(lasted);
        let odd = options.odd_cells.then_some(number % 14);
        Self { id, status, created, updated, jetstream, engine, random, odd }
    }

    /// `run_state.json`.
    pub(super) fn state(&self) -> Json {
        let (stage, progress) = match self.status {
            "pending" => (None, None),
            "downloading" => (Some("downloading"), Some(12)),
            "converting" => (Some("converting"), Some(30)),
            "validating" => (Some("Validating VE tables"), Some(46)),
            "processing" => (Some("processing"), Some(71)),
            "error" => (Some("validating"), Some(24)),
            _ => (Some("export"), Some(100)),
        };
        let is_complete = self.status == "complete";
        let mut files = if is_complete {
            vec!["VE_Correction_Delta_DYNO.csv", "Diagnostics_Report.txt", "Anomaly_Hypotheses.json"]
        } else {
            Vec::new()
        };
        if self.odd == Some(6) && is_complete {
            files.push("VE_Correction_Refined.csv");
        }
        let mut state = object! {
            "run_id": self.id.as_str(),
            "status": self.status,
            "source": if self.jetstream.is_some() { "jetstream" } else { "manual_upload" },
            "created_at": millis_zulu(self.created),
            "updated_at": millis_zulu(self.updated),
            "jetstream_id": self.jetstream.as_deref(),
            "current_stage": stage,
            "progress_percent": progress,
            "files": Json::list(files),
        };
        // The error of a first try was never cleared.
        if self.status == "error" || (self.odd == Some(2) && is_complete) {
            let error = object! {
                "stage": "validating",
                "code": if self.status == "error" { "VALIDATION" } else { "DOWNLOAD" },
                "message": "Missing required columns: map_kpa (Ladedruck), torque",
            };
            state.set("error", error);
        }
        if is_complete {
            state.set("results_summary", self.results());
        }
        if self.odd == Some(9) {
            state.set("operator", "Bjørn");
        }
        state
    }

    /// Writes the run's directory.
    pub(super) fn write(mut self, folder: &mut Folder<'_>) -> Result<(), Error> {
        let directory = format!("runs/{}", self.id);
        for name in ["jetstream_raw", "input", "output"] {
            folder.make(&format!("{directory}/{name}"))?;
        }
        folder.write(&format!("{directory}/run_state.json"), &self.state().text(Style::Escaped))?;
        let steps = ["downloading", "converting", "validating", "processing", "error", "complete"];
        let is_past =
            |status: &str| steps.iter().skip_while(|step| **step != status).skip(1).any(|s| *s == self.status);
        let (downloaded, converted) = (is_past("downloading"), is_past("converting"));
        let lines = self.random.between(40, 160);
        let recording = self.engine.recording(&mut self.random, RECORDING, lines);
        if let Some(id) = self.jetstream.clone() {
            folder.write(&format!("{directory}/jetstream_metadata.json"), &self.metadata(lines))?;
            if downloaded {
                let raw = recording.replacen("map_kpa", "MAP_kPa", 1).replacen("torque", "Torque", 1);
                folder.write(&format!("{directory}/jetstream_raw/{id}.csv"), &raw)?;
            }
        }
        if converted {
            folder.write(&format!("{directory}/input/dynoai_input.csv"), &recording)?;
        }
        if self.status != "complete" {
            return Ok(());
        }
        self.results_into(folder, &directory, &recording)?;
        if self.random.chance(30) {
            let id = self.id.clone();
            session::write(folder, &mut self.random, &directory, &id, self.updated, true)?;
        }
        Ok(())
    }

    fn results_into(&mut self, folder: &mut Folder<'_>, directory: &str, recording: &str) -> Result<(), Error> {
        let mut results = products(&mut self.random, self.engine, "\n");
        results.retain(|product| {
            ["VE_Correction_Delta_DYNO.csv", "Diagnostics_Report.txt", "Anomaly_Hypotheses.json"]
                .contains(&product.name)
        });
        let started = self.created + seconds(3);
        let target = format!("C:\\Tuning\\runs\\{}\\output", self.id);
        let mut outputs = Vec::new();
        for product in &results {
            folder.write(&format!("{directory}/output/{}", product.name), &product.text)?;
            let path = format!("{target}\\{}", product.name);
            // The seeder of demonstration runs took no hashes.
            let text = (self.odd != Some(4)).then_some(product.text.as_str());
            outputs.push(product.entry(&path, text, &millis_zulu(self.updated)));
        }
        let facts = Facts {
            id: &self.id,
            ending: Ending::Success,
            input: (&format!("C:\\Tuning\\runs\\{}\\input\\dynoai_input.csv", self.id), recording),
            folder: &target,
            started,
            milliseconds: self.random.between(900, 3_900),
            clamp: 7.0,
            outputs,
        };
        folder.write(&format!("{directory}/output/manifest.json"), &manifest(facts).text(Style::Compact))
    }

    fn results(&self) -> Json {
        let mut random = self.random.clone();
        let hundredth = |value: u32| f64::from(value) / 100.0;
        object! {
            "avg_correction": rounded(hundredth(random.below(700)) - 3.5, 2),
            "max_correction": hundredth(random.between(200, 700)),
            "min_correction": -hundredth(random.between(200, 700)),
            "cells_corrected": random.between(20, 55),
            "cells_clamped": random.below(12),
        }
    }

    /// `jetstream_metadata.json`.
    fn metadata(&mut self, lines: u32) -> String {
        let random = &mut self.random;
        let mut metadata = object! {
            "vehicle": random.pick(&VEHICLES),
            "dyno_type": random.pick(&["Inertia 200", "Eddy 250i"]),
            "engine_type": random.pick(&["V2 107", "V2 114", "I4 1300"]),
            "ambient_temp_f": f64::from(random.between(520, 910)) / 10.0,
            "ambient_pressure_inhg": f64::from(random.between(286, 303)) / 10.0,
            "humidity_percent": f64::from(random.between(20, 85)),
        };
        if self.status == "complete" {
            metadata.set("duration_seconds", lines / 10);
            metadata.set("data_points", lines);
            metadata.set("peak_hp", rounded(self.engine.power(), 1));
            metadata.set("peak_torque", rounded(self.engine.torque, 1));
        }
        metadata.text(Style::Escaped)
    }
}
