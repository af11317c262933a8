//! A large document, part by part.

use landfast_domain::delivery::codes;
use landfast_domain::delivery::envelope::Parts;
use landfast_domain::json::{JsonKind, parse_lossy, validate_lossy};
use std::io::{self, BufRead, BufReader, Read};

use super::decode::{Refused, decode};

/// Most bytes of one issue, or of another part of a document.
pub const MAX_ISSUE_BYTES: usize = 64 * 1024 * 1024;

/// Reads the parts of a document one after the other, in memory for one part and for the document without its
/// parts.
///
/// ```
/// use landfast_domain::delivery::ISSUES;
/// use landfast_legacy::delivery::PartReader;
///
/// let document = r#"{"n": 2, "issues": [ {"key": "A-1"}, {} ], "jql_query": "a"}"#;
/// let mut reader = PartReader::new(document.as_bytes(), ISSUES);
/// let mut issues = Vec::new();
/// while let Some(part) = reader.next_part()? {
///     issues.push(part.text);
/// }
/// assert_eq!(issues, [r#"{"key": "A-1"}"#, "{}"]);
/// assert_eq!(reader.envelope()?, r#"{"n": 2, "issues": [ 0, 0 ], "jql_query": "a"}"#);
/// # Ok::<(), landfast_legacy::delivery::StreamError>(())
/// ```
#[derive(Debug)]
pub struct PartReader<'p, R> {
    input: BufReader<R>,
    machine: Machine<'p>,
    done: bool,
}

/// A part of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamedPart {
    /// Its key with the escapes resolved, for [`Parts::Members`].
    pub key: Option<String>,
    /// Its text; only the first character when texts are not asked for.
    pub text: String,
}

/// Takes the document in pieces of any length.
#[derive(Debug)]
struct Machine<'p> {
    place: Parts<'p>,
    wants: Wants,
    envelope: Vec<u8>,
    /// Bytes read so far.
    offset: u64,
    mode: Mode,
    /// Open brackets outside of the list of parts.
    depth: usize,
    in_string: bool,
    is_escaped: bool,
    /// The next string at depth 1 is a key.
    expects_key: bool,
    /// Literal of the key read last at depth 1, quotes included.
    key: Vec<u8>,
    lists: usize,
    element: Element,
}

/// What is done with parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wants {
    /// They are checked to be JSON.
    Checked,
    /// They were checked before.
    Texts,
    /// Only their first characters are wanted.
    Beginnings,
}

/// Why the parts of a document could not be read on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StreamError {
    /// The file system refused.
    #[error("cannot read the document: {0}")]
    Io(#[from] io::Error),
    /// The document is damaged. The offset is where in the file the part in question ends.
    #[error("before byte {offset}: {refused}")]
    Refused {
        /// Byte offset.
        offset: u64,
        /// What is wrong.
        refused: Refused,
    },
    /// The list of parts occurs twice; only reading the whole document tells which one counts.
    #[error("the document has two lists of issues")]
    TwoLists,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Outside,
    /// Before a part.
    Between,
    Inside,
}

/// The part being read.
#[derive(Debug, Default)]
struct Element {
    bytes: Vec<u8>,
    depth: usize,
    in_string: bool,
    is_escaped: bool,
}

impl<'p, R: Read> PartReader<'p, R> {
    /// A reader of a document that is an object with its parts at a place. Parts are checked to be JSON.
    pub fn new(input: R, place: Parts<'p>) -> Self {
        Self::with(input, place, Wants::Checked)
    }

    /// The same for a document that was read to its end before, with all parts checked.
    pub fn unchecked(input: R, place: Parts<'p>) -> Self {
        Self::with(input, place, Wants::Texts)
    }

    /// A reader that tells of each part only the key and the first character, and checks nothing.
    pub fn beginnings(input: R, place: Parts<'p>) -> Self {
        Self::with(input, place, Wants::Beginnings)
    }

    fn with(input: R, place: Parts<'p>, wants: Wants) -> Self {
        let machine = Machine {
            place,
            wants,
            envelope: Vec::new(),
            offset: 0,
            mode: Mode::Outside,
            depth: 0,
            in_string: false,
            is_escaped: false,
            expects_key: false,
            key: Vec::new(),
            lists: 0,
            element: Element::default(),
        };
        Self { input: BufReader::with_capacity(64 * 1024, input), machine, done: false }
    }

