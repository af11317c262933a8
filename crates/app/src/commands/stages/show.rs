//! `landfast cutover status` and `compare`.

use super::Pair;
use crate::failure::{Exit, Failure};
use crate::output::{self, Align, Page, Table};
use landfast_cutover::{AreaStatus, read_diverged};
use landfast_domain::cutover::{Area, Mismatch, StageChange};
use serde_json::{Value, json};

/// Differences shown to a person.
const SHOWN: usize = 20;

/// Where every area is.
pub(super) fn status(pair: &Pair, json: bool) -> Result<Exit, Failure> {
    let mut all: Vec<AreaStatus> = Vec::new();
    for area in Area::ALL {
        all.push(pair.store.status(area).map_err(|error| pair.failure(error))?);
    }
    let mark = read_diverged(&pair.folder).map_err(|error| pair.failure(error))?;
    if json {
        let areas: Vec<Value> = all.iter().map(to_json).collect();
        let mark = mark.map(|mark| json!({ "since": mark.since, "reason": mark.reason }));
        output::print_json(output::document([
            ("folder", pair.folder.display().to_string().into()),
            ("database", pair.place.clone().into()),
            ("areas", areas.into()),
            ("diverged", json!(mark)),
        ]))?;
        return Ok(Exit::Done);
    }
    let columns = [
        ("area", Align::Left),
        ("stage", Align::Left),
        ("leads", Align::Left),
        ("not copied yet", Align::Right),
        ("differences", Align::Right),
        ("since", Align::Left),
    ];
    let mut table = Table::new(&columns);
    for one in &all {
        table.row([
            one.area.to_string(),
            one.stage.to_string(),
            one.stage.leader().as_str().to_owned(),
            one.dirty.to_string(),
            one.mismatches.len().to_string(),
            one.changes.first().map(|change| change.at.to_iso_text()).unwrap_or_else(|| "never recorded".to_owned()),
        ]);
    }
    let mut page = Page::new();
    page.heading(&format!("{} and {}", output::safe(&pair.folder.display().to_string()), pair.place));
    page.table(&table);
    for one in &all {
        if !one.copies.agree() {
            page.line(&format!("  {}: a change of the stage was not finished; {} holds", one.area, one.stage));
        }
        for (item, reason) in one.refused.iter().take(SHOWN) {
            page.line(&format!("  {}: {} cannot be copied: {}", one.area, output::safe(item), output::safe(reason)));
        }
        for change in one.changes.iter().take(5) {
            page.line(&format!("  {}", in_words(change)));
        }
    }
    if let Some(mark) = mark {
        page.gap();
        page.line(&format!(
            "  since {} UTC the files were used without the database; `landfast cutover reconcile` merges them",
            mark.since
        ));
    }
    page.print()?;
    Ok(Exit::Done)
}

/// Every difference.
pub(super) fn compare(pair: &Pair, areas: &[Area], json: bool) -> Result<Exit, Failure> {
    let (mut rows, mut differences): (Vec<Value>, u64) = (Vec::new(), 0);
    let mut page = Page::new();
    for area in areas {
        let found = pair.store.compare(*area).map_err(|error| pair.failure(error))?;
        differences += found.differences;
        let mismatches: Vec<Value> = found.mismatches.iter().map(mismatch).collect();
        rows.push(json!({
            "area": area.as_str(), "items": found.items, "differences": found.differences, "mismatches": mismatches,
        }));
        page.heading(&format!(
            "{area}: {} compared, {} differ",
            output::counted(found.items, "item"),
            output::counted(found.differences, "field")
        ));
        show(&mut page, &found.mismatches);
    }
    if json {
        output::print_json(output::document([("areas", rows.into())]))?;
    } else {
        page.print()?;
    }
    Ok(if differences == 0 { Exit::Done } else { Exit::Different })
}

/// Differences as a table, the first ones.
pub(super) fn show(page: &mut Page, mismatches: &[Mismatch]) {
    if mismatches.is_empty() {
        return;
    }
    let columns = [("item", Align::Left), ("field", Align::Left), ("files", Align::Left), ("database", Align::Left)];
    let mut table = Table::new(&columns);
    for found in mismatches.iter().take(SHOWN) {
        table.row([
            output::safe(&found.item.to_string()),
            output::safe(&found.field),
            value(found.files.as_deref()),
            value(found.database.as_deref()),
        ]);
    }
    page.table(&table);
    if mismatches.len() > SHOWN {
        page.line(&format!("  and {} more; --json lists them", mismatches.len() - SHOWN));
    }
}

fn value(text: Option<&str>) -> String {
    match text {
        None => "(not there)".to_owned(),
        Some(text) if text.chars().count() > 60 => {
            output::safe(&(text.chars().take(59).collect::<String>() + "\u{2026}"))
        }
        Some(text) => output::safe(text),
    }
}

/// A difference with both values.
pub(super) fn mismatch(found: &Mismatch) -> Value {
    json!({
        "table": found.item.table, "user": found.item.user, "key": found.item.key, "field": found.field,
        "files": found.files, "database": found.database,
    })
}

fn to_json(one: &AreaStatus) -> Value {
    let copy = |record: &Option<landfast_domain::cutover::AreaStage>| {
        record.as_ref().map(|record| json!({ "stage": record.stage.as_str(), "epoch": record.epoch }))
    };
    let refused: Vec<Value> =
        one.refused.iter().map(|(item, reason)| json!({ "item": item, "reason": reason })).collect();
    let changes: Vec<Value> = one
        .changes
        .iter()
        .map(|change| {
            json!({
                "epoch": change.epoch, "from": change.from.map(|stage| stage.as_str()), "to": change.to.as_str(),
                "at": change.at.to_iso_text(), "by": change.by, "reason": change.reason,
            })
        })
        .collect();
    json!({
        "area": one.area.as_str(), "stage": one.stage.as_str(), "leader": one.stage.leader().as_str(),
        "recorded": { "files": copy(&one.copies.files), "database": copy(&one.copies.database) },
        "dirty": one.dirty, "refused": refused,
        "mismatches": one.mismatches.iter().map(mismatch).collect::<Vec<_>>(), "history": changes,
    })
}

fn in_words(change: &StageChange) -> String {
    let from = change.from.map_or_else(|| "nothing".to_owned(), |stage| stage.to_string());
    format!("{} {}: {from} to {} ({})", change.at.to_iso_text(), change.area, change.to, output::safe(&change.reason))
}
