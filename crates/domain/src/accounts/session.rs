//! Sessions: who is logged in, from where, until when.

use super::UserId;
use crate::time::Timestamp;
use chrono::TimeDelta;
use std::fmt;

/// SHA-256 of a session's token, in 64 hexadecimal digits. The token itself is known to the browser alone.
///
/// Never shown by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenHash(String);

impl TokenHash {
    /// A hash with these digits.
    #[must_use]
    pub fn new(digits: impl Into<String>) -> Self {
        Self(digits.into())
    }

    /// The digits, for looking up and storing only.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash(…)")
    }
}

/// A session of a user who logged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Names the session to its owner; worthless for anybody else.
    pub id: String,
    /// Hash of the token that proves the session.
    pub token_hash: TokenHash,
    /// Who is logged in.
    pub user: UserId,
    /// When the user logged in, UTC.
    pub created_at: Timestamp,
    /// When the session was last used, UTC; noted about once a minute.
    pub last_seen_at: Timestamp,
    /// When the session ends however much it is used, UTC.
    pub expires_at: Timestamp,
    /// What the browser says about itself, cut to 400 characters.
    pub user_agent: String,
}

impl Session {
    /// Whether the session still holds at a time: not expired, and used within the idle limit.
    ///
    /// ```
    /// use chrono::TimeDelta;
    /// use landfast_domain::accounts::{Lifetime, Session, TokenHash, UserId};
    /// use landfast_domain::time::Timestamp;
    /// let time = |text| Timestamp::parse(text).unwrap();
    /// let lifetime = Lifetime { idle: TimeDelta::hours(2), absolute: TimeDelta::days(30) };
    /// let began = time("2026-03-07 09:00");
    /// let session = Session {
    ///     id: "1".to_owned(), token_hash: TokenHash::new("00"), user: UserId::guest(), created_at: began,
    ///     last_seen_at: began, expires_at: lifetime.expires_at(began), user_agent: String::new(),
    /// };
    /// assert!(session.is_live(time("2026-03-07 10:59"), &lifetime));
    /// assert!(!session.is_live(time("2026-03-07 11:00"), &lifetime));
    /// ```
    #[must_use]
    pub fn is_live(&self, now: Timestamp, lifetime: &Lifetime) -> bool {
        now < self.expires_at && self.last_seen_at > lifetime.idle_since(now)
    }
}

/// How long sessions hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetime {
    /// A session that was not used for so long has ended.
    pub idle: TimeDelta,
    /// A session ends after so long however much it is used.
    pub absolute: TimeDelta,
}

impl Lifetime {
    /// When a session that begins now ends at the latest.
    #[must_use]
    pub fn expires_at(&self, now: Timestamp) -> Timestamp {
        now.naive().checked_add_signed(self.absolute).map_or(now, Timestamp::new)
    }

    /// Sessions last used at this time or before have ended.
    #[must_use]
    pub fn idle_since(&self, now: Timestamp) -> Timestamp {
        now.naive().checked_sub_signed(self.idle).map_or(now, Timestamp::new)
    }
}
