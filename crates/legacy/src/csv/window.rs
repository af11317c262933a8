//! A sliding window over a byte source.

use std::io::{self, Read};

/// Size of the window as long as no record needs more.
const INITIAL: usize = 128 * 1024;

/// The unread part of a source that is in memory.
///
/// [`Window::more`] fills the window completely (or up to the end of the source) before it returns.
/// That keeps repeated scans of a growing record linear and makes every result independent of the
/// pieces in which the source delivers its bytes.
#[derive(Debug)]
pub(super) struct Window<R> {
    source: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    offset: u64,
    at_end: bool,
    max: usize,
}

impl<R: Read> Window<R> {
    /// A window that can show at least `needed` bytes at once.
    pub(super) fn new(source: R, needed: usize) -> Self {
        Self { source, buffer: vec![0; INITIAL], start: 0, end: 0, offset: 0, at_end: false, max: needed.max(INITIAL) }
    }

    /// At most `most` unread bytes, and whether the source ends behind them.
    pub(super) fn view(&self, most: usize) -> (&[u8], bool) {
        let all = self.buffer.get(self.start..self.end).unwrap_or_default();
        match all.get(..most) {
            Some(part) if part.len() < all.len() => (part, false),
            _ => (all, self.at_end),
        }
    }

    /// Position of the first unread byte in the source.
    pub(super) const fn offset(&self) -> u64 {
        self.offset
    }

    /// Marks bytes as read.
    pub(super) fn consume(&mut self, count: usize) {
        let count = count.min(self.end - self.start);
        self.start += count;
        self.offset += super::to_u64(count);
    }

    /// Gets more bytes, growing the window when it is more than half full.
    pub(super) fn more(&mut self) -> io::Result<()> {
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.end > self.buffer.len() / 2 && self.buffer.len() < self.max {
            let target = self.buffer.len().saturating_mul(2).min(self.max);
            self.buffer.resize(target, 0);
        }
        while !self.at_end {
            let free = self.buffer.get_mut(self.end..).unwrap_or_default();
            if free.is_empty() {
                break;
            }
            let room = free.len();
            match self.source.read(free) {
                Ok(0) => self.at_end = true,
                Ok(count) if count > room => {
                    return Err(io::Error::other("the source reports more bytes than it was asked for"));
                }
                Ok(count) => self.end += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}
