//! `landfast cutover advance` and `back`.

use super::Pair;
use crate::cli::StepArgs;
use crate::clock::Clock;
use crate::commands::Context;
use crate::cutover::{self, Import};
use crate::failure::{Exit, Failure};
use crate::interrupt::Interrupt;
use crate::output;
use crate::progress::Bars;
use landfast_cutover::{ArchiveRequest, Error, Limits, archive};
use landfast_domain::cutover::{Area, Stage};
use landfast_store::Database;
use serde_json::{Value, json};

/// Takes an area towards the database.
pub(super) fn advance(context: &Context, pair: &Pair, args: &StepArgs, json: bool) -> Result<Exit, Failure> {
    steps(pair, args, json, Stage::next, |stage| match stage {
        Stage::DualFiles => import(context, pair),
        Stage::Archived if !args.packed => pack(context, pair).map(|()| Exit::Done),
        _ => Ok(Exit::Done),
    })
}

/// Takes an area towards the files.
pub(super) fn back(pair: &Pair, args: &StepArgs, json: bool) -> Result<Exit, Failure> {
    steps(pair, args, json, Stage::previous, |_| Ok(Exit::Done))
}

/// Goes step by step; `prepare` does what has to be done before a stage.
fn steps(
    pair: &Pair,
    args: &StepArgs,
    json: bool,
    next: fn(Stage) -> Option<Stage>,
    prepare: impl Fn(Stage) -> Result<Exit, Failure>,
) -> Result<Exit, Failure> {
    let area: Area = args.area;
    let begin = pair.store.stage(area).stage;
    let end = |stage: Stage| {
        Failure::failed(format!("{area} is at stage {stage}; there is none beyond it in this direction"))
            .hint("`landfast cutover status` shows the stages")
    };
    let goal = match args.to {
        Some(goal) => goal,
        None => next(begin).ok_or_else(|| end(begin))?,
    };
    let (mut stage, mut exit) = (begin, Exit::Done);
    let mut passed: Vec<Value> = Vec::new();
    while stage != goal {
        let to = next(stage).ok_or_else(|| end(stage))?;
        let prepared = prepare(to)?;
        if prepared != Exit::Done {
            exit = prepared;
        }
        let made = pair.store.change_stage(area, to, "asked for").map_err(|error| refused(pair, area, error))?;
        passed.push(json!({ "from": stage.as_str(), "to": made.stage.as_str(), "epoch": made.epoch }));
        if !json {
            output::print(&format!("{area}: {stage} to {to}\n"))?;
        }
        stage = to;
    }
    if json {
        output::print_json(output::document([
            ("area", area.as_str().into()),
            ("stage", stage.as_str().into()),
            ("steps", passed.into()),
        ]))?;
    } else if passed.is_empty() {
        output::print(&format!("{area} is at stage {stage} already\n"))?;
    }
    Ok(exit)
}

/// What is in the way of a step, with what to do about it.
fn refused(pair: &Pair, area: Area, error: Error) -> Failure {
    let hint = match &error {
        Error::StillDirty { .. } => {
            format!("`landfast cutover status` says why they cannot be copied; then `landfast cutover repair {area}`")
        }
        Error::StillDifferent { .. } => format!(
            "`landfast cutover compare {area}` lists them; `landfast cutover repair {area}` gives the following store what the leading one says"
        ),
        Error::StagesDisagree { .. } => {
            "bring back the files or the database that belong together, for instance from a backup".to_owned()
        }
        _ => return pair.failure(error),
    };
    pair.failure(error).hint(hint)
}

/// Loads the files with backup and verification, so that nothing is written twice before it is safe once.
fn import(context: &Context, pair: &Pair) -> Result<Exit, Failure> {
    let database: &Database = &pair.database;
    let interrupt = Interrupt::listen("finishing the batch; the same command goes on")?;
    let paths = [pair.folder.clone()];
    let what = Import { paths: &paths, live: true, ..Import::default() };
    let report = cutover::import(context, database, &pair.place, &what, &interrupt)?;
    match cutover::exit(&report) {
        exit @ (Exit::Done | Exit::Quarantined) => Ok(exit),
        exit => Err(Failure::failed("the import of the files is not complete, so the stage stays")
            .with_exit(exit)
            .hint(format!("`landfast import {}` shows what is missing", pair.folder.display()))),
    }
}

/// Verifies and packs the files.
fn pack(context: &Context, pair: &Pair) -> Result<(), Failure> {
    let interrupt = Interrupt::listen("stopping; archives that are complete stay")?;
    let (target, backups) = (context.config.data_dir().join("archives"), cutover::backup_root(context));
    let request = ArchiveRequest {
        user: context.user.clone(),
        target: &target,
        backup_root: &backups,
        limits: Limits::default(),
        clock: &|| Clock::now().utc,
    };
    let packed = archive(&pair.database, &request, &Bars::new(context.quiet), interrupt.flag()).map_err(|error| {
        let changed = matches!(error, Error::NotClean { .. });
        let failure = pair.failure(error);
        if changed {
            failure.hint("files that were written since they were imported are packed with `landfast export` and tar; then use --packed")
        } else {
            failure
        }
    })?;
    for one in packed {
        context.say(&format!("packed {} files into {}", one.files, one.archive.display()));
    }
    Ok(())
}
