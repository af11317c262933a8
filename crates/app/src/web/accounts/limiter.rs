//! Limits of tries, in the memory of this process.

use crate::web::Error;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Tries allowed within a window.
#[derive(Debug, Clone, Copy)]
struct Limit {
    tries: u32,
    window: Duration,
}

/// Failed logins for one name from one address.
const NAME_AND_ADDRESS: Limit = Limit { tries: 5, window: Duration::from_secs(15 * 60) };
/// Failed logins from one address.
const ADDRESS: Limit = Limit { tries: 30, window: Duration::from_secs(15 * 60) };
/// Failed logins for one name from anywhere; high, so that nobody can lock others out for little.
const NAME: Limit = Limit { tries: 100, window: Duration::from_secs(15 * 60) };
/// Registrations from one address.
const REGISTRATION: Limit = Limit { tries: 10, window: Duration::from_secs(3600) };
/// Refusals written to the log.
const REFUSALS: Limit = Limit { tries: 60, window: Duration::from_secs(60) };

/// Most counters kept; the oldest go first when there are more.
const MOST: usize = 50_000;

/// Counts tries by what they are about. With several servers each counts its own.
#[derive(Debug, Default)]
pub struct Limiter {
    counters: Mutex<HashMap<String, Counter>>,
}

#[derive(Debug, Clone, Copy)]
struct Counter {
    since: Instant,
    tries: u32,
}

impl Limiter {
    /// Whether another login may be tried.
    ///
    /// # Errors
    /// [`Error::TooMany`] when a limit is reached.
    pub(super) fn before_login(&self, name: &str, address: &str) -> Result<(), Error> {
        login_keys(name, address).into_iter().try_for_each(|(key, limit)| self.check(&key, limit))
    }

    /// Counts a failed login.
    pub(super) fn failed_login(&self, name: &str, address: &str) {
        for (key, limit) in login_keys(name, address) {
            self.count(&key, limit);
        }
    }

    /// Forgets the failed logins for a name from an address, after one that succeeded.
    pub(super) fn succeeded(&self, name: &str, address: &str) {
        let [(key, _), ..] = login_keys(name, address);
        self.lock().remove(&key);
    }

    /// Counts a registration, if another one is allowed.
    ///
    /// # Errors
    /// [`Error::TooMany`] when the limit is reached.
    pub(super) fn register(&self, address: &str) -> Result<(), Error> {
        let key = format!("register {address}");
        self.check(&key, REGISTRATION)?;
        self.count(&key, REGISTRATION);
        Ok(())
    }

    /// Whether another refusal may be written to the log.
    pub(in crate::web) fn may_note(&self) -> bool {
        let may = self.check("refusals", REFUSALS).is_ok();
        self.count("refusals", REFUSALS);
        may
    }

    fn check(&self, key: &str, limit: Limit) -> Result<(), Error> {
        let Some(counter) = self.lock().get(key).copied() else { return Ok(()) };
        let left = limit.window.saturating_sub(counter.since.elapsed());
        if counter.tries >= limit.tries && !left.is_zero() {
            return Err(Error::TooMany { seconds: left.as_secs() + 1 });
        }
        Ok(())
    }

    fn count(&self, key: &str, limit: Limit) {
        let mut counters = self.lock();
        if counters.len() >= MOST {
            counters.retain(|_, counter| counter.since.elapsed() < REGISTRATION.window);
        }
        if counters.len() >= MOST {
            counters.clear();
        }
        let now = Instant::now();
        let counter = counters.entry(key.to_owned()).or_insert(Counter { since: now, tries: 0 });
        if counter.since.elapsed() >= limit.window {
            *counter = Counter { since: now, tries: 0 };
        }
        counter.tries = counter.tries.saturating_add(1);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Counter>> {
        self.counters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn login_keys(name: &str, address: &str) -> [(String, Limit); 3] {
    let name: String = name.to_lowercase().chars().take(64).collect();
    [
        (format!("login {address} {name}"), NAME_AND_ADDRESS),
        (format!("address {address}"), ADDRESS),
        (format!("name {name}"), NAME),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_failures_for_a_name_from_an_address() {
        let limiter = Limiter::default();
        for _ in 0..5 {
            assert!(limiter.before_login("Ada", "1.1.1.1").is_ok());
            limiter.failed_login("ada", "1.1.1.1");
        }
        assert!(matches!(limiter.before_login("ADA", "1.1.1.1"), Err(Error::TooMany { seconds: 1..=900 })));
        assert!(limiter.before_login("ada", "2.2.2.2").is_ok(), "from elsewhere it goes on");
        assert!(limiter.before_login("bob", "1.1.1.1").is_ok());
        limiter.succeeded("ada", "1.1.1.1");
        assert!(limiter.before_login("ada", "1.1.1.1").is_ok());
    }

    #[test]
    fn thirty_failures_from_an_address_and_ten_registrations() {
        let limiter = Limiter::default();
        (0..30).for_each(|number| limiter.failed_login(&format!("n{number}"), "1.1.1.1"));
        assert!(limiter.before_login("fresh", "1.1.1.1").is_err());
        assert!((0..10).all(|_| limiter.register("1.1.1.1").is_ok()) && limiter.register("1.1.1.1").is_err());
    }
}
