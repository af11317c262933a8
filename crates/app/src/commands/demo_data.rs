//! `landfast demo-data`.

use crate::cli::DemoDataArgs;
use crate::clock::parse_time;
use crate::failure::{Exit, Failure, with_causes};
use crate::output::{self, Align, Page, Table};
use landfast_demo::{ColumnAge, DemoOptions, Summary};
use serde_json::{Value, json};

/// Writes a made-up legacy folder.
pub(super) fn run(args: &DemoDataArgs) -> Result<Exit, Failure> {
    let age = ColumnAge::parse(&args.age).ok_or_else(|| {
        let names = ColumnAge::ALL.map(ColumnAge::as_str).join(", ");
        Failure::usage(format!("--age {:?} is unknown", args.age)).hint(format!("choose one of {names}"))
    })?;
    let now = parse_time("--now", &args.now)?.naive();
    let options = DemoOptions { seed: args.seed, scale: args.scale, now, age, odd_cells: !args.tidy };
    let summary = landfast_demo::write_tasks(&args.dir, &options).map_err(|error| {
        Failure::failed(format!("cannot write demo data: {}", with_causes(&error)))
            .hint("name a folder you may write into, with enough free space")
    })?;
    if args.json {
        let files: Vec<Value> =
            summary.files.iter().map(|(path, records)| json!({ "path": path, "records": records })).collect();
        output::print_json(output::document([
            ("dir", args.dir.display().to_string().into()),
            ("files", files.into()),
        ]))?;
        return Ok(Exit::Done);
    }
    let mut page = Page::new();
    page.heading(&format!("Made-up data in {}", args.dir.display()));
    page.table(&table(&summary));
    page.gap();
    page.line(&format!("  next: landfast import --dry-run {}", args.dir.display()));
    page.print()?;
    Ok(Exit::Done)
}

/// Files with their numbers of records.
pub(super) fn table(summary: &Summary) -> Table {
    let mut table = Table::new(&[("file", Align::Left), ("records", Align::Right)]);
    for (path, records) in &summary.files {
        table.row([path.clone(), output::count(*records)]);
    }
    table
}
