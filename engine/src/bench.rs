//! What models cost on this machine, without queues around them, and whether they say the same
//! however they are run.

mod greedy;

use crate::chat::{Message, Template};
use crate::embed::{Encoder, Exact};
use crate::fast::{Fast, Setup};
use crate::gguf::Gguf;
use crate::kernels::lanes::Isa;
use crate::model::{Facts, Memory, Model, Part};
use crate::models::EncoderFiles;
use crate::reference::Reference;
use crate::vocabulary::Vocabulary;
use std::path::Path;
use std::time::{Duration, Instant};

/// A decoder on its own.
pub struct Bench(Box<dyn Raw>);

/// What a bench does with any model.
trait Raw {
    fn prompt(&mut self, tokens: usize) -> Result<Duration, String>;
    fn first_token(&mut self, cached: usize, new: usize) -> Result<Duration, String>;
    fn generate(&mut self, chats: usize, prompt: usize, tokens: usize) -> Result<Duration, String>;
    fn likelihood(&mut self, tokens: &[u32]) -> Result<f64, String>;
    fn greedy(&mut self, prompts: &[Vec<u32>], how: Manner) -> Result<Vec<Vec<u32>>, String>;
    fn gap(&mut self, before: &[u32], pair: [u32; 2]) -> Result<f32, String>;
    fn bytes_a_token(&self) -> Option<usize>;
}

/// How replies are come by, none of which should show in them.
#[derive(Debug, Clone, Copy)]
pub struct Manner {
    /// Tokens of each reply, the likeliest each; the reply goes on behind its own end.
    pub tokens: usize,
    /// Chats at the same time, from 1 to 64: in one pass some are still read while others are
    /// written.
    pub together: usize,
    /// Whether the first half of each prompt was read before, for another chat.
    pub warm: bool,
}

impl Bench {
    /// Loads a model file to run on so many threads; `exact` widens all weights to `f32` on candle.
    pub fn load(
        file: &Path,
        threads: usize,
        isa: Isa,
        reference: Option<bool>,
    ) -> Result<Self, String> {
        let file = Gguf::open(file)?;
        let context = 8192;
        if let Some(exact) = reference {
            return Ok(Self(Box::new(Reference::load(&file, context, exact)?)));
        }
        let setup = Setup { threads, context, memory: 1 << 30, isa };
        Ok(Self(Box::new(Fast::load(&file, setup)?)))
    }

    /// Time to read a prompt of so many tokens.
    pub fn prompt(&mut self, tokens: usize) -> Result<Duration, String> {
        self.0.prompt(tokens)
    }

    /// Time to the first token of a reply to a prompt of which the first `cached` tokens had been
    /// read before, and `new` had not.
    pub fn first_token(&mut self, cached: usize, new: usize) -> Result<Duration, String> {
        self.0.first_token(cached, new)
    }

    /// Time to write so many tokens, the likeliest each, in each of `chats` conversations at once,
    /// behind a prompt that was read before.
    pub fn generate(
        &mut self,
        chats: usize,
        prompt: usize,
        tokens: usize,
    ) -> Result<Duration, String> {
        self.0.generate(chats, prompt, tokens)
    }

    /// Mean negative logarithm of the probability the model gives each next token of a text, in
    /// windows of 512 tokens.
    pub fn likelihood(&mut self, tokens: &[u32]) -> Result<f64, String> {
        self.0.likelihood(tokens)
    }

    /// A reply to each prompt, in their order.
    pub fn greedy(&mut self, prompts: &[Vec<u32>], how: Manner) -> Result<Vec<Vec<u32>>, String> {
        self.0.greedy(prompts, how)
    }

    /// How much likelier the first of two tokens is than the second after what came before: the
    /// difference of their scores, in nats.
    pub fn gap(&mut self, before: &[u32], pair: [u32; 2]) -> Result<f32, String> {
        self.0.gap(before, pair)
    }

    /// Bytes of weights that writing one token reads, where that is known.
    pub fn bytes_a_token(&self) -> Option<usize> {
        self.0.bytes_a_token()
    }
}

/// An encoder on its own: nothing is remembered from one call to the next.
pub struct EmbedBench(Encoder);

impl EmbedBench {
    /// Loads a model to run on so many threads.
    pub fn load(files: &EncoderFiles, threads: usize, isa: Isa) -> Result<Self, String> {
        Encoder::load(files, threads, isa).map(Self)
    }

    /// Time to embed texts as one batch, from text to vectors.
    pub fn embed(&self, texts: &[&str]) -> Result<Duration, String> {
        let began = Instant::now();
        self.0.embed(texts)?;
        Ok(began.elapsed())
    }

    /// The cosine of each text's vector with candle's, computed from the same files in `f32`.
    pub fn cosines(&self, files: &EncoderFiles, texts: &[&str]) -> Result<Vec<f32>, String> {
        let exact = Exact::load(files)?;
        let mut cosines = Vec::with_capacity(texts.len());
        for batch in texts.chunks(32) {
            for (text, vector) in batch.iter().zip(self.0.embed(batch)?) {
                let want = exact.embed(&self.0.ids(text)?)?;
                cosines.push(vector.iter().zip(&want).map(|(a, b)| a * b).sum());
            }
        }
        Ok(cosines)
    }
}

