//! Finds the bytes the grammar cares about, 64 bytes at a time.

/// Bytes looked at together: one for each bit of a mask.
const BLOCK: usize = 64;

/// Positions of all commas, quotes, LF and CR, ascending.
///
/// Most bytes of a file are none of these. A block is reduced to a bit mask with word arithmetic, eight
/// bytes per step and without a branch, so that a cell costs a few instructions however long it is.
#[derive(Debug)]
pub(super) struct Marks<'a> {
    bytes: &'a [u8],
    base: usize,
    mask: u64,
}

impl<'a> Marks<'a> {
    #[inline]
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, base: 0, mask: block_mask(bytes, 0) }
    }
}

impl Iterator for Marks<'_> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        while self.mask == 0 {
            self.base += BLOCK;
            if self.base >= self.bytes.len() {
                // Stay behind the end, however often this is asked.
                self.base = self.bytes.len();
                return None;
            }
            self.mask = block_mask(self.bytes, self.base);
        }
        let bit = self.mask.trailing_zeros();
        self.mask &= self.mask - 1;
        Some(self.base + usize::try_from(bit).unwrap_or_default())
    }
}

/// Mask of the block at `base`; bytes behind the end count as unmarked.
#[inline]
fn block_mask(bytes: &[u8], base: usize) -> u64 {
    let rest = bytes.get(base..).unwrap_or_default();
    if let Some(block) = rest.first_chunk::<BLOCK>() {
        return mask(block);
    }
    let mut padded = [0; BLOCK];
    for (to, from) in padded.iter_mut().zip(rest) {
        *to = *from;
    }
    mask(&padded)
}

#[inline]
fn mask(block: &[u8; BLOCK]) -> u64 {
    let (words, _) = block.as_chunks::<8>();
    let mut mask = 0;
    for word in words.iter().rev() {
        mask = (mask << 8) | word_mask(u64::from_le_bytes(*word));
    }
    mask
}

/// One bit for each of the eight bytes, the first byte lowest.
#[inline]
const fn word_mask(word: u64) -> u64 {
    let others = other_than(word, b',') & other_than(word, b'"') & other_than(word, b'\n') & other_than(word, b'\r');
    let marked = !others & EACH_HIGH;
    // Gathers the high bits: bit 7 of byte n ends up in bit n of the highest byte.
    (marked >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

const EACH_HIGH: u64 = 0x8080_8080_8080_8080;

/// Sets the high bit of each byte that differs from `byte`. The other bits mean nothing.
#[inline]
const fn other_than(word: u64, byte: u8) -> u64 {
    let difference = word ^ u64::from_le_bytes([byte; 8]);
    // Adding 0x7F to seven bits carries into the eighth unless they are all zero, and never further.
    ((difference & !EACH_HIGH) + !EACH_HIGH) | difference
}

#[cfg(test)]
mod tests {
    use super::Marks;

    #[test]
    fn marks_are_exact_for_every_byte_at_every_place() {
        for length in [0, 1, 7, 8, 63, 64, 65, 130] {
            for byte in 0..=u8::MAX {
                for place in 0..length {
                    let mut bytes = vec![b'-'; length];
                    bytes[place] = byte;
                    let expected: Vec<usize> = if b",\"\n\r".contains(&byte) { vec![place] } else { vec![] };
                    assert_eq!(Marks::new(&bytes).collect::<Vec<_>>(), expected, "{byte} at {place} of {length}");
                }
            }
        }
    }

    #[test]
    fn neighbours_do_not_disturb_each_other() {
        let all: Vec<u8> = (0..=u8::MAX).chain(0..=u8::MAX).rev().collect();
        let expected: Vec<usize> = (0..all.len()).filter(|at| b",\"\n\r".contains(&all[*at])).collect();
        assert_eq!(Marks::new(&all).collect::<Vec<_>>(), expected);
        let dense = b"\",\r\n".repeat(40);
        assert!(Marks::new(&dense).eq(0..dense.len()));
    }
}
