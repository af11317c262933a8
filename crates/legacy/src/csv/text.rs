//! A reusable buffer that remembers whether it is UTF-8.

use std::ops::Range;

/// Bytes checked for UTF-8 once, so that parts of them can be borrowed as text for free.
#[derive(Debug, Clone)]
pub(super) enum Text {
    Valid(String),
    Broken(Vec<u8>),
}

impl Default for Text {
    fn default() -> Self {
        Self::Valid(String::new())
    }
}

impl Text {
    pub(super) fn new(bytes: Vec<u8>) -> Self {
        match String::from_utf8(bytes) {
            Ok(text) => Self::Valid(text),
            Err(error) => Self::Broken(error.into_bytes()),
        }
    }

    pub(super) fn is_valid(&self) -> bool {
        matches!(self, Self::Valid(_))
    }

    /// Takes the buffer out for the next use; it comes back empty with its capacity.
    pub(super) fn take_buffer(&mut self) -> Vec<u8> {
        let mut bytes = match std::mem::take(self) {
            Self::Valid(text) => text.into_bytes(),
            Self::Broken(bytes) => bytes,
        };
        bytes.clear();
        bytes
    }

    #[inline]
    pub(super) fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Valid(text) => text.as_bytes(),
            Self::Broken(bytes) => bytes,
        }
    }

    /// Bytes of a range; empty when the range is not inside the buffer.
    #[inline]
    pub(super) fn bytes(&self, range: Range<usize>) -> &[u8] {
        self.as_bytes().get(range).unwrap_or_default()
    }

    /// Text of a range, or the position of the first wrong byte counted from the range's start.
    #[inline]
    pub(super) fn get(&self, range: Range<usize>) -> Result<&str, usize> {
        if let Self::Valid(text) = self
            && let Some(part) = text.get(range.clone())
        {
            return Ok(part);
        }
        std::str::from_utf8(self.bytes(range)).map_err(|error| error.valid_up_to())
    }
}
