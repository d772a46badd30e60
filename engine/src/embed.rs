//! Texts to vectors: the model, the order of work, and the thread that owns both.

mod model;
mod owner;
mod work;

pub(crate) use model::Encoder;
pub(crate) use owner::Embedder;
