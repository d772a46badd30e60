//! What the model is told and how long it may take: the effect behind [`super::draft`].
//!
//! The likeliest wording is asked for first. Where nobody else waits for the model, another one is
//! drawn beside it, in the same passes; it is waited for only if the first is refused.

use std::time::{Duration, Instant as Clock};

use floorwalker_engine::{
    Constraint, Decoding, End, Engine, Message, Priority, Reply, Request, Sampling,
};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;

use super::Draft;
use crate::answer::verify::Doubt;
use crate::domain::tone::Tone;

/// How bold a drawn wording is.
const TEMPERATURE: f32 = 0.5;
/// Time that must be left to draw another wording after the likeliest was refused.
const AGAIN: Duration = Duration::from_millis(200);
/// Most tokens of a wording, whatever the fact.
const TOKENS: usize = 96;

/// Teaches the form: the fact alone, said again. Given the question as well, a model this small
/// answers it from its own head.
fn examples(tone: Tone) -> Vec<(&'static str, &'static str)> {
    let sold_out = match tone {
        Tone::Friendly => "Sorry, the Brisk kettle is out of stock right now.",
        Tone::Plain => "The Brisk kettle is out of stock right now.",
        Tone::Formal => "Unfortunately, the Brisk kettle is out of stock at the moment.",
    };
    vec![
        ("The Luna vase costs €39.50.", "The Luna vase is €39.50."),
        ("The Brisk kettle is out of stock.", sold_out),
        (
            "Exchanges are possible within 14 days of purchase.",
            "You can exchange it within 14 days of purchase.",
        ),
        ("We do not sell bicycles.", "Sorry, we do not sell bicycles."),
        (
            "The Oak bench is 120 cm long and weighs 18 kg.",
            "The Oak bench is 120 cm long and weighs 18 kg.",
        ),
        (
            "The Moss rug comes in red, white and blue.",
            "The Moss rug comes in red, white and blue.",
        ),
        (
            "The workshop is open Saturday from 10:00 to 14:00.",
            "The workshop is open on Saturday from 10:00 to 14:00.",
        ),
        ("There are 6 Fern planters in stock.", "We have 6 Fern planters in stock."),
    ]
}

/// What the model reads before the fact: the same for every fact, so that it is read once.
fn chat(asked: &str, tone: Tone) -> Vec<Message> {
    const SYSTEM: &str = "Say the same thing to a customer. Keep every name and number.";
    let mut messages = vec![Message::system(SYSTEM)];
    for (said, well) in examples(tone) {
        messages.extend([Message::user(said), Message::assistant(well)]);
    }
    messages.push(Message::user(asked));
    messages
}

/// Has the model read what stands before every fact, so that the first visitor need not wait for that.
pub async fn warm(engine: &Engine, tone: Tone) {
    let decoding = Decoding { max_tokens: 1, ..Decoding::default() };
    let priority = Priority::Background;
    let request = Request { decoding, priority, ..Request::new(chat("The shop is open.", tone)) };
    if let Ok(reply) = engine.generate(request) {
        reply.collect().await;
    }
}

/// The same as text, a line a message.
pub fn prompt(tone: Tone) -> String {
    let lines = chat("…", tone).into_iter();
    let role = |message: &Message| format!("{:?}", message.role).to_lowercase();
    lines.map(|message| format!("{}: {}\n", role(&message), message.text)).collect()
}

/// Proposals for a text, as they come, until one passes or time is up. `judge` tidies a proposal and
/// says what is wrong with it.
pub async fn propose(
    engine: &Engine,
    asked: &str,
    tone: Tone,
    alone: bool,
    deadline: Clock,
    judge: impl Fn(&str) -> (String, Vec<Doubt>),
) -> Vec<Draft> {
    let began = Clock::now();
    let figures = engine.figures();
    let idle = figures.waiting + figures.seated == 0;
    let seeds = if alone && idle { 0..2 } else { 0..1 };
    let mut writing = FuturesUnordered::new();
    let ask = |seed| {
        let reply = engine.generate(request(engine, asked, tone, seed, deadline)).ok()?;
        Some(written(reply, seed))
    };
    writing.extend(seeds.filter_map(ask));
    let mut drafts: Vec<Draft> = Vec::new();
    while let Some((seed, text, likelihood)) = writing.next().await {
        let Some(text) = text else { continue };
        let (text, doubts) = judge(&text);
        let left = deadline.saturating_duration_since(Clock::now());
        // The likeliest wording was refused and nobody draws another one yet.
        if !doubts.is_empty() && seed == 0 && writing.is_empty() && left > AGAIN {
            writing.extend(ask(2));
        }
        if drafts.iter().any(|other| other.text == text) {
            continue;
        }
        let passed = doubts.is_empty();
        let ms = began.elapsed().as_secs_f64() * 1_000.0;
        drafts.push(Draft { text, seed, doubts, likelihood, ms });
        if passed {
            // Whoever else is still writing stops when its stream is dropped.
            break;
        }
    }
    drafts
}

fn request(engine: &Engine, asked: &str, tone: Tone, seed: u64, deadline: Clock) -> Request {
    let sampling = match seed {
        0 => Sampling::likeliest(),
        seed => Sampling { top_p: 0.9, ..Sampling::random(TEMPERATURE, seed) },
    };
    // A wording is about as long as what it words; what runs on is refused anyway.
    let tokens = engine.count_tokens(asked).unwrap_or(TOKENS);
    let decoding = Decoding {
        sampling,
        stop: vec!["\n".into()],
        max_tokens: (tokens + tokens / 3 + 8).min(TOKENS),
        constraint: Some(Constraint::Copy { spans: vec![asked.to_string()] }),
        likelihood: true,
    };
    let left = deadline.saturating_duration_since(Clock::now());
    Request { decoding, deadline: Some(left), ..Request::new(chat(asked, tone)) }
}

async fn written(reply: Reply, seed: u64) -> (u64, Option<String>, f32) {
    let (text, end) = reply.collect().await;
    (seed, (end.why == End::Stop).then_some(text), end.likelihood)
}
