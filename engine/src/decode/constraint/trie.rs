//! Byte strings, followed one byte at a time.

/// Where one is in a [`Trie`]: at its root, somewhere below, or [`OFF`] all its strings.
pub(super) type Node = u32;

/// Before the first byte.
pub(super) const ROOT: Node = 0;
/// No string begins like this.
pub(super) const OFF: Node = u32::MAX;

/// See the module.
pub(super) struct Trie {
    nodes: Vec<Branch>,
}

#[derive(Default)]
struct Branch {
    /// Each byte that may follow, and where it leads.
    next: Vec<(u8, Node)>,
    /// Whether a string ends here.
    end: bool,
}

impl Trie {
    /// Holds these strings.
    pub fn new<'a>(strings: impl Iterator<Item = &'a [u8]>) -> Self {
        let mut trie = Self { nodes: vec![Branch::default()] };
        strings.for_each(|string| trie.add(string));
        trie
    }

    fn add(&mut self, string: &[u8]) {
        let mut at = ROOT;
        for byte in string {
            let mut next = self.child(at, *byte);
            if next == OFF {
                next = self.nodes.len() as Node;
                self.nodes[at as usize].next.push((*byte, next));
                self.nodes.push(Branch::default());
            }
            at = next;
        }
        self.nodes[at as usize].end = true;
    }

    /// Where a byte leads.
    #[inline]
    pub fn child(&self, node: Node, byte: u8) -> Node {
        self.next(node).iter().find(|(next, _)| *next == byte).map_or(OFF, |(_, node)| *node)
    }

    /// The bytes that lead on, and where.
    #[inline]
    pub fn next(&self, node: Node) -> &[(u8, Node)] {
        self.nodes.get(node as usize).map_or(&[], |branch| &branch.next)
    }

    /// Whether a string ends here.
    #[inline]
    pub fn ends(&self, node: Node) -> bool {
        self.nodes.get(node as usize).is_some_and(|branch| branch.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_followed_to_their_ends() {
        let trie = Trie::new([&b"1.50"[..], b"1", b"ab"].into_iter());
        let follow = |text: &[u8]| text.iter().fold(ROOT, |node, byte| trie.child(node, *byte));
        for (text, ends) in [("1", true), ("1.", false), ("1.50", true), ("a", false), ("", false)]
        {
            assert_eq!((trie.ends(follow(text.as_bytes())), text), (ends, text));
            assert_ne!(follow(text.as_bytes()), OFF);
        }
        assert_eq!(follow(b"1.5x0"), OFF);
        assert!(!trie.ends(OFF) && trie.next(OFF).is_empty());
        assert_eq!(trie.next(ROOT).len(), 2);
    }
}