    /// The next part; `None` at the end of the document.
    ///
    /// # Errors
    /// [`StreamError`]; nothing more can be read then.
    pub fn next_part(&mut self) -> Result<Option<StreamedPart>, StreamError> {
        while !self.done {
            let buffer = self.input.fill_buf()?;
            if buffer.is_empty() {
                self.done = true;
                return self.machine.end().map(|()| None);
            }
            let (used, complete) = self.machine.take(buffer)?;
            self.input.consume(used);
            self.machine.offset += u64::try_from(used).unwrap_or(0);
            if complete {
                return self.machine.part().map(Some);
            }
        }
        Ok(None)
    }

    /// Bytes of the document read so far.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.machine.offset
    }

    /// The document without its parts, to be asked for after the last of them.
    ///
    /// # Errors
    /// [`StreamError::Refused`] when it is damaged.
    pub fn envelope(&self) -> Result<String, StreamError> {
        match decode(&self.machine.envelope, JsonKind::Object) {
            Ok(decoded) => Ok(decoded.text),
            Err(refused) => Err(StreamError::Refused { offset: self.machine.offset, refused }),
        }
    }
}

impl Machine<'_> {
    fn end(&self) -> Result<(), StreamError> {
        if self.mode == Mode::Inside {
            let message = format!("the document ends within an issue, after {} bytes of it", self.element.bytes.len());
            return Err(self.refuse(codes::MALFORMED_JSON, message));
        }
        Ok(())
    }

    fn part(&mut self) -> Result<StreamedPart, StreamError> {
        self.envelope.push(b'0');
        let key = match self.place {
            Parts::ListAt(_) => {
                self.mode = Mode::Between;
                None
            }
            Parts::Members => {
                (self.mode, self.expects_key) = (Mode::Outside, false);
                Some(self.key_text().unwrap_or_default())
            }
        };
        let bytes = std::mem::take(&mut self.element).bytes;
        if bytes.contains(&0) {
            return Err(self.refuse(codes::NUL_BYTE, "zero byte in an issue".to_owned()));
        }
        let text = String::from_utf8(bytes).map_err(|error| self.refuse(codes::INVALID_UTF8, error.to_string()))?;
        if self.wants == Wants::Checked {
            validate_lossy(&text).map_err(|error| self.refuse(codes::MALFORMED_JSON, error.to_string()))?;
        }
        Ok(StreamedPart { key, text })
    }

    fn refuse(&self, code: &'static str, message: String) -> StreamError {
        StreamError::Refused { offset: self.offset, refused: Refused { code, message } }
    }

    /// Takes bytes until a part is complete; tells how many, and whether one is.
    fn take(&mut self, buffer: &[u8]) -> Result<(usize, bool), StreamError> {
        let mut at = 0;
        while let Some((byte, rest)) = buffer.get(at..).and_then(<[u8]>::split_first) {
            match self.mode {
                Mode::Outside => self.outside(*byte)?,
                Mode::Between => match (byte, self.place) {
                    (b' ' | b'\t' | b'\n' | b'\r', _) | (b',', Parts::ListAt(_)) => self.envelope.push(*byte),
                    (b']', Parts::ListAt(_)) => {
                        self.envelope.push(*byte);
                        self.mode = Mode::Outside;
                        self.key.clear();
                    }
                    _ => {
                        self.mode = Mode::Inside;
                        continue;
                    }
                },
                Mode::Inside => {
                    let (used, complete) = self.inside(*byte, rest)?;
                    at += used;
                    if complete {
                        return Ok((at, true));
                    }
                    continue;
                }
            }
            at += 1;
        }
        Ok((at, false))
    }

    fn outside(&mut self, byte: u8) -> Result<(), StreamError> {
        self.envelope.push(byte);
        if self.in_string {
            if self.depth == 1 && self.expects_key {
                self.key.push(byte);
            }
            if self.is_escaped {
                self.is_escaped = false;
            } else if byte == b'\\' {
                self.is_escaped = true;
            } else if byte == b'"' {
                self.in_string = false;
                self.expects_key = false;
            }
            return Ok(());
        }
        match byte {
            b'"' => {
                self.in_string = true;
                if self.depth == 1 && self.expects_key {
                    self.key = vec![byte];
                }
            }
            b':' if self.depth == 1 && self.place == Parts::Members => self.mode = Mode::Between,
            b'[' if self.depth == 1 && self.is_at_list() => {
                self.lists += 1;
                if self.lists > 1 {
                    return Err(StreamError::TwoLists);
                }
                self.mode = Mode::Between;
            }
            b'{' | b'[' => {
                self.depth += 1;
                self.expects_key = byte == b'{' && self.depth == 1;
            }
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            b',' if self.depth == 1 => {
                self.expects_key = true;
                self.key.clear();
            }
            _ => {}
        }
        Ok(())
    }

    /// The key read last, however it is written.
    fn key_text(&self) -> Option<String> {
        let (key, _) = parse_lossy(std::str::from_utf8(&self.key).ok()?).ok()?;
        key.as_str().map(str::to_owned)
    }

    fn is_at_list(&self) -> bool {
        matches!(self.place, Parts::ListAt(list) if self.key_text().as_deref() == Some(list))
    }

    /// Takes bytes of a part, at least one unless it ended before; tells how many, and whether it is complete.
    fn inside(&mut self, byte: u8, rest: &[u8]) -> Result<(usize, bool), StreamError> {
        if self.element.bytes.len() >= MAX_ISSUE_BYTES {
            return Err(self.refuse(codes::MALFORMED_JSON, "an issue is longer than the reader's limit".to_owned()));
        }
        let element = &mut self.element;
        if element.is_escaped {
            element.is_escaped = false;
            element.keep(self.wants, &[byte]);
            return Ok((1, false));
        }
        // Bytes up to the next one that says something are passed over together.
        let plain = if element.in_string {
            (byte != b'"' && byte != b'\\').then(|| memchr::memchr2(b'"', b'\\', rest).unwrap_or(rest.len()))
        } else if element.depth > 0 && !is_structure(&byte) {
            Some(rest.iter().position(is_structure).unwrap_or(rest.len()))
        } else {
            None
        };
        if let Some(more) = plain {
            element.keep(self.wants, &[byte]);
            element.keep(self.wants, rest.get(..more).unwrap_or_default());
            return Ok((1 + more, false));
        }
        if !element.in_string && element.depth == 0 {
            // A number or word ends where something else begins.
            let end = if self.place == Parts::Members { b'}' } else { b']' };
            if byte == end || matches!(byte, b',' | b' ' | b'\t' | b'\n' | b'\r') {
                return Ok((0, true));
            }
        }
        element.keep(self.wants, &[byte]);
        match byte {
            b'\\' if element.in_string => element.is_escaped = true,
            b'"' => {
                element.in_string = !element.in_string;
                return Ok((1, !element.in_string && element.depth == 0));
            }
            b'{' | b'[' => element.depth += 1,
            b'}' | b']' => {
                element.depth = element.depth.saturating_sub(1);
                return Ok((1, element.depth == 0));
            }
            _ => {}
        }
        Ok((1, false))
    }
}

