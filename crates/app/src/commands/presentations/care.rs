//! Recovery and retention.

use super::files::{self, Fate};
use super::jobs;
use crate::cli::{CleanArgs, RecoverArgs};
use crate::commands::session::{Session, counted};
use crate::failure::{Exit, Failure};
use crate::output::{self, Align, Table};
use landfast_domain::presentations::recovery::{Recovered, recover_next};
use landfast_domain::presentations::retention::{self, Removal, Retention};
use landfast_domain::presentations::{JobId, RetentionLimits};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::path::Path;
use std::time::Duration;

/// Jobs removed at a time.
const BATCH: usize = 100;

/// `landfast presentations recover`: each job in a transaction of its own; then the files of its attempt go.
pub(super) fn recover(session: &Session, args: &RecoverArgs) -> Result<Exit, Failure> {
    let back_off = jobs::back_off(args.back_off);
    let found_video = |id: &JobId| args.root.as_deref().and_then(|root| files::found_video(root, id));
    let mut done: Vec<(Recovered, Vec<(String, Fate)>)> = Vec::new();
    loop {
        let after = done.last().map(|(recovered, _)| recovered.id.clone());
        let jitter = jobs::jitter();
        let next = session.write(|repositories| {
            let repository = repositories.presentations()?;
            recover_next(repository, after.as_ref(), &found_video, &back_off, jitter, session.clock.utc)
        })?;
        let Some(recovered) = next else { break };
        let fates = args.root.as_deref().map(|root| remove_all(root, &recovered.files)).unwrap_or_default();
        done.push((recovered, fates));
    }
    let entries = || {
        let entry = |(recovered, fates): &(Recovered, Vec<(String, Fate)>)| json!({ "id": recovered.id.as_str(), "status": recovered.status.as_str(), "files": recovered.files, "removed": removed(fates) });
        [("recovered", done.iter().map(entry).collect::<Vec<Value>>().into())]
    };
    let table = || {
        let mut table =
            Table::new(&[("id", Align::Left), ("is now", Align::Left), ("files of the attempt", Align::Left)]);
        for (recovered, fates) in &done {
            let files = match (recovered.files.len(), args.root.is_some()) {
                (0, _) => String::new(),
                (left, false) => format!("{left} left; name the folder with --root to remove them"),
                (all, true) => format!("{} of {all} removed", removed(fates).len()),
            };
            table.row([recovered.id.to_string(), recovered.status.to_string(), files]);
        }
        table
    };
    session.list(entries, &counted(&done, "lost job"), table, None)
}

fn remove_all(root: &Path, paths: &[String]) -> Vec<(String, Fate)> {
    paths.iter().map(|path| (path.clone(), files::remove(root, path))).collect()
}

fn removed(fates: &[(String, Fate)]) -> Vec<&str> {
    fates.iter().filter(|(_, fate)| *fate == Fate::Removed).map(|(path, _)| path.as_str()).collect()
}

/// `landfast presentations clean`.
pub(super) fn clean(session: &Session, args: &CleanArgs) -> Result<Exit, Failure> {
    let days = |days: u32| Duration::from_secs(u64::from(days) * 24 * 60 * 60);
    let retention = Retention { completed: days(args.completed_days), failed: days(args.failed_days) };
    let limits = retention.limits(session.clock.utc);
    if !args.execute {
        return plan(session, &limits);
    }
    if args.root.is_none() && !args.keep_files {
        return Err(Failure::usage("where are the files of the jobs?")
            .hint("name the folder that holds output/ with --root DIR, or leave the files with --keep-files"));
    }
    execute(session, &limits, args.root.as_deref())
}

fn plan(session: &Session, limits: &RetentionLimits) -> Result<Exit, Failure> {
    let plan = session.read(|repositories| retention::plan(repositories.presentations()?, limits, usize::MAX))?;
    let entries = || {
        let entry = |removal: &Removal| json!({ "id": removal.id.as_str(), "files": removal.files });
        [("dry_run", true.into()), ("removals", plan.iter().map(entry).collect::<Vec<Value>>().into())]
    };
    let table = || {
        let mut table = Table::new(&[("id", Align::Left), ("files, if they are there", Align::Left)]);
        for removal in &plan {
            table.row([removal.id.to_string(), removal.files.join(", ")]);
        }
        table
    };
    let foot = (!plan.is_empty()).then_some("nothing was changed; --execute removes");
    session.list(entries, &format!("{} old enough to go", counted(&plan, "job")), table, foot)
}

/// Marks, removes files, deletes; in batches. Jobs whose files cannot be removed stay marked for another time.
fn execute(session: &Session, limits: &RetentionLimits, root: Option<&Path>) -> Result<Exit, Failure> {
    let (mut deleted, mut files_removed, mut refused) = (0_u64, 0_u64, 0_u64);
    let mut stuck: Vec<(JobId, String, String)> = Vec::new();
    let mut seen: HashSet<JobId> = HashSet::new();
    loop {
        let limit = BATCH.saturating_add(seen.len());
        let mut batch = session
            .write(|repositories| retention::mark(repositories.presentations()?, limits, limit, session.clock.utc))?;
        batch.retain(|removal| !seen.contains(&removal.id));
        if batch.is_empty() {
            break;
        }
        let mut free: Vec<JobId> = Vec::new();
        for removal in batch {
            let fates = root.map(|root| remove_all(root, &removal.files)).unwrap_or_default();
            let before = stuck.len();
            for (path, fate) in fates {
                match fate {
                    Fate::Removed => files_removed += 1,
                    Fate::Refused => refused += 1,
                    Fate::Missing => {}
                    Fate::Stuck(reason) => stuck.push((removal.id.clone(), path, reason)),
                }
            }
            if stuck.len() == before {
                free.push(removal.id);
            } else {
                seen.insert(removal.id);
            }
        }
        deleted += session.write(|repositories| retention::delete(repositories.presentations()?, &free))?;
    }
    for (id, path, reason) in &stuck {
        let line = format!("{id} stays, because {path} cannot be removed: {reason}");
        output::say(&output::Style::stderr().warn(&output::safe(&line)));
    }
    let kept: Vec<Value> =
        stuck.iter().map(|(id, path, reason)| json!({ "id": id.as_str(), "path": path, "reason": reason })).collect();
    let line = format!(
        "{} and {} removed{}",
        output::counted(deleted, "job"),
        output::counted(files_removed, "file"),
        if refused > 0 {
            format!("; {} outside of the output folder left", output::counted(refused, "file"))
        } else {
            String::new()
        }
    );
    session.done(
        [
            ("dry_run", false.into()),
            ("deleted", deleted.into()),
            ("files_removed", files_removed.into()),
            ("files_refused", refused.into()),
            ("stuck", kept.into()),
        ],
        &line,
    )?;
    Ok(if stuck.is_empty() { Exit::Done } else { Exit::Failed })
}
