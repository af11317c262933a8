//! Random calls on analysis runs, on a store and on the runs in memory.

use super::Random;
use crate::contract::support::time;
use landfast_domain::runs::manager::{self, RunChange};
use landfast_domain::runs::{
    HashOutcome, Layout, Run, RunCursor, RunDocuments, RunFile, RunFilter, RunId, RunPage, RunRepository, RunStatus,
    TimeText, documents,
};
use landfast_domain::store::Store;
use landfast_domain::time::Timestamp;
use landfast_domain::{Error, Result};

/// What a transaction does; the same on both stores.
#[derive(Debug, Clone)]
enum Step {
    Insert(Box<Run>),
    Update(Box<Run>),
    Change(RunId, RunChange, Timestamp),
    Files(RunId, Vec<RunFile>),
    Delete(RunId),
    Fail,
}

/// Runs `transactions` random transactions on the analysis runs of an empty store and of a model; panics
/// with the seed when what they hold or answer differs.
pub fn compare_runs(store: &dyn Store, seed: u64, transactions: usize) {
    super::compare_steps(store, seed, transactions, step, |r, steps| run_steps(r.runs()?, steps), |r| state(r.runs()?));
}

fn id(random: &mut Random) -> RunId {
    match random.below(14) {
        0 => RunId::existing(&"é".repeat(700)),
        1 => RunId::existing("läuf 1"),
        2 => RunId::existing(""),
        number => RunId::existing(&format!("run_{number}")),
    }
}

fn moment(random: &mut Random) -> &'static str {
    [
        "2025-12-05T11:52:20.493Z",
        "2025-12-05T11:52:20.493000+00:00",
        "2025-12-05T12:52:20.493+01:00",
        "2025-12-06 00:03:47",
        "1733400000.5",
        "yesterday",
        "9999-12-31T23:30:00-05:00",
        "0000-01-01T00:30:00+05:00",
        "",
    ][random.below(9)]
}

fn maybe<T>(random: &mut Random, value: impl FnOnce(&mut Random) -> T) -> Option<T> {
    (random.below(3) == 0).then(|| value(random))
}

fn status(random: &mut Random) -> RunStatus {
    match random.below(10) {
        0 => RunStatus::Other("COMPLETE".to_owned()),
        1 => RunStatus::Other("x".repeat(3000)),
        2 => RunStatus::Complete,
        number => RunStatus::ALL[number % 7].clone(),
    }
}

fn source(random: &mut Random) -> String {
    match random.below(8) {
        0 => "s".repeat(4000),
        1 => "a\0b".to_owned(),
        2 => "a\u{2400}b".to_owned(),
        3 => String::new(),
        number => ["jetstream", "manual_upload"][number % 2].to_owned(),
    }
}

fn analysis(random: &mut Random) -> Run {
    let id = id(random);
    let text = format!(
        r#"{{"run_id": "x", "status": "pending", "source": "jetstream", "created_at": "{}", "updated_at": "", "own": {{"a": 1e2}}}}"#,
        moment(random)
    );
    let kept = RunDocuments { state: Some(text), ..RunDocuments::default() };
    let mut run = documents::read(Layout::State, "runs/x", kept).unwrap().run;
    run.id = id;
    run.layout = Layout::ALL[random.below(4)];
    run.status = status(random);
    run.source = source(random);
    for place in [&mut run.created_at, &mut run.updated_at, &mut run.completed_at] {
        *place = (random.below(4) > 0).then(|| TimeText::new(moment(random)));
    }
    for place in [
        &mut run.original_id,
        &mut run.jetstream_id,
        &mut run.current_stage,
        &mut run.error_info,
        &mut run.results_summary,
        &mut run.input_filename,
        &mut run.config_snapshot,
        &mut run.documents.manifest,
        &mut run.documents.metadata,
        &mut run.documents.session_log,
    ] {
        *place = maybe(random, |random| random.text().to_owned());
    }
    run.progress_percent = [None, Some(0), Some(250), Some(i64::MIN), Some(i64::MAX)][random.below(5)];
    run.peak_hp = [None, Some(-0.0), Some(113.25), Some(f64::NAN)][random.below(4)];
    run.peak_torque = [None, Some(0.1), Some(f64::NEG_INFINITY)][random.below(3)];
    run
}

