//! The models' figures: read from the engine whenever somebody asks for them, never kept here.

use floorwalker_engine::{EncoderFigures, Figures};
use metrics::{counter, describe_counter, describe_gauge, gauge};

const WAITING: &str = "floorwalker_engine_requests_waiting";
const SEATED: &str = "floorwalker_engine_replies_under_way";
const REQUESTS: &str = "floorwalker_engine_requests_total";
const BUSY: &str = "floorwalker_engine_busy_total";
const REPLIES: &str = "floorwalker_engine_replies_total";
const FIRST_TOKENS: &str = "floorwalker_engine_first_tokens_total";
const TOKENS: &str = "floorwalker_engine_tokens_total";
const PASSES: &str = "floorwalker_engine_passes_total";
const ROWS: &str = "floorwalker_engine_rows_total";
const TIME: &str = "floorwalker_engine_microseconds_total";
const CONVERSATIONS: &str = "floorwalker_engine_conversations_remembered";
const MEMORY: &str = "floorwalker_engine_conversation_bytes";
const TEXTS: &str = "floorwalker_engine_texts_total";
const VECTORS: &str = "floorwalker_engine_vectors_remembered";

/// Says what each is.
pub(super) fn describe() {
    describe_gauge!(WAITING, "Requests that wait for a model.");
    describe_gauge!(SEATED, "Replies that are written at this moment.");
    describe_counter!(REQUESTS, "Requests that a model took in.");
    describe_counter!(BUSY, "Requests that were refused because too many waited.");
    describe_counter!(REPLIES, "Replies of the writer, by how they ended.");
    describe_counter!(FIRST_TOKENS, "Replies that had a first token.");
    describe_counter!(TOKENS, "Tokens of the writer, by what became of them.");
    describe_counter!(PASSES, "Passes of a model.");
    describe_counter!(ROWS, "Rows of all passes of the writer: a row is a token of one reply.");
    describe_counter!(TIME, "Time of the models, by what it was spent on.");
    describe_gauge!(CONVERSATIONS, "Conversations that need not be read again.");
    describe_gauge!(MEMORY, "Memory of all conversations, those under way included.");
    describe_counter!(TEXTS, "Texts to be embedded, and those of them that were known.");
    describe_gauge!(VECTORS, "Texts whose vectors are known.");
}

/// Shows what the engine says.
pub fn show(writer: &Figures, encoder: &EncoderFigures) {
    // Exact up to 2^53.
    let now = |name, value: u64| gauge!(name).set(value as f64);
    now(SEATED, writer.seated);
    now(CONVERSATIONS, writer.remembered);
    now(MEMORY, writer.memory_bytes);
    now(VECTORS, encoder.remembered);
    counter!(FIRST_TOKENS).absolute(writer.first_tokens);
    counter!(ROWS).absolute(writer.rows);
    for (model, waiting, requests, busy, passes) in [
        ("writer", writer.waiting, writer.requests, writer.busy, writer.passes),
        ("encoder", encoder.waiting, encoder.taken(), encoder.busy, encoder.batches),
    ] {
        gauge!(WAITING, "model" => model).set(waiting as f64);
        counter!(REQUESTS, "model" => model).absolute(requests);
        counter!(BUSY, "model" => model).absolute(busy);
        counter!(PASSES, "model" => model).absolute(passes);
    }
    for (end, count) in [
        ("stop", writer.stopped),
        ("length", writer.cut),
        ("deadline", writer.late),
        ("cancelled", writer.cancelled),
        ("failed", writer.failed),
    ] {
        counter!(REPLIES, "end" => end).absolute(count);
    }
    for (kind, count) in [
        ("prompt", writer.prompt_tokens),
        ("cached", writer.cached_tokens),
        ("written", writer.written_tokens),
        ("guessed", writer.guessed_tokens),
        ("confirmed", writer.confirmed_tokens),
    ] {
        counter!(TOKENS, "kind" => kind).absolute(count);
    }
    for (phase, time) in [
        ("queue", writer.queued_us),
        ("first_token", writer.first_token_us),
        ("read", writer.reading_us),
        ("choose", writer.choosing_us),
        ("embed", encoder.embedding_us),
    ] {
        counter!(TIME, "phase" => phase).absolute(time);
    }
    for (kind, count) in [("asked", encoder.texts), ("cached", encoder.cached_texts)] {
        counter!(TEXTS, "kind" => kind).absolute(count);
    }
}
