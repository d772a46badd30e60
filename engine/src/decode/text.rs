//! From bytes of tokens to pieces of text: whole characters only, and nothing of a stop text.

/// Text on its way out.
pub(crate) struct Text {
    stops: Vec<Vec<u8>>,
    /// Bytes that may yet turn out to be part of a character or of a stop text.
    held: Vec<u8>,
}

impl Text {
    /// Nothing written; `stops` end the text. Empty ones are ignored.
    pub fn new(stops: &[String]) -> Self {
        let stops = stops.iter().filter(|stop| !stop.is_empty());
        Self { stops: stops.map(|stop| stop.as_bytes().to_vec()).collect(), held: Vec::new() }
    }

    /// Adds a token's bytes. Returns what may be shown now, and whether a stop text was met.
    pub fn push(&mut self, bytes: &[u8]) -> (String, bool) {
        self.held.extend_from_slice(bytes);
        if let Some(at) = self.first_stop() {
            self.held.truncate(at);
            return (self.finish(), true);
        }
        let keep = self.unfinished_stop().max(unfinished_character(&self.held));
        let ready: Vec<u8> = self.held.drain(..self.held.len() - keep).collect();
        (lossy(ready), false)
    }

    /// What is left when the reply ends.
    pub fn finish(&mut self) -> String {
        lossy(std::mem::take(&mut self.held))
    }

    /// Where the stop text begins that ends first, the longest among equals: the same however the
    /// bytes arrive.
    fn first_stop(&self) -> Option<usize> {
        let found = |stop: &Vec<u8>| find(&self.held, stop).map(|at| (at + stop.len(), at));
        self.stops.iter().filter_map(found).min().map(|(_, at)| at)
    }

    /// Length of the longest ending that begins a stop text.
    fn unfinished_stop(&self) -> usize {
        let begins = |length: &usize| {
            let ending = &self.held[self.held.len() - length..];
            self.stops.iter().any(|stop| stop.starts_with(ending))
        };
        let longest = self.stops.iter().map(Vec::len).max().unwrap_or(0).min(self.held.len());
        (1..=longest).rev().find(begins).unwrap_or(0)
    }
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|window| window == what)
}

/// Bytes at the end that are the beginning of a character (at most three).
fn unfinished_character(bytes: &[u8]) -> usize {
    match std::str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() => bytes.len() - error.valid_up_to(),
        _ => {
            // Something wrong further ahead hides the end from `from_utf8`.
            let tail = &bytes[bytes.len().saturating_sub(3)..];
            let start = tail.iter().rposition(|byte| *byte >= 0xc0);
            start.map_or(0, |start| {
                let cut = &tail[start..];
                let open = std::str::from_utf8(cut).is_err_and(|e| e.error_len().is_none());
                if open { cut.len() } else { 0 }
            })
        }
    }
}

/// Bytes that are no text become U+FFFD.
fn lossy(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pieces(stops: &[&str], tokens: &[&[u8]]) -> (Vec<String>, bool) {
        let stops: Vec<String> = stops.iter().map(|s| (*s).to_owned()).collect();
        let mut text = Text::new(&stops);
        let mut out = Vec::new();
        for token in tokens {
            let (piece, stopped) = text.push(token);
            out.push(piece);
            if stopped {
                return (out, true);
            }
        }
        out.push(text.finish());
        (out, false)
    }

    #[test]
    fn a_character_split_over_tokens_is_shown_whole() {
        let (out, _) = pieces(&[], &[b"a\xe2", b"\x82", b"\xac9"]);
        assert_eq!(out, ["a", "", "€9", ""]);
    }

    #[test]
    fn a_stop_text_split_over_tokens_is_not_shown() {
        let (out, stopped) = pieces(&["\n\n"], &[b"one\n", b"two\n", b"\nthree"]);
        assert_eq!((out.concat().as_str(), stopped), ("one\ntwo", true));
        assert_eq!(out, ["one", "\ntwo", ""]);
    }

    #[test]
    fn what_only_looked_like_a_stop_text_is_shown_in_the_end() {
        let (out, stopped) = pieces(&["END", ""], &[b"the E", b"N"]);
        assert_eq!((out.concat().as_str(), stopped), ("the EN", false));
    }

    #[test]
    fn bytes_that_are_no_text_are_replaced() {
        let (out, _) = pieces(&[], &[b"a\xff", b"b\xe2\x82", b"c", b"\xe2"]);
        assert_eq!(out.concat(), "a\u{fffd}b\u{fffd}c\u{fffd}");
    }

    /// The text up to the stop text that ends first, found by looking at every beginning.
    fn up_to_stop(text: &str, stops: &[&str]) -> String {
        let met = |end: &usize| {
            stops.iter().any(|stop| text.as_bytes()[..*end].ends_with(stop.as_bytes()))
        };
        let Some(end) = (0..=text.len()).find(met) else { return text.into() };
        let longest = stops.iter().filter(|stop| text.as_bytes()[..end].ends_with(stop.as_bytes()));
        text[..end - longest.map(|stop| stop.len()).max().unwrap()].into()
    }

    proptest! {
        #[test]
        fn however_a_text_is_split_it_arrives_whole_up_to_the_first_stop_text(
            text in "[ab\n€🏕é]{0,24}",
            cuts in prop::collection::vec(1usize..5, 24 * 4),
            stops in prop::collection::vec("[ab\n€🏕é]{1,4}", 0..3),
        ) {
            let stops: Vec<&str> = stops.iter().map(String::as_str).collect();
            let mut rest = text.as_bytes();
            let mut tokens = Vec::new();
            for cut in cuts {
                let (token, more) = rest.split_at(cut.min(rest.len()));
                tokens.push(token);
                rest = more;
            }
            let (out, stopped) = pieces(&stops, &tokens);
            let want = up_to_stop(&text, &stops);
            prop_assert_eq!(stopped, want.len() < text.len());
            prop_assert_eq!(out.concat(), want);
        }

        #[test]
        fn bytes_that_are_no_text_are_replaced_wherever_they_are_split(
            bytes in prop::collection::vec(prop::sample::select(b"a\xc3\xa9\xe2\x82\xac\xf0\x9f\xff".to_vec()), 0..16),
            cut in 1usize..5,
        ) {
            let tokens: Vec<&[u8]> = bytes.chunks(cut).collect();
            let (out, _) = pieces(&[], &tokens);
            prop_assert_eq!(out.concat(), String::from_utf8_lossy(&bytes));
        }
    }
}
