//! Ids of runs.

use super::ENTITY;
use crate::finding::storable;
use crate::time::Timestamp;
use crate::{Error, Result};
use std::fmt;

/// Identifies a run; also the name of its directory, unless another run had the name first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunId(String);

impl RunId {
    /// Most characters of a new id.
    pub const MAX_CHARS: usize = 64;

    /// The id the legacy program gives: `run_`, the time in UTC to the second, and six hexadecimal digits,
    /// which the caller draws at random (the lower 24 bits count).
    ///
    /// ```
    /// use landfast_domain::{runs::RunId, time::Timestamp};
    ///
    /// let now = Timestamp::parse("2025-12-09T14:05:07.493").unwrap();
    /// assert_eq!(RunId::generate(now, 0xd8_8b5f).as_str(), "run_2025-12-09T14-05-07Z-d88b5f");
    /// ```
    #[must_use]
    pub fn generate(now: Timestamp, random: u32) -> Self {
        Self(format!("run_{}Z-{:06x}", now.naive().format("%Y-%m-%dT%H-%M-%S"), random & 0xff_ffff))
    }

    /// The id a caller asks for, made harmless as the legacy program does: white space around it goes, and each
    /// `/`, `\` and `..` becomes `_`. `None` when nothing is left, which asks for a generated id.
    ///
    /// ```
    /// use landfast_domain::runs::RunId;
    ///
    /// assert_eq!(RunId::explicit(" ../läuf 1 ")?.unwrap().as_str(), "__läuf 1");
    /// assert_eq!(RunId::explicit("  ")?, None);
    /// assert!(RunId::explicit(".").is_err());
    /// # Ok::<(), landfast_domain::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Invalid`] for what is no name of a directory everywhere: `.`, control characters, any of
    /// `< > : " | ? *`, a point or blank at the end, the names of devices (`con`, `nul`, …), more than 64
    /// characters.
    pub fn explicit(text: &str) -> Result<Option<Self>> {
        let text = crate::text::python_strip(text).replace(['/', '\\'], "_").replace("..", "_");
        if text.is_empty() {
            return Ok(None);
        }
        if text.chars().count() > Self::MAX_CHARS || !is_directory_name(&text) {
            let reason = "must be a name for a directory, of at most 64 characters";
            return Err(Error::Invalid { entity: ENTITY, field: "id", value: text, reason });
        }
        Ok(Some(Self(text)))
    }

    /// The id of a run that exists, whatever it looks like. U+0000 becomes U+2400.
    #[must_use]
    pub fn existing(text: &str) -> Self {
        Self(storable(text))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the id may stand in an address: ASCII letters, digits, `-` and `_` only.
    #[must_use]
    pub fn is_url_safe(&self) -> bool {
        !self.0.is_empty() && self.0.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for RunId {
    fn from(text: &str) -> Self {
        Self::existing(text)
    }
}

/// Whether a text names a directory, and nothing else, on every common system.
pub(super) fn is_directory_name(name: &str) -> bool {
    const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];
    let stem = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let numbered = |prefix: &str| {
        stem.strip_prefix(prefix).is_some_and(|rest| rest.len() == 1 && rest.bytes().all(|b| b.is_ascii_digit()))
    };
    let illegal = |c: char| c.is_control() || "<>:\"|?*/\\\u{2400}".contains(c);
    !name.is_empty()
        && !name.contains(illegal)
        && !matches!(name, "." | "..")
        && !name.ends_with(['.', ' '])
        && name.len() <= 255
        && !DEVICES.contains(&stem.as_str())
        && !numbered("com")
        && !numbered("lpt")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn unsafe_names_are_refused() {
        for text in [".", "a\nb", "a:b", "c:", "nul", "CON.txt", "lpt1", "a.", "a?", &"x".repeat(65)] {
            assert!(matches!(RunId::explicit(text), Err(Error::Invalid { .. })), "{text:?}");
        }
        for text in ["run_1", "läuf 1", ".hidden", "console", "com10", "a.b"] {
            assert_eq!(RunId::explicit(text).unwrap().unwrap().as_str(), text);
        }
        assert_eq!(RunId::explicit("..").unwrap().unwrap().as_str(), "_");
    }

    #[test]
    fn generated_ids_have_31_characters_and_are_safe() {
        let id = RunId::generate(Timestamp::parse("2025-01-02 03:04:05").unwrap(), u32::MAX);
        assert_eq!((id.as_str().len(), id.is_url_safe()), (31, true));
        assert!(!RunId::existing("").is_url_safe() && !RunId::existing("a b").is_url_safe());
    }

    proptest! {
        #[test]
        fn what_is_accepted_stays_in_its_folder(text in "[a-c./\\\\ :*\u{0}ä]{0,12}") {
            if let Ok(Some(id)) = RunId::explicit(&text) {
                prop_assert!(is_directory_name(id.as_str()));
                prop_assert_eq!(std::path::Path::new(id.as_str()).components().count(), 1);
            }
        }
    }
}
