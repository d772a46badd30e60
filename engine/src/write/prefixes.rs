//! The state after prefixes that were read lately.

use crate::llama::Cache;

/// Fewer shared tokens than this are read again rather than copied.
const WORTH_COPYING: usize = 8;

/// The most recent prefixes, at most `capacity`.
pub(super) struct Prefixes {
    /// The latest used comes last.
    kept: Vec<(Vec<u32>, Cache)>,
    capacity: usize,
}

impl Prefixes {
    /// Nothing kept yet.
    pub fn new(capacity: usize) -> Self {
        Self { kept: Vec::new(), capacity }
    }

    /// Makes `cache` hold the beginning of `tokens` that it shares with some kept prefix, but
    /// never all of it: something must be left to read. Returns how many tokens that is.
    pub fn restore(&mut self, tokens: &[u32], cache: &mut Cache) -> usize {
        cache.clear();
        let shared = |kept: &[u32]| kept.iter().zip(tokens).take_while(|(a, b)| a == b).count();
        let best = (0..self.kept.len()).max_by_key(|i| shared(&self.kept[*i].0));
        let Some(best) = best else { return 0 };
        let length = shared(&self.kept[best].0).min(tokens.len().saturating_sub(1));
        if length < WORTH_COPYING {
            return 0;
        }
        let used = self.kept.remove(best);
        cache.restore(&used.1, length);
        self.kept.push(used);
        cache.len()
    }

    /// Keeps the state after `prefix`, which `cache` begins with, unless it is kept already.
    pub fn keep(&mut self, prefix: &[u32], cache: &Cache) {
        let known = self.kept.iter().any(|(kept, _)| kept.starts_with(prefix));
        if known || prefix.len() < WORTH_COPYING || cache.len() < prefix.len() {
            return;
        }
        self.kept.push((prefix.to_vec(), cache.prefix(prefix.len())));
        if self.kept.len() > self.capacity {
            self.kept.remove(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(len: usize) -> Cache {
        Cache::filled(2, 4, 64, len)
    }

    #[test]
    fn the_longest_shared_beginning_is_restored() {
        let mut prefixes = Prefixes::new(2);
        let long: Vec<u32> = (0..30).collect();
        prefixes.keep(&long[..10], &filled(10));
        prefixes.keep(&long[..20], &filled(20));
        let mut cache = filled(0);
        assert_eq!(prefixes.restore(&long, &mut cache), 20);
        assert_eq!(cache.len(), 20);
        let mut other = long[..15].to_vec();
        other.extend([99; 10]);
        assert_eq!(prefixes.restore(&other, &mut cache), 15);
        assert_eq!(prefixes.restore(&[99; 10], &mut cache), 0);
        assert_eq!(cache.len(), 0);
    }

    #[test]
    fn one_token_is_always_left_to_read() {
        let mut prefixes = Prefixes::new(1);
        let tokens: Vec<u32> = (0..16).collect();
        prefixes.keep(&tokens, &filled(16));
        assert_eq!(prefixes.restore(&tokens, &mut filled(0)), 15);
    }

    #[test]
    fn the_prefix_unused_for_longest_goes_first() {
        let mut prefixes = Prefixes::new(2);
        let [a, b, c] = [1u32, 2, 3].map(|i| vec![i; 10]);
        prefixes.keep(&a, &filled(10));
        prefixes.keep(&b, &filled(10));
        prefixes.restore(&[&a[..], &[7]].concat(), &mut filled(0));
        prefixes.keep(&c, &filled(10));
        let mut held = |tokens: &[u32]| prefixes.restore(&[tokens, &[7]].concat(), &mut filled(0));
        assert_eq!([held(&a), held(&b), held(&c)], [10, 0, 10]);
    }
}
