//! Decides where the next record ends, damage included.

use super::scan::{self, Row, Scan};
use super::{LineEnd, ReadOptions};

/// What the record at the start of the window is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Split {
    /// A record; its cells are in the row.
    Record(Extent),
    /// A record whose cells are more than allowed; the row is empty.
    TooManyCells(Extent),
    /// A physical line longer than the limit, of which `prefix` bytes are kept.
    TooLong { prefix: usize },
}

/// Position and end of a record, from its first byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Extent {
    pub(super) content: usize,
    pub(super) end: usize,
    pub(super) line_end: Option<LineEnd>,
    /// Up to here quoted cells may not run over line breaks (0: no restriction).
    pub(super) single_lines: usize,
}

/// Splits off the record at the start of `bytes`, which is at most one byte longer than the longest
/// record allowed (that byte shows the record is too long, or what follows a CR).
///
/// `single_lines`: the position lies in a part of the file where quoted cells may not run over line
/// breaks. `columns`: cells of the header, `None` while reading the header itself. `None` is returned
/// when the window must show more bytes first.
pub(super) fn split(
    bytes: &[u8],
    at_end: bool,
    options: &ReadOptions,
    single_lines: bool,
    columns: Option<usize>,
    row: &mut Row,
    spare: &mut Row,
) -> Option<Split> {
    let limit = options.max_record_bytes;
    let can_grow = !at_end && bytes.len() <= limit;
    let mut looked_through = 0;
    if !single_lines {
        match scan::scan(bytes, at_end, options.max_cells, row) {
            Scan::NeedMore if can_grow => return None,
            Scan::Done { content, end, line_end } if end <= limit => {
                if !is_lost_quote(bytes, content, columns, row, spare, options) {
                    return Some(Split::Record(Extent { content, end, line_end, single_lines: 0 }));
                }
                looked_through = end;
            }
            Scan::TooManyCells { at } => looked_through = at,
            Scan::Done { .. } | Scan::NeedMore | Scan::OpenQuote => looked_through = bytes.len().min(limit),
        }
    }
    row.clear();
    Some(match scan::first_line(bytes, at_end) {
        Scan::NeedMore if can_grow => return None,
        Scan::Done { content, end, line_end } if end <= limit => {
            let extent = Extent { content, end, line_end, single_lines: looked_through };
            let line = bytes.get(..content).unwrap_or_default();
            match scan::scan(line, true, options.max_cells, row) {
                Scan::TooManyCells { .. } => {
                    row.clear();
                    Split::TooManyCells(extent)
                }
                _ => Split::Record(extent),
            }
        }
        Scan::Done { content, .. } => Split::TooLong { prefix: content.min(limit) },
        _ => Split::TooLong { prefix: bytes.len().min(limit) },
    })
}

/// Whether a record over several lines swallowed its neighbour because a closing quote is missing.
fn is_lost_quote(
    bytes: &[u8],
    content: usize,
    columns: Option<usize>,
    row: &Row,
    spare: &mut Row,
    options: &ReadOptions,
) -> bool {
    if row.inner_breaks == 0 || row.flaws.is_empty() {
        return false;
    }
    let last_line = bytes.get(row.last_line..content).unwrap_or_default();
    let alone = scan::scan(last_line, true, options.max_cells, spare);
    matches!(alone, Scan::Done { .. }) && spare.flaws.is_empty() && Some(spare.cells.len()) == columns
}
