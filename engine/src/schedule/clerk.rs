//! The thread that owns the writer's weights, and the handle that others hold.

use super::meters::{Counts, Meter, Meters};
use super::prefixes::Prefixes;
use super::seat::{Job, Seat};
use super::waiting::{Refused, Waiting};
use crate::Refusal;
use crate::chat::Template;
use crate::decode::{Decoder, Words};
use crate::model::{Facts, Memory, Model};
use crate::models::Options;
use crate::reply::{End, Reply, Token};
use crate::request::Request;
use crate::vocabulary::Vocabulary;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::unbounded_channel;

/// How long reading for one may make the others wait between two of their tokens: hardly noticed
/// by somebody who reads along.
const PATIENCE: Duration = Duration::from_millis(50);

/// Fewest rows read in a pass, and at first, before the machine's pace is known.
const BITE: usize = 16;

/// Up to so many replies at once, guesses pay; with more, passes have rows enough.
const FEW: usize = 2;

/// Tokens' worth of memory that a conversation may take beyond its own: a page that is not full, and
/// one that is copied where it parts from another.
const SLACK: usize = 32;

/// What turns a chat into tokens.
pub(crate) struct Language {
    pub template: Template,
    pub vocabulary: Vocabulary,
}

/// The handle. Dropping it ends all replies and waits for the thread.
pub(crate) struct Clerk {
    waiting: Arc<Waiting>,
    meters: Arc<Meters>,
    language: Language,
    context: usize,
    thread: Option<JoinHandle<()>>,
}

impl Clerk {
    /// Starts the thread.
    pub fn start<M: Model + Send + 'static>(
        model: M,
        language: Language,
        options: &Options,
    ) -> std::io::Result<Self> {
        let waiting = Arc::new(Waiting::new(options.waiting.max(1)));
        let facts = model.facts();
        let places = options.seats.clamp(1, facts.rows / 8);
        let meters = Arc::new(Meters::new(places));
        let mut desk = Desk {
            model,
            facts,
            words: Arc::new(Words::of(&language.vocabulary)),
            waiting: waiting.clone(),
            meters: meters.clone(),
            prefixes: Prefixes::new(facts.remembered),
            seats: Vec::new(),
            places,
            scores: Vec::new(),
            pace: Pace::default(),
        };
        let thread = std::thread::Builder::new().name("writer".into()).spawn(move || desk.run())?;
        Ok(Self { waiting, meters, language, context: facts.context, thread: Some(thread) })
    }

    /// Whether the thread is still there.
    pub fn is_running(&self) -> bool {
        !self.waiting.is_closed()
    }

    /// How many tokens a text is.
    pub fn count_tokens(&self, text: &str) -> Result<usize, Refusal> {
        let tokens = self.language.vocabulary.encode_plain(text);
        tokens.map(|tokens| tokens.len()).map_err(Refusal::Failed)
    }

    /// Totals so far.
    pub fn counts(&self) -> Counts {
        self.meters.counts(self.waiting.len())
    }

    /// Refuses new requests. The thread ends when it has served those it has, or when `within` is
    /// over; what it has not finished then is cancelled.
    pub fn leave(&self, within: Duration) {
        let now = Instant::now();
        self.waiting.leave(now.checked_add(within).unwrap_or(now));
    }

    /// Whether the thread has ended.
    pub fn is_gone(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// Lets a request wait for its turn.
    pub fn generate(&self, request: Request) -> Result<Reply, Refusal> {
        let came = Instant::now();
        let Language { template, vocabulary } = &self.language;
        let pieces = template.lay_out(&request.messages).map_err(Refusal::Failed)?;
        let prompt = vocabulary.encode_pieces(&pieces).map_err(Refusal::Failed)?;
        if prompt.is_empty() {
            return Err(Refusal::Failed("the prompt is empty".into()));
        }
        // One position at least is for the reply.
        if prompt.len() >= self.context {
            return Err(Refusal::TooLong { tokens: prompt.len(), limit: self.context - 1 });
        }
        if request.deadline.is_some_and(|time| self.meters.wait(self.waiting.len()) > time) {
            // It would wait for nothing.
            self.meters.add(Meter::Busy, 1);
            return Err(Refusal::Busy);
        }
        let deadline = request.deadline.and_then(|time| came.checked_add(time));
        let (tokens, receiver) = unbounded_channel::<Token>();
        let job = Job { request, prompt, came, deadline, tokens };
        self.waiting.push(job).map_err(|refused| match refused {
            Refused::Full => {
                self.meters.add(Meter::Busy, 1);
                Refusal::Busy
            }
            Refused::Closed => Refusal::stopped(),
        })?;
        self.meters.add(Meter::Requests, 1);
        Ok(Reply { tokens: receiver, ended: false })
    }
}

