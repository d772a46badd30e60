//! The thread that owns the encoder's weights, and the handle that others hold.
//!
//! A request of a few texts is somebody asking a question; one of many is an import. An import is
//! done batch by batch, and between two of its batches all questions are answered: a question waits
//! for one batch at most.

use super::Encoder;
use super::cache::Cache;
use super::meters::{EncoderFigures, Meters};
use super::work::Work;
use crate::Refusal;
use crate::models::Options;
use crate::queue::{ClosesOnDrop, Lane, Queue, Unqueued};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Instant;
use tokio::sync::oneshot;

/// Up to this many texts, a request goes before those with more.
const FEW: usize = 4;

/// Vectors remembered in a generation: with 384 numbers each, 6 MiB.
const CACHED: usize = 4096;

/// The handle. Dropping it refuses what waits, and waits for the batch in progress.
pub(crate) struct Embedder {
    queue: Arc<Queue<Work>>,
    cache: Cache,
    meters: Arc<Meters>,
    thread: Option<JoinHandle<()>>,
}

impl Embedder {
    /// Starts the thread.
    pub fn start(model: Encoder, options: &Options) -> std::io::Result<Self> {
        let queue = Arc::new(Queue::new(options.waiting.max(1)));
        let meters = Arc::<Meters>::default();
        let owner = Owner { model, queue: queue.clone(), meters: meters.clone() };
        let thread =
            std::thread::Builder::new().name("encoder".into()).spawn(move || owner.run())?;
        Ok(Self { queue, cache: Cache::new(CACHED), meters, thread: Some(thread) })
    }

    /// Whether the thread is still there.
    pub fn is_running(&self) -> bool {
        !self.queue.is_closed()
    }

    /// Totals so far.
    pub fn figures(&self) -> EncoderFigures {
        self.meters.figures(self.queue.len(), self.cache.len())
    }

    /// The vectors of texts: those known at once, for the others a place in the queue. Only what a
    /// few texts ask for is remembered; an import would push everything else out.
    pub async fn embed(&self, texts: Vec<String>) -> Result<Vec<Vec<f32>>, Refusal> {
        if texts.len() > FEW {
            self.meters.asked(texts.len(), 0);
            return self.compute(texts, Lane::Patient).await;
        }
        let keys: Vec<_> = texts.iter().map(|text| self.cache.key(text)).collect();
        let mut known: Vec<_> = keys.iter().map(|key| self.cache.get(*key)).collect();
        self.meters.asked(texts.len(), known.iter().flatten().count());
        let unknown = texts.into_iter().zip(&known).filter(|(_, known)| known.is_none());
        let unknown: Vec<String> = unknown.map(|(text, _)| text).collect();
        if !unknown.is_empty() {
            let mut computed = self.compute(unknown, Lane::Urgent).await?.into_iter();
            for (known, key) in known.iter_mut().zip(keys).filter(|(known, _)| known.is_none()) {
                let vector = computed.next().ok_or_else(Refusal::stopped)?;
                self.cache.put(key, &vector);
                *known = Some(vector.into());
            }
        }
        Ok(known.into_iter().flatten().map(|vector| vector.to_vec()).collect())
    }

    async fn compute(&self, texts: Vec<String>, lane: Lane) -> Result<Vec<Vec<f32>>, Refusal> {
        let (reply, vectors) = oneshot::channel();
        self.queue.push(lane, Work::new(texts, reply)).map_err(|unqueued| match unqueued {
            Unqueued::Full => {
                self.meters.refused();
                Refusal::Busy
            }
            Unqueued::Closed => Refusal::stopped(),
        })?;
        vectors.await.unwrap_or_else(|_| Err(Refusal::stopped()))
    }
}

impl Drop for Embedder {
    fn drop(&mut self) {
        self.queue.close();
        if let Some(thread) = self.thread.take() {
            // A panic in there was already reported by the thread itself.
            let _ = thread.join();
        }
    }
}

struct Owner {
    model: Encoder,
    queue: Arc<Queue<Work>>,
    meters: Arc<Meters>,
}

impl Owner {
    fn run(&self) {
        let _closes = ClosesOnDrop(&*self.queue);
        while self.queue.wait() {
            if let Some(work) = self.queue.take(Lane::Urgent) {
                self.serve(work, Lane::Urgent);
            } else if let Some(work) = self.queue.take(Lane::Patient) {
                self.serve(work, Lane::Patient);
            }
        }
    }

    /// Does all batches of `work`; if it is patient, with urgent work in between.
    fn serve(&self, mut work: Work, lane: Lane) {
        while !work.is_done() && !work.is_cancelled() && !self.queue.is_closed() {
            self.batch(&mut work);
            while lane == Lane::Patient
                && let Some(urgent) = self.queue.take(Lane::Urgent)
            {
                self.serve(urgent, Lane::Urgent);
            }
        }
        work.finish();
    }

    fn batch(&self, work: &mut Work) {
        let indexes = work.next_batch();
        let texts: Vec<&str> = indexes.iter().map(|index| work.text(*index)).collect();
        let began = Instant::now();
        let embedded = self.model.embed(&texts);
        self.meters.embedded(began.elapsed());
        match embedded {
            Ok(vectors) => {
                for (index, vector) in indexes.into_iter().zip(vectors) {
                    work.set(index, vector);
                }
            }
            Err(error) => {
                tracing::error!(%error, texts = texts.len(), "the encoder failed");
                work.fail(&error);
            }
        }
    }
}
