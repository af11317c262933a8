//! The words pandas reads as "no value".

/// Cell texts that pandas `read_csv` takes for a missing value, in byte order.
///
/// The empty text is one of them. The comparison is exact: case matters, blanks around the word
/// make it ordinary text, and quoting the cell in the CSV file makes no difference.
pub const MISSING_WORDS: [&str; 19] = [
    "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A", "NA",
    "NULL", "NaN", "None", "n/a", "nan", "null",
];

/// Bytes of the longest word, `#N/A N/A` and its like.
const LONGEST: usize = 8;

/// Whether the legacy program read a cell with exactly this text as empty.
///
/// ```
/// use landfast_domain::text::is_missing_word;
///
/// assert!(is_missing_word("NA"));
/// assert!(is_missing_word(""));
/// assert!(!is_missing_word("none"));
/// assert!(!is_missing_word("NA "));
/// ```
#[must_use]
pub fn is_missing_word(cell: &str) -> bool {
    // Most cells are longer than any of the words or begin like none of them, and need no search.
    cell.len() <= LONGEST
        && match cell.as_bytes() {
            [] => true,
            [b'1', second, ..] => *second == b'.' && MISSING_WORDS.binary_search(&cell).is_ok(),
            [b'#' | b'-' | b'<' | b'N' | b'n', ..] => MISSING_WORDS.binary_search(&cell).is_ok(),
            _ => false,
        }
}

/// The text the legacy program worked with for a raw cell: empty for a missing word, else the cell.
///
/// The legacy program forgot the word itself at its next save. Keep the raw cell beside this text.
///
/// ```
/// use landfast_domain::text::legacy_text;
///
/// assert_eq!(legacy_text("null"), "");
/// assert_eq!(legacy_text("Null"), "Null");
/// ```
#[must_use]
pub fn legacy_text(cell: &str) -> &str {
    if is_missing_word(cell) { "" } else { cell }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_no_word_is_longer_than_the_shortcut_allows() {
        assert!(MISSING_WORDS.is_sorted());
        assert_eq!(MISSING_WORDS.iter().map(|word| word.len()).max(), Some(LONGEST));
    }

    #[test]
    fn every_word_is_missing_and_near_misses_are_text() {
        for word in MISSING_WORDS {
            assert!(is_missing_word(word), "{word:?}");
            assert_eq!(legacy_text(word), "");
            let padded = format!("{word} ");
            assert_eq!(legacy_text(&padded), padded);
        }
        for word in ["none", "Null", "NONE", "Nan", "NAN", "N/a", "na", "#n/a", "inf", "-", "0"] {
            assert_eq!(legacy_text(word), word);
        }
    }
}
