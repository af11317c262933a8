//! Credentials, sessions, events and answers in lists.

use super::State;
use landfast_domain::accounts::{
    Credential, Login, SavedAnswer, SecurityEvent, SecurityRepository, Session, TokenHash, UserId,
};
use landfast_domain::time::Timestamp;
use landfast_domain::{Error, Result};
use std::cmp::Reverse;

#[derive(Debug, Clone, Default)]
pub(super) struct Security {
    credentials: Vec<Credential>,
    sessions: Vec<Session>,
    events: Vec<SecurityEvent>,
    answers: Vec<SavedAnswer>,
}

impl Security {
    pub(super) fn forget(&mut self, user: &UserId) {
        self.credentials.retain(|credential| credential.user != *user);
        self.sessions.retain(|session| session.user != *user);
        self.answers.retain(|answer| answer.user != *user);
    }
}

impl State {
    fn require_user(&self, user: &UserId) -> Result<()> {
        if self.users.0.contains_key(user) {
            Ok(())
        } else {
            Err(Error::NotFound { entity: "user", key: user.to_string() })
        }
    }
}

fn conflict<T>(entity: &'static str, key: &str) -> Result<T> {
    Err(Error::Conflict { entity, key: key.to_owned() })
}

/// Keeps what the condition says and counts the rest.
fn retain<T>(list: &mut Vec<T>, keep: impl Fn(&T) -> bool) -> u64 {
    let before = list.len();
    list.retain(keep);
    u64::try_from(before - list.len()).unwrap_or(u64::MAX)
}

impl SecurityRepository for State {
    fn credential(&mut self, user: &UserId) -> Result<Option<Credential>> {
        Ok(self.security.credentials.iter().find(|credential| credential.user == *user).cloned())
    }

    fn find_credential(&mut self, login: &Login) -> Result<Option<Credential>> {
        Ok(self.security.credentials.iter().find(|credential| credential.login.key() == login.key()).cloned())
    }

    fn count_credentials(&mut self) -> Result<u64> {
        Ok(u64::try_from(self.security.credentials.len()).unwrap_or(u64::MAX))
    }

    fn save_credential(&mut self, credential: &Credential) -> Result<()> {
        self.require_user(&credential.user)?;
        if self.find_credential(&credential.login)?.is_some_and(|other| other.user != credential.user) {
            return conflict("account", credential.login.as_str());
        }
        self.security.credentials.retain(|other| other.user != credential.user);
        self.security.credentials.push(credential.clone());
        Ok(())
    }

    fn insert_session(&mut self, session: &Session) -> Result<()> {
        self.require_user(&session.user)?;
        let taken = |other: &Session| other.id == session.id || other.token_hash == session.token_hash;
        if self.security.sessions.iter().any(taken) {
            return conflict("session", &session.id);
        }
        self.security.sessions.push(session.clone());
        Ok(())
    }

    fn find_session(&mut self, token: &TokenHash) -> Result<Option<Session>> {
        Ok(self.security.sessions.iter().find(|session| session.token_hash == *token).cloned())
    }

    fn touch_session(&mut self, id: &str, last_seen_at: Timestamp) -> Result<bool> {
        let found = self.security.sessions.iter_mut().find(|session| session.id == id);
        Ok(found.map(|session| session.last_seen_at = last_seen_at).is_some())
    }

    fn list_sessions(&mut self, user: &UserId) -> Result<Vec<Session>> {
        let mut sessions: Vec<Session> =
            self.security.sessions.iter().filter(|session| session.user == *user).cloned().collect();
        sessions.sort_by_key(|session| (Reverse(session.last_seen_at), session.id.clone()));
        Ok(sessions)
    }

    fn delete_session(&mut self, user: &UserId, id: &str) -> Result<bool> {
        Ok(retain(&mut self.security.sessions, |session| session.user != *user || session.id != id) > 0)
    }

    fn delete_sessions(&mut self, user: &UserId, keep: Option<&str>) -> Result<u64> {
        Ok(retain(&mut self.security.sessions, |session| session.user != *user || Some(session.id.as_str()) == keep))
    }

    fn delete_ended_sessions(&mut self, now: Timestamp, idle_since: Timestamp) -> Result<u64> {
        let live = |session: &Session| session.expires_at > now && session.last_seen_at > idle_since;
        Ok(retain(&mut self.security.sessions, live))
    }

    fn insert_event(&mut self, event: &SecurityEvent) -> Result<()> {
        if self.security.events.iter().any(|other| other.id == event.id) {
            return conflict("security event", &event.id);
        }
        self.security.events.push(event.clone());
        Ok(())
    }

    fn list_events(&mut self, user: &UserId, before: Option<&str>, limit: usize) -> Result<Vec<SecurityEvent>> {
        let wanted = |event: &&SecurityEvent| {
            event.user.as_ref() == Some(user) && before.is_none_or(|before| event.id.as_str() < before)
        };
        let mut events: Vec<SecurityEvent> = self.security.events.iter().filter(wanted).cloned().collect();
        events.sort_by(|a, b| b.id.cmp(&a.id));
        events.truncate(limit);
        Ok(events)
    }

    fn delete_events_before(&mut self, at: Timestamp) -> Result<u64> {
        Ok(retain(&mut self.security.events, |event| event.at >= at))
    }

    fn saved_answer(&mut self, user: &UserId, key: &str) -> Result<Option<SavedAnswer>> {
        Ok(self.security.answers.iter().find(|answer| answer.user == *user && answer.key == key).cloned())
    }

    fn save_answer(&mut self, answer: &SavedAnswer) -> Result<()> {
        self.require_user(&answer.user)?;
        if self.saved_answer(&answer.user, &answer.key)?.is_some() {
            return conflict("saved answer", &answer.key);
        }
        self.security.answers.push(answer.clone());
        Ok(())
    }

    fn delete_answers_before(&mut self, at: Timestamp) -> Result<u64> {
        Ok(retain(&mut self.security.answers, |answer| answer.created_at >= at))
    }
}