fn is_structure(byte: &u8) -> bool {
    matches!(byte, b'"' | b'{' | b'}' | b'[' | b']')
}

impl Element {
    fn keep(&mut self, wants: Wants, bytes: &[u8]) {
        if wants != Wants::Beginnings || self.bytes.is_empty() {
            self.bytes.extend_from_slice(bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use landfast_domain::delivery::ISSUES;
    use landfast_domain::delivery::envelope::cut;
    use proptest::prelude::*;

    /// Gives its bytes one at a time.
    struct Trickle<'a>(&'a [u8]);

    impl Read for Trickle<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let Some((first, rest)) = self.0.split_first() else { return Ok(0) };
            buffer[0] = *first;
            self.0 = rest;
            Ok(1)
        }
    }

    fn read_all(input: impl Read) -> Result<(String, Vec<String>), StreamError> {
        let (envelope, parts) = read_parts(PartReader::new(input, ISSUES))?;
        Ok((envelope, parts.into_iter().map(|part| part.text).collect()))
    }

    fn read_parts(mut reader: PartReader<'_, impl Read>) -> Result<(String, Vec<StreamedPart>), StreamError> {
        let mut parts = Vec::new();
        while let Some(part) = reader.next_part()? {
            parts.push(part);
        }
        Ok((reader.envelope()?, parts))
    }

