//! `landfast cutover reconcile`.

use super::Pair;
use super::show::{mismatch, show};
use crate::cli::Prefer;
use crate::failure::{Exit, Failure};
use crate::output::{self, Page};
use landfast_cutover::{Difference, Reconciled, clear_diverged};
use landfast_domain::cutover::{Area, Mismatch, Side};
use serde_json::{Value, json};
use std::io::{BufRead as _, IsTerminal as _, Write as _};

/// Merges what differs; the mark of the fallback goes when nothing does any more.
pub(super) fn run(pair: &Pair, prefer: Option<Prefer>, dry_run: bool, json: bool) -> Result<Exit, Failure> {
    if prefer.is_none() && !dry_run && !std::io::stdin().is_terminal() {
        return Err(Failure::usage("nobody is there to be asked about each difference")
            .hint("say whose version counts: --prefer files, --prefer database or --prefer newest"));
    }
    let mut rows: Vec<Value> = Vec::new();
    let (mut total, mut page) = (Reconciled::default(), Page::new());
    for area in Area::ALL {
        let differences = pair.store.differences(area).map_err(|error| pair.failure(error))?;
        for difference in &differences {
            let chosen = prefer.and_then(|prefer| choose(prefer, difference));
            rows.push(json!({
                "area": area.as_str(), "table": difference.item.table, "user": difference.item.user,
                "key": difference.item.key, "takes": chosen.map(Side::as_str),
                "fields": difference.fields.iter().map(mismatch).collect::<Vec<_>>(),
            }));
        }
        if dry_run || differences.is_empty() {
            total.undecided += u64::try_from(differences.len()).unwrap_or(u64::MAX);
            if !differences.is_empty() {
                page.heading(&format!(
                    "{area}: {} differ",
                    output::counted(u64::try_from(differences.len()).unwrap_or(u64::MAX), "item")
                ));
                let fields: Vec<Mismatch> = differences.into_iter().flat_map(|difference| difference.fields).collect();
                show(&mut page, &fields);
            }
            continue;
        }
        let mut decide = |difference: &Difference| {
            Ok(match prefer {
                Some(prefer) => choose(prefer, difference),
                None => ask(difference).map_err(|error| landfast_domain::Error::backend(error.to_string()))?,
            })
        };
        let done = pair.store.reconcile(area, &mut decide).map_err(|error| pair.failure(error))?;
        total.from_files += done.from_files;
        total.from_database += done.from_database;
        total.undecided += done.undecided;
        page.line(&format!(
            "{area}: {} taken from the files, {} from the database, {} left as they are",
            done.from_files, done.from_database, done.undecided
        ));
    }
    let mut left = total.undecided;
    if !dry_run && left == 0 {
        for area in Area::ALL {
            let rest = pair.store.differences(area).map_err(|error| pair.failure(error))?;
            left += u64::try_from(rest.len()).unwrap_or(u64::MAX);
        }
    }
    let cleared = !dry_run && left == 0 && clear_diverged(&pair.folder).map_err(|error| pair.failure(error))?;
    if json {
        output::print_json(output::document([
            ("dry_run", dry_run.into()),
            ("differences", rows.into()),
            ("from_files", total.from_files.into()),
            ("from_database", total.from_database.into()),
            ("left", left.into()),
            ("mark_removed", cleared.into()),
        ]))?;
    } else {
        if left == 0 {
            page.line("files and database say the same");
        }
        if cleared {
            page.line("the mark of the fallback is removed");
        }
        page.print()?;
    }
    Ok(if left == 0 { Exit::Done } else { Exit::Different })
}

fn choose(prefer: Prefer, difference: &Difference) -> Option<Side> {
    match prefer {
        Prefer::Files => Some(Side::Files),
        Prefer::Database => Some(Side::Database),
        Prefer::Newest => difference.newest(),
    }
}

/// Asks a person about a difference; anything but an answer leaves it as it is.
fn ask(difference: &Difference) -> std::io::Result<Option<Side>> {
    let text = |value: &Option<String>| value.as_deref().map_or_else(|| "(not there)".to_owned(), output::safe);
    let mut talk = std::io::stderr().lock();
    writeln!(talk, "{}", output::safe(&difference.item.to_string()))?;
    for field in &difference.fields {
        writeln!(talk, "  {}", output::safe(&field.field))?;
        writeln!(talk, "    files:    {}", text(&field.files))?;
        writeln!(talk, "    database: {}", text(&field.database))?;
    }
    write!(talk, "take the (f)iles', the (d)atabase's, or leave it (Enter)? ")?;
    talk.flush()?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    Ok(match answer.trim() {
        "f" | "files" => Some(Side::Files),
        "d" | "database" => Some(Side::Database),
        _ => None,
    })
}
