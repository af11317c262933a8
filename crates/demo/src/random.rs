//! A small deterministic generator.

/// SplitMix64: every 64-bit number once in its period, and good enough for made-up data.
#[derive(Debug, Clone)]
pub(crate) struct Random {
    state: u64,
}

const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

impl Random {
    /// The generator of item `number` in a stream of its own, independent of all other items.
    pub(crate) fn of_item(seed: u64, stream: &str, number: u64) -> Self {
        let stream = stream.bytes().fold(0_u64, |sum, b| mix(sum ^ u64::from(b)));
        Self { state: mix(mix(seed.wrapping_add(STEP)) ^ stream).wrapping_add(mix(number)) }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(STEP);
        mix(self.state)
    }

    /// A number below `bound`; 0 when `bound` is 0.
    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        let high = self.next() >> 32;
        u32::try_from((high * u64::from(bound)) >> 32).unwrap_or(0)
    }

    /// A number below a large `bound`.
    pub(crate) fn below_large(&mut self, bound: u64) -> u64 {
        let product = u128::from(self.next()) * u128::from(bound);
        u64::try_from(product >> 64).unwrap_or(0)
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// True in `percent` of 100 cases.
    pub(crate) fn chance(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// One of the choices.
    pub(crate) fn pick<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        let count = u32::try_from(choices.len()).unwrap_or(u32::MAX);
        let number = usize::try_from(self.below(count)).unwrap_or(0);
        choices.get(number).copied().unwrap_or_default()
    }

    /// One of the choices; `None` when there is none.
    pub(crate) fn choose<'a, T>(&mut self, choices: &'a [T]) -> Option<&'a T> {
        let count = u32::try_from(choices.len()).unwrap_or(u32::MAX);
        choices.get(usize::try_from(self.below(count)).ok()?)
    }

    /// Up to 16 lower-case hexadecimal digits.
    pub(crate) fn hex(&mut self, digits: usize) -> String {
        let mut text = format!("{:016x}", self.next());
        text.truncate(digits);
        text
    }

    /// A random UUID in its usual form.
    pub(crate) fn uuid(&mut self) -> String {
        let variant = self.pick(&["8", "9", "a", "b"]);
        format!("{}-{}-4{}-{variant}{}-{}", self.hex(8), self.hex(4), self.hex(3), self.hex(3), self.hex(12))
    }

    /// A rating near `centre`, from 0 to 100.
    pub(crate) fn near(&mut self, centre: u32, spread: u32) -> u32 {
        (centre + self.below(2 * spread + 1)).saturating_sub(spread).min(100)
    }
}

fn mix(mut value: u64) -> u64 {
    value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_is_the_published_one() {
        // First outputs of SplitMix64 started with 1234567.
        let mut random = Random { state: 1_234_567 };
        assert_eq!(random.next(), 6_457_827_717_110_365_317);
        assert_eq!(random.next(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn bounds_are_kept_and_reached() {
        let mut random = Random::of_item(7, "test", 0);
        let drawn: Vec<u32> = (0..1000).map(|_| random.between(3, 6)).collect();
        for value in 3..=6 {
            assert!(drawn.contains(&value));
        }
        assert!(drawn.iter().all(|value| (3..=6).contains(value)));
        assert_eq!(random.below(0), 0);
        assert!((0..1000).all(|_| random.near(97, 20) <= 100));
        assert!((0..1000).all(|_| random.below_large(5) < 5));
        assert_eq!(random.choose::<u8>(&[]), None);
        assert_eq!(random.choose(&[7]), Some(&7));
    }

    #[test]
    fn uuids_have_their_version_and_variant() {
        let mut random = Random::of_item(7, "uuid", 0);
        for _ in 0..50 {
            let id = random.uuid();
            let groups: Vec<&str> = id.split('-').collect();
            assert_eq!(groups.iter().map(|group| group.len()).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
            assert!(groups[2].starts_with('4') && groups[3].starts_with(['8', '9', 'a', 'b']), "{id}");
        }
        assert_eq!(random.hex(6).len(), 6);
    }

    #[test]
    fn items_and_streams_differ() {
        let first = |stream, number| Random::of_item(1, stream, number).next();
        assert_ne!(first("a", 0), first("a", 1));
        assert_ne!(first("a", 0), first("b", 0));
        assert_ne!(first("a", 0), Random::of_item(2, "a", 0).next());
    }
}
