//! How long to wait before the next try, and when there is none.

use std::time::Duration;

/// Tries before a job is put aside: about a day and a half.
const TRIES: u32 = 16;
const FIRST: Duration = Duration::from_secs(5);
const DOUBLED: Duration = Duration::from_secs(6 * 60 * 60);
/// No pause is longer, whatever the kind of job.
pub const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// When a kind of job is tried again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pauses {
    /// After pauses that double up to six hours, 16 times in all.
    #[default]
    Doubling,
    /// After these, one for each failed try.
    Listed(&'static [Duration]),
}

impl Pauses {
    /// How long to wait after the n-th try, from 1; `None` if that was the last. `chance`, from 0 to
    /// 1, moves it within its upper half, so that what failed together does not come back together.
    pub fn after(self, attempt: u32, chance: f64) -> Option<Duration> {
        let before = attempt.saturating_sub(1);
        let whole = match self {
            Self::Doubling if attempt >= TRIES => return None,
            Self::Doubling => FIRST.saturating_mul(1_u32 << before.min(20)).min(DOUBLED),
            Self::Listed(pauses) => (*pauses.get(usize::try_from(before).ok()?)?).min(LONGEST),
        };
        Some(whole.mul_f64(0.5 + 0.5 * chance.clamp(0.0, 1.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_doubles_keeps_to_its_bound_and_is_spread_over_the_upper_half() {
        let after = |attempt, chance| Pauses::Doubling.after(attempt, chance);
        assert_eq!(after(1, 1.0), Some(FIRST));
        assert_eq!(after(1, 0.0), Some(FIRST / 2));
        assert_eq!(after(3, 1.0), Some(FIRST * 4));
        assert_eq!(after(TRIES - 1, 1.0), Some(DOUBLED));
        assert_eq!(after(TRIES, 1.0), None);
        assert_eq!(after(u32::MAX, 1.0), None);
    }

    #[test]
    fn a_list_is_gone_through_once() {
        const LIST: Pauses = Pauses::Listed(&[Duration::from_secs(1), Duration::from_secs(60)]);
        let after = |attempt| LIST.after(attempt, 1.0).map(|pause| pause.as_secs());
        assert_eq!([after(1), after(2), after(3), after(4)], [Some(1), Some(60), None, None]);
    }
}
