//! Texts that occur many times, kept once.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

/// Hands out one shared copy of each distinct text.
#[derive(Debug, Default)]
pub(super) struct Names {
    texts: Vec<Arc<str>>,
    places: TextMap<Arc<str>, usize>,
}

/// A map from short texts. Its keys come from the records of one user, so nobody gains by making them collide.
pub(super) type TextMap<K, V> = HashMap<K, V, BuildHasherDefault<ShortHasher>>;

impl Names {
    pub(super) fn shared(&mut self, text: &str) -> Arc<str> {
        let number = self.number(text);
        self.texts.get(number).map_or_else(|| Arc::from(text), Arc::clone)
    }

    /// Number of a text: its place among the distinct texts, in the order of their first mention.
    pub(super) fn number(&mut self, text: &str) -> usize {
        if let Some(known) = self.places.get(text) {
            return *known;
        }
        let new: Arc<str> = Arc::from(text);
        self.texts.push(Arc::clone(&new));
        self.places.insert(new, self.texts.len() - 1);
        self.texts.len() - 1
    }

    /// The distinct texts by their numbers.
    pub(super) fn texts(&self) -> &[Arc<str>] {
        &self.texts
    }
}

/// FNV-1a over eight bytes at a time: quick for texts of ten to twenty bytes.
#[derive(Debug)]
pub(super) struct ShortHasher(u64);

impl Default for ShortHasher {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for ShortHasher {
    fn write(&mut self, bytes: &[u8]) {
        for part in bytes.chunks(8) {
            let mut eight = [0; 8];
            if let Some(start) = eight.get_mut(..part.len()) {
                start.copy_from_slice(part);
            }
            let mixed = (self.0 ^ u64::from_le_bytes(eight)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            self.0 = mixed ^ (mixed >> 29);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
