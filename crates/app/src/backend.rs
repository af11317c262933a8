//! Which store a command works on, and what happens when it cannot be reached.
//!
//! `DATABASE_URL` decides; without one it is the SQLite database in the data directory. A database that
//! cannot be reached when `serve` or `tasks` starts may be replaced by the legacy folder, if one is
//! configured and strict mode is off. The choice is made once, at the start: a failure later is an error.

use crate::commands::Context;
use crate::config::{Config, Origin};
use crate::failure::{Exit, Failure, with_causes};
use crate::output::{Style, safe, say};
use crate::serve::Notice;
use crate::stages;
use landfast_cutover::{Divergence, mark_diverged, read_diverged};
use landfast_domain::Store;
use landfast_domain::cutover::Stage;
use landfast_legacy::files::FileStore;
use landfast_store::{Database, DatabaseUrl, Error as StoreError, PoolOptions};
use std::path::Path;
use std::sync::Arc;

/// An open store.
#[derive(Clone)]
pub struct Opened {
    /// The store.
    pub store: Arc<dyn Store>,
    /// The same as a database, unless it is a folder of files.
    pub database: Option<Database>,
    /// Where it is, without a password.
    pub place: String,
    /// What a person should know: a fallback, a mark an earlier one left.
    pub notices: Vec<Notice>,
}

/// What to do when the schema is not that of this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schema {
    /// Apply what is pending; for a missing SQLite file, make it.
    Apply,
    /// Say so and end with exit code 6.
    Require,
    /// Leave it alone; for commands that look at the schema themselves.
    Leave,
}

/// The URL of the store, from the settings.
///
/// # Errors
/// For a URL that is not understood, without repeating its password.
pub fn url(config: &Config) -> Result<DatabaseUrl, Failure> {
    let text = config.text("database_url");
    if text.trim().is_empty() {
        return Ok(DatabaseUrl::sqlite(default_file(config)));
    }
    DatabaseUrl::parse(text).map_err(|error| {
        let origin = config.setting("database_url").map_or(Origin::Default, |setting| setting.origin.clone());
        Failure::usage(format!("{} (from {origin})", with_causes(&error)))
            .hint("write sqlite:PATH, postgres://USER@HOST/NAME or files:DIR; without a URL it is SQLite in the data directory")
    })
}

/// Whether a SQLite database does not exist yet.
#[must_use]
pub fn is_missing(url: &DatabaseUrl) -> bool {
    matches!(url, DatabaseUrl::Sqlite(path) if !path.exists())
}

fn default_file(config: &Config) -> std::path::PathBuf {
    config.data_dir().join("landfast.db")
}

/// Opens the database. A folder of files is refused, an unreachable database is an error.
///
/// # Errors
/// Usage for `files:`, exit code 6 for a schema that is not current, else the reason.
pub fn open_database(context: &Context, schema: Schema) -> Result<Opened, Failure> {
    let url = url(&context.config)?;
    if matches!(url, DatabaseUrl::Files(_)) {
        return Err(Failure::usage(format!("this command needs a database, not {url}"))
            .hint("name one with --database-url or DATABASE_URL: sqlite:PATH or postgres://…"));
    }
    let database = connect(&context.config, &url, schema)?;
    check_schema(&database, schema)?;
    Ok(opened(context, database))
}

/// Makes sure that a SQLite database has its file, so that it can be opened by a command that looks at the
/// schema itself.
///
/// # Errors
/// As [`open_database`].
pub fn make_database(context: &Context) -> Result<(), Failure> {
    let url = url(&context.config)?;
    if let DatabaseUrl::Sqlite(path) = &url {
        prepare_sqlite(&context.config, path, true)?;
        let options = PoolOptions { size: 1, ..PoolOptions::default() };
        Database::open(&url, options).map_err(|error| store_failure(&error))?;
    }
    Ok(())
}

/// Opens the store `tasks` works on: a database with a current schema, or a folder of files; or the legacy
/// folder when the database cannot be reached and that is allowed.
///
/// # Errors
/// As [`open_database`]; also when the folder cannot be used.
pub fn open_store(context: &Context) -> Result<Opened, Failure> {
    open_or_fall_back(context, Schema::Require)
}

/// Opens the store `serve` shows; pending schema migrations are applied.
///
/// # Errors
/// As [`open_store`].
pub fn open_for_serve(context: &Context) -> Result<Opened, Failure> {
    open_or_fall_back(context, Schema::Apply)
}

