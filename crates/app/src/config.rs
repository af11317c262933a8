//! Settings: flag, then environment, then `.env`, then the configuration file, then the default.

use crate::failure::Failure;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A command line flag.
    Flag,
    /// An environment variable, or the file that variable names.
    Environment(String),
    /// The `.env` file in the working directory.
    DotEnv(String),
    /// The configuration file.
    File(PathBuf),
    /// Built in.
    Default,
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Flag => f.write_str("command line"),
            Self::Environment(name) => write!(f, "environment {name}"),
            Self::DotEnv(name) => write!(f, ".env {name}"),
            Self::File(path) => write!(f, "file {}", path.display()),
            Self::Default => f.write_str("default"),
        }
    }
}

/// One setting with its origin.
#[derive(Debug, Clone)]
pub struct Setting {
    /// Text of the value; empty when not set.
    pub value: String,
    /// Where it came from.
    pub origin: Origin,
}

/// A known setting: key in the configuration file, environment variable, default, meaning.
pub struct Known {
    /// Key in the configuration file and in `landfast config`.
    pub key: &'static str,
    /// Environment variable.
    pub variable: &'static str,
    /// Default text.
    pub default: &'static str,
    /// What it does.
    pub meaning: &'static str,
    /// Whether it may hold a secret.
    pub secret: bool,
}

const fn known(key: &'static str, variable: &'static str, default: &'static str, meaning: &'static str) -> Known {
    Known { key, variable, default, meaning, secret: false }
}

/// Every setting.
pub const SETTINGS: &[Known] = &[
    Known {
        secret: true,
        ..known(
            "database_url",
            "DATABASE_URL",
            "",
            "sqlite:PATH, postgres://…, or files:DIR; empty means SQLite in the data directory",
        )
    },
    known("data_dir", "LANDFAST_DATA_DIR", "data", "folder of the embedded database and of the backups of sources"),
    known(
        "legacy_dir",
        "LANDFAST_LEGACY_DIR",
        "",
        "legacy folder that may serve when the database is unreachable at start",
    ),
    known("keep_backups", "LANDFAST_KEEP_BACKUPS", "5", "verified copies kept of each source folder; 0 keeps all"),
    known("strict", "DISABLE_CSV_FALLBACK", "false", "never fall back to the legacy folder"),
    known(
        "shadow_reads",
        "LANDFAST_SHADOW_READS",
        "off",
        "while files and database are both written, reads to compare in both: off, all, or a share such as 1/100",
    ),
    known(
        "mismatch_budget",
        "LANDFAST_MISMATCH_BUDGET",
        "",
        "differences found by such reads after which an area steps back by itself; empty means never",
    ),
    known("environment", "ENVIRONMENT", "development", "development or production"),
    Known {
        secret: true,
        ..known(
            "secret_key",
            "SECRET_KEY",
            "",
            "kept for configurations of the legacy program; not needed, since sessions are random tokens",
        )
    },
    known("host", "HOST", "127.0.0.1", "address serve listens on"),
    known("port", "PORT", "8080", "port serve listens on"),
    known(
        "public_url",
        "LANDFAST_PUBLIC_URL",
        "",
        "origin the pages are reached at, for instance https://tasks.example.org",
    ),
    known(
        "guest",
        "LANDFAST_GUEST",
        "auto",
        "whether visitors work as the guest without logging in: on, off, auto (off in production)",
    ),
    known(
        "registration",
        "LANDFAST_REGISTRATION",
        "open",
        "who may make an account: open, first (only the first one), closed",
    ),
    known("session_idle_minutes", "LANDFAST_SESSION_IDLE_MINUTES", "1440", "a session unused for so long ends"),
    known("session_days", "SESSION_EXPIRY_DAYS", "30", "a session ends after so many days however much it is used"),
    known("trust_proxy", "LANDFAST_TRUST_PROXY", "false", "take the client's address from X-Forwarded-For"),
    known("pool_size", "LANDFAST_POOL_SIZE", "8", "connections kept to the database"),
    known("pool_idle_seconds", "LANDFAST_POOL_IDLE_SECONDS", "600", "a connection unused for so long is closed"),
    known("connect_seconds", "LANDFAST_CONNECT_SECONDS", "10", "how long to wait for a connection"),
];

