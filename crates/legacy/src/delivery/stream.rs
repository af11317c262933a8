//! A large issue cache, issue by issue.

use landfast_domain::delivery::codes;
use landfast_domain::json::{Json, JsonKind, parse_lossy};
use std::io::{self, BufRead, BufReader, Read};

use super::decode::{Refused, decode};

/// Most bytes of one issue.
pub const MAX_ISSUE_BYTES: usize = 64 * 1024 * 1024;

/// Reads the issues of a cache document one after the other, in memory for one issue and for the document
/// without its issues.
///
/// ```
/// use landfast_legacy::delivery::IssueReader;
///
/// let document = r#"{"n": 2, "issues": [ {"key": "A-1"}, {} ], "jql_query": "a"}"#;
/// let mut reader = IssueReader::new(document.as_bytes());
/// let mut issues = Vec::new();
/// while let Some(issue) = reader.next_issue()? {
///     issues.push(issue);
/// }
/// assert_eq!(issues, [r#"{"key": "A-1"}"#, "{}"]);
/// assert_eq!(reader.envelope()?, r#"{"n": 2, "issues": [ 0, 0 ], "jql_query": "a"}"#);
/// # Ok::<(), landfast_legacy::delivery::StreamError>(())
/// ```
#[derive(Debug)]
pub struct IssueReader<R> {
    input: BufReader<R>,
    machine: Machine,
    done: bool,
}

/// Takes the document byte by byte.
#[derive(Debug)]
struct Machine {
    envelope: Vec<u8>,
    /// Bytes read so far.
    offset: u64,
    mode: Mode,
    /// Open brackets outside of the list of issues.
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

/// Why the issues of a document could not be read on.
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
    /// The list of issues occurs twice; only reading the whole document tells which one counts.
    #[error("the document has two lists of issues")]
    TwoLists,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Outside,
    Between,
    Inside,
}

/// The issue being read.
#[derive(Debug, Default)]
struct Element {
    bytes: Vec<u8>,
    depth: usize,
    in_string: bool,
    is_escaped: bool,
}

impl<R: Read> IssueReader<R> {
    /// A reader of a document that is an object with a list `issues`.
    pub fn new(input: R) -> Self {
        let machine = Machine {
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

    /// Text of the next issue; `None` at the end of the document. It is checked to be JSON.
    ///
    /// # Errors
    /// [`StreamError`]; nothing more can be read then.
    pub fn next_issue(&mut self) -> Result<Option<String>, StreamError> {
        while !self.done {
            let buffer = self.input.fill_buf()?;
            if buffer.is_empty() {
                self.done = true;
                return self.machine.end().map(|()| None);
            }
            let (mut used, mut complete) = (0, false);
            for byte in buffer {
                match self.machine.step(*byte)? {
                    Step::Taken => used += 1,
                    Step::TakenComplete => {
                        used += 1;
                        complete = true;
                    }
                    Step::CompleteBefore => complete = true,
                }
                if complete {
                    break;
                }
            }
            self.input.consume(used);
            self.machine.offset += u64::try_from(used).unwrap_or(0);
            if complete {
                return self.machine.issue().map(Some);
            }
        }
        Ok(None)
    }

    /// Bytes of the document read so far.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.machine.offset
    }

    /// The document without its issues, to be asked for after the last of them.
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

impl Machine {
    fn end(&self) -> Result<(), StreamError> {
        if self.mode == Mode::Inside {
            let message = format!("the document ends within an issue, after {} bytes of it", self.element.bytes.len());
            return Err(self.refuse(codes::MALFORMED_JSON, message));
        }
        Ok(())
    }

    fn issue(&mut self) -> Result<String, StreamError> {
        self.mode = Mode::Between;
        self.envelope.push(b'0');
        let bytes = std::mem::take(&mut self.element).bytes;
        if bytes.contains(&0) {
            return Err(self.refuse(codes::NUL_BYTE, "zero byte in an issue".to_owned()));
        }
        let text = String::from_utf8(bytes).map_err(|error| self.refuse(codes::INVALID_UTF8, error.to_string()))?;
        parse_lossy(&text).map_err(|error| self.refuse(codes::MALFORMED_JSON, error.to_string()))?;
        Ok(text)
    }

    fn refuse(&self, code: &'static str, message: String) -> StreamError {
        StreamError::Refused { offset: self.offset, refused: Refused { code, message } }
    }

    fn step(&mut self, byte: u8) -> Result<Step, StreamError> {
        match self.mode {
            Mode::Outside => self.outside(byte)?,
            Mode::Between => match byte {
                b' ' | b'\t' | b'\n' | b'\r' | b',' => self.envelope.push(byte),
                b']' => {
                    self.envelope.push(byte);
                    self.mode = Mode::Outside;
                    self.key.clear();
                }
                _ => {
                    self.mode = Mode::Inside;
                    return self.inside(byte);
                }
            },
            Mode::Inside => return self.inside(byte),
        }
        Ok(Step::Taken)
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
            b'[' if self.depth == 1 && self.is_issues() => {
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

    /// Whether the key read last is `issues`, however it is written.
    fn is_issues(&self) -> bool {
        let text = std::str::from_utf8(&self.key).ok();
        text.and_then(|text| Json::parse(text).ok()).is_some_and(|key| key.as_str() == Some("issues"))
    }

    fn inside(&mut self, byte: u8) -> Result<Step, StreamError> {
        let element = &mut self.element;
        if element.bytes.len() >= MAX_ISSUE_BYTES {
            return Err(self.refuse(codes::MALFORMED_JSON, "an issue is longer than the reader's limit".to_owned()));
        }
        if element.in_string {
            element.bytes.push(byte);
            if element.is_escaped {
                element.is_escaped = false;
            } else if byte == b'\\' {
                element.is_escaped = true;
            } else if byte == b'"' {
                element.in_string = false;
                return Ok(element.taken());
            }
            return Ok(Step::Taken);
        }
        // A number or word ends where something else begins.
        if element.depth == 0 && matches!(byte, b',' | b']' | b' ' | b'\t' | b'\n' | b'\r') {
            return Ok(Step::CompleteBefore);
        }
        element.bytes.push(byte);
        match byte {
            b'"' => element.in_string = true,
            b'{' | b'[' => element.depth += 1,
            b'}' | b']' => {
                element.depth = element.depth.saturating_sub(1);
                return Ok(element.taken());
            }
            _ => {}
        }
        Ok(Step::Taken)
    }
}

impl Element {
    /// After a closing quote or bracket: whether that was the end of the issue.
    fn taken(&self) -> Step {
        if self.depth == 0 { Step::TakenComplete } else { Step::Taken }
    }
}

enum Step {
    Taken,
    TakenComplete,
    CompleteBefore,
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
        let mut reader = IssueReader::new(input);
        let mut issues = Vec::new();
        while let Some(issue) = reader.next_issue()? {
            issues.push(issue);
        }
        Ok((reader.envelope()?, issues))
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
