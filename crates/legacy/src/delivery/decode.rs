//! From the bytes of a file to the text of a document.

use landfast_domain::delivery::codes;
use landfast_domain::finding::Finding;
use landfast_domain::json::{JsonKind, inspect};

/// A document that can be worked with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// Its text, without a byte order mark.
    pub text: String,
    /// What is odd about it.
    pub findings: Vec<Finding>,
}

/// Why nothing can be made of a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refused {
    /// One of the area's codes.
    pub code: &'static str,
    /// What is wrong and where, in words.
    pub message: String,
}

/// Reads the bytes of a document that has to be of this kind.
///
/// # Errors
/// [`Refused`] for bytes that are not UTF-8, hold a zero byte, or are not JSON of that kind.
pub fn decode(bytes: &[u8], kind: JsonKind) -> Result<Decoded, Refused> {
    let refused = |code, message: String| Refused { code, message };
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(refused(codes::EMPTY_FILE, "the file holds nothing".to_owned()));
    }
    // Asking whether there is one is much faster than asking where.
    if bytes.contains(&0)
        && let Some(at) = bytes.iter().position(|byte| *byte == 0)
    {
        return Err(refused(codes::NUL_BYTE, format!("zero byte at byte {at}")));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| refused(codes::INVALID_UTF8, error.to_string()))?;
    let mut findings = Vec::new();
    let without_mark = text.strip_prefix('\u{feff}');
    if without_mark.is_some() {
        findings.push(Finding::new(codes::BYTE_ORDER_MARK, "", "byte order mark before the document"));
    }
    let text = without_mark.unwrap_or(text);
    let found = inspect(text).map_err(|error| refused(codes::MALFORMED_JSON, error.to_string()))?;
    if found.kind != kind {
        return Err(refused(codes::WRONG_KIND, format!("{:?} where {kind:?} is needed", found.kind)));
    }
    if found.has_lone_surrogate {
        findings.push(Finding::new(codes::LONE_SURROGATE, "", "half a surrogate pair as an escape"));
    }
    findings.extend(
        found
            .repeated_key
            .map(|key| Finding::new(codes::DUPLICATE_KEY, &key, "the key occurs more than once in one object")),
    );
    findings.extend(found.not_finite.map(|number| Finding::new(codes::NOT_FINITE, "", format!("the number {number}"))));
    Ok(Decoded { text: text.to_owned(), findings })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damaged_files_are_refused_and_never_taken_for_empty_ones() {
        for (bytes, code) in [
            (&b""[..], codes::EMPTY_FILE),
            (b" \n", codes::EMPTY_FILE),
            (b"{\"a\": \0}", codes::NUL_BYTE),
            (b"{\"a\": \"\xe4\"}", codes::INVALID_UTF8),
            (b"{\"a\": 1", codes::MALFORMED_JSON),
            (b"{'a': 1}", codes::MALFORMED_JSON),
            (b"[]", codes::WRONG_KIND),
        ] {
            assert_eq!(decode(bytes, JsonKind::Object).unwrap_err().code, code);
        }
    }

    #[test]
    fn odd_ones_are_read() {
        let decoded =
            decode("\u{feff}{\"a\": [NaN, {\"b\": 1, \"b\": \"\\ud800\"}]}".as_bytes(), JsonKind::Object).unwrap();
        assert!(decoded.text.starts_with('{'));
        let found: Vec<_> = decoded.findings.iter().map(|finding| finding.code).collect();
        assert_eq!(found, [codes::BYTE_ORDER_MARK, codes::LONE_SURROGATE, codes::DUPLICATE_KEY, codes::NOT_FINITE]);
    }
}
