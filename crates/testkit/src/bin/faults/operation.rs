//! The operations that are disturbed: how they are prepared, done, and looked at afterwards.

use crate::AnyError;
use crate::home::{End, Home, live, open, tree_difference};
use crate::program;
use landfast_cutover::{
    ArchiveRequest, Error, ExportRequest, Limits, Quiet, RollbackRequest, archive, copy, digests, export, rollback,
};
use landfast_domain::accounts::UserId;
use landfast_domain::time::Timestamp;
use landfast_testkit::folder::{self, Tree};
use landfast_testkit::imports::import_folder;
use std::fs;
use std::sync::atomic::AtomicBool;

/// An operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operation {
    /// The first import of a folder of all areas.
    Import,
    /// The import of a folder that changed since the last one.
    Reimport,
    Export,
    Rollback,
    Archive,
    /// To a database of the other kind.
    Copy,
    /// Of the whole database into one file, by the program.
    Backup,
    /// From such a file into a database without rows, by the program.
    Restore,
}

/// Exit code of an operation that did all it should.
pub(crate) const DONE: u8 = 0;

impl Operation {
    pub(crate) const ALL: [Self; 8] = [
        Self::Import,
        Self::Reimport,
        Self::Export,
        Self::Rollback,
        Self::Archive,
        Self::Copy,
        Self::Backup,
        Self::Restore,
    ];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Import => "import",
            Self::Reimport => "reimport",
            Self::Export => "export",
            Self::Rollback => "rollback",
            Self::Archive => "archive",
            Self::Copy => "copy",
            Self::Backup => "backup",
            Self::Restore => "restore",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operation| operation.as_str() == text)
    }

    /// Whether it works on databases of both kinds.
    pub(crate) fn needs_both(self) -> bool {
        self == Self::Copy
    }

    /// Brings a home to where the operation begins.
    pub(crate) fn prepare(self, home: &Home) -> Result<(), AnyError> {
        folder::write(&folder::tiny(), &home.source());
        if self == Self::Import {
            return Ok(());
        }
        if self == Self::Restore {
            let first = format!("sqlite:{}", home.root.join("first.db").display());
            let database = open(&first)?;
            database.migrations().migrate()?;
            import_folder(&database, &home.source(), &home.backups())?;
            drop(database);
            return program::run(&program::backup_words(home, &first));
        }
        let report = import_folder(&home.open()?, &home.source(), &home.backups())?;
        if report.exit_code != 0 {
            return Err(format!("the small folder is not imported: {}", report.summary()).into());
        }
        match self {
            Self::Reimport | Self::Rollback => change(home),
            _ => Ok(()),
        }
    }

    /// The words for the program `landfast` when it does the work, not this program.
    pub(crate) fn program_words(self, home: &Home) -> Option<Vec<String>> {
        match self {
            Self::Backup => Some(program::backup_words(home, &home.url)),
            Self::Restore => Some(program::restore_words(home, &home.url)),
            _ => None,
        }
    }

    /// Does it; the exit code is that of the command line.
    pub(crate) fn work(self, home: &Home) -> Result<u8, AnyError> {
        if let Some(words) = self.program_words(home) {
            program::run(&words)?;
            return Ok(DONE);
        }
        let database = home.open()?;
        let user = UserId::guest();
        let never = AtomicBool::new(false);
        match self {
            Self::Import | Self::Reimport => {
                return Ok(import_folder(&database, &home.source(), &home.backups())?.exit_code);
            }
            Self::Export => {
                let request = ExportRequest { user, target: &home.out(), overwrite: true };
                export(&database, &request, &Quiet, &never)?;
            }
            Self::Rollback => {
                let request = RollbackRequest { user, paths: &[], backup_root: &home.backups(), dry_run: false };
                rollback(&database, &request, &Quiet)?;
            }
            Self::Archive => {
                let request = ArchiveRequest {
                    user,
                    target: &home.out(),
                    backup_root: &home.backups(),
                    limits: Limits::default(),
                    clock: &|| Timestamp::parse("2026-03-07 10:00").expect("a time"),
                };
                archive(&database, &request, &Quiet, &never)?;
            }
            Self::Copy => {
                copy(&database, &home.open_other()?, &Quiet, &never)?;
            }
            Self::Backup | Self::Restore => {}
        }
        Ok(DONE)
    }

    /// Does it once more after a disturbance, as a person would, until it is done.
    pub(crate) fn finish(self, home: &Home) -> Result<(), AnyError> {
        match self {
            // What has its names is complete, which the end looks at; else a person removes it and begins again.
            Self::Backup if program::is_backed_up(home) => return Ok(()),
            Self::Backup => program::remove_backup(home)?,
            // The program does not restore over rows in PostgreSQL.
            Self::Restore if rows(&home.url)? > 0 => return Ok(()),
            _ => {}
        }
        match self.work(home) {
            Ok(DONE) => Ok(()),
            Ok(code) => Err(format!("the next run ends with exit code {code}").into()),
            // The copy was complete when it was ended.
            Err(error) if self == Self::Copy && matches!(error.downcast_ref(), Some(Error::NotEmpty { .. })) => Ok(()),
            Err(error) => Err(format!("the next run fails: {error}").into()),
        }
    }

    /// What must hold right after a disturbance; `before` are the legacy files as they were.
    pub(crate) fn check(self, home: &Home, before: &Tree, reference: &End) -> Result<(), AnyError> {
        let now = live(&folder::read(&home.source()));
        match self {
            Self::Rollback => whole_areas(before, &reference.source, &now)?,
            _ => {
                if let Some(path) = tree_difference(&now, before) {
                    return Err(format!("the source {path} was changed").into());
                }
            }
        }
        match self {
            Self::Archive => finished(&folder::read(&home.out()), &reference.made, |path| path.ends_with(".tar.zst")),
            Self::Copy => {
                let guest = UserId::guest();
                let (from, to) = (digests(&home.open()?, &guest)?, digests(&home.open_other()?, &guest)?);
                if to.values().all(|digest| digest.rows == 0) || to == from {
                    Ok(())
                } else {
                    Err("the target of the copy is half full".into())
                }
            }
            Self::Restore => {
                let found = digests(&home.open()?, &UserId::guest())?;
                if found.values().all(|digest| digest.rows == 0) || found == reference.rows {
                    Ok(())
                } else {
                    Err("the database is half restored".into())
                }
            }
            _ => Ok(()),
        }
    }

    /// The state that is compared in the end.
    pub(crate) fn end(self, home: &Home) -> Result<End, AnyError> {
        let out = home.out();
        let made = matches!(self, Self::Archive | Self::Export).then_some(out.as_path());
        let mut end = End::of(home, made, self.needs_both())?;
        if self == Self::Backup {
            end.other_rows = program::restored_rows(home)?;
        }
        end.made.retain(|path, _| !path.starts_with('.') && !path.contains("/."));
        Ok(end)
    }
}

