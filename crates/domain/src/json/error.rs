//! Why a text is not JSON, and where.

/// Why a text was refused. Each kind but the last three is the condition of one error message of
/// CPython, which the display text names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum JsonErrorKind {
    /// No value begins here; also the end of an empty text.
    #[error("expecting value")]
    ExpectedValue,
    /// An object member does not begin with a quote; also a comma before `}`.
    #[error("expecting property name enclosed in double quotes")]
    ExpectedKey,
    /// A key is not followed by a colon.
    #[error("expecting ':' delimiter")]
    ExpectedColon,
    /// A member or element is followed neither by a comma nor by the closing bracket.
    #[error("expecting ',' delimiter")]
    ExpectedComma,
    /// Something follows the document.
    #[error("extra data")]
    ExtraData,
    /// The string that begins here has no end.
    #[error("unterminated string")]
    UnterminatedString,
    /// A character below U+0020 stands unescaped in a string.
    #[error("invalid control character")]
    ControlCharacter,
    /// A backslash is followed by a character that makes no escape.
    #[error("invalid \\escape")]
    InvalidEscape,
    /// `\u` is not followed by four hexadecimal digits.
    #[error("invalid \\uXXXX escape")]
    InvalidUnicodeEscape,
    /// The text begins with a byte order mark.
    #[error("unexpected UTF-8 byte order mark")]
    ByteOrderMark,
    /// Half of a surrogate pair stands alone. Python accepts this; the text is otherwise valid.
    #[error("lone surrogate in string")]
    LoneSurrogate,
    /// Brackets nest deeper than [`MAX_DEPTH`](super::MAX_DEPTH).
    #[error("nested too deeply")]
    TooDeep,
    /// The text is valid, but an object was needed to edit one of its members.
    #[error("not an object")]
    NotAnObject,
}

/// Why and where a text was refused.
///
/// ```
/// use landfast_domain::json::{Json, JsonErrorKind};
///
/// let error = Json::parse("{\"ä\": 1,\n \"b\" 2}").unwrap_err();
/// assert_eq!(error.kind(), JsonErrorKind::ExpectedColon);
/// assert_eq!((error.line(), error.column(), error.offset()), (2, 6, 15));
/// assert_eq!(error.to_string(), "expecting ':' delimiter: line 2 column 6 (byte 15)");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{kind}: line {line} column {column} (byte {offset})")]
pub struct JsonError {
    kind: JsonErrorKind,
    offset: usize,
    line: usize,
    column: usize,
}

impl JsonError {
    /// Error at a byte offset of `text`. Line and column are counted here, as errors are rare.
    pub(super) fn new(kind: JsonErrorKind, text: &str, offset: usize) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = 1 + before.bytes().filter(|byte| *byte == b'\n').count();
        let column = 1 + before.chars().count() - before.get(..line_start).map_or(0, count_chars);
        Self { kind, offset, line, column }
    }

    /// What is wrong.
    #[must_use]
    pub fn kind(&self) -> JsonErrorKind {
        self.kind
    }

    /// Where, in bytes from the start of the text.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// Line, counted from 1. Lines end with LF, as Python counts them.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }

    /// Column in characters, counted from 1.
    #[must_use]
    pub fn column(&self) -> usize {
        self.column
    }
}

fn count_chars(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_bytes_lines_and_characters() {
        let text = "é\nàb\r\nc";
        for (offset, line, column) in [(0, 1, 1), (2, 1, 2), (3, 2, 1), (5, 2, 2), (8, 3, 1), (9, 3, 2)] {
            let error = JsonError::new(JsonErrorKind::ExtraData, text, offset);
            assert_eq!((error.offset(), error.line(), error.column()), (offset, line, column));
        }
    }
}
