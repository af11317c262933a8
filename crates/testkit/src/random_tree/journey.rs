//! Files, SQLite, PostgreSQL, SQLite, files; then one field is changed.

use super::{RandomTree, Spot};
use crate::databases::{self, ThrowAway};
use crate::folder::{self, Tree};
use crate::imports::import_folder;
use landfast_cutover::{Error, ExportReport, ExportRequest, Quiet, copy, digests, export};
use landfast_domain::accounts::UserId;
use landfast_domain::delivery::{ProfileId, QueryId, QueryKey};
use landfast_domain::presentations::JobId;
use landfast_domain::runs::RunId;
use landfast_domain::runs::manager::{self, RunChange};
use landfast_domain::time::Timestamp;
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// What a journey showed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Journey {
    /// Documents that came back byte for byte.
    pub documents: u64,
    /// Records, those in quarantine included.
    pub records: u64,
    /// Records in quarantine.
    pub quarantined: u64,
    /// A field was changed, and only its own record's bytes changed with it.
    pub edited: bool,
}

/// Takes a folder on its journey, without PostgreSQL when that was declared absent.
///
/// # Errors
/// What did not come back as it was, in words.
///
/// # Panics
/// When throw-away databases or folders cannot be made.
pub fn journey(random: &RandomTree) -> Result<Journey, String> {
    let home = tempfile::tempdir().expect("a temporary folder");
    let source = home.path().join("source");
    folder::write(&random.tree, &source);
    let here = databases::sqlite();
    let words = |step: &'static str| move |error: landfast_cutover::Error| format!("{step}: {error}");
    let report = match import_folder(here.store(), &source, &home.path().join("backups")) {
        // Noise in a header can make a folder that is nobody's; then nothing is written and it says so.
        Err(Error::NothingRecognised { .. }) if random.spot.is_none() => return Ok(Journey::default()),
        result => result.map_err(words("import"))?,
    };
    let differences = report.verification.as_ref().map_or(0, |verification| verification.differences_total);
    let expected = if report.totals.quarantined > 0 { 3 } else { 0 };
    if differences > 0 || report.exit_code != expected {
        return Err(format!("exit code {}, {differences} differences: {}", report.exit_code, report.summary()));
    }
    let mut last = here;
    let back = databases::sqlite();
    if let Some(there) = databases::postgres() {
        pass(&last, &there)?;
        pass(&there, &back)?;
        last = back;
    } else {
        pass(&last, &back)?;
        last = back;
    }
    let exported = export_to(&last, &home.path().join("exported"))?;
    let written = folder::read(&home.path().join("exported"));
    let documents = report.sources.iter().map(|source| source.files.len()).sum::<usize>();
    if exported.files.len() != documents || written.len() != documents {
        return Err(format!("{documents} documents went in, {} came out", written.len()));
    }
    for (path, content) in &written {
        if random.tree.get(path) != Some(content) {
            return Err(format!("{path} came back with other bytes"));
        }
    }
    let edited = match &random.spot {
        Some(spot) => edit(random, spot, &last, &written, &home.path().join("edited"))?,
        None => false,
    };
    if folder::read(&source) != random.tree {
        return Err("the source was changed".to_owned());
    }
    Ok(Journey {
        documents: u64::try_from(documents).unwrap_or(0),
        records: report.totals.records,
        quarantined: report.totals.quarantined,
        edited,
    })
}

/// Copies a database, and checks that both hold the same.
fn pass(from: &ThrowAway, to: &ThrowAway) -> Result<(), String> {
    copy(from.store(), to.store(), &Quiet, &AtomicBool::new(false)).map_err(|error| format!("copy: {error}"))?;
    let of = |one: &ThrowAway| digests(one.store(), &UserId::guest()).map_err(|error| format!("digests: {error}"));
    if of(from)? == of(to)? { Ok(()) } else { Err("a copy holds something else".to_owned()) }
}

fn export_to(database: &ThrowAway, target: &Path) -> Result<ExportReport, String> {
    let request = ExportRequest { user: UserId::guest(), target, overwrite: false };
    export(database.store(), &request, &Quiet, &AtomicBool::new(false)).map_err(|error| format!("export: {error}"))
}

/// Changes a field of the record at a spot; `false` when it was set aside and has no row.
fn edit(random: &RandomTree, spot: &Spot, database: &ThrowAway, before: &Tree, target: &Path) -> Result<bool, String> {
    if !change(random.area, &spot.key, database).map_err(|error| format!("edit: {error}"))? {
        return Ok(false);
    }
    export_to(database, target)?;
    let after = folder::read(target);
    for (path, old) in before {
        let new = after.get(path).ok_or_else(|| format!("{path} is gone after an edit"))?;
        if path != &spot.path {
            if new != old {
                return Err(format!("{path} changed with an edit in {}", spot.path));
            }
            continue;
        }
        let (start, end) = (&old[..spot.range.start], &old[spot.range.end..]);
        let is_around = new.starts_with(start) && new.ends_with(end) && new.len() >= start.len() + end.len();
        if !is_around || new == old {
            return Err(format!(
                "an edit of {} changed the bytes around it: {:?}",
                spot.key,
                String::from_utf8_lossy(new)
            ));
        }
    }
    if after.len() == before.len() { Ok(true) } else { Err("an edit made another file".to_owned()) }
}

fn change(area: &str, key: &str, database: &ThrowAway) -> landfast_domain::Result<bool> {
    let guest = UserId::guest();
    database.store().write(|r| match area {
        "tasks" => {
            let Some(mut task) = r.tasks().get(&guest, &key.into())? else { return Ok(false) };
            task.name.set_raw("edited, \"twice\"");
            r.tasks().update(&guest, &task)?;
            Ok(true)
        }
        "delivery" => {
            let (profile, query) = key.split_once('/').unwrap_or((key, ""));
            let key = QueryKey::new(ProfileId::new(profile)?, QueryId::new(query)?);
            let Some(query) = r.delivery()?.get_query(&key)? else { return Ok(false) };
            let Some(document) = query.document() else { return Ok(false) };
            let edited = query.with(document.replacen("planted", "edited \\u00e9", 1))?;
            r.delivery()?.save_query(&edited)?;
            Ok(true)
        }
        "presentations" => {
            let Some(mut job) = r.presentations()?.get(&JobId::from(key))? else { return Ok(false) };
            job.video_url = Some("edited \"é\"".to_owned());
            r.presentations()?.update(&job)?;
            Ok(true)
        }
        _ => {
            let id = RunId::from(key);
            if r.runs()?.get(&id)?.is_none() {
                return Ok(false);
            }
            let now = Timestamp::parse("2026-03-07 10:00").expect("a time");
            let change = RunChange { stage: Some("edited".to_owned()), ..RunChange::default() };
            manager::update(r.runs()?, &id, &change, now)?;
            Ok(true)
        }
    })
}
