//! Users, and what proves who somebody is.

mod answers;
mod credentials;
mod events;
mod sessions;
mod users;

use landfast_domain::accounts::{
    AccountRepository, Credential, Login, SavedAnswer, SecurityEvent, SecurityRepository, Session, TokenHash, UserId,
};
use landfast_domain::time::Timestamp;
use landfast_domain::{Error as DomainError, Result as DomainResult};

use crate::time::StoredTime;
use crate::transaction::Transaction;

/// Texts are stored without U+0000, which PostgreSQL refuses; keys of more than 1000 bytes as their first 500
/// and a hash.
impl SecurityRepository for Transaction<'_> {
    fn credential(&mut self, user: &UserId) -> DomainResult<Option<Credential>> {
        credentials::of_user(self, user)
    }
    fn find_credential(&mut self, login: &Login) -> DomainResult<Option<Credential>> {
        credentials::find(self, login)
    }
    fn count_credentials(&mut self) -> DomainResult<u64> {
        credentials::count(self)
    }
    fn save_credential(&mut self, credential: &Credential) -> DomainResult<()> {
        self.require_user(&credential.user)?;
        credentials::save(self, credential)
    }
    fn insert_session(&mut self, session: &Session) -> DomainResult<()> {
        self.require_user(&session.user)?;
        sessions::insert(self, session)
    }
    fn find_session(&mut self, token: &TokenHash) -> DomainResult<Option<Session>> {
        sessions::find(self, token)
    }
    fn touch_session(&mut self, id: &str, last_seen_at: Timestamp) -> DomainResult<bool> {
        sessions::touch(self, id, last_seen_at)
    }
    fn list_sessions(&mut self, user: &UserId) -> DomainResult<Vec<Session>> {
        sessions::of_user(self, user)
    }
    fn delete_session(&mut self, user: &UserId, id: &str) -> DomainResult<bool> {
        sessions::delete(self, user, id)
    }
    fn delete_sessions(&mut self, user: &UserId, keep: Option<&str>) -> DomainResult<u64> {
        sessions::delete_others(self, user, keep)
    }
    fn delete_ended_sessions(&mut self, now: Timestamp, idle_since: Timestamp) -> DomainResult<u64> {
        sessions::delete_ended(self, now, idle_since)
    }
    fn insert_event(&mut self, event: &SecurityEvent) -> DomainResult<()> {
        events::insert(self, event)
    }
    fn list_events(&mut self, user: &UserId, before: Option<&str>, limit: usize) -> DomainResult<Vec<SecurityEvent>> {
        events::of_user(self, user, before, limit)
    }
    fn delete_events_before(&mut self, at: Timestamp) -> DomainResult<u64> {
        events::delete_before(self, at)
    }
    fn saved_answer(&mut self, user: &UserId, key: &str) -> DomainResult<Option<SavedAnswer>> {
        answers::get(self, user, key)
    }
    fn save_answer(&mut self, answer: &SavedAnswer) -> DomainResult<()> {
        self.require_user(&answer.user)?;
        answers::save(self, answer)
    }
    fn delete_answers_before(&mut self, at: Timestamp) -> DomainResult<u64> {
        answers::delete_before(self, at)
    }
}

impl Transaction<'_> {
    /// A foreign key would end a transaction on PostgreSQL, and only there.
    fn require_user(&mut self, user: &UserId) -> DomainResult<()> {
        self.require_write()?;
        match AccountRepository::get(self, user)? {
            Some(_) => Ok(()),
            None => Err(DomainError::NotFound { entity: "user", key: user.to_string() }),
        }
    }
}

/// Reads values of a row, and names the row when one makes no sense.
struct Reader<'a> {
    entity: &'static str,
    key: &'a str,
}

impl Reader<'_> {
    fn corrupt(&self, column: &str, value: &str) -> DomainError {
        DomainError::Corrupt {
            entity: self.entity,
            key: self.key.to_owned(),
            column: column.to_owned(),
            value: value.to_owned(),
        }
    }

    fn user(&self, text: &str) -> DomainResult<UserId> {
        UserId::new(text).map_err(|_| self.corrupt("user_id", text))
    }

    fn time(&self, column: &str, time: StoredTime) -> DomainResult<Timestamp> {
        time.known().map_err(|text| self.corrupt(column, &text))
    }
}

/// Rows changed, as the domain counts.
fn counted(rows: usize) -> DomainResult<u64> {
    u64::try_from(rows).map_err(DomainError::backend)
}
