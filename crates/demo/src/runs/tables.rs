//! Made-up engines: recordings, tables and reports.

use super::folder::Product;
use crate::json::{Json, Style, object};
use crate::python::rounded;
use crate::random::Random;
use std::fmt::Write as _;

/// Rows of every table, revolutions a minute.
pub(super) const SPEEDS: [u32; 11] = [1500, 2000, 2500, 3000, 3500, 4000, 4500, 5000, 5500, 6000, 6500];
/// Columns of every table, kilopascal.
pub(super) const LOADS: [u32; 5] = [35, 50, 65, 80, 95];

/// A table over engine speed and load; cells without data are empty.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Grid(pub(super) Vec<Vec<Option<f64>>>);

/// How cells are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cells {
    /// `+1.25`.
    Signed,
    /// `'+1.25`, so that a spreadsheet takes it for a text.
    Guarded,
    /// A factor instead of percent: `1.0125`.
    Factor,
    /// `74.2`.
    Plain,
    /// `19`.
    Count,
}

impl Grid {
    /// A table of hundredths up to `most` on either side of 0; `gaps` percent of the cells are empty.
    pub(super) fn drawn(random: &mut Random, most: u32, gaps: u32) -> Self {
        let mut cell = || {
            let value = f64::from(random.below(200 * most + 1)) / 100.0 - f64::from(most);
            (!random.chance(gaps)).then(|| rounded(value, 2))
        };
        Self(SPEEDS.iter().map(|_| LOADS.iter().map(|_| cell()).collect()).collect())
    }

    /// How often each cell was met; most often in the middle.
    pub(super) fn hits(random: &mut Random) -> Self {
        let row = |row: u32, random: &mut Random| {
            let cells = (0_u32..).zip(LOADS).map(|(column, _)| {
                let near = 12_u32.saturating_sub(row.abs_diff(4) * 2 + column.abs_diff(2) * 2);
                Some(f64::from(random.below(near * 9 + 1)))
            });
            cells.collect()
        };
        Self((0_u32..).zip(SPEEDS).map(|(number, _)| row(number, random)).collect())
    }

    /// All cells with a value.
    pub(super) fn values(&self) -> impl Iterator<Item = f64> {
        self.0.iter().flatten().filter_map(|cell| *cell)
    }

    /// As JSON, with 0 for empty cells.
    pub(super) fn json(&self) -> Json {
        Json::list(self.0.iter().map(|row| Json::list(row.iter().map(|cell| cell.unwrap_or(0.0)))))
    }

    /// As a CSV file with this corner cell and line end.
    pub(super) fn csv(&self, corner: &str, cells: Cells, end: &str) -> String {
        let mut text = corner.to_owned();
        for load in LOADS {
            // Writing into a String cannot fail.
            let _ = write!(text, ",{load}");
        }
        text.push_str(end);
        for (speed, row) in SPEEDS.iter().zip(&self.0) {
            text.push_str(&speed.to_string());
            for value in row {
                text.push(',');
                text.push_str(&cell(*value, cells));
            }
            text.push_str(end);
        }
        text
    }

    /// Rows without headings, for the clipboard.
    pub(super) fn pasted(&self, end: &str) -> String {
        let row = |row: &Vec<Option<f64>>| {
            row.iter().map(|value| cell(*value, Cells::Guarded)).collect::<Vec<_>>().join("\t") + end
        };
        self.0.iter().map(row).collect()
    }
}

fn cell(value: Option<f64>, cells: Cells) -> String {
    let Some(value) = value else { return String::new() };
    match cells {
        Cells::Signed => format!("{value:+.2}"),
        Cells::Guarded => format!("'{value:+.2}"),
        Cells::Factor => format!("{:.4}", 1.0 + value / 100.0),
        Cells::Plain => format!("{value:.1}"),
        Cells::Count => format!("{value:.0}"),
    }
}

/// An engine by its greatest torque in foot-pounds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Engine {
    pub(super) torque: f64,
}

impl Engine {
    pub(super) fn drawn(random: &mut Random) -> Self {
        Self { torque: f64::from(random.between(780, 1320)) / 10.0 }
    }

    /// Torque and power at a speed.
    pub(super) fn at(self, speed: u32) -> (f64, f64) {
        let off = (f64::from(speed) - 3900.0) / 3600.0;
        let torque = rounded(self.torque * (1.0 - 0.42 * off * off), 2);
        (torque, rounded(torque * f64::from(speed) / 5252.0, 2))
    }

    /// Greatest power.
    pub(super) fn power(self) -> f64 {
        SPEEDS.iter().map(|speed| self.at(*speed).1).fold(0.0, f64::max)
    }

    /// A recording of a pull through all speeds.
    pub(super) fn recording(self, random: &mut Random, header: &str, lines: u32) -> String {
        let mut text = format!("{header}\n");
        for line in 0..lines {
            let speed = 1000 + line * 5600 / lines.max(1) + random.below(9);
            let (torque, power) = self.at(speed);
            let load = 32 + line * 64 / lines.max(1);
            let fuel = f64::from(random.between(128, 149)) / 10.0;
            let _ = writeln!(text, "{},{speed},{load},{torque},{power},{fuel}", line * 100);
        }
        text
    }

