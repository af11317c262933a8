//! Hashing and verifying passwords.

use crate::web::Error;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _, phc};
use argon2::{Algorithm, Argon2, Params, Version};
use landfast_domain::accounts::PasswordHash;
use tokio::sync::Semaphore;

/// Fewest characters of a password. Length counts, kinds of characters do not (NIST SP 800-63B).
pub(super) const SHORTEST: usize = 10;
/// Most bytes of a password.
pub(super) const LONGEST: usize = 1000;

/// Hashes with Argon2id and verifies; bcrypt hashes, as other programs made them, are verified only.
pub struct Passwords {
    argon2: Argon2<'static>,
    /// A hash nobody knows the password of, so that an unknown name takes as long as a wrong password.
    decoy: PasswordHash,
    /// A hash takes 19 MiB and a moment of a processor; many at once would starve everybody else.
    turns: Semaphore,
}

/// How a password compares with a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is another one.
    Wrong,
    /// It fits.
    Right,
    /// It fits, and the hash should be made anew: it is of an older kind or a cheaper one.
    Outdated,
}

impl Passwords {
    /// With the costs that OWASP recommends: 19 MiB, 2 passes, 1 lane.
    #[must_use]
    pub fn standard() -> Self {
        Self::with_params(Params::default())
    }

    /// As cheap as can be; for tests.
    #[cfg(test)]
    pub fn cheap() -> Self {
        Self::with_params(Params::new(8, 1, 1, None).unwrap_or_default())
    }

    fn with_params(params: Params) -> Self {
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let decoy = hash(&argon2, "a password of nobody", &[7; 16]).unwrap_or_else(|_| PasswordHash::new(""));
        Self { argon2, decoy, turns: Semaphore::new(2) }
    }

    /// Waits for a turn to hash or verify; hold it while the blocking work runs.
    pub(super) async fn turn(&self) -> Result<tokio::sync::SemaphorePermit<'_>, Error> {
        self.turns.acquire().await.map_err(|_| Error::Broken)
    }

    /// The hash of a new password. Takes a while; blocking.
    ///
    /// # Errors
    /// [`Error::Broken`] when there are no random numbers.
    pub(super) fn hash(&self, password: &str) -> Result<PasswordHash, Error> {
        let mut salt = [0_u8; 16];
        getrandom::fill(&mut salt).map_err(|_| Error::Broken)?;
        hash(&self.argon2, password, &salt)
    }

    /// Compares a password with the hash of an account, or with the decoy when there is none. Blocking.
    pub(super) fn verify(&self, password: &str, known: Option<&PasswordHash>) -> Verdict {
        let stored = known.unwrap_or(&self.decoy).reveal();
        let verdict = if stored.starts_with("$2") {
            match bcrypt::verify(password, stored) {
                Ok(true) => Verdict::Outdated,
                Ok(false) => Verdict::Wrong,
                Err(error) => {
                    tracing::error!(%error, "a stored bcrypt hash cannot be read");
                    Verdict::Wrong
                }
            }
        } else {
            match phc::PasswordHash::new(stored) {
                Ok(parsed) if self.argon2.verify_password(password.as_bytes(), &parsed).is_ok() => {
                    let params = Params::try_from(&parsed).ok();
                    let cheaper = params.is_none_or(|params| params.m_cost() < self.argon2.params().m_cost());
                    if cheaper { Verdict::Outdated } else { Verdict::Right }
                }
                Ok(_) => Verdict::Wrong,
                Err(error) => {
                    tracing::error!(%error, "a stored hash cannot be read");
                    Verdict::Wrong
                }
            }
        };
        if known.is_some() { verdict } else { Verdict::Wrong }
    }
}

fn hash(argon2: &Argon2<'_>, password: &str, salt: &[u8]) -> Result<PasswordHash, Error> {
    let hash: phc::PasswordHash = argon2.hash_password_with_salt(password.as_bytes(), salt).map_err(|error| {
        tracing::error!(%error, "a password cannot be hashed");
        Error::Broken
    })?;
    Ok(PasswordHash::new(hash.to_string()))
}

/// Refuses passwords that are too short, too long, or the name itself.
pub(super) fn check(password: &str, login: &str) -> Result<(), Error> {
    if password.chars().count() < SHORTEST {
        return Err(Error::invalid("password", format!("the password must have at least {SHORTEST} characters")));
    }
    if password.len() > LONGEST {
        return Err(Error::invalid("password", format!("the password must have at most {LONGEST} bytes")));
    }
    let (lower, login) = (password.to_lowercase(), login.to_lowercase());
    let one_character = password.chars().all(|c| password.starts_with(c));
    const COMMON: [&str; 8] = [
        "1234567890",
        "0123456789",
        "password123",
        "password1234",
        "qwertyuiop",
        "passwordpassword",
        "iloveyou123",
        "letmein123",
    ];
    if lower == login || one_character || COMMON.contains(&lower.as_str()) {
        return Err(Error::invalid("password", "the password is too easy to guess"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_fits_its_password_only() {
        let passwords = Passwords::cheap();
        let hash = passwords.hash("correct horse").unwrap();
        assert!(hash.reveal().starts_with("$argon2id$v=19$"), "{}", hash.reveal());
        assert_eq!(passwords.verify("correct horse", Some(&hash)), Verdict::Right);
        assert_eq!(passwords.verify("correct hors", Some(&hash)), Verdict::Wrong);
        assert_eq!(passwords.verify("a password of nobody", None), Verdict::Wrong);
        assert_eq!(Passwords::standard().verify("correct horse", Some(&hash)), Verdict::Outdated, "it was cheap");
        assert_ne!(passwords.hash("correct horse").unwrap(), hash, "salts differ");
    }

    #[test]
    fn bcrypt_hashes_are_verified_and_outdated() {
        // The test vector of OpenBSD's bcrypt: U*U with cost 5.
        let hash = PasswordHash::new("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW");
        let passwords = Passwords::cheap();
        assert_eq!(passwords.verify("U*U", Some(&hash)), Verdict::Outdated);
        assert_eq!(passwords.verify("U*V", Some(&hash)), Verdict::Wrong);
        assert_eq!(passwords.verify("U*U", Some(&PasswordHash::new("$2a$05$broken"))), Verdict::Wrong);
    }

    #[test]
    fn weak_passwords_are_refused() {
        for weak in ["short", "aaaaaaaaaaaa", "Password123", "ada lovelace"] {
            assert!(check(weak, "Ada Lovelace").is_err(), "{weak}");
        }
        assert!(check(&"x1".repeat(501), "ada").is_err());
        assert!(check("eine lange Geschichte", "ada").is_ok());
    }
}
