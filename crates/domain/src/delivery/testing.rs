//! Short names for the tests of this area.

pub(super) use super::memory::MemoryDelivery as Memory;
use super::{Digests, ProfileId, QueryId, QueryKey};
use crate::time::Timestamp;

pub(super) fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

pub(super) fn profile_id(id: &str) -> ProfileId {
    ProfileId::new(id).unwrap()
}

pub(super) fn query_key(profile: &str, query: &str) -> QueryKey {
    QueryKey::new(profile_id(profile), QueryId::new(query).unwrap())
}

/// Digests that tell texts apart well enough for tests.
pub(super) fn digests() -> Digests {
    fn simple(bytes: &[u8]) -> String {
        let sum = bytes
            .iter()
            .fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
        format!("{sum:032x}")
    }
    Digests { md5_hex: simple, sha256_hex: simple }
}