    /// The table of torque, smaller with less load.
    pub(super) fn torque_table(self) -> Grid {
        let row = |speed: &u32| {
            LOADS.iter().map(|load| Some(rounded(self.at(*speed).0 * f64::from(*load) / 100.0, 1))).collect()
        };
        Grid(SPEEDS.iter().map(row).collect())
    }
}

/// What an analysis of a recording leaves behind.
pub(super) fn products(random: &mut Random, engine: Engine, end: &str) -> Vec<Product> {
    let rows = u32::try_from(SPEEDS.len()).unwrap_or(0);
    let columns = u32::try_from(LOADS.len()).unwrap_or(0);
    let table = |name, schema, grid: &Grid, cells, listed| Product {
        name,
        kind: "csv",
        schema,
        extent: Some((rows, columns)),
        text: grid.csv("RPM", cells, end),
        listed,
    };
    let plain = |name, kind, schema, text: String| Product { name, kind, schema, extent: None, text, listed: true };
    let correction = Grid::drawn(random, 9, 12);
    let (front, rear) = (Grid::drawn(random, 2, 8), Grid::drawn(random, 2, 8));
    let hits = Grid::hits(random);
    let torque = engine.torque_table();
    vec![
        table("VE_Correction_Delta_DYNO.csv", "ve_delta_grid", &correction, Cells::Guarded, true),
        table("AFR_Error_Map_Front.csv", "afr_error_front", &front, Cells::Guarded, true),
        table("AFR_Error_Map_Rear.csv", "afr_error_rear", &rear, Cells::Guarded, true),
        table("Coverage_Front.csv", "coverage_front", &hits, Cells::Count, true),
        table("Coverage_Rear.csv", "coverage_rear", &hits, Cells::Count, true),
        table("Torque_Map_Combined.csv", "torque_map", &torque, Cells::Plain, false),
        plain("VE_Delta_PasteReady.txt", "text", "paste_block", correction.pasted(end)),
        plain("Diagnostics_Report.txt", "text", "diagnostics", report(random, &correction, end)),
        plain("Anomaly_Hypotheses.json", "json", "anomalies", anomalies(random, end)),
    ]
}

fn report(random: &mut Random, correction: &Grid, end: &str) -> String {
    let most = correction.values().fold(0.0, |most: f64, value| most.max(value.abs()));
    let lines = [
        "Tuning diagnostics".to_owned(),
        String::new(),
        format!("accepted samples   {}", random.between(900, 4000)),
        format!("out of range       {}", random.below(60)),
        format!("largest correction {most:.2} %"),
        format!("remark             {}", random.pick(&["none", "rear cylinder runs hot", "prüfen: Lambdasonde"])),
    ];
    lines.iter().map(|line| format!("{line}{end}")).collect()
}

fn anomalies(random: &mut Random, end: &str) -> String {
    let found = (0..random.below(3)).map(|_| {
        object! {
            "type": "Spatial discontinuity",
            "score": f64::from(random.between(300, 900)) / 100.0,
            "cell": object! { "rpm": random.choose(&SPEEDS).copied(), "kpa": random.choose(&LOADS).copied() },
            "explanation": "The neighbours differ more than the engine can.",
            "next_checks": Json::list(["repeat this cell at a steady speed", "look for a leak"]),
        }
    });
    let found: Vec<Json> = found.collect();
    object! { "anomalies": found }.text(Style::Escaped).replace('\n', end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_written_in_all_forms() {
        let mut grid = Grid(vec![vec![None; LOADS.len()]; SPEEDS.len()]);
        grid.0[0][0] = Some(1.25);
        grid.0[0][2] = Some(-0.5);
        let first = |cells| grid.csv("RPM", cells, "\n").lines().nth(1).unwrap().to_owned();
        assert_eq!(first(Cells::Signed), "1500,+1.25,,-0.50,,");
        assert_eq!(first(Cells::Guarded), "1500,'+1.25,,'-0.50,,");
        assert_eq!(first(Cells::Factor), "1500,1.0125,,0.9950,,");
        assert_eq!(grid.csv("RPM", Cells::Count, "\r\n").lines().count(), 12);
        assert_eq!(grid.pasted("\n").lines().next().unwrap(), "'+1.25\t\t'-0.50\t\t");
    }

    #[test]
    fn engines_are_strongest_in_the_middle() {
        let engine = Engine { torque: 100.0 };
        assert!(engine.at(3900).0 > engine.at(1500).0 && engine.at(3900).0 > engine.at(6500).0);
        assert_eq!(engine.at(3900).0, 100.0);
        assert!((70.0..110.0).contains(&engine.power()), "{}", engine.power());
    }
}
