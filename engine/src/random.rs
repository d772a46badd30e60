//! Repeatable numbers: for choosing tokens, and for tests.

/// SplitMix64 (Steele, Lea, Flood 2014).
pub(crate) struct Random(u64);

/// What the state grows by with each number.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

impl Random {
    /// The same seed gives the same numbers; as after `skipped` numbers have been taken.
    pub fn after(seed: u64, skipped: u64) -> Self {
        Self(seed.wrapping_add(STEP.wrapping_mul(skipped)))
    }

    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to just below 1, in steps of 2^-53.
    pub fn fraction(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }
}

#[cfg(test)]
impl Random {
    /// From the first number.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// From 0 to 1.
    pub fn unit(&mut self) -> f32 {
        (self.bits() >> 40) as f32 / (1u64 << 24) as f32
    }

    /// About normal: the sum of twelve uniform numbers.
    pub fn normals(&mut self, count: usize) -> Vec<f32> {
        (0..count).map(|_| (0..12).map(|_| self.unit()).sum::<f32>() - 6.0).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skipping_numbers_is_the_same_as_taking_them() {
        let mut taken = Random::new(7);
        for skipped in 0..20 {
            assert_eq!(Random::after(7, skipped).bits(), taken.bits());
        }
        assert_ne!(Random::new(1).bits(), Random::new(2).bits());
    }

    #[test]
    fn fractions_fill_the_unit_interval() {
        let mut random = Random::new(3);
        let all: Vec<f64> = (0..4000).map(|_| random.fraction()).collect();
        assert!(all.iter().all(|x| (0.0..1.0).contains(x)));
        let mean = all.iter().sum::<f64>() / all.len() as f64;
        assert!((mean - 0.5).abs() < 0.02, "{mean}");
    }
}
