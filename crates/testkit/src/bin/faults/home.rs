//! A folder with legacy data and a database, put back to its prepared state before every point.

use crate::AnyError;
use landfast_cutover::{ExportRequest, Quiet, TableDigest, digests, export};
use landfast_domain::accounts::UserId;
use landfast_store::{Database, DatabaseUrl, PoolOptions};
use landfast_testkit::databases::PostgresDatabase;
use landfast_testkit::folder::{self, Tree};
use landfast_testkit::golden::copy_folder;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use tempfile::TempDir;

/// Kind of database an operation works on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Sqlite,
    Postgres,
}

impl Kind {
    pub(crate) const ALL: [Self; 2] = [Self::Sqlite, Self::Postgres];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// Where an operation works: everything of it lies below `root`, but for PostgreSQL's databases.
pub(crate) struct Home {
    pub(crate) root: PathBuf,
    /// The database.
    pub(crate) url: String,
    /// A second, empty one of the other kind, for copies.
    pub(crate) other: String,
}

impl Home {
    pub(crate) fn source(&self) -> PathBuf {
        self.root.join("source")
    }

    pub(crate) fn backups(&self) -> PathBuf {
        self.root.join("backups")
    }

    /// What operations write besides: exports, archives, backups of the database.
    pub(crate) fn out(&self) -> PathBuf {
        self.root.join("out")
    }

    pub(crate) fn open(&self) -> Result<Database, AnyError> {
        open(&self.url)
    }

    pub(crate) fn open_other(&self) -> Result<Database, AnyError> {
        open(&self.other)
    }

    fn sqlite_url(&self) -> String {
        format!("sqlite:{}", self.root.join("landfast.db").display())
    }
}

pub(crate) fn open(url: &str) -> Result<Database, AnyError> {
    Ok(Database::open(&DatabaseUrl::parse(url)?, PoolOptions::default())?)
}

/// Makes equal homes, one after the other, all in the same place.
pub(crate) struct Homes {
    // Fields are dropped in this order: databases before the folder.
    point: Option<PostgresDatabase>,
    base: Option<PostgresDatabase>,
    kind: Kind,
    folder: TempDir,
}

impl Homes {
    /// Prepares one home; `None` when it needs PostgreSQL and that was declared absent.
    pub(crate) fn new(
        kind: Kind,
        needs_both: bool,
        prepare: impl FnOnce(&Home) -> Result<(), AnyError>,
    ) -> Result<Option<Self>, AnyError> {
        let needs_postgres = kind == Kind::Postgres || needs_both;
        let base = if needs_postgres { PostgresDatabase::migrated() } else { None };
        if needs_postgres && base.is_none() {
            return Ok(None);
        }
        let mut homes = Self { point: None, base, kind, folder: folder_in_memory()? };
        fs::create_dir_all(homes.root())?;
        let home = homes.home(homes.base.as_ref().map_or("", |base| base.url()));
        if kind == Kind::Sqlite || needs_both {
            open(&home.sqlite_url())?.migrations().migrate()?;
        }
        prepare(&home)?;
        fs::rename(homes.root(), homes.folder.path().join("base"))?;
        homes.point = None;
        Ok(Some(homes))
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// A home as it was prepared.
    pub(crate) fn fresh(&mut self) -> Result<Home, AnyError> {
        if self.root().exists() {
            fs::remove_dir_all(self.root())?;
        }
        copy_folder(&self.folder.path().join("base"), &self.root());
        self.point = None;
        self.point = self.base.as_ref().map(PostgresDatabase::copied);
        Ok(self.home(self.point.as_ref().map_or("", |point| point.url())))
    }

    fn home(&self, postgres: &str) -> Home {
        let root = self.root();
        let mut home = Home { root, url: postgres.to_owned(), other: postgres.to_owned() };
        let sqlite = home.sqlite_url();
        match self.kind {
            Kind::Sqlite => home.url = sqlite,
            Kind::Postgres => home.other = sqlite,
        }
        home
    }
}

/// A folder whose syncs cost nothing, where the system has one: a killed process does not lose what it wrote.
fn folder_in_memory() -> Result<TempDir, AnyError> {
    let memory = Path::new("/dev/shm");
    Ok(if memory.is_dir() { tempfile::tempdir_in(memory)? } else { tempfile::tempdir()? })
}

/// What must be equal in the end, whatever happened on the way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct End {
    /// Rows of the database.
    pub(crate) rows: BTreeMap<String, TableDigest>,
    /// Rows of the other database.
    pub(crate) other_rows: BTreeMap<String, TableDigest>,
    /// Files an export of the database gives.
    pub(crate) exported: Tree,
    /// The legacy files.
    pub(crate) source: Tree,
    /// Files the operation made, if they are always the same.
    pub(crate) made: Tree,
}

impl End {
    /// Looks at everything; `made` names the folder of files to compare, `both` says that the other database
    /// counts as well.
    pub(crate) fn of(home: &Home, made: Option<&Path>, both: bool) -> Result<Self, AnyError> {
        let guest = UserId::guest();
        let database = home.open()?;
        let target = home.root.join("end");
        if target.exists() {
            fs::remove_dir_all(&target)?;
        }
        let request = ExportRequest { user: guest.clone(), target: &target, overwrite: false };
        export(&database, &request, &Quiet, &AtomicBool::new(false))?;
        Ok(Self {
            rows: digests(&database, &guest)?,
            other_rows: if both { digests(&home.open_other()?, &guest)? } else { BTreeMap::new() },
            exported: folder::read(&target),
            source: live(&folder::read(&home.source())),
            made: made.map(folder::read).unwrap_or_default(),
        })
    }

    /// The first thing that differs, in words.
    pub(crate) fn difference(&self, other: &Self) -> Option<String> {
        if self.rows != other.rows {
            return Some(format!("rows: {:?} instead of {:?}", self.rows, other.rows));
        }
        if self.other_rows != other.other_rows {
            return Some("the other database holds other rows".to_owned());
        }
        let trees = [
            ("exported", &self.exported, &other.exported),
            ("source", &self.source, &other.source),
            ("made", &self.made, &other.made),
        ];
        trees
            .into_iter()
            .find_map(|(name, own, other)| tree_difference(own, other).map(|path| format!("{name} {path}")))
    }
}

/// The first path two trees differ in.
pub(crate) fn tree_difference(one: &Tree, other: &Tree) -> Option<String> {
    one.keys().chain(other.keys()).find(|path| one.get(*path) != other.get(*path)).cloned()
}

/// Files of the legacy folders, without what a rollback puts aside.
pub(crate) fn live(tree: &Tree) -> Tree {
    let is_aside = |path: &str| path.contains(".before-rollback-") || path.contains(".landfast-");
    tree.iter().filter(|(path, _)| !is_aside(path)).map(|(path, content)| (path.clone(), content.clone())).collect()
}
