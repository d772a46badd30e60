//! A writer that leaves, on a model that takes a step only when the test lets it.

use super::{Clerk, Language};
use crate::chat::{Message, Template};
use crate::decode::Decoding;
use crate::gguf::Gguf;
use crate::model::{Facts, Memory, Model, Part};
use crate::models::Options;
use crate::reply::{End, Token};
use crate::request::Request;
use crate::vocabulary::Vocabulary;
use crate::{Refusal, tiny};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

/// Longer than any test takes.
const LONG: Duration = Duration::from_secs(3600);

/// Reads a pass for each thing that is sent to it, and always writes the same token.
struct Stepwise(Receiver<()>);

/// Tokens held.
struct Held(usize);

impl Memory for Held {
    fn len(&self) -> usize {
        self.0
    }

    fn fork(&self, len: usize) -> Option<Self> {
        Some(Self(len))
    }

    fn truncate(&mut self, len: usize) -> bool {
        self.0 = self.0.min(len);
        true
    }
}

impl Model for Stepwise {
    type Memory = Held;

    fn facts(&self) -> Facts {
        Facts {
            tokens: tiny::TOKENS,
            remembered: 4,
            width: 1,
            context: 512,
            rows: 256,
            token_bytes: 1,
            memory_bytes: 1 << 20,
            bytes_a_token: None,
            drafts: false,
        }
    }

    fn memory(&self) -> Held {
        Held(0)
    }

    fn memory_used(&self) -> usize {
        0
    }

    fn read(&mut self, parts: &mut [Part<'_, Held>], scores: &mut Vec<f32>) -> Result<(), String> {
        self.0.recv().map_err(|_| "the test is over")?;
        let wanted: usize = parts.iter().map(|part| part.wanted).sum();
        parts.iter_mut().for_each(|part| part.memory.0 += part.tokens.len());
        scores.clear();
        scores.resize(wanted * tiny::TOKENS, 0.0);
        // The letter `a`, behind three special tokens: bytes stand in the order of their letters.
        scores.chunks_exact_mut(tiny::TOKENS).for_each(|row| row[3 + usize::from(b'a')] = 1.0);
        Ok(())
    }
}

fn clerk(seats: usize) -> (Clerk, Sender<()>) {
    let file = Gguf::parse(tiny::file(1)).unwrap();
    let language = Language {
        template: Template::read(&file).unwrap(),
        vocabulary: Vocabulary::read(&file).unwrap(),
    };
    let (step, steps) = channel();
    let options = Options { seats, ..Options::default() };
    (Clerk::start(Stepwise(steps), language, &options).unwrap(), step)
}

fn ask(max_tokens: usize) -> Request {
    let decoding = Decoding { max_tokens, ..Decoding::default() };
    Request { decoding, ..Request::new(vec![Message::user("Hi")]) }
}

#[tokio::test]
async fn who_leaves_takes_nobody_in_and_finishes_what_was_begun_and_what_waits() {
    let (clerk, step) = clerk(1);
    let mut begun = clerk.generate(ask(3)).unwrap();
    let waits = clerk.generate(ask(2)).unwrap();
    step.send(()).unwrap();
    assert!(matches!(begun.next().await, Some(Token::Text(_))));
    clerk.leave(LONG);
    assert_eq!(clerk.generate(ask(1)).unwrap_err(), Refusal::stopped());
    assert!(!clerk.is_gone());
    (0..4).for_each(|_| step.send(()).unwrap());
    for (reply, written) in [(begun, 3), (waits, 2)] {
        let (_, ending) = reply.collect().await;
        assert_eq!((ending.why, ending.written_tokens), (End::Length, written));
    }
    // It ends by itself: there is nothing to end it for.
    while !clerk.is_gone() {
        tokio::task::yield_now().await;
    }
    let figures = clerk.counts().figures();
    assert_eq!((figures.requests, figures.cut, figures.cancelled), (2, 2, 0));
    assert_eq!((figures.seated, figures.waiting, figures.remembered), (0, 0, 0));
}

#[tokio::test]
async fn who_should_have_left_cancels_the_rest() {
    let (clerk, step) = clerk(1);
    let mut begun = clerk.generate(ask(50)).unwrap();
    let waits = clerk.generate(ask(2)).unwrap();
    step.send(()).unwrap();
    assert!(matches!(begun.next().await, Some(Token::Text(_))));
    clerk.leave(Duration::ZERO);
    // The pass that was under way is read to its end.
    step.send(()).unwrap();
    for reply in [begun, waits] {
        assert_eq!(reply.collect().await.1.why, End::Cancelled);
    }
    assert_eq!(clerk.counts().figures().cancelled, 2);
}

#[tokio::test]
async fn who_has_nothing_to_do_leaves_at_once() {
    let (clerk, _step) = clerk(1);
    clerk.leave(LONG);
    while !clerk.is_gone() {
        tokio::task::yield_now().await;
    }
    assert!(!clerk.is_running());
    // A second word about it changes nothing.
    clerk.leave(LONG);
    assert!(!clerk.is_running());
}
