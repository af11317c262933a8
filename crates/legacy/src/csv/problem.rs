//! What can be wrong with one record.

/// Something wrong with one record. Columns (`cell`) count from 0, offsets are byte positions in the
/// file counted from 0.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// A quoted cell that is not closed. The record consists of its first physical line only; the
    /// cell's value is the text up to the end of that line.
    #[error("cell {cell} opens a quote at byte {offset} that is not closed")]
    UnterminatedQuote {
        /// Column of the cell.
        cell: usize,
        /// Position of the opening quote.
        offset: u64,
    },
    /// Text after a closing quote, as in `"ab"c`. The value is `abc`, the way pandas reads it.
    #[error("cell {cell} has text after its closing quote at byte {offset}")]
    TextAfterQuote {
        /// Column of the cell.
        cell: usize,
        /// Position of the closing quote.
        offset: u64,
    },
    /// A quote inside an unquoted cell, as in `5" nail`. It is kept as text.
    #[error("cell {cell} has a quote inside unquoted text at byte {offset}")]
    StrayQuote {
        /// Column of the cell.
        cell: usize,
        /// Position of the first such quote.
        offset: u64,
    },
    /// The cell is not UTF-8; [`Record::cell`](super::Record::cell) fails, the raw bytes are there.
    #[error("cell {cell} is not UTF-8 at byte {offset}")]
    InvalidUtf8 {
        /// Column of the cell.
        cell: usize,
        /// Position of the first wrong byte.
        offset: u64,
    },
    /// The cell holds a NUL byte. It is kept as text; pandas would cut the value there.
    #[error("cell {cell} holds a NUL byte at byte {offset}")]
    NulByte {
        /// Column of the cell.
        cell: usize,
        /// Position of the first NUL byte.
        offset: u64,
    },
    /// The record is ended by a lone CR although the header is not: most likely a carriage return
    /// inside an unquoted cell, which makes one row look like two.
    #[error("a lone carriage return at byte {offset} ends the record")]
    LoneCarriageReturn {
        /// Position of the carriage return.
        offset: u64,
    },
    /// A physical line longer than the limit. It has no cells, and only its first bytes, up to the
    /// limit, are kept.
    #[error("the record of {bytes} bytes is longer than the limit")]
    TooLong {
        /// Length in the file, with line end.
        bytes: u64,
    },
    /// More cells than the limit. The record has all its raw bytes, but no cells.
    #[error("the record has more than {limit} cells")]
    TooManyCells {
        /// The limit.
        limit: usize,
    },
    /// Not a record at all: blank lines that together are longer than the limit. All bytes are kept.
    #[error("{bytes} bytes of blank lines")]
    BlankRun {
        /// Length of this piece of the blank lines.
        bytes: u64,
    },
}

impl Problem {
    /// A stable short code for reports.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnterminatedQuote { .. } => "unterminated_quote",
            Self::TextAfterQuote { .. } => "text_after_quote",
            Self::StrayQuote { .. } => "stray_quote",
            Self::InvalidUtf8 { .. } => "invalid_utf8",
            Self::NulByte { .. } => "nul_byte",
            Self::LoneCarriageReturn { .. } => "lone_carriage_return",
            Self::TooLong { .. } => "too_long",
            Self::TooManyCells { .. } => "too_many_cells",
            Self::BlankRun { .. } => "blank_run",
        }
    }

    /// Whether the limits of the record, and so its cells, are a guess.
    ///
    /// The other problems leave the record whole: its cells are the ones pandas sees.
    #[must_use]
    pub const fn is_damage(&self) -> bool {
        match self {
            Self::UnterminatedQuote { .. }
            | Self::TooLong { .. }
            | Self::TooManyCells { .. }
            | Self::BlankRun { .. } => true,
            Self::TextAfterQuote { .. }
            | Self::StrayQuote { .. }
            | Self::InvalidUtf8 { .. }
            | Self::NulByte { .. }
            | Self::LoneCarriageReturn { .. } => false,
        }
    }
}
