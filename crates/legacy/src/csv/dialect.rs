//! Line ends and what else varies between CSV files.

/// The bytes that end a record or a line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum LineEnd {
    /// `\n`: files written on Linux and macOS.
    #[default]
    Lf,
    /// `\r\n`: files written on Windows or by a spreadsheet.
    CrLf,
    /// `\r` alone: an unquoted carriage return inside a cell, or a very old Macintosh file.
    Cr,
}

impl LineEnd {
    /// The line end as bytes.
    #[must_use]
    pub const fn as_bytes(self) -> &'static [u8] {
        match self {
            Self::Lf => b"\n",
            Self::CrLf => b"\r\n",
            Self::Cr => b"\r",
        }
    }
}

/// What varies between files and is seen while reading one.
///
/// The counters cover the header and every record handed out so far, not blank lines and not line
/// breaks inside quotes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Dialect {
    /// The file starts with a UTF-8 byte order mark.
    pub bom: bool,
    /// The line end of the header; [`LineEnd::Lf`] when the header has none.
    pub line_end: LineEnd,
    /// Records ended by LF.
    pub lf: u64,
    /// Records ended by CRLF.
    pub crlf: u64,
    /// Records ended by a lone CR.
    pub cr: u64,
    /// Whether the last byte of the file is a line end. `None` until the end was reached.
    ///
    /// `Some(true)` also for a file without any byte after the byte order mark, because there is
    /// no line that would have to be ended before another is appended.
    pub final_newline: Option<bool>,
}

impl Dialect {
    /// Whether records with different line ends were seen.
    #[must_use]
    pub const fn is_mixed(&self) -> bool {
        let kinds = [self.lf > 0, self.crlf > 0, self.cr > 0];
        matches!(kinds, [true, true, _] | [true, _, true] | [_, true, true])
    }

    pub(super) const fn count(&mut self, line_end: Option<LineEnd>) {
        match line_end {
            Some(LineEnd::Lf) => self.lf += 1,
            Some(LineEnd::CrLf) => self.crlf += 1,
            Some(LineEnd::Cr) => self.cr += 1,
            None => {}
        }
    }
}
