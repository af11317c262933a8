//! How pandas, and so the legacy programs, understood a file beyond its grammar.

use super::{Header, Record, Shape};

/// Cell texts `pandas.read_csv` takes for "no value" and reads as empty text.
pub const MISSING_WORDS: [&str; 19] = [
    "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A", "NA",
    "NULL", "NaN", "None", "n/a", "nan", "null",
];

/// Whether the legacy programs read this cell as empty. Quotes around the cell make no difference,
/// case and blanks do.
///
/// ```
/// use landfast_legacy::csv::pandas::reads_as_missing;
///
/// assert!(reads_as_missing("NA") && reads_as_missing("None") && reads_as_missing(""));
/// assert!(!reads_as_missing("none") && !reads_as_missing("NA "));
/// ```
#[must_use]
pub fn reads_as_missing(text: &str) -> bool {
    // The longest word has 8 bytes; most cells of a file are longer or are settled by the first compare.
    text.len() <= 8 && MISSING_WORDS.contains(&text)
}

/// A file whose first data record has more cells than the header.
///
/// pandas then takes the first cells of *every* row for row labels, without a word, and all values move
/// to the left under the wrong names. Landfast does not shift: cells keep the column of their position,
/// and the record's [`Shape`] tells about the surplus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShiftedHeader {
    /// How many leading cells pandas takes for row labels; at least 1.
    pub label_cells: usize,
}

impl ShiftedHeader {
    /// The header column under which pandas saw a cell; `None` for a row label.
    #[must_use]
    pub const fn legacy_column(&self, cell: usize) -> Option<usize> {
        cell.checked_sub(self.label_cells)
    }
}

/// Checks whether pandas would shift all columns of a file, which only its first data record decides.
///
/// A surplus cell counts even when it is empty, as after a comma at the end of the line. In a later
/// record surplus cells shift nothing; pandas refuses the whole file for them.
///
/// ```
/// use landfast_legacy::csv::{CsvReader, Record, pandas::detect_shift};
///
/// let mut reader = CsvReader::new(&b"name,age\n0,Ada,36\n1,Grace,85\n"[..])?;
/// let mut first = Record::new();
/// reader.read_record(&mut first)?;
/// let shift = detect_shift(&first, reader.header()).expect("three cells under two names");
/// assert_eq!(shift.label_cells, 1);
/// assert_eq!((shift.legacy_column(0), shift.legacy_column(1)), (None, Some(0)));
/// # Ok::<(), landfast_legacy::csv::CsvError>(())
/// ```
#[must_use]
pub fn detect_shift(first: &Record, header: &Header) -> Option<ShiftedHeader> {
    if first.ordinal() > 0 || header.columns() == 0 {
        return None;
    }
    match first.shape() {
        Shape::Long { extra } => Some(ShiftedHeader { label_cells: extra }),
        Shape::Exact | Shape::Short { .. } => None,
    }
}