/// All settings, resolved.
#[derive(Debug, Clone)]
pub struct Config {
    settings: BTreeMap<&'static str, Setting>,
}

/// What the layers are read from; tests give their own.
#[derive(Debug, Default)]
pub struct Sources {
    /// Values of command line flags by key.
    pub flags: BTreeMap<&'static str, String>,
    /// Environment variables.
    pub environment: BTreeMap<String, String>,
    /// Variables of the `.env` file.
    pub dot_env: BTreeMap<String, String>,
    /// The configuration file, if any.
    pub file: Option<(PathBuf, toml::Table)>,
}

impl Sources {
    /// Reads the environment, `.env` in the working directory, and the configuration file.
    ///
    /// # Errors
    /// When a file exists but cannot be read or parsed; a configuration file named by a flag must exist.
    pub fn read(flags: BTreeMap<&'static str, String>, config_file: Option<&Path>) -> Result<Self, Failure> {
        let environment = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        let dot_env = match dotenvy::from_path_iter(".env") {
            Ok(pairs) => pairs
                .collect::<Result<BTreeMap<_, _>, _>>()
                .map_err(|error| Failure::usage(format!(".env: {error}")))?,
            Err(dotenvy::Error::Io(error)) if error.kind() == std::io::ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => return Err(Failure::usage(format!(".env: {error}"))),
        };
        let path = config_file.map_or_else(|| PathBuf::from("landfast.toml"), Path::to_path_buf);
        let file = match std::fs::read_to_string(&path) {
            Ok(text) => {
                let table = text
                    .parse::<toml::Table>()
                    .map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
                Some((path, table))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && config_file.is_none() => None,
            Err(error) => return Err(Failure::usage(format!("{}: {error}", path.display()))),
        };
        Ok(Self { flags, environment, dot_env, file })
    }
}

impl Config {
    /// Resolves every setting.
    ///
    /// # Errors
    /// For an unknown key or a value that is no scalar in the configuration file, and when the file
    /// named by `DATABASE_URL_FILE` cannot be read.
    pub fn resolve(sources: &Sources) -> Result<Self, Failure> {
        if let Some((path, table)) = &sources.file
            && let Some(unknown) = table.keys().find(|key| SETTINGS.iter().all(|s| s.key != key.as_str()))
        {
            let names: Vec<_> = SETTINGS.iter().map(|s| s.key).collect();
            return Err(Failure::usage(format!(
                "{}: unknown key `{unknown}`; known are {}",
                path.display(),
                names.join(", ")
            )));
        }
        let mut settings = BTreeMap::new();
        for known in SETTINGS {
            settings.insert(known.key, resolve_one(known, sources)?);
        }
        Ok(Self { settings })
    }

    /// The same settings but for one, which then counts as given on the command line.
    #[must_use]
    pub fn with(&self, key: &'static str, value: &str) -> Self {
        let mut changed = self.clone();
        changed.settings.insert(key, Setting { value: value.to_owned(), origin: Origin::Flag });
        changed
    }

    /// A setting by key.
    #[must_use]
    pub fn setting(&self, key: &str) -> Option<&Setting> {
        self.settings.get(key)
    }

    /// Text of a setting, empty when unknown.
    #[must_use]
    pub fn text(&self, key: &str) -> &str {
        self.settings.get(key).map_or("", |s| s.value.as_str())
    }

    /// The data directory.
    #[must_use]
    pub fn data_dir(&self) -> PathBuf {
        PathBuf::from(self.text("data_dir"))
    }

    /// The legacy folder for fallback, if configured.
    #[must_use]
    pub fn legacy_dir(&self) -> Option<PathBuf> {
        let text = self.text("legacy_dir");
        (!text.is_empty()).then(|| PathBuf::from(text))
    }

    /// Whether falling back to files is forbidden: `1`, `true`, `yes` in any case.
    #[must_use]
    pub fn strict(&self) -> bool {
        is_true(self.text("strict"))
    }

    /// A whole number.
    ///
    /// # Errors
    /// When the text is not one, naming where it came from.
    pub fn number<T: std::str::FromStr>(&self, key: &str) -> Result<T, Failure> {
        let setting = self.setting(key).ok_or_else(|| Failure::usage(format!("unknown setting {key}")))?;
        setting.value.trim().parse().map_err(|_| {
            Failure::usage(format!("{key} = {:?} ({}) is not a valid number", setting.value, setting.origin))
        })
    }

