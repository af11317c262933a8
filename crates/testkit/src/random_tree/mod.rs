//! Random legacy folders of all areas with hostile content, and their journey through both databases.
//!
//! A folder depends on its seed only. [`journey`](journey()) takes it from files to SQLite, PostgreSQL, SQLite and back
//! to files, and changes one field.

mod areas;
mod journey;
mod text;

pub use journey::{Journey, journey};

use crate::folder::Tree;
use std::ops::Range;
use text::Random;

/// A random folder.
#[derive(Debug, Clone)]
pub struct RandomTree {
    /// Area: `tasks`.
    pub area: &'static str,
    /// Its files.
    pub tree: Tree,
    /// The record that can be edited, if there is one.
    pub spot: Option<Spot>,
}

/// A record with a known place.
#[derive(Debug, Clone)]
pub struct Spot {
    /// File.
    pub path: String,
    /// Bytes of the record.
    pub range: Range<usize>,
    /// Key of its row.
    pub key: String,
}

/// The folder of a seed. The areas take turns; one folder in five has damaged bytes and no spot.
#[must_use]
pub fn random_tree(seed: u64) -> RandomTree {
    let mut random = Random::new(seed);
    let mut tree = match seed % 4 {
        0 => areas::tasks(&mut random),
        1 => areas::delivery(&mut random),
        2 => areas::presentations(&mut random),
        _ => areas::runs(&mut random),
    };
    if random.chance(5) {
        tree.spot = None;
        let number = random.below(tree.tree.len());
        if let Some(content) = tree.tree.values_mut().nth(number) {
            for _ in 0..=random.below(4) {
                let place = random.below(content.len() + 1);
                let noise =
                    random.pick(&[b"\0".as_slice(), b"\xff", b"\r", b"\"", b"\n", b",", b"\xe2\x82", b"}", b"\\"]);
                content.splice(place..place, noise.iter().copied());
            }
        }
    }
    tree
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_seed_gives_the_same_folder_and_seeds_differ() {
        let trees: BTreeSet<Tree> = (0..64).map(|seed| random_tree(seed).tree).collect();
        assert_eq!(trees.len(), 64);
        assert_eq!(random_tree(7).tree, random_tree(7).tree);
        assert!((0..64).filter(|seed| random_tree(*seed).spot.is_some()).count() > 20);
    }

    #[test]
    fn a_spot_holds_what_is_edited() {
        for seed in 0..64 {
            let random = random_tree(seed);
            if let Some(spot) = random.spot {
                let bytes = &random.tree[&spot.path][spot.range];
                assert!(String::from_utf8_lossy(bytes).contains("planted"), "{seed}");
            }
        }
    }
}