/// A text in the tokens of a model file.
pub fn tokens(file: &Path, text: &str) -> Result<Vec<u32>, String> {
    Vocabulary::read(&Gguf::open(file)?)?.encode_whole(text)
}

/// Questions in the tokens of a model file, each a chat of its own laid out as its template says.
pub fn questions(file: &Path, texts: &[&str]) -> Result<Vec<Vec<u32>>, String> {
    let file = Gguf::open(file)?;
    let (template, vocabulary) = (Template::read(&file)?, Vocabulary::read(&file)?);
    let tokens = |text: &&str| {
        let system = Message::system("You are a helpful assistant.");
        vocabulary.encode_pieces(&template.lay_out(&[system, Message::user(*text)])?)
    };
    texts.iter().map(tokens).collect()
}

impl<M: Model> Raw for M {
    fn prompt(&mut self, tokens: usize) -> Result<Duration, String> {
        let began = Instant::now();
        read(self, &mut self.memory(), &filler(self.facts(), tokens), 1)?;
        Ok(began.elapsed())
    }

    fn generate(&mut self, chats: usize, prompt: usize, tokens: usize) -> Result<Duration, String> {
        let prompt = filler(self.facts(), prompt);
        let mut memories: Vec<_> = (0..chats).map(|_| self.memory()).collect();
        for memory in &mut memories {
            read(self, memory, &prompt, 0)?;
        }
        let (mut last, mut scores) = (vec![[1u32]; chats], Vec::new());
        let width = self.facts().tokens;
        let began = Instant::now();
        for _ in 0..tokens {
            let parts = memories.iter_mut().zip(&last);
            let mut parts: Vec<_> =
                parts.map(|(memory, tokens)| Part { memory, tokens, wanted: 1 }).collect();
            Model::read(self, &mut parts, &mut scores)?;
            for (last, scores) in last.iter_mut().zip(scores.chunks_exact(width)) {
                last[0] = crate::decode::likeliest(scores).unwrap_or_default();
            }
        }
        Ok(began.elapsed())
    }

    fn first_token(&mut self, cached: usize, new: usize) -> Result<Duration, String> {
        let all = filler(self.facts(), cached + new);
        let mut memory = self.memory();
        read(self, &mut memory, &all[..cached], 0)?;
        let began = Instant::now();
        let mut fork = memory.fork(cached).ok_or("its memory cannot be shared")?;
        read(self, &mut fork, &all[cached..], 1)?;
        Ok(began.elapsed())
    }

    fn likelihood(&mut self, tokens: &[u32]) -> Result<f64, String> {
        let (mut total, mut count) = (0.0, 0);
        let width = self.facts().tokens;
        for window in tokens.chunks(512) {
            let mut memory = self.memory();
            let inputs = &window[..window.len() - 1];
            for (i, chunk) in inputs.chunks(32).enumerate() {
                let scores = read(self, &mut memory, chunk, chunk.len())?;
                for (j, row) in scores.chunks_exact(width).enumerate() {
                    total += surprise(row, window[i * 32 + j + 1]);
                    count += 1;
                }
            }
        }
        Ok(total / f64::from(count.max(1)))
    }

    fn greedy(&mut self, prompts: &[Vec<u32>], how: Manner) -> Result<Vec<Vec<u32>>, String> {
        greedy::replies(self, prompts, how)
    }

    fn gap(&mut self, before: &[u32], [one, other]: [u32; 2]) -> Result<f32, String> {
        let scores = read(self, &mut self.memory(), before, 1)?;
        Ok(scores[one as usize] - scores[other as usize])
    }

    fn bytes_a_token(&self) -> Option<usize> {
        self.facts().bytes_a_token
    }
}

/// Reads tokens in passes as large as may be.
fn read<M: Model>(
    model: &mut M,
    memory: &mut M::Memory,
    tokens: &[u32],
    wanted: usize,
) -> Result<Vec<f32>, String> {
    let mut scores = Vec::new();
    let most = model.facts().rows;
    let start = memory.len();
    while memory.len() - start < tokens.len() {
        let left = &tokens[memory.len() - start..];
        let taken = left.len().min(most);
        let wanted = if taken == left.len() { wanted } else { 0 };
        let part = Part { memory: &mut *memory, tokens: &left[..taken], wanted };
        model.read(&mut [part], &mut scores)?;
    }
    Ok(scores)
}

/// `-ln softmax(scores)[token]`
fn surprise(scores: &[f32], token: u32) -> f64 {
    let most = scores.iter().fold(f32::NEG_INFINITY, |most, x| most.max(*x));
    let sum: f64 = scores.iter().map(|x| f64::from(x - most).exp()).sum();
    sum.ln() - f64::from(scores[token as usize] - most)
}

/// Tokens at random, always the same.
fn filler(facts: Facts, count: usize) -> Vec<u32> {
    let mut random = crate::random::Random::after(5, 0);
    let most = facts.tokens.saturating_sub(200).max(1) as u64;
    (0..count).map(|_| 100 + (random.bits() % most) as u32).collect()
}
