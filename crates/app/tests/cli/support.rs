//! A folder to work in, the program, and what it answered.

use landfast_testkit::databases::PostgresDatabase;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Variables the program reads; a test sets those it means.
const VARIABLES: [&str; 19] = [
    "DATABASE_URL",
    "DATABASE_URL_FILE",
    "LANDFAST_DATA_DIR",
    "LANDFAST_KEEP_BACKUPS",
    "LANDFAST_LEGACY_DIR",
    "DISABLE_CSV_FALLBACK",
    "ENVIRONMENT",
    "SECRET_KEY",
    "SECRET_KEY_FILE",
    "HOST",
    "PORT",
    "LANDFAST_POOL_SIZE",
    "LANDFAST_POOL_IDLE_SECONDS",
    "LANDFAST_CONNECT_SECONDS",
    "LANDFAST_LOG",
    "NO_COLOR",
    "PGHOST",
    "PGUSER",
    "PGPASSWORD",
];

/// A temporary working directory with the program in it.
pub struct Sandbox {
    folder: tempfile::TempDir,
    environment: Vec<(String, String)>,
    // Dropped with the sandbox.
    _database: Option<PostgresDatabase>,
}

impl Sandbox {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), environment: Vec::new(), _database: None }
    }

    /// One sandbox for each store: the default SQLite file, a folder of files, and PostgreSQL where there is one.
    pub fn on_every_store() -> Vec<(&'static str, Self)> {
        let files = Self::new();
        std::fs::create_dir(files.path("store")).unwrap();
        let mut all = Self::on_every_database();
        all.push(("files", files.with("DATABASE_URL", "files:store")));
        all
    }

    /// One sandbox for each database, which is empty.
    pub fn on_every_database() -> Vec<(&'static str, Self)> {
        let mut all = vec![("sqlite", Self::new())];
        if let Some(database) = PostgresDatabase::empty() {
            let mut postgres = Self::new().with("DATABASE_URL", database.url());
            postgres._database = Some(database);
            all.push(("postgres", postgres));
        }
        all
    }

    pub fn with(mut self, variable: &str, value: &str) -> Self {
        self.environment.retain(|(name, _)| name != variable);
        self.environment.push((variable.to_owned(), value.to_owned()));
        self
    }

    /// Value of a variable set with [`Sandbox::with`].
    pub fn variable(&self, variable: &str) -> Option<&str> {
        self.environment.iter().find(|(name, _)| name == variable).map(|(_, value)| value.as_str())
    }

    /// Puts the recorded files of this age into a folder and gives back its path below the working directory.
    pub fn legacy_folder(&self, age: &str) -> String {
        let folder = format!("old-{age}");
        copy_legacy(age, &self.path(&folder));
        folder
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The program, ready to be started in the working directory.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_landfast"));
        for variable in VARIABLES {
            command.env_remove(variable);
        }
        let environment = self.environment.iter().map(|(name, value)| (name, value));
        command.current_dir(self.folder.path()).envs(environment).args(arguments).stdin(Stdio::null());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Ran {
        Ran::new(arguments, self.command(arguments).output().unwrap())
    }

    /// Runs and expects this exit code.
    #[track_caller]
    pub fn expect(&self, code: i32, arguments: &[&str]) -> Ran {
        let ran = self.run(arguments);
        assert_eq!(ran.code, code, "{ran:?}");
        ran
    }

    /// Runs, expects success, and reads the JSON document it printed.
    #[track_caller]
    pub fn json(&self, arguments: &[&str]) -> Value {
        let ran = self.expect(0, arguments);
        let value = ran.json();
        assert_eq!(value["schema"], 1, "{ran:?}");
        value
    }
}

/// What the program answered.
#[derive(Debug)]
#[expect(dead_code, reason = "shown when a test fails")]
pub struct Ran {
    arguments: Vec<String>,
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    pub fn new(arguments: &[&str], output: Output) -> Self {
        Self {
            arguments: arguments.iter().map(|argument| (*argument).to_owned()).collect(),
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// Folder of the recorded legacy data.
pub fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../testkit/fixtures/tasks")
}

/// The recorded answers of the original program.
pub fn golden(age: &str) -> Value {
    let path = if age == "data" { "expected.json".to_owned() } else { format!("{age}/expected.json") };
    serde_json::from_str(&std::fs::read_to_string(fixtures().join(path)).unwrap()).unwrap()
}

/// Copies the recorded files of this age, without the recorded answers among them.
pub fn copy_legacy(age: &str, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(fixtures().join(age)).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap();
        if path.is_file() && name != "expected.json" {
            std::fs::copy(&path, to.join(name)).unwrap();
        }
    }
}

/// SHA-256 of every file below a folder, by its path.
pub fn sums(folder: &Path) -> BTreeMap<String, String> {
    fn add(folder: &Path, prefix: &str, sums: &mut BTreeMap<String, String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = format!("{prefix}{}", path.file_name().unwrap().to_str().unwrap());
            if path.is_dir() {
                add(&path, &format!("{name}/"), sums);
            } else {
                let digest = Sha256::digest(std::fs::read(&path).unwrap());
                sums.insert(name, digest.iter().map(|byte| format!("{byte:02x}")).collect());
            }
        }
    }
    let mut sums = BTreeMap::new();
    add(folder, "", &mut sums);
    sums
}

/// Exports into a new folder and gives back the sums of its files.
#[track_caller]
pub fn export_of(sandbox: &Sandbox, folder: &str) -> BTreeMap<String, String> {
    sandbox.expect(0, &["export", folder]);
    sums(&sandbox.path(folder))
}
