//! Files, SQLite, PostgreSQL, SQLite, files: every byte comes back, and an edit changes only its own record.

use landfast_testkit::random_tree::{journey, random_tree};
use proptest::prelude::*;
use std::env;

/// Folders of a test run; `LANDFAST_TREES` says another number, as does the program `journeys`.
const TREES: u32 = 24;

fn config() -> ProptestConfig {
    let cases = env::var("LANDFAST_TREES").ok().and_then(|text| text.parse().ok()).unwrap_or(TREES);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn random_folders_come_back_byte_for_byte(seed in any::<u64>()) {
        let random = random_tree(seed);
        if let Err(error) = journey(&random) {
            return Err(TestCaseError::fail(format!("seed {seed}, {}: {error}", random.area)));
        }
    }
}
