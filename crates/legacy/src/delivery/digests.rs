//! The digests cache keys are made with.

use landfast_domain::delivery::Digests;
use md5::Md5;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// MD5 and SHA-256, as lower-case hex.
pub const DIGESTS: Digests = Digests { md5_hex, sha256_hex };

fn md5_hex(bytes: &[u8]) -> String {
    hex(&Md5::digest(bytes))
}

fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing into a string cannot fail");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_of_nothing() {
        assert_eq!((DIGESTS.md5_hex)(b""), "d41d8cd98f00b204e9800998ecf8427e");
        assert!((DIGESTS.sha256_hex)(b"").starts_with("e3b0c44298fc1c149afbf4c8996fb924"));
    }
}
