//! Random numbers that are the same for the same seed on every machine.

/// Generator xoshiro256++ of Blackman and Vigna, seeded through SplitMix64.
///
/// Period 2²⁵⁶ − 1. Good for simulations, not for secrets.
///
/// ```
/// use landfast_analytics::stats::Random;
///
/// let (mut one, mut other) = (Random::seeded(7), Random::seeded(7));
/// assert_eq!(one.next_u64(), other.next_u64());
/// assert!((0.0..1.0).contains(&one.unit()) && one.below(10) < 10);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Random {
    state: [u64; 4],
}

impl Random {
    /// A generator; each seed has its own sequence.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        let mut mixed = seed;
        // SplitMix64 never gives four zeros in a row, the one state the generator cannot leave.
        let state = std::array::from_fn(|_| split_mix(&mut mixed));
        Self { state }
    }

    /// The next 64 bits.
    #[inline]
    pub fn next_u64(&mut self) -> u64 {
        let [a, b, c, d] = self.state;
        let result = a.wrapping_add(d).rotate_left(23).wrapping_add(a);
        let (c2, d2) = (c ^ a, d ^ b);
        self.state = [a ^ d2, b ^ c2, c2 ^ (b << 17), d2.rotate_left(45)];
        result
    }

    /// A number from 0 to below 1, in steps of 2⁻⁵³.
    #[expect(clippy::as_conversions, reason = "53 bits fit a double exactly")]
    pub fn unit(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// A whole number from 0 to below `bound`; 0 for a bound of 0.
    ///
    /// Multiply and shift over 32 bits: no division, and for bounds below 2¹⁶ a number's share is off by less
    /// than one in 65,536. Bounds beyond 32 bits count as 2³² − 1.
    #[inline]
    pub fn below(&mut self, bound: usize) -> usize {
        let bound = u32::try_from(bound).unwrap_or(u32::MAX);
        let product = (self.next_u64() >> 32) * u64::from(bound);
        usize::try_from(product >> 32).unwrap_or_default()
    }

    /// Brings a list into a random order, each with the same probability (Fisher and Yates).
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            let other = self.below(last + 1);
            list.swap(last, other);
        }
    }
}

fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_numbers_are_those_of_the_published_algorithms() {
        // SplitMix64 with seed 1234567, as published with its source.
        let mut state = 1_234_567;
        let mixed: Vec<u64> = (0..3).map(|_| split_mix(&mut state)).collect();
        assert_eq!(mixed, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
        // xoshiro256++ with the state 1, 2, 3, 4.
        let mut random = Random { state: [1, 2, 3, 4] };
        let numbers: Vec<u64> = (0..4).map(|_| random.next_u64()).collect();
        assert_eq!(numbers, [41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386]);
    }

    #[test]
    fn every_number_below_a_bound_is_about_as_frequent() {
        let mut random = Random::seeded(1);
        let mut counts = [0_u32; 7];
        for _ in 0..70_000 {
            counts[random.below(7)] += 1;
        }
        // Six standard deviations of a binomial count.
        assert!(counts.iter().all(|count| count.abs_diff(10_000) < 560), "{counts:?}");
        assert_eq!((random.below(0), random.below(1)), (0, 0));
    }

    #[test]
    fn shuffling_keeps_the_elements() {
        let mut list: Vec<u32> = (0..50).collect();
        Random::seeded(3).shuffle(&mut list);
        assert_ne!(list, (0..50).collect::<Vec<_>>());
        list.sort_unstable();
        assert_eq!(list, (0..50).collect::<Vec<_>>());
    }

    #[test]
    fn numbers_of_the_unit_interval_have_its_mean() {
        let mut random = Random::seeded(9);
        let sum: f64 = (0..10_000).map(|_| random.unit()).sum();
        assert!((sum / 10_000.0 - 0.5).abs() < 0.02);
    }
}
