//! `landfast cutover`: the stages between files and database.

mod reconcile;
mod show;
mod step;

use super::Context;
use crate::backend::{self, Schema};
use crate::cli::{CutoverArgs, CutoverVerb};
use crate::cutover;
use crate::failure::{Exit, Failure};
use crate::output::{self, Page};
use crate::stages::{imported_areas, open_pair};
use landfast_cutover::DualStore;
use landfast_domain::cutover::{Area, Stage};
use landfast_store::Database;
use serde_json::{Value, json};
use std::path::PathBuf;

/// The pair a verb works with.
struct Pair {
    store: DualStore,
    database: Database,
    folder: PathBuf,
    place: String,
}

impl Pair {
    fn failure(&self, error: landfast_cutover::Error) -> Failure {
        cutover::failure(error, &self.place)
    }
}

/// Runs a verb of `landfast cutover`.
pub(super) fn run(context: &Context, args: CutoverArgs) -> Result<Exit, Failure> {
    let pair = open(context, &args)?;
    match args.verb {
        CutoverVerb::Status => show::status(&pair, args.json),
        CutoverVerb::Advance(step) => step::advance(context, &pair, &step, args.json),
        CutoverVerb::Back(step) => step::back(&pair, &step, args.json),
        CutoverVerb::Compare { area } => show::compare(&pair, &chosen(area), args.json),
        CutoverVerb::Repair { area } => repair(&pair, &chosen(area), args.json),
        CutoverVerb::Reconcile { prefer, dry_run } => reconcile::run(&pair, prefer, dry_run, args.json),
    }
}

fn open(context: &Context, args: &CutoverArgs) -> Result<Pair, Failure> {
    // The first step may be made with a database that is not there yet.
    let schema = if matches!(args.verb, CutoverVerb::Advance(_)) { Schema::Apply } else { Schema::Require };
    let opened = backend::open_database(context, schema)?;
    let database = opened.require_database()?.clone();
    let recorded = crate::stages::folder_in_use(context, &database)?;
    let folder = args.folder.clone().or(recorded).or_else(|| context.config.legacy_dir()).ok_or_else(|| {
        Failure::usage("no folder of legacy files is known").hint(
            "name it with --folder DIR, or for all commands with LANDFAST_LEGACY_DIR or legacy_dir in landfast.toml",
        )
    })?;
    if !folder.is_dir() {
        return Err(Failure::failed(format!("{} is no folder", folder.display()))
            .hint("name an existing folder of legacy files with --folder DIR"));
    }
    let folder = std::path::absolute(&folder).unwrap_or(folder);
    let imported = imported_areas(&database, &context.user)?;
    let fallback = move |area: Area| if imported.contains(area.as_str()) { Stage::Database } else { Stage::Files };
    let store = open_pair(context, &database, &folder, fallback)?;
    Ok(Pair { store, database, folder, place: opened.place })
}

fn chosen(area: Option<Area>) -> Vec<Area> {
    area.map_or_else(|| Area::ALL.to_vec(), |area| vec![area])
}

fn repair(pair: &Pair, areas: &[Area], json: bool) -> Result<Exit, Failure> {
    let (mut rows, mut refused): (Vec<Value>, u64) = (Vec::new(), 0);
    let mut page = Page::new();
    for area in areas {
        let stage = pair.store.stage(*area).stage;
        let done = pair.store.repair(*area, true).map_err(|error| pair.failure(error))?;
        refused += done.refused;
        rows.push(json!({
            "area": area.as_str(), "stage": stage.as_str(), "copied": done.copied, "refused": done.refused,
        }));
        let text = if stage.is_dual() {
            format!(
                "{area}: {} copied to the {}, {} refused",
                output::counted(done.copied, "item"),
                stage.leader().other().as_str(),
                done.refused
            )
        } else {
            format!("{area}: at stage {stage}, where only one store is written")
        };
        page.line(&text);
    }
    if json {
        output::print_json(output::document([("areas", rows.into())]))?;
    } else {
        page.print()?;
    }
    Ok(if refused == 0 { Exit::Done } else { Exit::Different })
}
