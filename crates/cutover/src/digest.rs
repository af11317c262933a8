//! What a table holds, in one number that is the same on every store.

use crate::bytes::{Print, add_text, hex, print, to_u64};
use landfast_domain::record::Record;
use sha2::{Digest, Sha256};

/// Rows and content of a table.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct TableDigest {
    /// Number of rows.
    pub rows: u64,
    /// SHA-256, lower-case hex, over key, cells and unknown columns of all rows in list order, every
    /// text with its length before it.
    pub sha256: String,
}

/// Builds a [`TableDigest`] row by row.
#[derive(Debug, Default)]
pub(crate) struct RowsDigest {
    hasher: Sha256,
    rows: u64,
}

impl RowsDigest {
    pub(crate) fn add<R: Record>(&mut self, record: &R) {
        self.rows += 1;
        add_text(&mut self.hasher, record.key().as_str());
        add_content(&mut self.hasher, record);
    }

    /// Adds a row that consists of texts.
    pub(crate) fn add_texts(&mut self, key: &str, texts: &[&str]) {
        self.rows += 1;
        add_text(&mut self.hasher, key);
        for text in texts {
            add_text(&mut self.hasher, text);
        }
    }

    pub(crate) fn finish(self) -> TableDigest {
        TableDigest { rows: self.rows, sha256: hex(&self.hasher.finalize()) }
    }
}

/// What stands for the cells of a record; its key does not count.
pub(crate) fn content_print<R: Record>(record: &R) -> Print {
    let mut hasher = Sha256::new();
    add_content(&mut hasher, record);
    print(hasher)
}

fn add_content<R: Record>(hasher: &mut Sha256, record: &R) {
    for column in 0..R::COLUMNS.len() {
        add_text(hasher, record.cell(column));
    }
    hasher.update(to_u64(record.extra().len()).to_le_bytes());
    for (name, text) in record.extra() {
        add_text(hasher, name);
        add_text(hasher, text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use landfast_domain::tasks::Emotion;

    fn emotion(key: &str, text: &str) -> Emotion {
        let mut emotion = Emotion::blank(key.into());
        emotion.emotion.set_raw(text);
        emotion
    }

    fn digest(rows: &[Emotion]) -> TableDigest {
        let mut digest = RowsDigest::default();
        rows.iter().for_each(|row| digest.add(row));
        digest.finish()
    }

    #[test]
    fn key_cells_extras_and_order_count() {
        let (a, b) = (emotion("a", "calm"), emotion("b", "calm"));
        let mut with_extra = a.clone();
        with_extra.extra.push(("mood".to_owned(), String::new()));
        let all = [
            vec![a.clone(), b.clone()],
            vec![b.clone(), a.clone()],
            vec![a.clone()],
            vec![with_extra],
            vec![emotion("a", "")],
        ];
        let mut seen: Vec<_> = all.iter().map(|rows| digest(rows).sha256).collect();
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), all.len());
        assert_eq!(content_print(&a), content_print(&b));
    }
}
