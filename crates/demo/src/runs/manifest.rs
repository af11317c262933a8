//! Manifests of analyses.

use super::folder::Product;
use crate::clock::millis_zulu;
use crate::digest::sha256;
use crate::json::{Json, object};
use chrono::{Duration, NaiveDateTime};

/// How an analysis ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    Success,
    /// The recording lacks columns.
    Failed,
    /// Results are there, but not all.
    Partial,
}

/// What a manifest tells.
pub(super) struct Facts<'a> {
    /// The tool's own id of the run.
    pub(super) id: &'a str,
    pub(super) ending: Ending,
    /// Path of the recording on the machine that analysed it, and the recording.
    pub(super) input: (&'a str, &'a str),
    /// Folder of the results there.
    pub(super) folder: &'a str,
    pub(super) started: NaiveDateTime,
    pub(super) milliseconds: u32,
    pub(super) clamp: f64,
    pub(super) outputs: Vec<Json>,
}

/// Files of results with their entries: relative paths, hashes of what was written on Windows.
pub(super) fn entries(products: &[Product], created: &str) -> Vec<Json> {
    let listed = products.iter().filter(|product| product.listed);
    listed.map(|product| product.entry(product.name, Some(&product.text), created)).collect()
}

/// A manifest.
pub(super) fn manifest(facts: Facts<'_>) -> Json {
    let ended = facts.started + Duration::milliseconds(i64::from(facts.milliseconds));
    let failed = facts.ending == Ending::Failed;
    let (code, message, stage) = match facts.ending {
        Ending::Success => ("success", "OK", "export"),
        Ending::Partial => ("partial", "rear tables could not be written", "export"),
        Ending::Failed => (
            "error",
            "Missing required columns in the recording: MAP/kPa, Torque\n\nAvailable columns: 'time', 'rpm', 'λ'",
            "load",
        ),
    };
    let missing = if failed { Json::list(["map_kpa", "torque"]) } else { Json::List(Vec::new()) };
    let (path, text) = facts.input;
    let lines = u64::try_from(text.lines().count()).unwrap_or(1).saturating_sub(1);
    let args = object! {
        "csv": path,
        "outdir": facts.folder,
        "verbose": false,
        "weighting": "torque",
        "smooth_passes": 2,
        "clamp": facts.clamp,
        "rear_bias": 0.0,
        "rear_rule_deg": 2.0,
        "hot_extra": -1.0,
        "base_front": Json::Null,
        "base_rear": Json::Null,
    };
    let stats = if failed {
        object! {}
    } else {
        object! {
            "rows_read": lines, "bins_total": 55, "bins_covered": 41, "front_accepted": lines, "rear_accepted": lines,
        }
    };
    object! {
        "schema_id": "dynoai.manifest@1",
        "tool_version": "1.2",
        "run_id": facts.id,
        "session_id": Json::Null,
        "status": object! { "code": code, "message": message, "last_stage": stage },
        "input": object! {
            "path": path,
            "size_bytes": u64::try_from(text.len()).unwrap_or(0),
            "sha256": sha256(text.as_bytes()),
            "dialect": object! { "sep": ",", "encoding": "utf-8", "newline": "auto" },
            "required_columns_present": !failed,
            "missing_columns": missing,
        },
        "config": object! { "args": args, "base_tables": object! { "front": Json::Null, "rear": Json::Null } },
        "env": object! { "python": "3.11.9", "os": "Windows", "platform": "AMD64", "hostname": "bench-2" },
        "timing": object! {
            "start": millis_zulu(facts.started), "end": millis_zulu(ended), "duration_ms": facts.milliseconds,
        },
        "stats": stats,
        "diagnostics": Json::List(Vec::new()),
        "outputs": facts.outputs,
        "apply": object! { "allowed": false, "reasons_blocked": Json::list(["pending"]) },
    }
}
