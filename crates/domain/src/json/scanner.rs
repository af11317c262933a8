//! Splits a text into JSON tokens and checks the grammar on the way.

use std::borrow::Cow;
use std::ops::Range;

use super::error::{JsonError, JsonErrorKind};

/// Most brackets that may be open at once, 512.
pub const MAX_DEPTH: usize = 512;

/// What a token is. Open and close brackets come in matching pairs, and every value inside an object
/// is preceded by its key; the scanner reports an error otherwise.
#[derive(Debug, Clone, Copy)]
pub(super) enum Event<'a> {
    Null,
    Bool(bool),
    Number(&'a str),
    String(RawString<'a>),
    Key(RawString<'a>),
    Open(Container),
    Close,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Container {
    Array,
    Object,
}

/// An event and the bytes it was read from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'a> {
    pub(super) event: Event<'a>,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Token<'_> {
    /// The token as it stands in the text it was read from.
    pub(super) fn text<'t>(&self, text: &'t str) -> &'t str {
        slice(text, self.start..self.end)
    }
}

/// The part of a text between two ends of tokens.
pub(super) fn slice(text: &str, range: Range<usize>) -> &str {
    text.get(range).expect("tokens end between characters")
}

/// A checked string literal without its quotes, escapes not yet resolved.
#[derive(Debug, Clone, Copy)]
pub(super) struct RawString<'a> {
    raw: &'a str,
    escaped: bool,
    /// Whether it holds a surrogate without its partner, which a Rust string cannot.
    lone_surrogate: bool,
}

/// What the grammar allows next.
#[derive(Debug, Clone, Copy)]
enum State {
    Value,
    ValueOrEnd,
    Key,
    KeyOrEnd,
    CommaOrEnd,
    Done,
}

