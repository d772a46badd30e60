//! Texts to vectors: the model, the order of work, and the thread that owns both.

mod cache;
mod exact;
mod meters;
mod model;
mod owner;
mod weights;
mod work;

pub(crate) use exact::Exact;
pub use meters::EncoderFigures;
pub(crate) use model::Encoder;
pub(crate) use owner::Embedder;

/// Shares of labels by the cosine of their vectors with a text's. The temperature is that of
/// sentence-transformers' ranking losses (a scale of 20).
pub(crate) fn shares(text: &[f32], labels: &[Vec<f32>]) -> Vec<f32> {
    let cosine = |label: &Vec<f32>| text.iter().zip(label).map(|(a, b)| a * b).sum::<f32>();
    let raised: Vec<f32> = labels.iter().map(|label| (20.0 * cosine(label)).exp()).collect();
    let total: f32 = raised.iter().sum();
    raised.iter().map(|x| x / total).collect()
}
