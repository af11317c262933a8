//! Counting in JSON without a JSON reader.
//!
//! The count is to be independent of the code that reads documents, so it knows nothing of JSON but brackets,
//! strings, colons and commas. It holds a few bytes however large the document is.

use crate::bytes::BUFFER;
use crate::document::Bytes;
use crate::error::{Error, Result};
use std::path::Path;

/// How many elements the array, or members the object, at a place has; `None` when there is no array or object.
/// The place is a list of member names, as they are written; an empty list is the document itself.
pub(crate) fn count_children(mut source: Bytes<'_>, place: &[&str]) -> Result<Option<u64>> {
    let mut counter = Counter::new(place);
    let mut buffer = vec![0; BUFFER];
    loop {
        let count = source.read(&mut buffer).map_err(Error::io("read", Path::new("document")))?;
        if count == 0 {
            return Ok(counter.found);
        }
        let mut rest = buffer.get(..count).unwrap_or_default();
        while let Some((byte, behind)) = rest.split_first() {
            let plain = counter.plain(rest);
            let (passed, left) = rest.split_at(plain);
            if plain > 0 {
                counter.pass(passed);
                rest = left;
            } else {
                counter.take(*byte);
                rest = behind;
            }
        }
    }
}

struct Counter<'a> {
    place: &'a [&'a str],
    /// Open brackets; the flag says whether the bracket is on the way to the place.
    open: Vec<(u8, bool)>,
    in_string: bool,
    escaped: bool,
    /// Bytes of the string that ended last, or is open; only as many as a name of the place can have.
    string: Vec<u8>,
    /// The name before the value to come.
    name: Vec<u8>,
    /// Something stands in the innermost bracket since it was opened or since its last comma.
    has_value: bool,
    count: u64,
    found: Option<u64>,
}

/// Longest name that is remembered.
const LONGEST: usize = 64;

impl<'a> Counter<'a> {
    fn new(place: &'a [&'a str]) -> Self {
        Self {
            place,
            open: Vec::new(),
            in_string: false,
            escaped: false,
            string: Vec::new(),
            name: Vec::new(),
            has_value: false,
            count: 0,
            found: None,
        }
    }

    /// How many of the bytes are characters of the open string that say nothing.
    fn plain(&self, bytes: &[u8]) -> usize {
        if !self.in_string || self.escaped {
            return 0;
        }
        memchr::memchr2(b'"', b'\\', bytes).unwrap_or(bytes.len())
    }

    /// Takes such characters.
    fn pass(&mut self, bytes: &[u8]) {
        let room = (LONGEST + 1).saturating_sub(self.string.len());
        self.string.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
    }

    fn take(&mut self, byte: u8) {
        if self.in_string {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => {
                    self.in_string = false;
                    return;
                }
                _ => {}
            }
            if self.string.len() <= LONGEST {
                self.string.push(byte);
            }
            return;
        }
        match byte {
            b'"' => {
                self.in_string = true;
                self.string.clear();
                self.has_value = true;
            }
            b':' => self.name = std::mem::take(&mut self.string),
            b'[' | b'{' => self.begin(byte),
            b']' | b'}' => self.end(),
            b',' => {
                if self.is_inside() {
                    self.count += u64::from(self.has_value);
                }
                self.has_value = false;
            }
            b' ' | b'\t' | b'\r' | b'\n' => {}
            _ => self.has_value = true,
        }
    }

    fn begin(&mut self, byte: u8) {
        let depth = self.open.len();
        let on_the_way = match depth.checked_sub(1) {
            None => true,
            Some(above) => {
                self.open.last().is_some_and(|(bracket, on_the_way)| *on_the_way && *bracket == b'{')
                    && self.place.get(above).is_some_and(|name| name.as_bytes() == self.name)
            }
        };
        self.open.push((byte, on_the_way));
        if self.is_inside() {
            self.count = 0;
        }
        self.has_value = false;
    }

    fn end(&mut self) {
        if self.is_inside() {
            self.found = Some(self.count + u64::from(self.has_value));
        }
        self.open.pop();
        self.has_value = true;
    }

    /// Whether the innermost bracket is the one at the place.
    fn is_inside(&self) -> bool {
        self.open.len() == self.place.len() + 1 && self.open.last().is_some_and(|(_, on_the_way)| *on_the_way)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(text: &str, place: &[&str]) -> Option<u64> {
        count_children(Box::new(text.as_bytes()), place).unwrap()
    }

    #[test]
    fn children_are_counted_at_their_place() {
        let text = r#"{"a": [1, [2, 3], {"b": [9]}], "b": {"x": "],[", "y": {}}, "c": [], "d\"": [1, 2]}"#;
        for (place, number) in [
            (&[][..], Some(4)),
            (&["a"], Some(3)),
            (&["b"], Some(2)),
            (&["c"], Some(0)),
            (&["b", "y"], Some(0)),
            (&["d\\\""], Some(2)),
            (&["x"], None),
        ] {
            assert_eq!(count(text, place), number, "{place:?}");
        }
        assert_eq!(count("[ 1 , \"a,b\" ]\n", &[]), Some(2));
        assert_eq!(count("17", &[]), None);
        assert_eq!(count("[1, 2", &[]), None);
    }

    proptest::proptest! {
        #[test]
        fn the_count_is_that_of_a_reader(values in proptest::collection::vec(".{0,8}", 0..20)) {
            let text = landfast_domain::json::Json::from(
                values.iter().map(|value| landfast_domain::json::Json::from(value.as_str())).collect::<Vec<_>>(),
            )
            .dump_indented(2);
            proptest::prop_assert_eq!(count(&text, &[]), u64::try_from(values.len()).ok());
        }
    }
}
