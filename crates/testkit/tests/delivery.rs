//! Random sequences of calls on the delivery area give equal answers on every store and in memory.

use landfast_testkit::databases;
use landfast_testkit::differential::compare_delivery;
use proptest::prelude::*;

fn seeds() -> impl Strategy<Value = Vec<u64>> {
    proptest::collection::vec(any::<u64>(), 1..25)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn sqlite_answers_as_the_area_in_memory(seeds in seeds()) {
        compare_delivery(databases::sqlite().store(), &seeds);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn postgres_answers_as_the_area_in_memory(seeds in seeds()) {
        if let Some(database) = databases::postgres() {
            compare_delivery(database.store(), &seeds);
        }
    }
}
