//! Database URLs.

use std::fmt;
use std::path::{Path, PathBuf};

use landfast_domain::store::StoreKind;

use crate::error::{Error, Result};
use crate::postgres_url::PostgresUrl;

/// Where records live.
///
/// | text | meaning |
/// |---|---|
/// | `sqlite:PATH`, `sqlite://PATH` | a SQLite file; a relative path starts at the working directory |
/// | `sqlite:///PATH` | a SQLite file, absolute |
/// | `postgres://…`, `postgresql://…` | a PostgreSQL database, with libpq's rules for everything that follows |
/// | `files:FOLDER` | a folder of legacy files; this crate only recognises it |
///
/// A SQLite path is taken literally: nothing is decoded, and there are no parameters. Neither `Display`
/// nor `Debug` shows a password.
///
/// ```
/// use landfast_store::DatabaseUrl;
/// let url = DatabaseUrl::parse("postgres://me:secret@localhost/landfast").unwrap();
/// assert_eq!(url.to_string(), "postgres://me:***@localhost/landfast");
/// assert!(DatabaseUrl::parse("mysql://localhost/x").unwrap_err().to_string().contains("`mysql`"));
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DatabaseUrl {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL database.
    Postgres(PostgresUrl),
    /// A folder of legacy files.
    Files(PathBuf),
}

impl DatabaseUrl {
    /// Reads a URL.
    ///
    /// # Errors
    /// [`Error::NoScheme`], [`Error::UnknownScheme`], or [`Error::Url`] for an empty path, a database in
    /// memory, or parameters after a SQLite path. No message repeats a part that could be a password.
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.trim();
        let (scheme, rest) = text.split_once(':').ok_or(Error::NoScheme)?;
        let is_scheme = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
        if scheme.is_empty() || !scheme.chars().all(is_scheme) {
            return Err(Error::NoScheme);
        }
        match scheme.to_ascii_lowercase().as_str() {
            "sqlite" => Ok(Self::Sqlite(sqlite_path(text, rest)?)),
            "files" => Ok(Self::Files(path(text, rest)?)),
            "postgres" | "postgresql" if rest.starts_with("//") => Ok(Self::Postgres(PostgresUrl::new(text))),
            "postgres" | "postgresql" => {
                Err(Error::Url { url: format!("{scheme}:…"), reason: "`//` must follow the scheme".to_owned() })
            }
            _ => Err(Error::UnknownScheme { scheme: scheme.to_owned() }),
        }
    }

    /// A SQLite file with this path.
    pub fn sqlite(path: impl AsRef<Path>) -> Self {
        Self::Sqlite(path.as_ref().to_owned())
    }

    /// Kind of the store the URL names.
    #[must_use]
    pub fn kind(&self) -> StoreKind {
        match self {
            Self::Sqlite(_) => StoreKind::Sqlite,
            Self::Postgres(_) => StoreKind::Postgres,
            Self::Files(_) => StoreKind::Files,
        }
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) => url.fmt(f),
            Self::Files(path) => write!(f, "files:{}", path.display()),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({self})")
    }
}

impl std::str::FromStr for DatabaseUrl {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        Self::parse(text)
    }
}

fn sqlite_path(text: &str, rest: &str) -> Result<PathBuf> {
    let refuse = |reason: &str| Err(Error::Url { url: text.to_owned(), reason: reason.to_owned() });
    let path = path(text, rest)?;
    if path == Path::new(":memory:") {
        return refuse("a database in memory exists for one connection only; name a file");
    }
    // Taken literally, `x.db?mode=ro` would quietly make a file of that name.
    if rest.split_once('?').is_some_and(|(_, parameters)| parameters.contains('=')) {
        return refuse("parameters after a SQLite path are not supported");
    }
    Ok(path)
}

fn path(text: &str, rest: &str) -> Result<PathBuf> {
    let path = rest.strip_prefix("//").unwrap_or(rest);
    if path.is_empty() || path.contains('\0') {
        return Err(Error::Url { url: text.to_owned(), reason: "a path must follow the scheme".to_owned() });
    }
    Ok(PathBuf::from(without_slash_before_drive(path)))
}

/// `sqlite:///C:/data.db` means `C:/data.db` where paths start with a drive letter.
fn without_slash_before_drive(path: &str) -> &str {
    match path.strip_prefix('/') {
        Some(rest) if cfg!(windows) && rest.as_bytes().get(1) == Some(&b':') => rest,
        _ => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sqlite_paths() {
        for (text, path) in [
            ("sqlite:data.db", "data.db"),
            ("sqlite://data/x.db", "data/x.db"),
            ("sqlite:///var/data.db", "/var/data.db"),
            ("sqlite:/var/data.db", "/var/data.db"),
            ("SQLite:what?.db", "what?.db"),
            ("sqlite:a b%20é.db", "a b%20é.db"),
        ] {
            assert_eq!(DatabaseUrl::parse(text).unwrap(), DatabaseUrl::sqlite(path), "{text}");
        }
        assert_eq!(DatabaseUrl::parse("files:/x").unwrap(), DatabaseUrl::Files("/x".into()));
    }

    #[test]
    fn refused_urls_say_why() {
        for (text, part) in [
            ("", "no scheme"),
            ("data.db", "no scheme"),
            ("/var/data.db", "no scheme"),
            ("mysql://me:secret@host/x", "`mysql`"),
            ("sqlite:", "a path must follow"),
            ("sqlite://", "a path must follow"),
            ("sqlite::memory:", "in memory"),
            ("sqlite:x.db?mode=ro", "parameters"),
            ("postgres:me:secret@host", "`//` must follow"),
            ("postgres//me:secret@host/x", "no scheme"),
            ("me:secret@host", "unknown scheme `me`"),
        ] {
            let message = DatabaseUrl::parse(text).unwrap_err().to_string();
            assert!(message.contains(part), "{text}: {message}");
            assert!(!message.contains("secret"), "{text}: {message}");
        }
    }

    #[test]
    fn kinds_are_named() {
        assert_eq!(DatabaseUrl::parse("sqlite:x").unwrap().kind(), StoreKind::Sqlite);
        assert_eq!(DatabaseUrl::parse("postgresql://h/x").unwrap().kind(), StoreKind::Postgres);
    }
}
