//! Users, how they prove who they are, and what is noted about it. Every operation of the tasks area is done for
//! one of them.
//!
//! | module | what it holds |
//! |---|---|
//! | this one | [`User`] and [`UserId`], the guest |
//! | [`credential`] | names for logging in and the hashes of passwords |
//! | [`session`] | sessions: who is logged in, from where, until when |
//! | [`event`] | the log of what concerns safety |
//! | [`repository`] | what keeps the three, and the answers of calls that may be repeated |

pub mod credential;
pub mod event;
pub mod repository;
pub mod session;

pub use credential::{Credential, Login, PasswordHash};
pub use event::{EventKind, SecurityEvent};
pub use repository::{SavedAnswer, SecurityRepository};
pub use session::{Lifetime, Session, TokenHash};

use crate::time::Timestamp;
use crate::{Error, Result};
use std::fmt;

/// Identifies a user. The guest user owns migrated data.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserId(String);

impl UserId {
    /// Text of the guest's id.
    pub const GUEST: &'static str = "guest";

    /// The guest: exists in every store, owns migrated data, works without logging in.
    #[must_use]
    pub fn guest() -> Self {
        Self(Self::GUEST.to_owned())
    }

    /// An id with this text.
    ///
    /// # Errors
    /// [`Error::Invalid`] unless it has 1 to 64 characters, all of them ASCII letters, digits, `-` or `_`;
    /// the text is used as a folder name by the file store.
    pub fn new(text: impl Into<String>) -> Result<Self> {
        let text = text.into();
        let legal = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        if text.is_empty() || text.len() > 64 || !text.bytes().all(legal) {
            return Err(Error::Invalid {
                entity: "user",
                field: "id",
                value: text,
                reason: "must have 1 to 64 letters, digits, '-' or '_'",
            });
        }
        Ok(Self(text))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A person, or the guest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Identifies the user.
    pub id: UserId,
    /// Name for logging in and display, unique in a store, compared exactly.
    pub name: String,
    /// When the account was made, UTC.
    pub created_at: Timestamp,
}

/// Keeps users. The guest exists from the start and can be neither inserted nor deleted.
pub trait AccountRepository {
    /// Adds a user.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the id or the name is taken.
    fn insert(&mut self, user: &User) -> Result<()>;
    /// The user with this id.
    ///
    /// # Errors
    /// [`Error::Backend`] when the store fails.
    fn get(&mut self, id: &UserId) -> Result<Option<User>>;
    /// The user with exactly this name.
    ///
    /// # Errors
    /// [`Error::Backend`] when the store fails.
    fn find_by_name(&mut self, name: &str) -> Result<Option<User>>;
    /// All users, the guest included, ordered by id bytes.
    ///
    /// # Errors
    /// [`Error::Backend`] when the store fails.
    fn list(&mut self) -> Result<Vec<User>>;
    /// Removes a user and everything the user owns; `false` when there is no such user.
    ///
    /// # Errors
    /// [`Error::Invalid`] for the guest.
    fn delete(&mut self, id: &UserId) -> Result<bool>;
}
