//! From a row to a record.

use super::check::check_cell;
use super::{KeyCounter, Row, Slot, TableLayout, code};
use crate::csv::{Problem, Shape};
use landfast_domain::record::{Record, RecordKey};

/// Something odd about a record that was loaded, or about a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// One of [`CODES`](super::CODES).
    pub code: &'static str,
    /// Column it is in, empty when it concerns the whole record.
    pub column: String,
    /// What was found, in words.
    pub message: String,
}

/// Why a row cannot be a record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Reject {
    /// One of [`CODES`](super::CODES).
    pub code: &'static str,
    /// Column the problem is in, empty when it concerns the whole row.
    pub column: String,
    /// What is wrong, in words.
    pub message: String,
}

/// A record and what is odd about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Decoded<R> {
    /// The record.
    pub record: R,
    /// What is odd about it; empty for nearly all records.
    pub findings: Vec<Finding>,
}

/// Makes a record of a row.
///
/// Each cell's text is taken over as it is; a column the file lacks has
/// [`Column::when_absent`](landfast_domain::record::Column::when_absent), a cell a short row lacks is
/// empty. Columns the record type does not know become
/// [`Record::extra`](landfast_domain::record::Record::extra), all of them, empty or not.
///
/// The key comes from `keys`, which a rejected row does not change.
///
/// # Errors
/// [`Reject`] for a row that is not UTF-8, whose end is a guess, that has surplus cells with text in
/// them, or that is part of a row a carriage return broke.
pub fn decode<R: Record>(layout: &TableLayout, row: &Row, keys: &mut KeyCounter) -> Result<Decoded<R>, Reject> {
    let csv = row.record();
    let mut findings = Vec::new();
    for problem in csv.problems() {
        if let Some(reject) = reject_for(problem) {
            return Err(Reject { column: column_of(layout, problem), ..reject });
        }
        findings.extend(finding_for(layout, problem));
    }
    check_shape(layout, row, &mut findings)?;

    let mut record = R::blank(RecordKey::new(""));
    record.extra_mut().reserve_exact(layout.extra_count());
    for (column, slot) in layout.slots().iter().enumerate() {
        let text = csv.cell(column).map_err(|error| Reject {
            code: code::INVALID_UTF8,
            column: slot_name::<R>(slot).to_owned(),
            message: error.to_string(),
        })?;
        match slot {
            Slot::Known(index) => {
                let Some(own) = R::COLUMNS.get(*index) else { continue };
                check_cell(own, text, &mut findings);
                if !(text.is_empty() && own.when_absent.is_empty()) {
                    record.set_cell(*index, text.to_owned());
                }
            }
            Slot::Extra(name) => record.extra_mut().push((name.clone(), text.to_owned())),
        }
    }

    let identity = record.identity();
    // The id of a membership is two ids with a slash between them.
    let has_id = identity.bytes().any(|byte| byte != b'/');
    let (key, is_twin) = keys.next_key(identity);
    if !has_id {
        findings.push(Finding {
            code: code::NO_ID,
            column: String::new(),
            message: format!("no id; its key is `{key}`"),
        });
    } else if is_twin {
        let message = format!("an earlier record has the same id; its key is `{key}`");
        findings.push(Finding { code: code::TWIN_ID, column: String::new(), message });
    }
    record.set_key(key);
    Ok(Decoded { record, findings })
}

/// The reject a problem of the CSV reader calls for, without its column.
pub(crate) fn reject_for(problem: &Problem) -> Option<Reject> {
    let code = match problem {
        Problem::UnterminatedQuote { .. } => code::UNTERMINATED_QUOTE,
        Problem::InvalidUtf8 { .. } => code::INVALID_UTF8,
        Problem::TooLong { .. } => code::TOO_LONG,
        Problem::TooManyCells { .. } => code::TOO_MANY_CELLS,
        Problem::BlankRun { .. } => code::BLANK_RUN,
        Problem::TextAfterQuote { .. }
        | Problem::StrayQuote { .. }
        | Problem::NulByte { .. }
        | Problem::LoneCarriageReturn { .. } => return None,
    };
    Some(Reject { code, column: String::new(), message: problem.to_string() })
}

fn finding_for(layout: &TableLayout, problem: &Problem) -> Option<Finding> {
    let code = match problem {
        Problem::TextAfterQuote { .. } => code::TEXT_AFTER_QUOTE,
        Problem::StrayQuote { .. } => code::STRAY_QUOTE,
        Problem::NulByte { .. } => code::NUL_BYTE,
        _ => return None,
    };
    Some(Finding { code, column: column_of(layout, problem), message: problem.to_string() })
}

/// Name of the column a problem is in.
fn column_of(layout: &TableLayout, problem: &Problem) -> String {
    match problem {
        Problem::UnterminatedQuote { cell, .. }
        | Problem::TextAfterQuote { cell, .. }
        | Problem::StrayQuote { cell, .. }
        | Problem::InvalidUtf8 { cell, .. }
        | Problem::NulByte { cell, .. } => layout.name(*cell).to_owned(),
        _ => String::new(),
    }
}

fn slot_name<R: Record>(slot: &Slot) -> &str {
    match slot {
        Slot::Known(index) => R::COLUMNS.get(*index).map_or("", |column| column.name),
        Slot::Extra(name) => name,
    }
}

fn check_shape(layout: &TableLayout, row: &Row, findings: &mut Vec<Finding>) -> Result<(), Reject> {
    let csv = row.record();
    let columns = layout.slots().len();
    let mut find = |code, message| findings.push(Finding { code, column: String::new(), message });
    if row.parts() > 1 {
        find(code::BARE_CR_JOINED, format!("put together from {} parts", row.parts()));
    }
    match csv.shape() {
        shape if row.is_broken() && shape != Shape::Exact => Err(Reject {
            code: code::BARE_CR,
            column: String::new(),
            message: format!("{} cells beside a lone carriage return, where {columns} make a row", csv.field_count()),
        }),
        Shape::Exact if csv.problems().iter().any(|problem| matches!(problem, Problem::LoneCarriageReturn { .. })) => {
            find(code::CR_LINE_END, "the row ends with a lone carriage return".to_owned());
            Ok(())
        }
        Shape::Exact => Ok(()),
        Shape::Short { missing } => {
            find(code::SHORT_ROW, format!("the last {missing} of {columns} cells are missing"));
            Ok(())
        }
        Shape::Long { extra } => {
            let surplus = (columns..csv.field_count()).any(|cell| !csv.cell_bytes(cell).is_empty());
            if surplus {
                let message = format!("{extra} cells more than the {columns} of the header");
                return Err(Reject { code: code::LONG_ROW, column: String::new(), message });
            }
            find(code::TRAILING_EMPTY_CELLS, format!("{extra} empty cells after the {columns} of the header"));
            Ok(())
        }
    }
}