/// Pull parser. Call [`next`](Self::next) until it gives `None`.
///
/// Conditions, positions and order of errors are those of CPython's C scanner.
pub(super) struct Scanner<'a> {
    text: &'a str,
    at: usize,
    open: Vec<Container>,
    state: State,
    lone_surrogate: Option<usize>,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0, open: Vec::new(), state: State::Value, lone_surrogate: None }
    }

    /// Brackets open after the token read last.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// The error for the first lone surrogate so far, if there was one. It is not reported by
    /// [`next`](Self::next), so that a worse error further on is found.
    pub(super) fn refuse_lone_surrogate(&self) -> Result<(), JsonError> {
        self.lone_surrogate.map_or(Ok(()), |at| Err(self.error(JsonErrorKind::LoneSurrogate, at)))
    }

    pub(super) fn error(&self, kind: JsonErrorKind, at: usize) -> JsonError {
        JsonError::new(kind, self.text, at)
    }

    /// Next token, or `None` after a complete document.
    #[inline]
    pub(super) fn next(&mut self) -> Result<Option<Token<'a>>, JsonError> {
        if self.at == 0 && self.text.starts_with('\u{feff}') {
            return Err(self.error(JsonErrorKind::ByteOrderMark, 0));
        }
        self.skip_blanks();
        match (self.state, self.peek()) {
            (State::Done, None) => return Ok(None),
            (State::Done, Some(_)) => return Err(self.error(JsonErrorKind::ExtraData, self.at)),
            (State::ValueOrEnd, Some(b']')) | (State::KeyOrEnd, Some(b'}')) => {
                return Ok(Some(self.close()));
            }
            (State::CommaOrEnd, byte) => match (self.open.last(), byte) {
                (Some(Container::Array), Some(b']')) | (Some(Container::Object), Some(b'}')) => {
                    return Ok(Some(self.close()));
                }
                (Some(container), Some(b',')) => {
                    self.state = match container {
                        Container::Array => State::Value,
                        Container::Object => State::Key,
                    };
                    self.at += 1;
                    self.skip_blanks();
                }
                _ => return Err(self.error(JsonErrorKind::ExpectedComma, self.at)),
            },
            _ => {}
        }
        match self.state {
            State::Key | State::KeyOrEnd => self.key(),
            _ => self.value(),
        }
        .map(Some)
    }

    fn close(&mut self) -> Token<'a> {
        let start = self.at;
        self.at += 1;
        self.open.pop();
        self.after_value();
        Token { event: Event::Close, start, end: self.at }
    }

    fn after_value(&mut self) {
        self.state = if self.open.is_empty() { State::Done } else { State::CommaOrEnd };
    }

    /// Reads a key and the colon after it; the token ends before the colon.
    fn key(&mut self) -> Result<Token<'a>, JsonError> {
        let start = self.at;
        if self.peek() != Some(b'"') {
            return Err(self.error(JsonErrorKind::ExpectedKey, start));
        }
        let key = self.string()?;
        let end = self.at;
        self.skip_blanks();
        if self.peek() != Some(b':') {
            return Err(self.error(JsonErrorKind::ExpectedColon, self.at));
        }
        self.at += 1;
        self.state = State::Value;
        Ok(Token { event: Event::Key(key), start, end })
    }

    fn value(&mut self) -> Result<Token<'a>, JsonError> {
        let start = self.at;
        let event = match self.peek() {
            Some(b'"') => Event::String(self.string()?),
            Some(b'[') => self.open(Container::Array, State::ValueOrEnd)?,
            Some(b'{') => self.open(Container::Object, State::KeyOrEnd)?,
            _ => self.word_or_number()?,
        };
        if !matches!(event, Event::Open(_)) {
            self.after_value();
        }
        Ok(Token { event, start, end: self.at })
    }

    fn open(&mut self, container: Container, inside: State) -> Result<Event<'a>, JsonError> {
        if self.open.len() >= MAX_DEPTH {
            return Err(self.error(JsonErrorKind::TooDeep, self.at));
        }
        self.open.push(container);
        self.state = inside;
        self.at += 1;
        Ok(Event::Open(container))
    }

    fn word_or_number(&mut self) -> Result<Event<'a>, JsonError> {
        let rest = self.rest();
        let (word, event) = match self.peek() {
            Some(b'n') => ("null", Event::Null),
            Some(b't') => ("true", Event::Bool(true)),
            Some(b'f') => ("false", Event::Bool(false)),
            Some(b'N') => ("NaN", Event::Number("NaN")),
            Some(b'I') => ("Infinity", Event::Number("Infinity")),
            // Any other number fails the comparison and is read below.
            _ => ("-Infinity", Event::Number("-Infinity")),
        };
        if rest.starts_with(word) {
            self.at += word.len();
            return Ok(event);
        }
        let number = rest
            .get(..number_length(rest.as_bytes()))
            .filter(|number| !number.is_empty())
            .ok_or_else(|| self.error(JsonErrorKind::ExpectedValue, self.at))?;
        self.at += number.len();
        Ok(Event::Number(number))
    }

    /// Reads a string literal; the next byte is its opening quote.
    fn string(&mut self) -> Result<RawString<'a>, JsonError> {
        let quote = self.at;
        self.at += 1;
        let rest = self.rest();
        let mut escaped = false;
        let mut lone_surrogate = false;
        loop {
            let Some(plain) = plain_length(self.rest().as_bytes()) else {
                return Err(self.error(JsonErrorKind::UnterminatedString, quote));
            };
            self.at += plain;
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    lone_surrogate |= self.skip_escape(quote)?;
                }
                _ => return Err(self.error(JsonErrorKind::ControlCharacter, self.at)),
            }
        }
        let raw = rest.get(..self.at - quote - 1).expect("a quote is a character of its own");
        self.at += 1;
        Ok(RawString { raw, escaped, lone_surrogate })
    }

    /// Checks one escape, or two that form a surrogate pair, and tells whether it was a lone
    /// surrogate. The next byte is the backslash.
    fn skip_escape(&mut self, quote: usize) -> Result<bool, JsonError> {
        let backslash = self.at;
        match self.text.as_bytes().get(backslash + 1) {
            None => Err(self.error(JsonErrorKind::UnterminatedString, quote)),
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
                self.at += 2;
                Ok(false)
            }
            Some(b'u') => {
                let unit = self.code_unit(backslash)?;
                self.at += 6;
                if !is_surrogate(unit) {
                    return Ok(false);
                }
                if is_high_surrogate(unit) && self.rest().starts_with("\\u") {
                    let second = self.code_unit(self.at)?;
                    if is_low_surrogate(second) {
                        self.at += 6;
                        return Ok(false);
                    }
                }
                self.lone_surrogate.get_or_insert(backslash);
                Ok(true)
            }
            Some(_) => Err(self.error(JsonErrorKind::InvalidEscape, backslash)),
        }
    }

    /// Value of the `\uXXXX` escape whose backslash is at the given offset.
    fn code_unit(&self, backslash: usize) -> Result<u16, JsonError> {
        let digits = self.text.as_bytes().get(backslash + 2..backslash + 6);
        // At the very end of the text CPython reports the escape, not the missing quote.
        let unit = if backslash + 6 < self.text.len() { digits.and_then(hex_value) } else { None };
        unit.ok_or_else(|| self.error(JsonErrorKind::InvalidUnicodeEscape, backslash + 1))
    }

    fn skip_blanks(&mut self) {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let blanks = rest.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
        self.at += blanks.unwrap_or(rest.len());
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).expect("tokens end between characters")
    }
}

