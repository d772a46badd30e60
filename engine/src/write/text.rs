//! From bytes of tokens to pieces of text: whole characters only, and nothing of a stop text.

/// Text on its way out.
pub(super) struct Text {
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
        let first = self.stops.iter().filter_map(|stop| find(&self.held, stop)).min();
        if let Some(at) = first {
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
}