/// Rows of the guest in a database.
fn rows(url: &str) -> Result<u64, AnyError> {
    Ok(digests(&open(url)?, &UserId::guest())?.values().map(|digest| digest.rows).sum())
}

/// Every file that has its final name is complete.
fn finished(now: &Tree, reference: &Tree, is_final: impl Fn(&str) -> bool) -> Result<(), AnyError> {
    for (path, content) in now.iter().filter(|(path, _)| !path.starts_with('.') && is_final(path)) {
        if reference.get(path) != Some(content) {
            return Err(format!("{path} has its name, but not its content").into());
        }
    }
    Ok(())
}

/// Every folder of an area is as it was or as it is to be, nothing between.
fn whole_areas(before: &Tree, after: &Tree, now: &Tree) -> Result<(), AnyError> {
    for area in ["tasks", "delivery", "presentations", "runs"] {
        let own = folder::below(now, area);
        if own != folder::below(before, area) && own != folder::below(after, area) {
            return Err(format!("the folder {area} is neither as it was nor as it is to be").into());
        }
    }
    Ok(())
}

/// Changes, adds and removes something in two areas, as the legacy programs would.
fn change(home: &Home) -> Result<(), AnyError> {
    let edit = |path: &str, from: &str, to: &str| -> Result<(), AnyError> {
        let path = home.source().join(path);
        let text = fs::read_to_string(&path)?;
        if !text.contains(from) {
            return Err(format!("{} does not hold {from:?}", path.display()).into());
        }
        Ok(fs::write(&path, text.replacen(from, to, 1))?)
    };
    edit("tasks/tasks.csv", "Review", "Look at")?;
    edit("tasks/emotions.csv", "calm,1\n", "calm,1\nnewly felt,1\n")?;
    edit("delivery/profiles/aland/queries/main/query.json", "\"name\": \"", "\"name\": \"Renamed ")?;
    edit("presentations/presentation_jobs.snapshot.json", "\"progress\": 100.0", "\"progress\": 99.5")
}
