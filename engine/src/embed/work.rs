//! One request to embed, cut into batches of similar length.

use crate::Refusal;
use tokio::sync::oneshot::Sender;

/// Most texts in a batch.
const MOST_TEXTS: usize = 32;

/// Most (estimated) tokens in a batch, padding included. A batch is how long an urgent request may
/// have to wait: about a tenth of a second on two cores; a larger one would not be faster by text.
const MOST_TOKENS: usize = 768;

/// What comes back: a vector for each text, in the order of the texts.
type Reply = Sender<Result<Vec<Vec<f32>>, Refusal>>;

/// Texts on their way to vectors.
pub(super) struct Work {
    texts: Vec<String>,
    vectors: Vec<Vec<f32>>,
    /// Indexes of texts still to do, longest first (they are taken from the end).
    left: Vec<usize>,
    failed: Option<String>,
    reply: Reply,
}

impl Work {
    /// Nothing done yet.
    pub fn new(texts: Vec<String>, reply: Reply) -> Self {
        let mut left: Vec<usize> = (0..texts.len()).collect();
        left.sort_by_key(|i| std::cmp::Reverse(texts[*i].len()));
        Self { vectors: vec![Vec::new(); texts.len()], texts, left, failed: None, reply }
    }

    /// Whether nobody waits for the answer any more.
    pub fn is_cancelled(&self) -> bool {
        self.reply.is_closed()
    }

    /// Whether there is nothing left to do.
    pub fn is_done(&self) -> bool {
        self.left.is_empty()
    }

    /// Takes the indexes of the next batch: shortest texts first.
    pub fn next_batch(&mut self) -> Vec<usize> {
        let mut batch = Vec::new();
        while let Some(index) = self.left.last() {
            let padded = (batch.len() + 1) * estimated_tokens(&self.texts[*index]);
            if batch.len() >= MOST_TEXTS || (padded > MOST_TOKENS && !batch.is_empty()) {
                break;
            }
            batch.push(*index);
            self.left.pop();
        }
        batch
    }

    /// A text by its index.
    pub fn text(&self, index: usize) -> &str {
        &self.texts[index]
    }

    /// Puts a vector in its place.
    pub fn set(&mut self, index: usize, vector: Vec<f32>) {
        self.vectors[index] = vector;
    }

    /// Gives up on the rest.
    pub fn fail(&mut self, why: &str) {
        self.failed = Some(why.to_owned());
        self.left.clear();
    }

    /// Answers: with vectors if all of them are there.
    pub fn finish(self) {
        let result = match self.failed {
            Some(why) => Err(Refusal::Failed(why)),
            None if self.left.is_empty() => Ok(self.vectors),
            None => Err(Refusal::stopped()),
        };
        // Nobody may be waiting any more, which is fine.
        let _ = self.reply.send(result);
    }
}

/// Four letters a token in English, and two tokens around them; never more than are read.
fn estimated_tokens(text: &str) -> usize {
    (text.len() / 4 + 2).min(256)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn work(lengths: &[usize]) -> Work {
        let texts = lengths.iter().map(|n| "x".repeat(*n)).collect();
        Work::new(texts, tokio::sync::oneshot::channel().0)
    }

    fn batches(work: &mut Work) -> Vec<Vec<usize>> {
        let mut all = Vec::new();
        while !work.is_done() {
            all.push(work.next_batch());
        }
        all
    }

    #[test]
    fn batches_go_from_short_to_long_and_hold_each_text_once() {
        let mut work = work(&[400, 8, 1000, 8, 400, 2000]);
        assert_eq!(batches(&mut work), [vec![3, 1, 4, 0], vec![2, 5]].map(|b| b.to_vec()));
    }

    #[test]
    fn a_batch_has_no_more_than_its_share_of_texts_and_tokens() {
        for length in [0, 10, 100, 1000, 9000] {
            let mut work = work(&vec![length; 100]);
            let all = batches(&mut work);
            assert_eq!(all.iter().map(Vec::len).sum::<usize>(), 100);
            for batch in all {
                let tokens = batch.len() * estimated_tokens(work.text(batch[0]));
                assert!((1..=MOST_TEXTS).contains(&batch.len()) && tokens <= MOST_TOKENS);
            }
        }
    }
}
