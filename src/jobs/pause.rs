//! How long to wait before the next try.

use std::time::Duration;

/// Tries before a job is put aside: about a day and a half.
pub const TRIES: u32 = 16;
const FIRST: Duration = Duration::from_secs(5);
/// No pause is longer.
pub const LONGEST: Duration = Duration::from_secs(6 * 60 * 60);

/// Doubles with each try up to six hours. `chance`, from 0 to 1, moves it within its upper half, so
/// that what failed together does not come back together.
pub fn after(attempt: u32, chance: f64) -> Duration {
    let doubled = FIRST.saturating_mul(1_u32 << attempt.saturating_sub(1).min(20));
    doubled.min(LONGEST).mul_f64(0.5 + 0.5 * chance.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_doubles_keeps_to_its_bound_and_is_spread_over_the_upper_half() {
        assert_eq!(after(1, 1.0), FIRST);
        assert_eq!(after(1, 0.0), FIRST / 2);
        assert_eq!(after(3, 1.0), FIRST * 4);
        assert_eq!(after(TRIES, 1.0), LONGEST);
        assert_eq!(after(u32::MAX, 1.0), LONGEST);
    }
}
