//! Local transformers on candle: an encoder that embeds and a decoder that writes.

#![forbid(unsafe_code)]

mod embed;
mod gguf;
mod kernels;
mod llama;
mod models;
mod queue;
mod vocabulary;
