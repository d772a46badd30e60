//! Local transformers on candle: an encoder that embeds and a decoder that writes.

#![forbid(unsafe_code)]

mod gguf;
mod kernels;
mod llama;
mod vocabulary;
