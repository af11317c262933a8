//! Keys of bounded length.

use std::borrow::Cow;

use sha2::{Digest, Sha256};

/// Longest key that is stored as it is, in bytes.
///
/// A key is made from any text of a legacy cell, and an index of PostgreSQL refuses entries of more than
/// 2704 bytes.
const LONGEST: usize = 1000;

/// How much of a longer key is kept in front of its digest, in bytes.
const PREFIX: usize = 500;

/// Key of at most 1000 bytes for a text of any length: the text itself, or its beginning and its SHA-256.
pub(crate) fn bounded(text: &str) -> Cow<'_, str> {
    if text.len() <= LONGEST {
        return Cow::Borrowed(text);
    }
    let end = text.floor_char_boundary(PREFIX);
    let mut key = text.get(..end).unwrap_or_default().to_owned();
    key.push('…');
    key.push_str(&hex(&Sha256::digest(text.as_bytes())));
    Cow::Owned(key)
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing into a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_keys_are_short_and_distinct() {
        let longest = "é".repeat(500);
        assert_eq!(bounded(&longest), longest.as_str());
        let one = format!("{longest}1");
        let two = format!("{longest}2");
        assert!(bounded(&one).len() <= 1000);
        assert_ne!(bounded(&one), bounded(&two));
        assert_eq!(bounded(&one), bounded(&one));
        // The cut falls into a character of four bytes.
        let emoji = format!("xx{}", "😀".repeat(300));
        assert!(bounded(&emoji).starts_with("xx😀"));
    }

    #[test]
    fn digits_of_bytes() {
        assert_eq!(hex(&[0, 15, 255]), "000fff");
    }
}
