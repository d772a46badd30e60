//! The thread that owns the encoder's weights, and the handle that others hold.
//!
//! A request of a few texts is somebody asking a question; one of many is an import. An import is
//! done batch by batch, and between two of its batches all questions are answered: a question waits
//! for one batch at most.

use super::Encoder;
use super::work::Work;
use crate::Refusal;
use crate::models::Options;
use crate::queue::{ClosesOnDrop, Lane, Queue, Unqueued};
use rayon::ThreadPool;
use std::sync::Arc;
use std::thread::JoinHandle;
use tokio::sync::oneshot;

/// Up to this many texts, a request goes before those with more.
const FEW: usize = 4;

/// The handle. Dropping it refuses what waits, and waits for the batch in progress.
pub(crate) struct Embedder {
    queue: Arc<Queue<Work>>,
    thread: Option<JoinHandle<()>>,
}

impl Embedder {
    /// Starts the thread.
    pub fn start(model: Encoder, pool: ThreadPool, options: &Options) -> std::io::Result<Self> {
        let queue = Arc::new(Queue::new(options.waiting.max(1)));
        let owner = Owner { model, pool, queue: queue.clone() };
        let thread =
            std::thread::Builder::new().name("encoder".into()).spawn(move || owner.run())?;
        Ok(Self { queue, thread: Some(thread) })
    }

    /// Whether the thread is still there.
    pub fn is_running(&self) -> bool {
        !self.queue.is_closed()
    }

    /// Queues texts and waits for their vectors.
    pub async fn embed(&self, texts: Vec<String>) -> Result<Vec<Vec<f32>>, Refusal> {
        let lane = if texts.len() <= FEW { Lane::Urgent } else { Lane::Patient };
        let (reply, vectors) = oneshot::channel();
        self.queue.push(lane, Work::new(texts, reply)).map_err(|unqueued| match unqueued {
            Unqueued::Full => Refusal::Busy,
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
    pool: ThreadPool,
    queue: Arc<Queue<Work>>,
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
        match self.pool.install(|| self.model.embed(&texts)) {
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