    proptest! {
        #[test]
        fn the_same_as_reading_the_whole_document(
            parts in proptest::collection::vec(
                proptest::sample::select(vec!["{\"k\":[1,\"]x\"]}", "7", "\"a,b\\\\\"", "[ ]", "null", "\"é\\\"}]\"", "{\"issues\": [1]}"]), 0..6),
            blanks in "[ \n\t]{0,3}",
            key in proptest::sample::select(vec!["issues", "\\u0069ssues", "other"]),
        ) {
            let list: Vec<_> = parts.iter().map(|part| format!("{blanks}{part}{blanks}")).collect();
            let document = format!("{blanks}{{\"a\": \"issues\", \"x\": {{\"issues\": [2]}}, \"{key}\"{blanks}:{blanks}[{}], \"n\": [\"issues\", [1]]}}", list.join(","));
            let (envelope, expected) = cut(&document, ISSUES).unwrap();
            let expected: Vec<String> = expected.into_iter().map(|part| part.text).collect();
            prop_assert_eq!(read_all(document.as_bytes()).unwrap(), (envelope.clone(), expected.clone()));
            prop_assert_eq!(read_all(Trickle(document.as_bytes())).unwrap(), (envelope, expected));
        }
    }

    proptest! {
        #[test]
        fn members_are_those_of_the_whole_document(
            parts in proptest::collection::vec(
                proptest::sample::select(vec!["{\"k\":[1,\"]x\"]}", "7", "\"a,b\\\\\"", "[ ]", "null", "\"\u{e9}\\\"}]\"", "{\"issues\": [1]}"]), 0..6),
            blanks in "[ \n\t]{0,3}",
            keys in proptest::sample::select(vec!["a", "\\u0061\\\"b", "issues"]),
        ) {
            let members: Vec<_> = parts.iter().map(|part| format!("{blanks}\"{keys}\"{blanks}:{blanks}{part}{blanks}")).collect();
            let document = format!("{blanks}{{{}}}{blanks}", members.join(","));
            let (envelope, expected) = cut(&document, Parts::Members).unwrap();
            let expected: Vec<_> =
                expected.into_iter().map(|part| StreamedPart { key: part.key, text: part.text }).collect();
            let whole = read_parts(PartReader::new(document.as_bytes(), Parts::Members)).unwrap();
            prop_assert_eq!(&whole, &(envelope, expected));
            prop_assert_eq!(&read_parts(PartReader::new(Trickle(document.as_bytes()), Parts::Members)).unwrap(), &whole);
            prop_assert_eq!(&read_parts(PartReader::unchecked(Trickle(document.as_bytes()), Parts::Members)).unwrap(), &whole);
            let beginnings = read_parts(PartReader::beginnings(document.as_bytes(), Parts::Members)).unwrap().1;
            for (beginning, part) in beginnings.iter().zip(&whole.1) {
                prop_assert!(beginning.key == part.key && part.text.starts_with(&beginning.text));
            }
        }
    }

    #[test]
    fn damage_is_reported_with_its_place() {
        for (document, code) in [
            (&b"{\"issues\": [{\"a\": 1}, {'b'}]}"[..], codes::MALFORMED_JSON),
            (b"{\"issues\": [{\"a\": 1}", codes::MALFORMED_JSON),
            (b"{\"issues\": [{\"a\": ", codes::MALFORMED_JSON),
            (b"{\"issues\": [{} {}]}", codes::MALFORMED_JSON),
            (b"{\"issues\": [\"\xe4\"]}", codes::INVALID_UTF8),
            (b"{\"issues\": [\"\0\"]}", codes::NUL_BYTE),
            (b"[]", codes::WRONG_KIND),
            (b"", codes::EMPTY_FILE),
        ] {
            let error = read_all(document).unwrap_err();
            let StreamError::Refused { refused, .. } = &error else { panic!("{error}") };
            assert_eq!(refused.code, code, "{error}");
        }
        assert!(matches!(read_all(&b"{\"issues\": [], \"issues\": []}"[..]), Err(StreamError::TwoLists)));
    }

    #[test]
    fn without_a_list_the_document_is_its_own_envelope() {
        let (envelope, issues) = read_all(&b"{\"issues\": {\"a\": []}}"[..]).unwrap();
        assert_eq!((envelope.as_str(), issues.len()), ("{\"issues\": {\"a\": []}}", 0));
    }
}
