//! Files of a run.

use super::TimeText;

/// What comparing a file with the hash its manifest lists gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HashOutcome {
    /// No manifest lists the file, or it is not there.
    Unlisted,
    /// The same bytes.
    Equal,
    /// The same once each LF is CRLF: hashes were taken from files written on Windows.
    EqualAfterNewlines,
    /// Other bytes.
    Different,
    /// The manifest lists the file without a hash.
    Empty,
}

impl HashOutcome {
    /// All outcomes.
    pub const ALL: [Self; 5] = [Self::Unlisted, Self::Equal, Self::EqualAfterNewlines, Self::Different, Self::Empty];

    /// Text of columns and reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unlisted => "unlisted",
            Self::Equal => "equal",
            Self::EqualAfterNewlines => "equal-after-newlines",
            Self::Different => "different",
            Self::Empty => "empty",
        }
    }

    /// Reads [`HashOutcome::as_str`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == text)
    }
}

/// A file of a run, on disk or only listed. Its bytes stay where they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunFile {
    /// Path below `output/` for result files, else below the run's directory, with `/`. Unique within the
    /// run: a file outside of `output/` with the name of a result file is `./name`.
    pub filename: String,
    /// `csv`, `json`, `txt` and so on: the ending in lower case, or the type a manifest gives a file that is not
    /// there.
    pub file_type: String,
    /// Length in bytes; `None` for a file that is not there.
    pub size_bytes: Option<i64>,
    /// Where the file is, below the folder that holds `runs`, `outputs` and `experiments`, with `/`. `None` for
    /// a file that is not there.
    pub storage_path: Option<String>,
    /// SHA-256 of the file, lower-case hex, where it was taken.
    pub sha256: Option<String>,
    /// Creation as a manifest tells it.
    pub created_at: Option<TimeText>,
    /// The list in the run's state names it.
    pub in_state: bool,
    /// Its manifest names it.
    pub in_manifest: bool,
    /// It is there.
    pub on_disk: bool,
    /// How it compares with its manifest.
    pub hash: HashOutcome,
}

impl RunFile {
    /// A file nothing is known about but its name.
    #[must_use]
    pub fn named(filename: impl Into<String>) -> Self {
        let filename = filename.into();
        Self {
            file_type: file_type(&filename),
            filename,
            size_bytes: None,
            storage_path: None,
            sha256: None,
            created_at: None,
            in_state: false,
            in_manifest: false,
            on_disk: false,
            hash: HashOutcome::Unlisted,
        }
    }
}

/// Ending of a file name in lower case, empty when it has none.
#[must_use]
pub fn file_type(name: &str) -> String {
    let last = last_part(name);
    match last.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() => ending.to_lowercase(),
        _ => String::new(),
    }
}

/// What follows the last `/` or `\` of a path.
///
/// ```
/// assert_eq!(landfast_domain::runs::last_part("C:\\Dev\\uploads/run.csv"), "run.csv");
/// ```
#[must_use]
pub fn last_part(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// Whether a listed path may be looked up below the run's directory: relative, with `/`, of names that mean
/// nothing else on any system.
///
/// ```
/// use landfast_domain::runs::is_safe_path;
///
/// assert!(is_safe_path("plots/VE_Correction.csv"));
/// for path in ["../x", "/etc/passwd", "C:\\x", "c:x", "a\\b", "a/./b", "a//b", "", "a\0", "nul"] {
///     assert!(!is_safe_path(path), "{path}");
/// }
/// ```
#[must_use]
pub fn is_safe_path(path: &str) -> bool {
    path.split('/').all(super::id::is_directory_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings() {
        for (name, ending) in [("a.CSV", "csv"), ("b/c.tar.gz", "gz"), (".hidden", ""), ("x.d/plain", ""), ("", "")] {
            assert_eq!(file_type(name), ending, "{name}");
        }
        for outcome in HashOutcome::ALL {
            assert_eq!(HashOutcome::parse(outcome.as_str()), Some(outcome));
        }
    }
}
