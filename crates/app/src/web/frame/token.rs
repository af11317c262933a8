//! Random tokens, their hashes, and what is derived from them.

use crate::web::Error;
use landfast_domain::accounts::TokenHash;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// 256 random bits from the operating system, as 64 hexadecimal digits.
///
/// # Errors
/// [`Error::Broken`] when the operating system has none.
pub fn new_token() -> Result<String, Error> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|error| {
        tracing::error!(%error, "no random numbers");
        Error::Broken
    })?;
    Ok(hex(&bytes))
}

/// What the store keeps of a session's token.
#[must_use]
pub fn hash_of(token: &str) -> TokenHash {
    TokenHash::new(digest("landfast session", token))
}

/// The token that forms carry. It follows from the cookie's token, which other sites cannot read, and the cookie's
/// token does not follow from it.
#[must_use]
pub fn csrf_of(token: &str) -> String {
    digest("landfast form", token)
}

fn digest(purpose: &str, token: &str) -> String {
    hex(&Sha256::new().chain_update(purpose).chain_update([0]).chain_update(token).finalize())
}

/// Lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing into a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Whether two texts are equal, in a time that depends on their lengths only.
pub(super) fn equal(first: &str, second: &str) -> bool {
    first.len() == second.len() && first.bytes().zip(second.bytes()).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_long_and_differ() {
        let (first, second) = (new_token().unwrap(), new_token().unwrap());
        assert!(first.len() == 64 && first != second);
        assert!(csrf_of(&first) != hash_of(&first).reveal() && csrf_of(&first) != csrf_of(&second));
        assert!(equal(&first, &first) && !equal(&first, &second) && !equal(&first, ""));
    }
}
