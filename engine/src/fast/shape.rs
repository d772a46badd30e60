//! The numbers that describe a decoder, from the metadata of its file, and what of them the fast
//! implementation can compute.

use crate::gguf::Gguf;
use crate::kernels::attention::{MOST_QUERIES, WIDEST};
use crate::kernels::heads::Turns;

/// Sizes and constants.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    /// Blocks of attention and feed-forward.
    pub layers: usize,
    /// Numbers that describe a token between layers.
    pub width: usize,
    /// Width inside the feed-forward.
    pub feed: usize,
    /// Query heads.
    pub heads: usize,
    /// Key and value heads, each shared by `heads / key_heads` query heads.
    pub key_heads: usize,
    /// Numbers of a head.
    pub head: usize,
    /// Size of the vocabulary.
    pub tokens: usize,
    /// Most positions the model was trained for.
    pub context: usize,
    /// Keeps the normalisation from dividing by zero.
    pub epsilon: f32,
    /// Whether numbers are turned in halves of a head, not with their neighbours.
    halves: bool,
    /// The angle of each pair at position 1.
    frequencies: Vec<f64>,
}

impl Shape {
    /// Reads and checks them. The error says what about the file is not supported.
    pub fn read(file: &Gguf) -> Result<Self, String> {
        let architecture = file.text("general.architecture")?;
        if architecture != "llama" && architecture != "qwen2" {
            return Err(format!("its architecture is {architecture}, not llama or qwen2"));
        }
        let count = |name: &str| file.count(&file.arch(name)?);
        let (width, heads) = (count("embedding_length")?, count("attention.head_count")?);
        let key_heads = count("attention.head_count_kv").unwrap_or(heads);
        let head = count("attention.key_length").unwrap_or(width.checked_div(heads).unwrap_or(0));
        if head == 0 || head > WIDEST || !head.is_multiple_of(32) {
            return Err(format!("its heads are {head} wide"));
        }
        let shape = Self {
            layers: count("block_count")?,
            width,
            feed: count("feed_forward_length")?,
            heads,
            key_heads,
            head,
            tokens: file.tensor("token_embd.weight")?.dims.first().copied().unwrap_or(0),
            context: count("context_length")?,
            epsilon: file.number(&file.arch("attention.layer_norm_rms_epsilon")?)?,
            halves: architecture == "qwen2",
            frequencies: frequencies(file, head)?,
        };
        shape.check()?;
        let turned = count("rope.dimension_count").unwrap_or(head);
        if turned != head || count("attention.value_length").unwrap_or(head) != head {
            return Err(format!("its heads are {head} wide and turned by {turned}"));
        }
        Ok(shape)
    }

    fn check(&self) -> Result<(), String> {
        let Self { layers, width, feed, heads, key_heads, tokens, .. } = *self;
        let grouped = heads.checked_rem(key_heads) == Some(0);
        if !(1..=1000).contains(&layers) || !grouped || heads > 1 << 10 {
            return Err(format!("it has {layers} layers, {heads} heads and {key_heads} key heads"));
        }
        if heads / key_heads > MOST_QUERIES {
            return Err(format!("{} heads share a key head of it", heads / key_heads));
        }
        let fits = |size: usize| (1..=1 << 20).contains(&size) && size.is_multiple_of(32);
        if !fits(width) || !fits(feed) || !(1..=1 << 20).contains(&tokens) {
            return Err(format!("it is {width} wide, feeds {feed} and has {tokens} tokens"));
        }
        Ok(())
    }

    /// Whether numbers are turned in halves of a head, not with their neighbours.
    pub fn halves(&self) -> bool {
        self.halves
    }

    /// Cosines and sines of positions `0..positions`, a row each.
    pub fn angles(&self, positions: usize) -> (Vec<f32>, Vec<f32>) {
        let angle = |position: usize| self.frequencies.iter().map(move |f| position as f64 * f);
        let angles: Vec<f64> = (0..positions).flat_map(angle).collect();
        let all = |turn: fn(f64) -> f64| angles.iter().map(|a| turn(*a) as f32).collect();
        (all(f64::cos), all(f64::sin))
    }

    /// The same, interleaved row by row as the kernels want them.
    pub fn turns(&self, positions: usize) -> Turns {
        let (cos, sin) = self.angles(positions);
        let rows = cos.chunks_exact(self.head / 2).zip(sin.chunks_exact(self.head / 2));
        let table = rows.flat_map(|(cos, sin)| cos.iter().chain(sin)).copied().collect();
        Turns { table, halves: self.halves }
    }
}

/// `base^(-2i / head)` for each pair `i`, stretched as the file says: all alike (`linear`), or each
/// by a factor of its own (the tensor that newer llamas bring).
fn frequencies(file: &Gguf, head: usize) -> Result<Vec<f64>, String> {
    let number = |name: &str| file.number(&file.arch(name)?);
    let base = f64::from(number("rope.freq_base").unwrap_or(10_000.0));
    let kind = file.arch("rope.scaling.type")?;
    let stretch = match file.text(&kind).unwrap_or("none") {
        "none" => 1.0,
        "linear" => f64::from(number("rope.scaling.factor")?),
        other => return Err(format!("its positions are stretched by {other:?}")),
    };
    let mut frequencies: Vec<f64> =
        (0..head / 2).map(|i| base.powf(-2.0 * i as f64 / head as f64) / stretch).collect();
    if let Some(tensor) = file.find("rope_freqs.weight") {
        let factors = super::load::numbers(file, tensor)?;
        if factors.len() != frequencies.len() {
            return Err(format!("its rope_freqs.weight has {} numbers", factors.len()));
        }
        for (frequency, factor) in frequencies.iter_mut().zip(factors) {
            *frequency /= f64::from(factor);
        }
    }
    let sound = base > 0.0 && frequencies.iter().all(|f| f.is_finite());
    sound.then_some(frequencies).ok_or_else(|| "its positions turn by no number".into())
}
