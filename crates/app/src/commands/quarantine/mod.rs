//! `landfast quarantine`: records that were set aside.

mod retry;

use super::Context;
use crate::backend::{self, Schema};
use crate::cli::{QuarantineArgs, QuarantineVerb};
use crate::cutover;
use crate::failure::{Exit, Failure};
use crate::output::{self, Align, Page, Table};
use landfast_cutover::{Quarantined, list_quarantine};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;

/// Runs a verb of `landfast quarantine`.
pub(super) fn run(context: &Context, args: QuarantineArgs) -> Result<Exit, Failure> {
    let opened = backend::open_database(context, Schema::Require)?;
    let entries = || {
        list_quarantine(opened.store.as_ref(), &context.user, usize::MAX)
            .map_err(|error| cutover::failure(error, &opened.place))
    };
    match args.verb {
        QuarantineVerb::List => list(&entries()?, args.json),
        QuarantineVerb::Show { place } => show(&entries()?, &place, args.json),
        QuarantineVerb::Export { dir } => export(&entries()?, &dir, args.json),
        QuarantineVerb::Retry(retry) => retry::run(context, &opened, &retry, args.json),
    }
}

fn list(entries: &[Quarantined], json: bool) -> Result<Exit, Failure> {
    if json {
        let entries: Vec<Value> = entries.iter().map(to_json).collect();
        output::print_json(output::document([("entries", entries.into())]))?;
        return Ok(Exit::Done);
    }
    let columns = [
        ("place", Align::Left),
        ("offset", Align::Right),
        ("outcome", Align::Left),
        ("code", Align::Left),
        ("column", Align::Left),
        ("reason", Align::Left),
    ];
    let mut table = Table::new(&columns);
    for entry in entries {
        let Quarantined { path, entry, .. } = entry;
        let offset = entry.offset.to_string();
        table.row([
            &format!("{path}:{}", entry.line),
            &offset,
            entry.outcome.as_str(),
            &entry.code,
            &entry.column,
            &entry.message,
        ]);
    }
    let mut page = Page::new();
    page.heading(&(output::counted(u64::try_from(entries.len()).unwrap_or(u64::MAX), "record") + " set aside"));
    if !table.is_empty() {
        page.table(&table);
        page.gap();
        page.line("  landfast quarantine show PLACE shows the bytes; `quarantine retry` loads a mended record, or mend the source and import it again");
    }
    page.print()?;
    Ok(Exit::Done)
}

fn show(entries: &[Quarantined], place: &str, json: bool) -> Result<Exit, Failure> {
    let found: Vec<&Quarantined> =
        entries.iter().filter(|one| format!("{}:{}", one.path, one.entry.line) == place).collect();
    if found.is_empty() {
        return Err(Failure::failed(format!("nothing is set aside at {place}"))
            .hint("`landfast quarantine list` shows the places as FILE:LINE"));
    }
    if json {
        let entries: Vec<Value> = found.into_iter().map(to_json).collect();
        output::print_json(output::document([("entries", entries.into())]))?;
        return Ok(Exit::Done);
    }
    let mut page = Page::new();
    for Quarantined { source, path, entry, .. } in found {
        page.heading(&output::safe(&format!("{path}:{}", entry.line)));
        page.pairs(&[
            ("folder", source.clone()),
            ("offset", format!("byte {}", entry.offset)),
            ("outcome", entry.outcome.as_str().to_owned()),
            ("code", entry.code.clone()),
            ("column", entry.column.clone()),
            ("reason", entry.message.clone()),
            ("bytes", entry.raw.escape_ascii().to_string()),
        ]);
        page.line("");
        for line in String::from_utf8_lossy(&entry.raw).lines() {
            page.line(&format!("  {}", output::safe(line)));
        }
    }
    page.print()?;
    Ok(Exit::Done)
}

/// Writes the raw bytes of each source file's records one after the other, and the reasons as JSON.
fn export(entries: &[Quarantined], dir: &Path, json: bool) -> Result<Exit, Failure> {
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for Quarantined { path, entry, .. } in entries {
        // One flat folder: a path of a source can then not lead out of it.
        let bytes = files.entry(format!("{}.raw", path.replace(['/', '\\'], "__"))).or_default();
        bytes.extend_from_slice(&entry.raw);
        if !entry.raw.ends_with(b"\n") {
            bytes.push(b'\n');
        }
    }
    let reasons: Vec<Value> = entries.iter().map(to_json).collect();
    let reasons = serde_json::to_string_pretty(&Value::Object(output::document([("entries", reasons.into())])))
        .map_err(|error| Failure::failed(format!("cannot render the reasons as JSON: {error}")))?;
    files.insert("quarantine.json".to_owned(), reasons.into_bytes());
    let cannot = |path: &Path, error: &std::io::Error| {
        Failure::failed(format!("cannot write {}: {error}", path.display()))
            .hint("name a folder you may write into, with enough free space")
    };
    std::fs::create_dir_all(dir).map_err(|error| cannot(dir, &error))?;
    for (name, bytes) in &files {
        let path = dir.join(name);
        std::fs::write(&path, bytes).map_err(|error| cannot(&path, &error))?;
    }
    let names: Vec<&String> = files.keys().collect();
    if json {
        output::print_json(output::document([("dir", dir.display().to_string().into()), ("files", json!(names))]))?;
    } else {
        output::print(&format!("{} records in {} files in {}\n", entries.len(), names.len(), dir.display()))?;
    }
    Ok(Exit::Done)
}

fn to_json(one: &Quarantined) -> Value {
    let Quarantined { area, source, path, entry } = one;
    json!({
        "area": area, "source": source, "path": path, "line": entry.line, "offset": entry.offset, "column": entry.column,
        "outcome": entry.outcome.as_str(), "code": entry.code, "message": entry.message,
        "text": String::from_utf8_lossy(&entry.raw), "bytes": entry.raw.escape_ascii().to_string(),
    })
}