impl<'a> RawString<'a> {
    /// The string with its escapes resolved, copied only when there are any. Lone surrogates as in
    /// [`decode`](Self::decode).
    pub(super) fn cow(&self) -> Cow<'a, str> {
        if self.escaped { Cow::Owned(self.decode()) } else { Cow::Borrowed(self.raw) }
    }

    /// The string with its escapes resolved. Lone surrogates become U+FFFD; whoever hands out the
    /// string must refuse them.
    pub(super) fn decode(&self) -> String {
        if !self.escaped {
            return self.raw.to_owned();
        }
        let mut decoded = String::with_capacity(self.raw.len());
        let mut rest = self.raw;
        while let Some((plain, escape)) = rest.split_once('\\') {
            decoded.push_str(plain);
            let mut chars = escape.chars();
            match chars.next() {
                Some('b') => decoded.push('\u{8}'),
                Some('f') => decoded.push('\u{c}'),
                Some('n') => decoded.push('\n'),
                Some('r') => decoded.push('\r'),
                Some('t') => decoded.push('\t'),
                Some('u') => {
                    rest = push_unicode(&mut decoded, chars.as_str());
                    continue;
                }
                same => decoded.extend(same),
            }
            rest = chars.as_str();
        }
        decoded.push_str(rest);
        decoded
    }

    /// Whether both mean the same text.
    pub(super) fn same(&self, other: RawString<'_>) -> bool {
        if self.escaped || other.escaped { self.cow() == other.cow() } else { self.raw == other.raw }
    }

    /// Whether the string, escapes resolved, is this text.
    pub(super) fn is(&self, text: &str) -> bool {
        if self.escaped { !self.lone_surrogate && self.decode() == text } else { self.raw == text }
    }
}

/// How many bytes come before the first quote, backslash or control character; `None` without any of them.
/// Eight bytes are looked at together: each test leaves the highest bit set in the first byte it holds for.
pub(super) fn plain_length(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGH: u64 = ONES * 0x80;
    let below = |word: u64, limit: u64| word.wrapping_sub(ONES * limit) & !word & HIGH;
    let mut chunks = bytes.chunks_exact(8);
    let mut length = 0;
    for chunk in &mut chunks {
        let Ok(word) = chunk.try_into().map(u64::from_le_bytes) else { break };
        let found =
            below(word ^ (ONES * u64::from(b'"')), 1) | below(word ^ (ONES * u64::from(b'\\')), 1) | below(word, 0x20);
        if found != 0 {
            return Some(length + usize::try_from(found.trailing_zeros() / 8).unwrap_or(0));
        }
        length += 8;
    }
    let rest = chunks.remainder().iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f));
    rest.map(|rest| length + rest)
}

/// Decodes what follows `\u`, together with a second escape if the two are a pair, and returns what
/// is left. The digits have been checked.
fn push_unicode<'a>(decoded: &mut String, after_u: &'a str) -> &'a str {
    let (first, rest) = take_unit(after_u);
    if is_high_surrogate(first)
        && let Some(after_second_u) = rest.strip_prefix("\\u")
    {
        let (second, after_pair) = take_unit(after_second_u);
        if is_low_surrogate(second) {
            decoded.extend(char::decode_utf16([first, second]).flatten());
            return after_pair;
        }
    }
    decoded.push(char::from_u32(first.into()).unwrap_or(char::REPLACEMENT_CHARACTER));
    rest
}

fn take_unit(text: &str) -> (u16, &str) {
    let (digits, rest) = text.split_at_checked(4).expect("four digits follow");
    (hex_value(digits.as_bytes()).expect("the digits were checked"), rest)
}

fn hex_value(digits: &[u8]) -> Option<u16> {
    digits.iter().try_fold(0, |value, digit| {
        let digit = char::from(*digit).to_digit(16)?;
        Some(value * 16 + u16::try_from(digit).ok()?)
    })
}

fn is_surrogate(unit: u16) -> bool {
    is_high_surrogate(unit) || is_low_surrogate(unit)
}

fn is_high_surrogate(unit: u16) -> bool {
    (0xd800..0xdc00).contains(&unit)
}

fn is_low_surrogate(unit: u16) -> bool {
    (0xdc00..0xe000).contains(&unit)
}

/// Length of the number at the start, 0 if there is none. A point or exponent without digits after
/// it does not belong to the number.
fn number_length(bytes: &[u8]) -> usize {
    let digits = |from: usize| bytes.iter().skip(from).take_while(|b| b.is_ascii_digit()).count();
    let has = |at: usize, set: &[u8]| bytes.get(at).is_some_and(|b| set.contains(b));

    let sign = usize::from(has(0, b"-"));
    let whole = if has(sign, b"0") { 1 } else { digits(sign) };
    if whole == 0 {
        return 0;
    }
    let mut length = sign + whole;
    if has(length, b".") && digits(length + 1) > 0 {
        length += 1 + digits(length + 1);
    }
    if has(length, b"eE") {
        let first = length + 1 + usize::from(has(length + 1, b"+-"));
        if digits(first) > 0 {
            length = first + digits(first);
        }
    }
    length
}