fn open_or_fall_back(context: &Context, schema: Schema) -> Result<Opened, Failure> {
    let config = &context.config;
    let url = url(config)?;
    if let DatabaseUrl::Files(folder) = &url {
        return open_files(folder, url.to_string(), Vec::new());
    }
    let failure = match try_connect(config, &url, schema)? {
        Ok(database) => {
            check_schema(&database, schema)?;
            return paired(context, opened(context, database));
        }
        Err(error) => error,
    };
    let reason = with_causes(&failure);
    let Some(folder) = config.legacy_dir() else { return Err(unreachable_database(&failure)) };
    if config.strict() {
        return Err(unreachable_database(&failure).hint(format!(
            "strict mode is on (DISABLE_CSV_FALLBACK), so the legacy folder {} was not used; start the database and try again",
            folder.display()
        )));
    }
    fall_back(&folder, &reason)
}

fn fall_back(folder: &Path, reason: &str) -> Result<Opened, Failure> {
    let place = format!("files:{}", folder.display());
    let text = format!(
        "{reason}. Working on the legacy folder {} instead: changes made now are not in the database. \
         A mark in that folder reminds of it at the next start with the database.",
        folder.display()
    );
    let opened = open_files(
        folder,
        place,
        vec![Notice { level: "bad", title: "The database cannot be reached".to_owned(), text }],
    )?;
    mark_diverged(folder, crate::clock::Clock::now().utc, reason).map_err(|error| {
        Failure::failed(format!(
            "cannot leave a mark in the legacy folder {}: {}",
            folder.display(),
            with_causes(&error)
        ))
        .hint("the fallback is only used when it leaves a mark; make the folder writable or start the database")
    })?;
    report(&opened.notices);
    Ok(opened)
}

/// The same as a pair of files and database, when an area is not only in the database.
fn paired(context: &Context, opened: Opened) -> Result<Opened, Failure> {
    let database = opened.require_database()?;
    let Some(folder) = stages::folder_in_use(context, database)? else { return Ok(opened) };
    let pair = stages::open_pair(context, database, &folder, |_| Stage::Database)?;
    let late: Vec<Notice> = stages::catch_up(&pair)?
        .into_iter()
        .map(|text| Notice { level: "warn", title: "Files and database are not in step".to_owned(), text })
        .collect();
    report(&late);
    let notices = opened.notices.into_iter().chain(late).collect();
    let place = format!("{} with files:{}", opened.place, folder.display());
    Ok(Opened { store: Arc::new(pair), place, notices, ..opened })
}

fn opened(context: &Context, database: Database) -> Opened {
    let place = database.url().to_string();
    let notices = context.config.legacy_dir().map_or_else(Vec::new, |folder| {
        divergence_notices(&folder, &|| stages::count_differences(context, &database, &folder))
    });
    report(&notices);
    Opened { store: Arc::new(database.clone()), database: Some(database), place, notices }
}

/// What an earlier fallback left behind.
fn divergence_notices(folder: &Path, count: &dyn Fn() -> Option<String>) -> Vec<Notice> {
    match read_diverged(folder) {
        Ok(None) => Vec::new(),
        Ok(Some(Divergence { since, reason, .. })) => vec![Notice {
            level: "warn",
            title: "The legacy folder was used in the meantime".to_owned(),
            text: format!(
                "since {since} UTC ({reason}). {} `landfast cutover reconcile --folder {}` merges them and removes the mark.",
                count().unwrap_or_else(|| "Files and database may differ.".to_owned()),
                folder.display(),
            ),
        }],
        Err(error) => vec![Notice {
            level: "warn",
            title: "The mark of a fallback cannot be read".to_owned(),
            text: with_causes(&error),
        }],
    }
}

/// Says notices on stderr, also when quiet was asked for: they are no talk.
fn report(notices: &[Notice]) {
    let style = Style::stderr();
    for notice in notices {
        say(&format!("{} {}: {}", style.warn("attention:"), notice.title, safe(&notice.text)));
    }
}

fn open_files(folder: &Path, place: String, notices: Vec<Notice>) -> Result<Opened, Failure> {
    // The file store would make a missing folder; a mistyped path would then look like a store without data.
    if !folder.is_dir() {
        return Err(Failure::failed(format!("{} is no folder", folder.display())).hint(
            "name an existing folder of legacy files, for instance files:path/to/data, or make an empty one first",
        ));
    }
    let store = FileStore::open(folder)
        .map_err(|error| Failure::from(error).at(folder.display()).hint("the folder must be readable and writable"))?;
    Ok(Opened { store: Arc::new(store), database: None, place, notices })
}

fn connect(config: &Config, url: &DatabaseUrl, schema: Schema) -> Result<Database, Failure> {
    try_connect(config, url, schema)?.map_err(|error| unreachable_database(&error))
}

