//! Passwords in which each sign follows from the one before.

use super::{OWN, SHORTEST};

/// Different signs at least.
const DIFFERENT: usize = 5;
/// Rows that fingers run along.
const ROWS: [&str; 6] =
    ["qwertyuiop", "qwertzuiop", "azertyuiop", "asdfghjkl", "zxcvbnm", "yxcvbnm"];

/// Whether hardly anything in it is new: the same signs, the next sign, or a piece over again.
pub(super) fn fills(password: &str) -> bool {
    let signs: Vec<char> = password.to_lowercase().chars().collect();
    let mut different = signs.clone();
    different.sort_unstable();
    different.dedup();
    if different.len() < DIFFERENT {
        return true;
    }
    let fresh = 1 + signs.windows(2).filter(|pair| !follows(pair[0], pair[1])).count();
    let again = (1..=signs.len() / 2).find(|n| signs[*n..] == signs[..signs.len() - n]);
    fresh < OWN || again.is_some_and(|piece| piece < SHORTEST)
}

/// Whether the second sign is the first again or its neighbour, in the alphabet or on a keyboard.
fn follows(one: char, two: char) -> bool {
    let apart = u32::from(one).abs_diff(u32::from(two));
    let beside = |row: &str| {
        let place = |sign| row.chars().position(|c| c == sign);
        matches!((place(one), place(two)), (Some(a), Some(b)) if a.abs_diff(b) == 1)
    };
    apart <= 1 || (one.min(two), one.max(two)) == ('0', '9') || ROWS.into_iter().any(beside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_repeats_itself_or_runs_on_is_a_pattern() {
        for bad in [
            "aaaaaaaaaaaa",
            "xyxyxyxyxyxyxy",
            "abcdefghijklmnop",
            "zyxwvutsrqponm",
            "HJKLhjklhjkl",
            "kjhgfdsakjhg",
            "vexvexvexvex",
            "tarquintarquin",
            "2468246824682",
            "mnbvcxzlkjhg",
            "............",
            "aabbccddeeff",
        ] {
            assert!(fills(bad), "{bad}");
        }
    }

    #[test]
    fn a_few_neighbours_are_no_pattern() {
        for good in ["correct horse battery", "vxq7-mmtr-28aw", "first second third", "xy"] {
            assert_eq!(fills(good), good == "xy", "{good}");
        }
    }
}