impl Drop for Clerk {
    fn drop(&mut self) {
        self.waiting.close();
        if let Some(thread) = self.thread.take() {
            // A panic in there was already reported by the thread itself.
            let _ = thread.join();
        }
    }
}

struct Desk<M: Model> {
    model: M,
    facts: Facts,
    words: Arc<Words>,
    waiting: Arc<Waiting>,
    meters: Arc<Meters>,
    prefixes: Prefixes<M::Memory>,
    seats: Vec<Seat<M::Memory>>,
    places: usize,
    scores: Vec<f32>,
    pace: Pace,
}

/// How fast this machine reads.
#[derive(Default)]
struct Pace {
    /// Rows a second of passes with many rows, lately.
    rows: f64,
}

impl Pace {
    /// Takes in a pass. Those with few rows say how fast weights are read, not how fast rows are.
    fn saw(&mut self, rows: usize, time: Duration) {
        if rows >= BITE {
            let now = rows as f64 / time.as_secs_f64().max(1e-6);
            self.rows = if self.rows > 0.0 { 0.8 * self.rows + 0.2 * now } else { now };
        }
    }

    /// Rows that may be read while others wait.
    fn bite(&self) -> usize {
        BITE.max((self.rows * PATIENCE.as_secs_f64()) as usize)
    }
}

/// Ends what waits when the thread ends, however it ends: callers then learn that nobody is there.
struct Closing<'a> {
    waiting: &'a Waiting,
    meters: &'a Meters,
}

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        self.waiting.close();
        for job in self.waiting.take_over(|_| true) {
            self.meters.add(Meter::of(End::Cancelled), 1);
            job.end(End::Cancelled);
        }
        self.meters.rest();
    }
}

impl<M: Model> Desk<M> {
    fn run(&mut self) {
        let (waiting, meters) = (self.waiting.clone(), self.meters.clone());
        let _closing = Closing { waiting: &waiting, meters: &meters };
        while !self.seats.is_empty() || waiting.wait() {
            if waiting.is_closed() {
                break;
            }
            let now = Instant::now();
            self.dismiss(now);
            self.admit(now);
            self.tell();
            if self.seats.is_empty() {
                continue;
            }
            if let Err(error) = self.pass() {
                tracing::error!(%error, replies = self.seats.len(), "the writer failed");
                self.end_all(End::Failed);
            }
            self.tell();
        }
        self.end_all(End::Cancelled);
    }

    /// Says what is held now.
    fn tell(&self) {
        self.meters.set(Meter::Seated, self.seats.len());
        self.meters.set(Meter::Remembered, self.prefixes.len());
        self.meters.set(Meter::MemoryBytes, self.model.memory_used());
    }

    /// Ends the replies, begun or not, that nobody waits for any more.
    fn dismiss(&mut self, now: Instant) {
        for job in self.waiting.take_over(|job| job.over(now).is_some()) {
            let why = job.over(now).unwrap_or(End::Cancelled);
            self.end(job, why);
        }
        for index in (0..self.seats.len()).rev() {
            if let Some(why) = self.seats[index].over(now) {
                self.meters.add(Meter::of(why), 1);
                let (tokens, memory) = self.seats.swap_remove(index).end(why);
                self.prefixes.keep(tokens, memory);
            }
        }
    }

    /// Seats whoever is next while there is a place, and memory for the whole of its conversation.
    fn admit(&mut self, now: Instant) {
        while self.seats.len() < self.places {
            let seated: Vec<u64> = self.seats.iter().map(Seat::conversation).collect();
            let held: usize = self.seats.iter().map(|seat| seat.most_tokens() + SLACK).sum();
            let Facts { context, token_bytes, memory_bytes, .. } = self.facts;
            let fits = |job: &Job| {
                let all = held + job.most_tokens(context) + SLACK;
                // Alone it may always come in: all of the memory is then its own.
                seated.is_empty() || all * token_bytes <= memory_bytes
            };
            let Some(job) = self.waiting.take(&seated, fits) else { return };
            if let Some(why) = job.over(now) {
                self.end(job, why);
            } else if job.request.decoding.max_tokens == 0 {
                self.end(job, End::Length);
            } else {
                self.seat(job);
            }
        }
    }

