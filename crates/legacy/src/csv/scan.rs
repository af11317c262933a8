//! The grammar: splits the bytes of one record into cells.

use super::LineEnd;
use super::marks::Marks;

/// How the value of a cell relates to its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Unquoted; the value is the bytes themselves.
    Plain,
    /// Quoted; the value is the part between the quotes.
    Quoted,
    /// Quoted; the value differs from the bytes and lies in [`Row::scratch`].
    Rewritten,
}

/// One cell. Its bytes start behind the comma of the cell before it. Positions count from the first
/// byte of the record, or of the scratch buffer for [`Form::Rewritten`] values.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    pub(super) raw_end: usize,
    pub(super) value_start: usize,
    pub(super) value_end: usize,
    pub(super) form: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    Unterminated,
    TextAfter,
    Stray,
}

/// A fault in one cell; `at` is the position of the quote in question.
#[derive(Debug, Clone, Copy)]
pub(super) struct Flaw {
    pub(super) fault: Fault,
    pub(super) cell: usize,
    pub(super) at: usize,
}

/// What was found in one record. Reused from record to record.
#[derive(Debug, Clone, Default)]
pub(super) struct Row {
    pub(super) cells: Vec<Cell>,
    pub(super) scratch: Vec<u8>,
    pub(super) flaws: Vec<Flaw>,
    /// Line breaks inside quotes.
    pub(super) inner_breaks: u64,
    /// Start of the last physical line.
    pub(super) last_line: usize,
}

impl Row {
    pub(super) fn clear(&mut self) {
        self.cells.clear();
        self.scratch.clear();
        self.flaws.clear();
        self.inner_breaks = 0;
        self.last_line = 0;
    }

    fn flaw(&mut self, fault: Fault, at: usize) {
        self.flaws.push(Flaw { fault, cell: self.cells.len(), at });
    }
}

/// How a scan ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scan {
    /// A whole record: its text is `..content`, with line end `..end`.
    Done { content: usize, end: usize, line_end: Option<LineEnd> },
    /// The bytes end before the record does.
    NeedMore,
    /// The source ends inside quotes; the open cell is in the row with the text there is.
    OpenQuote,
    /// More cells than allowed before this position.
    TooManyCells { at: usize },
}

/// Splits the record at the start of `bytes`. `at_end`: nothing follows `bytes`.
pub(super) fn scan(bytes: &[u8], at_end: bool, max_cells: usize, row: &mut Row) -> Scan {
    row.clear();
    let mut scanner = Scanner { bytes, at_end, marks: Marks::new(bytes), row };
    let mut at = 0;
    loop {
        if scanner.row.cells.len() >= max_cells {
            return Scan::TooManyCells { at };
        }
        let next = match bytes.get(at) {
            Some(b'"') => scanner.quoted_cell(at),
            _ => scanner.plain_cell(at),
        };
        match next {
            Next::Cell(start) => at = start,
            Next::Stop(scan) => return scan,
        }
    }
}

/// Finds the first physical line: like [`scan`], but blind to quotes.
pub(super) fn first_line(bytes: &[u8], at_end: bool) -> Scan {
    match memchr::memchr2(b'\n', b'\r', bytes) {
        Some(content) => record_end(bytes, content, at_end),
        None if at_end => record_end(bytes, bytes.len(), at_end),
        None => Scan::NeedMore,
    }
}

/// Length of a blank line with its line end at the start of `bytes`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BlankLine {
    Blank(usize),
    NotBlank,
    NeedMore,
}

/// Looks for a line of nothing but spaces and tabs at the start of `bytes`.
pub(super) fn blank_line(bytes: &[u8], at_end: bool) -> BlankLine {
    let content = bytes.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    match bytes.get(content) {
        None if at_end => BlankLine::Blank(content),
        None => BlankLine::NeedMore,
        Some(b'\n' | b'\r') => match record_end(bytes, content, at_end) {
            Scan::Done { end, .. } => BlankLine::Blank(end),
            _ => BlankLine::NeedMore,
        },
        Some(_) => BlankLine::NotBlank,
    }
}

enum Next {
    Cell(usize),
    Stop(Scan),
}

/// One pass over the marks of a record: every comma, quote and line end is taken exactly once.
struct Scanner<'a, 'r> {
    bytes: &'a [u8],
    at_end: bool,
    marks: Marks<'a>,
    row: &'r mut Row,
}

impl Scanner<'_, '_> {
    #[inline]
    fn plain_cell(&mut self, start: usize) -> Next {
        let (end, quote) = self.plain_end();
        let Some(end) = end else {
            return Next::Stop(Scan::NeedMore);
        };
        if let Some(quote) = quote {
            self.row.flaw(Fault::Stray, quote);
        }
        self.push(Cell { raw_end: end, value_start: start, value_end: end, form: Form::Plain })
    }

