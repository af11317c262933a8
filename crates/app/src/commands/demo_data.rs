//! `landfast demo-data`.

use super::demo::made_page;
use crate::cli::DemoDataArgs;
use crate::clock::parse_time;
use crate::failure::{Exit, Failure, with_causes};
use crate::output::{self, Page};
use landfast_demo::{Area, ColumnAge, DemoOptions};
use serde_json::{Value, json};

/// Writes made-up legacy data, a folder for each area.
pub(super) fn run(args: &DemoDataArgs) -> Result<Exit, Failure> {
    let age = ColumnAge::parse(&args.age).ok_or_else(|| {
        let names = ColumnAge::ALL.map(ColumnAge::as_str).join(", ");
        Failure::usage(format!("--age {:?} is unknown", args.age)).hint(format!("choose one of {names}"))
    })?;
    let now = parse_time("--now", &args.now)?.naive();
    let options = DemoOptions { seed: args.seed, scale: args.scale, now, age, odd_cells: !args.tidy };
    let mut made = Vec::new();
    for area in areas(&args.areas)? {
        let summary = area.write(&args.dir, &options).map_err(|error| {
            Failure::failed(format!("cannot write demo data: {}", with_causes(&error)))
                .hint("name a folder you may write into, with enough free space")
        })?;
        made.push((area, summary));
    }
    if args.json {
        let files: Vec<Value> = made
            .iter()
            .flat_map(|(area, summary)| {
                let area = area.as_str();
                summary.files.iter().map(move |(path, records)| {
                    json!({ "area": area, "path": format!("{area}/{path}"), "records": records })
                })
            })
            .collect();
        output::print_json(output::document([
            ("dir", args.dir.display().to_string().into()),
            ("files", files.into()),
        ]))?;
        return Ok(Exit::Done);
    }
    let mut page = Page::new();
    page.heading(&format!("Made-up data in {}", args.dir.display()));
    made_page(&mut page, &made);
    page.gap();
    page.line(&format!("  next: landfast import --dry-run {}", args.dir.display()));
    page.print()?;
    Ok(Exit::Done)
}

/// The named areas in their usual order, or all.
fn areas(names: &[String]) -> Result<Vec<Area>, Failure> {
    let mut areas = Vec::new();
    for name in names {
        areas.push(Area::parse(name).ok_or_else(|| {
            let names = Area::ALL.map(Area::as_str).join(", ");
            Failure::usage(format!("--area {name:?} is unknown")).hint(format!("choose among {names}"))
        })?);
    }
    Ok(Area::ALL.into_iter().filter(|area| areas.is_empty() || areas.contains(area)).collect())
}
