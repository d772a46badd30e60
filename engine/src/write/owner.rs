//! The thread that owns the writer's weights, and the handle that others hold.
//!
//! Each turn of the loop: take seats for waiting requests, end those that are cancelled or late,
//! let the model read a little for every seat at once, hand out the tokens. A long prompt is read
//! in bites so that replies in progress keep flowing.

use super::prefixes::Prefixes;
use super::seat::{Job, Seat};
use super::{End, Token, Write, Writing};
use crate::Refusal;
use crate::llama::{Cache, Llama, Part};
use crate::models::Options;
use crate::queue::{ClosesOnDrop, Lane, Queue, Unqueued};
use crate::vocabulary::Vocabulary;
use rayon::ThreadPool;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Instant;
use tokio::sync::mpsc::unbounded_channel;

/// Most tokens read in one pass: about a tenth of a second of a small machine's time, which is
/// then the longest anyone waits for a step.
const BITE: usize = 96;

/// The handle. Dropping it ends all replies and waits for the thread.
pub(crate) struct Writer {
    queue: Arc<Queue<Job>>,
    words: Arc<Vocabulary>,
    context: usize,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread.
    pub fn start(
        model: Llama,
        words: Vocabulary,
        pool: ThreadPool,
        options: &Options,
    ) -> std::io::Result<Self> {
        let queue = Arc::new(Queue::new(options.waiting.max(1)));
        let words = Arc::new(words);
        let context = options.context.min(model.shape().context);
        let caches = (0..options.seats.max(1)).map(|_| model.cache(context)).collect();
        let mut owner = Owner {
            model,
            words: words.clone(),
            pool,
            queue: queue.clone(),
            prefixes: Prefixes::new(options.prefixes),
            seats: Vec::new(),
            caches,
        };
        let thread =
            std::thread::Builder::new().name("writer".into()).spawn(move || owner.run())?;
        Ok(Self { queue, words, context, thread: Some(thread) })
    }

    /// Whether the thread is still there.
    pub fn is_running(&self) -> bool {
        !self.queue.is_closed()
    }

    /// How many tokens a text is.
    pub fn count_tokens(&self, text: &str) -> Result<usize, Refusal> {
        self.words.encode(text).map(|tokens| tokens.len()).map_err(Refusal::Failed)
    }

    /// Queues a request.
    pub fn write(&self, request: Write) -> Result<Writing, Refusal> {
        let encode = |text: &str| self.words.encode(text).map_err(Refusal::Failed);
        let (prefix, prompt) = (encode(&request.prefix)?, encode(&request.prompt)?);
        let read = prefix.len() + prompt.len();
        if prompt.is_empty() {
            return Err(Refusal::Failed("the prompt is empty".into()));
        }
        // One position at least is for the reply.
        if read >= self.context {
            return Err(Refusal::TooLong { tokens: read, limit: self.context - 1 });
        }
        let deadline = request.deadline.and_then(|time| Instant::now().checked_add(time));
        let (tokens, receiver) = unbounded_channel::<Token>();
        let job = Job { request, prefix, prompt, deadline, tokens };
        self.queue.push(Lane::Urgent, job).map_err(|unqueued| match unqueued {
            Unqueued::Full => Refusal::Busy,
            Unqueued::Closed => Refusal::stopped(),
        })?;
        Ok(Writing { tokens: receiver, ended: false })
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue.close();
        if let Some(thread) = self.thread.take() {
            // A panic in there was already reported by the thread itself.
            let _ = thread.join();
        }
    }
}

struct Owner {
    model: Llama,
    words: Arc<Vocabulary>,
    pool: ThreadPool,
    queue: Arc<Queue<Job>>,
    prefixes: Prefixes,
    seats: Vec<Seat>,
    /// Those of empty seats.
    caches: Vec<Cache>,
}

impl Owner {
    fn run(&mut self) {
        let queue = self.queue.clone();
        let _closes = ClosesOnDrop(&queue);
        while !self.seats.is_empty() || queue.wait() {
            if queue.is_closed() {
                break;
            }
            self.admit();
            self.dismiss();
            if let Err(error) = self.step() {
                tracing::error!(%error, replies = self.seats.len(), "the writer failed");
                self.end_all(End::Failed);
            }
        }
        self.end_all(End::Cancelled);
        while let Some(job) = queue.take(Lane::Urgent) {
            job.end(End::Cancelled);
        }
    }

    fn admit(&mut self) {
        while let Some(mut cache) = self.caches.pop() {
            let Some(job) = self.queue.take(Lane::Urgent) else {
                self.caches.push(cache);
                return;
            };
            if job.tokens.is_closed() {
                self.caches.push(cache);
                continue;
            }
            if job.request.max_tokens == 0 {
                self.caches.push(cache);
                job.end(End::Length);
                continue;
            }
            let all: Vec<u32> = job.prefix.iter().chain(&job.prompt).copied().collect();
            self.prefixes.restore(&all, &mut cache);
            self.seats.push(Seat::new(job, cache));
        }
    }

    /// Ends the replies that nobody waits for any more.
    fn dismiss(&mut self) {
        let now = Instant::now();
        for index in (0..self.seats.len()).rev() {
            if let Some(why) = self.seats[index].over(now) {
                self.caches.push(self.seats.remove(index).end(why));
            }
        }
    }

    /// One pass of the model for all seats.
    fn step(&mut self) -> candle_core::Result<()> {
        let mut extra = BITE;
        let mut parts: Vec<Part<'_>> =
            self.seats.iter_mut().map(|seat| seat.part(&mut extra)).collect();
        let scores = self.pool.install(|| self.model.forward(&mut parts))?;
        let mut scores = scores.into_iter();
        for mut seat in std::mem::take(&mut self.seats) {
            let scored = seat.advance();
            if let Some(prefix) = seat.read_prefix() {
                self.prefixes.keep(&prefix, &seat.cache);
            }
            let over = match scored.then(|| scores.next()).flatten() {
                Some(scores) => seat.choose(scores, &self.words)?,
                None => None,
            };
            match over {
                Some(why) => self.caches.push(seat.end(why)),
                None => self.seats.push(seat),
            }
        }
        Ok(())
    }

    fn end_all(&mut self, why: End) {
        for seat in self.seats.drain(..) {
            self.caches.push(seat.end(why));
        }
    }
}