fn file(random: &mut Random) -> RunFile {
    let name = match random.below(9) {
        0 => "n".repeat(5000),
        1 => "a\0.csv".to_owned(),
        2 => "plots/Ä.png".to_owned(),
        number => format!("f{number}.csv"),
    };
    let mut file = RunFile::named(name);
    file.size_bytes = maybe(random, |random| i64::try_from(random.below(9)).unwrap_or(0) << 40);
    file.storage_path = maybe(random, |random| random.text().to_owned());
    file.sha256 = maybe(random, |random| random.text().to_owned());
    file.created_at = maybe(random, |random| TimeText::new(moment(random)));
    file.in_state = random.below(2) == 0;
    file.in_manifest = random.below(2) == 0;
    file.on_disk = random.below(2) == 0;
    file.hash = HashOutcome::ALL[random.below(5)];
    file
}

fn step(random: &mut Random) -> Step {
    match random.below(20) {
        0..=6 => Step::Insert(Box::new(analysis(random))),
        7..=9 => Step::Update(Box::new(analysis(random))),
        10..=12 => {
            let change = RunChange {
                status: maybe(random, |random| RunStatus::ALL[random.below(7)].clone()),
                stage: maybe(random, |random| random.text().to_owned()),
                progress_percent: maybe(random, |random| i64::try_from(random.below(120)).unwrap_or(0)),
                ..RunChange::default()
            };
            Step::Change(id(random), change, time("2025-12-06 10:00"))
        }
        13..=16 => {
            let count = random.below(5);
            Step::Files(id(random), (0..count).map(|_| file(random)).collect())
        }
        17 | 18 => Step::Delete(id(random)),
        _ => Step::Fail,
    }
}

/// Runs steps until one fails; refusals are part of the answer and not failures.
fn run_steps(runs: &mut dyn RunRepository, steps: &[Step]) -> Result<Vec<String>> {
    let mut answers = Vec::new();
    for step in steps {
        let answer = match step {
            Step::Insert(run) => runs.insert(run).map(|()| "inserted".to_owned()),
            Step::Update(run) => runs.update(run).map(|()| "updated".to_owned()),
            Step::Change(id, change, now) => manager::update(runs, id, change, *now).map(|run| format!("{run:?}")),
            Step::Files(id, files) => match runs.replace_files(id, files) {
                // After a name that occurs twice the transaction must be given up.
                Err(error @ Error::Conflict { .. }) => return Err(error),
                answer => answer.map(|()| "replaced".to_owned()),
            },
            Step::Delete(id) => runs.delete(id).map(|deleted| deleted.to_string()),
            Step::Fail => return Err(Error::aborted("on purpose")),
        };
        answers.push(match answer {
            Ok(answer) => answer,
            Err(error @ (Error::Conflict { .. } | Error::NotFound { .. } | Error::Invalid { .. })) => error.to_string(),
            Err(error) => return Err(error),
        });
    }
    Ok(answers)
}

/// Everything the repository answers, as text, in which `NaN` equals itself.
fn state(runs: &mut dyn RunRepository) -> Result<String> {
    let every = RunFilter::default();
    let all = runs.list(&every, &RunPage::Offset(0), usize::MAX)?;
    let mut parts = vec![format!("{all:?} {}", runs.count(&every)?)];
    let ids = |runs: &[Run]| format!("{:?}", runs.iter().map(|run| run.id.as_str()).collect::<Vec<_>>());
    for run in &all {
        let after = RunPage::After(RunCursor::of(run));
        parts.push(ids(&runs.list(&every, &after, 2)?));
        let filter = RunFilter { status: Some(run.status.clone()), source: None };
        parts.push(format!("{} {}", ids(&runs.list(&filter, &RunPage::Offset(1), 3)?), runs.count(&filter)?));
        let filter = RunFilter { status: Some(run.status.clone()), source: Some(run.source.clone()) };
        parts.push(format!("{} {}", ids(&runs.list(&filter, &after, 3)?), runs.count(&filter)?));
        parts.push(format!("{:?} {:?}", runs.get(&run.id)?.map(|run| run.id), runs.files(&run.id)?));
    }
    for before in ["2025-12-05 11:52:20.493001", "9999-12-31 23:59"].map(time) {
        for after in [None, Some(RunId::existing("run_5"))] {
            parts.push(ids(&runs.list_ended_before(before, after.as_ref(), 3)?));
        }
    }
    parts.push(ids(&runs.list(&every, &RunPage::Offset(u64::MAX), 3)?));
    parts.push(ids(&runs.list(&every, &RunPage::Offset(2), 0)?));
    Ok(parts.join("\n"))
}
