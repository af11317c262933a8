//! Names for logging in and the hashes of passwords.

use super::UserId;
use crate::time::Timestamp;
use crate::{Error, Result};
use std::fmt;

/// The name a person types to log in.
///
/// Shown as it was typed, compared without regard to upper and lower case, so that nobody can register as
/// `Ada` beside `ada`.
///
/// ```
/// use landfast_domain::accounts::Login;
/// let login = Login::new(" Ada ").unwrap();
/// assert_eq!((login.as_str(), login.key().as_str()), ("Ada", "ada"));
/// assert!(Login::new("two\nlines").is_err() && Login::new(" ").is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login(String);

impl Login {
    /// Most characters of a name.
    pub const LONGEST: usize = 64;

    /// A name, without blanks around it.
    ///
    /// # Errors
    /// [`Error::Invalid`] unless it has 1 to 64 characters, none of them a control character.
    pub fn new(text: &str) -> Result<Self> {
        let text = text.trim();
        let length = text.chars().count();
        if length == 0 || length > Self::LONGEST || text.chars().any(char::is_control) {
            return Err(Error::Invalid {
                entity: "account",
                field: "name",
                value: text.chars().take(Self::LONGEST).collect(),
                reason: "must have 1 to 64 characters and no control characters",
            });
        }
        Ok(Self(text.to_owned()))
    }

    /// The name as it was typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What is compared: the name in lower case.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

impl fmt::Display for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The hash of a password in its textual form, `$argon2id$…` or, when it was imported, `$2b$…` of bcrypt.
///
/// Never shown by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// A hash with this text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for verifying and storing only.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

/// How a user proves who it is. A user without one cannot log in; the guest has one once somebody claimed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// Whose it is.
    pub user: UserId,
    /// The name for logging in, unique in a store by its key.
    pub login: Login,
    /// The hash of the password.
    pub password_hash: PasswordHash,
    /// When the password was last set, UTC.
    pub changed_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_limits() {
        assert!(Login::new(&"é".repeat(64)).is_ok());
        assert!(Login::new(&"é".repeat(65)).is_err());
        assert!(Login::new("a\u{0}b").is_err());
    }

    #[test]
    fn hashes_are_not_shown() {
        assert_eq!(format!("{:?}", PasswordHash::new("$argon2id$secret")), "PasswordHash(…)");
    }
}
