//! Session logs with their snapshots.

use super::folder::Folder;
use super::tables::{Cells, Grid, LOADS, SPEEDS};
use crate::Error;
use crate::clock::{micros, seconds};
use crate::digest::sha256;
use crate::json::{Json, Style, object};
use crate::random::Random;
use chrono::NaiveDateTime;

/// Writes a session log into a directory: an analysis, or a whole evening with changes that are taken back.
pub(super) fn write(
    folder: &mut Folder<'_>,
    random: &mut Random,
    directory: &str,
    run: &str,
    began: NaiveDateTime,
    whole: bool,
) -> Result<(), Error> {
    let steps: &[(&str, &str)] = if whole {
        &[
            ("baseline", "Table as it came"),
            ("analysis", "Corrections from the first pull"),
            ("apply", "Applied; läuft ruhiger"),
            ("rollback", "Taken back: too rich below 2000"),
        ]
    } else {
        &[("analysis", "Corrections from the upload")]
    };
    let rows = u32::try_from(SPEEDS.len()).unwrap_or(0);
    let columns = u32::try_from(LOADS.len()).unwrap_or(0);
    let (mut events, mut before, mut active, mut time) = (Vec::new(), Json::Null, Json::Null, began);
    for ((kind, description), sequence) in steps.iter().zip(1_u32..) {
        time += seconds(u64::from(random.between(20, 900)));
        let id = format!("snap_{}", random.hex(8));
        let table = Grid::drawn(random, 6, 5).csv("RPM", Cells::Signed, "\r\n");
        folder.write(&format!("{directory}/snapshots/{id}.csv"), &table)?;
        let after = object! {
            "id": id.as_str(),
            "timestamp": zoned(time),
            "source_file": "VE_Correction_Delta_DYNO.csv",
            "sha256": sha256(table.as_bytes()),
            "rows": rows,
            "cols": columns,
        };
        if *kind != "analysis" {
            active = Json::from(id);
        }
        events.push(object! {
            "id": format!("evt_{}", random.hex(8)),
            "sequence": sequence,
            "type": *kind,
            "timestamp": zoned(time),
            "description": *description,
            "snapshot_before": std::mem::replace(&mut before, after.clone()),
            "snapshot_after": after,
            "metadata": object! { "rows_processed": random.between(200, 4000), "avg_correction": Json::Null },
        });
    }
    let log = object! {
        "schema_version": "1.0.0",
        "run_id": run,
        "created_at": zoned(began),
        "updated_at": zoned(time),
        "events": events,
        "active_snapshot_id": active,
    };
    folder.write(&format!("{directory}/session_log.json"), &log.text(Style::Escaped))
}

/// Microseconds and `+00:00`.
pub(super) fn zoned(time: NaiveDateTime) -> String {
    format!("{}+00:00", micros(time))
}
