//! Methods of Python's `str`.

use std::fmt::Write;

use super::printable::is_printable;

/// Whether Python's `str.isspace` holds for the character, that is, whether `strip` removes it.
///
/// Unicode white space and, beyond Rust's [`char::is_whitespace`], the four separators U+001C to
/// U+001F.
///
/// ```
/// use landfast_domain::text::is_python_space;
///
/// assert!(is_python_space('\u{1c}'));
/// assert!(is_python_space('\u{a0}'));
/// assert!(!is_python_space('\u{200b}'));
/// ```
#[must_use]
pub fn is_python_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\x1c'..='\x1f')
}

/// Text without the blanks around it, like Python's `text.strip()`.
///
/// ```
/// use landfast_domain::text::python_strip;
///
/// assert_eq!(python_strip("\u{a0}\x1f two words \r\n"), "two words");
/// ```
#[must_use]
pub fn python_strip(text: &str) -> &str {
    text.trim_matches(is_python_space)
}

/// Lower-case text, like Python's `text.lower()`.
///
/// This is [`str::to_lowercase`]: both apply the full Unicode mapping, write the sigma at the end
/// of a word as `ς`, and ignore the locale. Letters that came after Unicode 14 are lowered here and
/// not by CPython 3.11.
///
/// ```
/// use landfast_domain::text::python_lower;
///
/// assert_eq!(python_lower("ΌΛΟΣ Self Care"), "όλος self care");
/// ```
#[must_use]
pub fn python_lower(text: &str) -> String {
    text.to_lowercase()
}

/// `True` or `False`, as Python writes booleans.
///
/// ```
/// assert_eq!(landfast_domain::text::python_bool_text(true), "True");
/// ```
#[must_use]
pub fn python_bool_text(value: bool) -> &'static str {
    if value { "True" } else { "False" }
}

/// Text in quotes, like Python's `repr(text)`.
///
/// Single quotes, or double quotes when the text holds single and no double ones. Backslash, the
/// quote, tab, LF and CR are written as two characters; other characters that CPython 3.11 does not
/// call printable as `\x7f`, `\u200b` or `\U000e0001`.
///
/// ```
/// use landfast_domain::text::python_str_repr;
///
/// assert_eq!(python_str_repr("plain"), "'plain'");
/// assert_eq!(python_str_repr("it's"), "\"it's\"");
/// assert_eq!(python_str_repr("é\n\u{200b}"), r"'é\n\u200b'");
/// ```
#[must_use]
pub fn python_str_repr(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push(quote);
    for c in text.chars() {
        match c {
            '\t' => quoted.push_str("\\t"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\\' => quoted.push_str("\\\\"),
            _ if c == quote => quoted.extend(['\\', c]),
            _ if is_printable(c) => quoted.push(c),
            _ => push_escaped(&mut quoted, u32::from(c)),
        }
    }
    quoted.push(quote);
    quoted
}

fn push_escaped(text: &mut String, code: u32) {
    let written = match code {
        0..=0xff => write!(text, "\\x{code:02x}"),
        0x100..=0xffff => write!(text, "\\u{code:04x}"),
        _ => write!(text, "\\U{code:08x}"),
    };
    written.expect("writing into a string cannot fail");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strip_takes_exactly_the_characters_python_calls_space() {
        let spaces: Vec<u32> = (0..=u32::from(char::MAX))
            .filter_map(char::from_u32)
            .filter(|c| is_python_space(*c))
            .map(u32::from)
            .collect();
        let expected: Vec<u32> = (0x9..=0xd)
            .chain(0x1c..=0x20)
            .chain([0x85, 0xa0, 0x1680])
            .chain(0x2000..=0x200a)
            .chain([0x2028, 0x2029, 0x202f, 0x205f, 0x3000])
            .collect();
        assert_eq!(spaces, expected);
        assert_eq!(python_strip("\u{3000}\x1c a b \u{85}"), "a b");
        assert_eq!(python_strip("\u{feff} x"), "\u{feff} x");
        assert_eq!(python_strip(" \t "), "");
    }

    #[test]
    fn lower_knows_the_special_cases() {
        assert_eq!(python_lower("ΣΑΣ ΑΣ. Σ"), "σας ας. σ");
        assert_eq!(python_lower("İI"), "i\u{307}i");
        assert_eq!(python_lower("ẞ"), "ß");
    }

    #[test]
    fn quotes_follow_the_content() {
        for (text, repr) in [
            ("", "''"),
            ("a\"b", "'a\"b'"),
            ("it's", "\"it's\""),
            ("'\"", "'\\'\"'"),
            ("\"it's\"", "'\"it\\'s\"'"),
            ("\\", "'\\\\'"),
            ("\0\x1b\x7f\u{ad}", "'\\x00\\x1b\\x7f\\xad'"),
            ("\t\r\n", "'\\t\\r\\n'"),
            ("\u{2028}\u{e000}", "'\\u2028\\ue000'"),
            ("😀\u{1fa77}", "'😀\\U0001fa77'"),
        ] {
            assert_eq!(python_str_repr(text), repr);
        }
    }
}