    /// Where unquoted text ends (at a comma, a line end, or the end of the source; `None`: not in
    /// these bytes), and the first quote in it.
    #[inline]
    fn plain_end(&mut self) -> (Option<usize>, Option<usize>) {
        let mut quote = None;
        for mark in &mut self.marks {
            if self.bytes.get(mark) != Some(&b'"') {
                return (Some(mark), quote);
            }
            quote = quote.or(Some(mark));
        }
        (self.at_end.then_some(self.bytes.len()), quote)
    }

    fn quoted_cell(&mut self, start: usize) -> Next {
        let opening = self.marks.next();
        debug_assert_eq!(opening, Some(start), "the opening quote is the next mark");
        let scratch_start = self.row.scratch.len();
        let mut form = Form::Quoted;
        // Start of the part of the value that is not in the scratch buffer yet.
        let mut from = start + 1;
        while let Some(mark) = self.marks.next() {
            match self.bytes.get(mark) {
                Some(b'"') => {}
                Some(b'\n' | b'\r') => {
                    self.count_break(mark, start);
                    continue;
                }
                _ => continue,
            }
            match self.bytes.get(mark + 1) {
                Some(b'"') => {
                    form = Form::Rewritten;
                    self.keep(from, mark + 1);
                    self.marks.next();
                    from = mark + 2;
                }
                None if !self.at_end => return Next::Stop(Scan::NeedMore),
                None | Some(b',' | b'\n' | b'\r') => {
                    // The mark behind the quote ends the cell.
                    self.marks.next();
                    return self.push_quoted(QuotedCell {
                        from,
                        closing: mark,
                        raw_end: mark + 1,
                        form,
                        scratch_start,
                    });
                }
                Some(_) => {
                    let (Some(end), _) = self.plain_end() else {
                        return Next::Stop(Scan::NeedMore);
                    };
                    self.row.flaw(Fault::TextAfter, mark);
                    self.keep(from, mark);
                    let form = Form::Rewritten;
                    return self.push_quoted(QuotedCell {
                        from: mark + 1,
                        closing: end,
                        raw_end: end,
                        form,
                        scratch_start,
                    });
                }
            }
        }
        if !self.at_end {
            return Next::Stop(Scan::NeedMore);
        }
        self.row.flaw(Fault::Unterminated, start);
        let end = self.bytes.len();
        self.push_quoted(QuotedCell { from, closing: end, raw_end: end, form, scratch_start });
        Next::Stop(Scan::OpenQuote)
    }

    /// Counts a line break inside quotes; CRLF is one.
    fn count_break(&mut self, at: usize, opening: usize) {
        let second_of_pair =
            self.bytes.get(at) == Some(&b'\n') && at > opening + 1 && self.bytes.get(at - 1) == Some(&b'\r');
        self.row.inner_breaks += u64::from(!second_of_pair);
        self.row.last_line = at + 1;
    }

    /// Copies a part of the value to the scratch buffer.
    fn keep(&mut self, from: usize, to: usize) {
        self.row.scratch.extend_from_slice(self.bytes.get(from..to).unwrap_or_default());
    }

    fn push_quoted(&mut self, cell: QuotedCell) -> Next {
        let (value_start, value_end) = match cell.form {
            Form::Rewritten => {
                self.keep(cell.from, cell.closing);
                (cell.scratch_start, self.row.scratch.len())
            }
            Form::Plain | Form::Quoted => (cell.from, cell.closing),
        };
        self.push(Cell { raw_end: cell.raw_end, value_start, value_end, form: cell.form })
    }

    #[inline]
    fn push(&mut self, cell: Cell) -> Next {
        self.row.cells.push(cell);
        match self.bytes.get(cell.raw_end) {
            Some(b',') => Next::Cell(cell.raw_end + 1),
            _ => Next::Stop(record_end(self.bytes, cell.raw_end, self.at_end)),
        }
    }
}

/// A quoted cell whose end was found: `from..closing` is the last part of its value.
struct QuotedCell {
    from: usize,
    closing: usize,
    raw_end: usize,
    form: Form,
    scratch_start: usize,
}

fn record_end(bytes: &[u8], content: usize, at_end: bool) -> Scan {
    let line_end = match (bytes.get(content), bytes.get(content + 1)) {
        (None, _) => None,
        (Some(b'\n'), _) => Some(LineEnd::Lf),
        (_, Some(b'\n')) => Some(LineEnd::CrLf),
        (_, None) if !at_end => return Scan::NeedMore,
        _ => Some(LineEnd::Cr),
    };
    let end = content + line_end.map_or(0, |end| end.as_bytes().len());
    Scan::Done { content, end, line_end }
}
