//! Ids and names of profiles and queries.

use crate::text::{python_lower, python_strip};
use crate::{Error, Result};
use std::fmt;

/// Most characters of the name of a profile or query, after trimming.
pub const MAX_NAME_CHARS: usize = 100;

/// Most bytes of an id: what file systems allow a folder's name to have.
pub const MAX_ID_BYTES: usize = 255;

macro_rules! folder_id {
    ($(#[$meta:meta])* $name:ident, $entity:literal) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// An id with exactly this text.
            ///
            /// # Errors
            /// [`Error::Invalid`] unless it can be the name of one folder: not empty, at most
            /// [`MAX_ID_BYTES`], not beginning with `.`, without `/`, `\` and control characters.
            pub fn new(text: impl Into<String>) -> Result<Self> {
                let text = text.into();
                check_id($entity, &text)?;
                Ok(Self(text))
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

folder_id! {
    /// Identifies a profile: the name of its folder.
    ///
    /// Forms that occur: `p_` and 12 hex digits, slugs such as `default` or `kafka-2`,
    /// `<id>_YYYYMMDD_HHMMSS` after an import, and free text with blanks or letters of any script.
    ///
    /// ```
    /// use landfast_domain::delivery::ProfileId;
    ///
    /// assert_eq!(ProfileId::new("Größe 2")?.as_str(), "Größe 2");
    /// assert!(ProfileId::new("../elsewhere").is_err());
    /// # Ok::<(), landfast_domain::Error>(())
    /// ```
    ProfileId, "profile"
}
folder_id! {
    /// Identifies a query within its profile: the name of its folder below `queries/`.
    QueryId, "query"
}

/// Identifies a query among those of all profiles.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QueryKey {
    /// The profile.
    pub profile: ProfileId,
    /// The query.
    pub query: QueryId,
}

impl QueryKey {
    /// A key of its two parts.
    #[must_use]
    pub fn new(profile: ProfileId, query: QueryId) -> Self {
        Self { profile, query }
    }

    /// The error for operations that need this query and do not find it.
    #[must_use]
    pub fn not_found(&self) -> Error {
        Error::NotFound { entity: "query", key: self.to_string() }
    }
}

/// `profile/query`.
impl fmt::Display for QueryKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.profile, self.query)
    }
}

impl ProfileId {
    /// The error for operations that need this profile and do not find it.
    #[must_use]
    pub fn not_found(&self) -> Error {
        Error::NotFound { entity: "profile", key: self.to_string() }
    }
}

/// The name without blanks around it.
///
/// # Errors
/// [`Error::Invalid`] unless 1 to [`MAX_NAME_CHARS`] characters are left.
pub fn check_name<'a>(entity: &'static str, name: &'a str) -> Result<&'a str> {
    let trimmed = python_strip(name);
    let reason = if trimmed.is_empty() {
        "must not be empty"
    } else if trimmed.chars().count() > MAX_NAME_CHARS {
        "must have at most 100 characters"
    } else {
        return Ok(trimmed);
    };
    Err(Error::Invalid { entity, field: "name", value: name.to_owned(), reason })
}

/// Two names with the same folded text count as the same name.
///
/// ```
/// use landfast_domain::delivery::fold_name;
/// assert_eq!(fold_name(" Team ÄRGER "), fold_name("team ärger"));
/// ```
#[must_use]
pub fn fold_name(name: &str) -> String {
    python_lower(python_strip(name))
}

fn check_id(entity: &'static str, text: &str) -> Result<()> {
    let reason = if text.is_empty() {
        "must not be empty"
    } else if text.len() > MAX_ID_BYTES {
        "must have at most 255 bytes"
    } else if text.starts_with('.') {
        "must not begin with a point"
    } else if text.contains(|c: char| matches!(c, '/' | '\\') || c.is_control()) {
        "must not hold slashes or control characters"
    } else {
        return Ok(());
    };
    Err(Error::Invalid { entity, field: "id", value: text.to_owned(), reason })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_names_of_one_folder() {
        for good in ["p_db5b5fab8f4d", "default", "kafka-2", "a b", "日本", "x".repeat(255).as_str()] {
            assert_eq!(ProfileId::new(good).unwrap().as_str(), good);
        }
        for bad in ["", ".", "..", ".landfast", "../x", "a/b", "a\\b", "a\0", "a\n", "x".repeat(256).as_str()] {
            assert!(matches!(QueryId::new(bad), Err(Error::Invalid { field: "id", .. })), "{bad:?}");
        }
    }

    #[test]
    fn names_are_trimmed_and_counted_in_characters() {
        assert_eq!(check_name("profile", "  Ä b\t").unwrap(), "Ä b");
        assert!(check_name("profile", &"ä".repeat(100)).is_ok());
        assert!(check_name("profile", &"ä".repeat(101)).is_err());
        assert!(check_name("query", " \u{a0}").is_err());
    }
}
