//! The log of what concerns safety.

use super::UserId;
use crate::time::Timestamp;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum EventKind {
    /// An account was made.
    Registered,
    /// The guest got a name and a password.
    GuestClaimed,
    /// Somebody logged in.
    LoggedIn,
    /// A name and a password did not fit.
    LoginFailed,
    /// Too many tries; the request was refused without looking at the password.
    LimitReached,
    /// A session was ended by logging out.
    LoggedOut,
    /// A session was ended from another one.
    SessionEnded,
    /// A password was changed.
    PasswordChanged,
    /// A change was refused because its page or its token was a foreign one.
    Refused,
    /// Somebody downloaded everything an account holds.
    Exported,
    /// An account and everything it owned was deleted.
    AccountDeleted,
}

impl EventKind {
    /// Every kind.
    pub const ALL: [Self; 11] = [
        Self::Registered,
        Self::GuestClaimed,
        Self::LoggedIn,
        Self::LoginFailed,
        Self::LimitReached,
        Self::LoggedOut,
        Self::SessionEnded,
        Self::PasswordChanged,
        Self::Refused,
        Self::Exported,
        Self::AccountDeleted,
    ];

    /// The name it is stored by.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::GuestClaimed => "guest-claimed",
            Self::LoggedIn => "logged-in",
            Self::LoginFailed => "login-failed",
            Self::LimitReached => "limit-reached",
            Self::LoggedOut => "logged-out",
            Self::SessionEnded => "session-ended",
            Self::PasswordChanged => "password-changed",
            Self::Refused => "refused",
            Self::Exported => "exported",
            Self::AccountDeleted => "account-deleted",
        }
    }

    /// The kind with this name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// An entry of the log. Passwords and tokens are in none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityEvent {
    /// Sorts by time: a UUID of version 7.
    pub id: String,
    /// When it happened, UTC.
    pub at: Timestamp,
    /// What happened.
    pub kind: EventKind,
    /// Whose account it concerns, if any is known. Stays when the account is deleted.
    pub user: Option<UserId>,
    /// Address of the client, empty when unknown.
    pub address: String,
    /// What the client says about itself.
    pub user_agent: String,
    /// The path of a refused request, the id of an ended session; empty for most kinds.
    pub detail: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_found_by_its_name() {
        assert!(EventKind::ALL.into_iter().all(|kind| EventKind::parse(kind.as_str()) == Some(kind)));
        assert_eq!(EventKind::parse(""), None);
    }
}