    /// A duration given in whole seconds.
    ///
    /// # Errors
    /// As [`Config::number`].
    pub fn seconds(&self, key: &str) -> Result<Duration, Failure> {
        Ok(Duration::from_secs(self.number(key)?))
    }
}

/// Whether a text means "on", as the legacy programs read their variables.
#[must_use]
pub fn is_true(text: &str) -> bool {
    matches!(text.trim().to_ascii_lowercase().as_str(), "1" | "true" | "yes")
}

fn resolve_one(known: &Known, sources: &Sources) -> Result<Setting, Failure> {
    if let Some(value) = sources.flags.get(known.key) {
        return Ok(Setting { value: value.clone(), origin: Origin::Flag });
    }
    type MakeOrigin = fn(String) -> Origin;
    let layers: [(&BTreeMap<String, String>, MakeOrigin); 2] =
        [(&sources.environment, Origin::Environment), (&sources.dot_env, Origin::DotEnv)];
    for (layer, origin) in layers {
        if let Some(value) = layer.get(known.variable).filter(|value| !value.is_empty()) {
            return Ok(Setting { value: value.clone(), origin: origin(known.variable.to_owned()) });
        }
        let file_variable = format!("{}_FILE", known.variable);
        if known.secret
            && let Some(path) = layer.get(&file_variable)
        {
            let value = std::fs::read_to_string(path)
                .map_err(|error| Failure::usage(format!("{file_variable}={path}: {error}")))?;
            return Ok(Setting { value: value.trim_end().to_owned(), origin: origin(file_variable) });
        }
    }
    if let Some((path, table)) = &sources.file
        && let Some(value) = table.get(known.key)
    {
        let text = match value {
            toml::Value::String(text) => text.clone(),
            toml::Value::Integer(number) => number.to_string(),
            toml::Value::Boolean(flag) => flag.to_string(),
            other => {
                return Err(Failure::usage(format!(
                    "{}: `{}` must be a text, a whole number or a flag, not a {}",
                    path.display(),
                    known.key,
                    other.type_str()
                )));
            }
        };
        return Ok(Setting { value: text, origin: Origin::File(path.clone()) });
    }
    Ok(Setting { value: known.default.to_owned(), origin: Origin::Default })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources() -> Sources {
        let mut sources = Sources {
            file: Some((PathBuf::from("landfast.toml"), "port = 1\nhost = \"file\"".parse().unwrap())),
            ..Sources::default()
        };
        sources.dot_env.insert("PORT".into(), "2".into());
        sources
    }

    #[test]
    fn flag_beats_environment_beats_dot_env_beats_file_beats_default() {
        let mut sources = sources();
        let config = Config::resolve(&sources).unwrap();
        assert_eq!((config.text("host"), config.text("port"), config.text("pool_size")), ("file", "2", "8"));
        sources.environment.insert("PORT".into(), "3".into());
        assert_eq!(Config::resolve(&sources).unwrap().text("port"), "3");
        sources.flags.insert("port", "4".into());
        let config = Config::resolve(&sources).unwrap();
        assert_eq!(config.text("port"), "4");
        assert_eq!(config.setting("port").unwrap().origin, Origin::Flag);
    }

    #[test]
    fn an_unknown_key_is_refused_and_named() {
        let sources =
            Sources { file: Some((PathBuf::from("x.toml"), "prot = 1".parse().unwrap())), ..Sources::default() };
        let error = Config::resolve(&sources).unwrap_err().to_string();
        assert!(error.contains("prot") && error.contains("x.toml"), "{error}");
    }

    #[test]
    fn a_secret_can_come_from_a_file() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "postgres://u:p@h/d\n").unwrap();
        let mut sources = Sources::default();
        sources.environment.insert("DATABASE_URL_FILE".into(), file.path().display().to_string());
        assert_eq!(Config::resolve(&sources).unwrap().text("database_url"), "postgres://u:p@h/d");
    }

    #[test]
    fn a_bad_number_names_its_origin() {
        let mut sources = Sources::default();
        sources.environment.insert("PORT".into(), "eighty".into());
        let config = Config::resolve(&sources).unwrap();
        let error = config.number::<u16>("port").unwrap_err().to_string();
        assert!(error.contains("eighty") && error.contains("PORT"), "{error}");
    }
}