/// The inner error is that of a database that cannot be reached; every other one ends the command.
fn try_connect(config: &Config, url: &DatabaseUrl, schema: Schema) -> Result<Result<Database, StoreError>, Failure> {
    let create = schema == Schema::Apply;
    if let DatabaseUrl::Sqlite(path) = url {
        prepare_sqlite(config, path, create)?;
    }
    let connect = config.seconds("connect_seconds")?;
    let options = PoolOptions {
        size: config.number("pool_size")?,
        idle_timeout: Some(config.seconds("pool_idle_seconds")?),
        connect_timeout: connect,
        checkout_timeout: connect.max(PoolOptions::default().checkout_timeout),
        create,
        ..PoolOptions::default()
    };
    match Database::open(url, options) {
        Ok(database) => Ok(Ok(database)),
        Err(error @ (StoreError::Connect { .. } | StoreError::Pool(_))) => Ok(Err(error)),
        Err(error) => Err(store_failure(&error)),
    }
}

/// Makes the folder of the default database; a missing file is a schema that is not there yet.
fn prepare_sqlite(config: &Config, path: &Path, create: bool) -> Result<(), Failure> {
    let missing = || {
        Failure::failed(format!("there is no database at {} yet", path.display()))
            .with_exit(Exit::Schema)
            .hint("`landfast import PATH` loads legacy data into a new one, `landfast db migrate` makes an empty one")
    };
    let exists = path.try_exists().map_err(|error| Failure::failed(format!("{}: {error}", path.display())))?;
    if exists {
        return Ok(());
    }
    if !create {
        return Err(missing());
    }
    if path == default_file(config) {
        let folder = config.data_dir();
        std::fs::create_dir_all(&folder).map_err(|error| {
            Failure::failed(format!("cannot make the data directory {}: {error}", folder.display()))
                .hint("choose another one with --data-dir or LANDFAST_DATA_DIR")
        })?;
    }
    Ok(())
}

fn check_schema(database: &Database, schema: Schema) -> Result<(), Failure> {
    match schema {
        Schema::Leave => Ok(()),
        Schema::Apply => {
            database.migrations().migrate().map(drop).map_err(|error| store_failure(&error).at(database.url()))
        }
        Schema::Require => {
            database.migrations().require_current().map_err(|error| store_failure(&error).at(database.url()))
        }
    }
}

fn unreachable_database(error: &StoreError) -> Failure {
    Failure::failed(with_causes(error))
        .hint("start the database or correct DATABASE_URL; `landfast config` shows where the URL comes from")
}

/// A failure of the store crate with the exit code and the advice that fit.
#[must_use]
pub fn store_failure(error: &StoreError) -> Failure {
    let failure = Failure::failed(with_causes(error));
    match error {
        StoreError::NoScheme | StoreError::UnknownScheme { .. } | StoreError::Url { .. } => {
            failure.with_exit(Exit::Usage)
        }
        StoreError::Feature { .. } => {
            failure.with_exit(Exit::Usage).hint("build with `cargo build --release --features pg-tls`")
        }
        StoreError::Busy { .. } => {
            failure.with_exit(Exit::Busy).hint("wait until the other process is done and try again")
        }
        StoreError::Outdated { .. } => failure.with_exit(Exit::Schema).hint("run `landfast db migrate`; data stays"),
        StoreError::Newer { .. } => {
            failure.with_exit(Exit::Schema).hint("use the newer landfast this database belongs to")
        }
        StoreError::Changed { .. } | StoreError::Skipped { .. } => failure
            .with_exit(Exit::Schema)
            .hint("this database was migrated by another build; restore a backup or use that build"),
        _ => failure.hint("`landfast doctor` checks the database"),
    }
}

impl Opened {
    /// The database; only for stores opened by [`open_database`], which are none else.
    ///
    /// # Errors
    /// When the store is a folder of files.
    pub fn require_database(&self) -> Result<&Database, Failure> {
        self.database
            .as_ref()
            .ok_or_else(|| Failure::usage(format!("this command needs a database, not {}", self.place)))
    }

    /// Where the import ledger is: the database, also while files lead.
    #[must_use]
    pub fn ledger(&self) -> &dyn Store {
        match &self.database {
            Some(database) => database,
            None => self.store.as_ref(),
        }
    }

    /// Whether the store answers and its schema is current; else why not.
    ///
    /// # Errors
    /// The reason as one sentence.
    pub fn readiness(&self) -> Result<(), String> {
        match &self.database {
            Some(database) => database
                .ping()
                .and_then(|()| database.migrations().require_current())
                .map_err(|error| with_causes(&error)),
            None => self
                .store
                .read(|repositories| repositories.accounts().list().map(drop))
                .map_err(|error| with_causes(&error)),
        }
    }
}
