//! Stable codes of what can be odd about a record, for reports, filters and documentation.

macro_rules! codes {
    ($( $name:ident = $code:literal, $meaning:literal, $outcome:literal; )*) => {
        $(
            #[doc = concat!("`", $code, "`: ", $meaning, ". ", $outcome, ".")]
            pub const $name: &str = $code;
        )*

        /// Every code: `(code, meaning, what happens)`, the codes of whole records and files first.
        ///
        /// A code never changes its meaning; new ones may be added.
        pub const CODES: &[(&str, &str, &str)] = &[ $( ($code, $meaning, $outcome) ),* ];
    };
}

codes! {
    INVALID_UTF8 = "invalid-utf8", "a cell is not UTF-8", "the record is set aside with its bytes";
    UNTERMINATED_QUOTE = "unterminated-quote", "a quoted cell is not closed, so where the record ends is a guess",
        "its first line is set aside with its bytes; reading goes on at the next line";
    LONG_ROW = "long-row", "more cells than the header, and the surplus ones are not all empty",
        "the record is set aside with its bytes";
    BARE_CR = "bare-cr", "part of a row that a carriage return inside a cell broke, and the parts do not make one row",
        "the part is set aside with its bytes";
    TOO_LONG = "too-long", "a line longer than the reader's limit", "the record is set aside";
    TOO_MANY_CELLS = "too-many-cells", "more cells than the reader's limit", "the record is set aside with its bytes";
    BLANK_RUN = "blank-run", "blank lines that together are longer than the reader's limit, not a record at all",
        "their bytes are set aside";

    BARE_CR_JOINED = "bare-cr-joined", "a carriage return inside a cell broke the row, and its parts make exactly one row",
        "loaded as one record, with the carriage return in its cell";
    CR_LINE_END = "cr-line-end", "a complete row that ends with a lone carriage return", "loaded";
    SHORT_ROW = "short-row", "fewer cells than the header", "loaded; the missing cells are empty, as the legacy program read them";
    TRAILING_EMPTY_CELLS = "trailing-empty-cells", "more cells than the header, but the surplus ones are empty",
        "loaded without the surplus cells; the legacy program could not read such a file at all";
    TEXT_AFTER_QUOTE = "text-after-quote", "text after the closing quote of a cell", "loaded; quote and text are joined, as the legacy program did";
    STRAY_QUOTE = "stray-quote", "a quote inside a cell that is not quoted", "loaded; the quote is text";
    NUL_BYTE = "nul-byte", "a cell holds a NUL character", "loaded with it; the legacy program cut the cell there";
    NO_ID = "no-id", "the record has no id", "loaded under a key of its own; its id stays empty";
    TWIN_ID = "twin-id", "an earlier record has the same id", "loaded under a key of its own; its id stays as it is";

    MISSING_WORD = "missing-word", "one of the words the legacy program read as empty, such as `NA` or `null`",
        "loaded; the word is kept and reads as empty";
    NOT_A_NUMBER = "not-a-number", "text in a number column", "loaded; the text is kept and reads as no value";
    NOT_FINITE = "not-finite", "an infinite number, or one too large to be kept", "loaded; the text is kept and reads as no value";
    NOT_AN_INTEGER = "not-an-integer", "text or a fraction in a column of whole numbers", "loaded; the text is kept and reads as no value";
    NOT_A_DATE = "not-a-date", "text in a date column that is no date, or in a form the program does not write",
        "loaded; the text is kept and reads as no date";
    NOT_A_BOOLEAN = "not-a-boolean", "neither true nor false", "loaded; the text is kept and reads as no value";
    BOOLEAN_SPELLING = "boolean-spelling", "`TRUE` or `true` where the legacy program writes `True`, likewise for false",
        "loaded; the text is kept, since the legacy program did not take it for true in every place";
    MALFORMED_JSON = "malformed-json", "not JSON", "loaded; the text is kept and reads as an empty payload";
    JSON_NOT_OBJECT = "json-not-object", "JSON, but not an object", "loaded; the text is kept and reads as an empty payload";
    JSON_NOT_LIST = "json-not-list", "JSON, but not a list", "loaded; the text is kept and reads as an empty list";
    DOUBLE_ENCODED_JSON = "double-encoded-json", "a JSON text that holds the object or list as JSON once more",
        "loaded; the text is kept and the inner value is read";
    DUPLICATE_JSON_KEY = "duplicate-json-key", "a key occurs twice in one object", "loaded; the text is kept and the last value counts";
    JSON_NAN = "json-nan", "`NaN` or `Infinity` in JSON", "loaded; the text is kept";
    JSON_LONE_SURROGATE = "json-lone-surrogate", "half a character as an escape in JSON", "loaded; the text is kept and reads as an empty payload";

    HEADER_NOT_UTF8 = "header-not-utf8", "a column name is not UTF-8", "the column is kept under a name with replacement characters";
    DUPLICATE_COLUMN = "duplicate-column", "a column name occurs again", "the first column counts; the others are kept as unknown columns `name.1`, `name.2`";
    UNNAMED_COLUMN = "unnamed-column", "a column has no name", "kept as an unknown column `Unnamed: n`";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_code_is_given_twice() {
        let mut codes: Vec<_> = CODES.iter().map(|(code, ..)| code).collect();
        codes.sort();
        codes.dedup();
        assert_eq!(codes.len(), CODES.len());
    }

    #[test]
    fn texts_fit_into_a_table_of_the_documentation() {
        for (code, meaning, outcome) in CODES {
            for text in [code, meaning, outcome] {
                assert!(!text.contains(['|', '\n']) && !text.ends_with('.'), "{text}");
            }
        }
    }
}
