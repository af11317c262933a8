//! What keeps credentials, sessions, security events and saved answers.

use super::{Credential, Login, SecurityEvent, Session, TokenHash, UserId};
use crate::Result;
use crate::time::Timestamp;

/// The answer of a call that made something, kept so that a repetition of the call makes nothing new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedAnswer {
    /// Who called.
    pub user: UserId,
    /// The key the caller gave.
    pub key: String,
    /// SHA-256 of what was asked for, so that a key used for another call is noticed.
    pub request_hash: String,
    /// HTTP status of the answer.
    pub status: i64,
    /// Body of the answer.
    pub body: String,
    /// When it was given, UTC.
    pub created_at: Timestamp,
}

/// Keeps what proves who somebody is.
///
/// Everything but the events goes away with its user.
pub trait SecurityRepository {
    /// How a user logs in; `None` when it cannot.
    ///
    /// # Errors
    /// [`Error::Backend`](crate::Error::Backend) when the store fails, [`Error::Corrupt`](crate::Error::Corrupt)
    /// when a stored value makes no sense; so for every other method.
    fn credential(&mut self, user: &UserId) -> Result<Option<Credential>>;
    /// The credential with this name, in whatever case it is written.
    ///
    /// # Errors
    /// As [`Self::credential`].
    fn find_credential(&mut self, login: &Login) -> Result<Option<Credential>>;
    /// How many users can log in.
    ///
    /// # Errors
    /// As [`Self::credential`].
    fn count_credentials(&mut self) -> Result<u64>;
    /// Adds or replaces the credential of a user.
    ///
    /// # Errors
    /// [`Error::Conflict`](crate::Error::Conflict) when the name is another user's, and
    /// [`Error::NotFound`](crate::Error::NotFound) when there is no such user; the transaction stays usable.
    fn save_credential(&mut self, credential: &Credential) -> Result<()>;

    /// Adds a session.
    ///
    /// # Errors
    /// [`Error::Conflict`](crate::Error::Conflict) when the id or the token is taken,
    /// [`Error::NotFound`](crate::Error::NotFound) when there is no such user.
    fn insert_session(&mut self, session: &Session) -> Result<()>;
    /// The session with this token, be it live or not.
    ///
    /// # Errors
    /// As [`Self::credential`].
    fn find_session(&mut self, token: &TokenHash) -> Result<Option<Session>>;
    /// Notes that a session was used; `false` when there is none.
    ///
    /// # Errors
    /// As [`Self::credential`].
    fn touch_session(&mut self, id: &str, last_seen_at: Timestamp) -> Result<bool>;
    /// The sessions of a user, the one used last first, then by id.
    ///
    /// # Errors
    /// As [`Self::credential`].
    fn list_sessions(&mut self, user: &UserId) -> Result<Vec<Session>>;
    /// Ends a session of this user; `false` when the user has none with this id.
    ///
    /// # Errors
    /// As [`Self::credential`].
    fn delete_session(&mut self, user: &UserId, id: &str) -> Result<bool>;
    /// Ends all sessions of a user but for the one to keep, and says how many.
    ///
    /// # Errors
    /// As [`Self::credential`].
    fn delete_sessions(&mut self, user: &UserId, keep: Option<&str>) -> Result<u64>;
    /// Removes the sessions that expired by `now` or were last used at `idle_since` or before.
    ///
    /// # Errors
    /// As [`Self::credential`].
    fn delete_ended_sessions(&mut self, now: Timestamp, idle_since: Timestamp) -> Result<u64>;

    /// Adds an entry to the log.
    ///
    /// # Errors
    /// [`Error::Conflict`](crate::Error::Conflict) when the id is taken.
    fn insert_event(&mut self, event: &SecurityEvent) -> Result<()>;
    /// Entries about a user, newest first by id; those before `before`, if given.
    ///
    /// # Errors
    /// As [`Self::credential`].
    fn list_events(&mut self, user: &UserId, before: Option<&str>, limit: usize) -> Result<Vec<SecurityEvent>>;
    /// Removes entries older than a time, and says how many.
    ///
    /// # Errors
    /// As [`Self::credential`].
    fn delete_events_before(&mut self, at: Timestamp) -> Result<u64>;

    /// The answer saved for a user's key.
    ///
    /// # Errors
    /// As [`Self::credential`].
    fn saved_answer(&mut self, user: &UserId, key: &str) -> Result<Option<SavedAnswer>>;
    /// Saves an answer.
    ///
    /// # Errors
    /// [`Error::Conflict`](crate::Error::Conflict) when the user used the key before.
    fn save_answer(&mut self, answer: &SavedAnswer) -> Result<()>;
    /// Removes answers given before a time, and says how many.
    ///
    /// # Errors
    /// As [`Self::credential`].
    fn delete_answers_before(&mut self, at: Timestamp) -> Result<u64>;
}