    /// Ends a reply that was not begun.
    fn end(&self, job: Job, why: End) {
        self.meters.add(Meter::of(why), 1);
        job.end(why);
    }

    fn seat(&mut self, job: Job) {
        self.meters.time(Meter::Queued, job.came.elapsed());
        let memory = self.prefixes.recall(&job.prompt).unwrap_or_else(|| self.model.memory());
        self.meters.add(Meter::PromptTokens, job.prompt.len());
        self.meters.add(Meter::CachedTokens, memory.len());
        let decoding = job.request.decoding.clone();
        let decoder = Decoder::new(self.words.clone(), decoding, &job.prompt);
        self.seats.push(Seat::new(job, memory, decoder, self.facts.context));
    }

    /// One pass of the model for all seats.
    fn pass(&mut self) -> Result<(), String> {
        let writers = self.seats.iter().filter(|seat| seat.writes()).count();
        let most = self.facts.rows.saturating_sub(self.seats.len());
        let mut extra = if writers == 0 { most } else { self.pace.bite().min(most) };
        let drafts = self.facts.drafts && self.seats.len() <= FEW;
        self.seats.iter_mut().for_each(|seat| seat.plan(&mut extra, drafts));
        self.make_room();
        let began = Instant::now();
        let mut parts: Vec<_> = self.seats.iter_mut().map(Seat::part).collect();
        let rows = parts.iter().map(|part| part.tokens.len()).sum();
        let wanted: Vec<usize> = parts.iter().map(|part| part.wanted).collect();
        self.model.read(&mut parts, &mut self.scores)?;
        let read = Instant::now();
        self.pace.saw(rows, read - began);
        self.meters.time(Meter::Reading, read - began);
        self.meters.add(Meter::Passes, 1);
        self.meters.add(Meter::Rows, rows);
        self.advance(&wanted, read);
        self.meters.time(Meter::Choosing, read.elapsed());
        Ok(())
    }

    /// Chooses tokens for the seats that have scores, and clears those that are done.
    fn advance(&mut self, wanted: &[usize], now: Instant) {
        let width = self.facts.tokens;
        let mut scores = std::mem::take(&mut self.scores);
        let mut rest = &mut scores[..];
        let seats = std::mem::take(&mut self.seats);
        for (mut seat, wanted) in seats.into_iter().zip(wanted) {
            let (rows, others) = rest.split_at_mut(wanted * width);
            rest = others;
            let progress = seat.advance(rows, width);
            self.meters.add(Meter::WrittenTokens, progress.written);
            self.meters.add(Meter::GuessedTokens, wanted.saturating_sub(1));
            self.meters.add(Meter::ConfirmedTokens, progress.confirmed);
            if progress.began {
                self.meters.time(Meter::FirstToken, now - seat.came());
                self.meters.add(Meter::FirstTokens, 1);
                // At once, so that whoever asks alike meanwhile need not read it all again.
                if let Some((tokens, memory)) = seat.read() {
                    let tokens = tokens.to_vec();
                    self.prefixes.keep(tokens, memory);
                }
            }
            match progress.over {
                Some(why) => {
                    self.meters.replied(seat.seated().elapsed());
                    self.meters.add(Meter::of(why), 1);
                    let (tokens, memory) = seat.end(why);
                    self.prefixes.keep(tokens, memory);
                }
                None => self.seats.push(seat),
            }
        }
        self.scores = scores;
    }

    /// Forgets old conversations until what the seats may still need is free.
    fn make_room(&mut self) {
        let growth: usize = self.seats.iter().map(|seat| seat.growth() + SLACK).sum();
        let needed = growth * self.facts.token_bytes;
        while self.model.memory_used() + needed > self.facts.memory_bytes && self.prefixes.forget()
        {
        }
    }

    fn end_all(&mut self, why: End) {
        self.meters.add(Meter::of(why), self.seats.len());
        for seat in self.seats.drain(..) {
            seat.end(why);
        }
    }
}
