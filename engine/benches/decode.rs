//! What choosing a token costs beside the model, on made-up scores over the real vocabulary.
//! `cargo bench -p floorwalker-engine --bench decode`, with the models in `FLOORWALKER_MODELS` or
//! the usual place. Prints one JSON object: microseconds, medians of many rows.

use floorwalker_engine::decode::{Constraint, Decoding, Sampling, Trial};
use std::path::PathBuf;
use std::time::Instant;

const ROUNDS: usize = 301;
const FACTS: &str = "The Wharfside 7-Speed costs £1,249.00 (20% off) with a 2-year warranty; open \
    10:00-17:00. Returns: https://shop.example/returns or help@shop.example. ";

fn main() -> Result<(), String> {
    let root = std::env::var_os("FLOORWALKER_MODELS").map(PathBuf::from).unwrap_or_else(|| {
        std::env::home_dir().unwrap_or_default().join(".cache/floorwalker/models")
    });
    let file = root.join("SmolLM2-135M-Instruct/SmolLM2-135M-Instruct.Q4_1.gguf");
    let mut trial = Trial::new(&file)?;
    let mut report = serde_json::Map::new();
    for tokens in [trial.tokens(), 151_936] {
        let began = Instant::now();
        trial.prepare(tokens);
        let prepared = microseconds(began);
        let mut costs = serde_json::Map::new();
        let mut put = |name: &str, us: f64| drop(costs.insert(name.into(), rounded(us)));
        put("tables_of_a_vocabulary", prepared);
        choosing(&mut trial, &mut put)?;
        masking(&mut trial, &mut put)?;
        looking_up(&mut trial, &mut put)?;
        report.insert(format!("tokens_{tokens}"), costs.into());
    }
    println!("{}", serde_json::Value::Object(report));
    Ok(())
}

fn choosing(trial: &mut Trial, put: &mut impl FnMut(&str, f64)) -> Result<(), String> {
    let rows = rows(trial.tokens());
    for (name, sampling) in samplings() {
        trial.begin(Decoding { sampling, ..plain() }, "")?;
        put(name, measure(&rows, |row| trial.choose(row)));
    }
    Ok(())
}

fn masking(trial: &mut Trial, put: &mut impl FnMut(&str, f64)) -> Result<(), String> {
    let rows = rows(trial.tokens());
    for (name, text) in [
        ("mask_outside_a_run", "The "),
        ("mask_in_a_plain_word", "The Wharf"),
        ("mask_after_a_full_stop", "The lamp."),
        ("mask_midway_in_a_number", "The price is £1,2"),
        ("mask_midway_in_a_link", "See https://shop.ex"),
        ("mask_after_a_whole_run", "The price is £1,249.00"),
    ] {
        trial.begin(Decoding { constraint: Some(copy()), ..plain() }, "")?;
        trial.accept(&trial.encode(text)?);
        put(name, measure(&rows, |row| trial.mask(row)));
    }
    let options = ["yes", "no", "a person should answer"].map(str::to_owned).to_vec();
    trial.begin(Decoding { constraint: Some(Constraint::Choice { options }), ..plain() }, "")?;
    put("mask_of_a_choice", measure(&rows, |row| trial.mask(row)));
    Ok(())
}

fn looking_up(trial: &mut Trial, put: &mut impl FnMut(&str, f64)) -> Result<(), String> {
    let prompt = FACTS.repeat(10);
    let tokens = trial.encode(&prompt)?;
    let began = Instant::now();
    trial.begin(Decoding { constraint: Some(copy()), ..plain() }, "")?;
    put("begin_with_a_constraint", microseconds(began));
    trial.begin(Decoding { constraint: Some(copy()), ..plain() }, &prompt)?;
    let began = Instant::now();
    trial.accept(&tokens);
    put("accept", microseconds(began) / tokens.len() as f64);
    let began = Instant::now();
    let drafted: usize = (0..1000).map(|_| std::hint::black_box(trial.draft())).sum();
    put("draft", microseconds(began) / 1000.0);
    put("drafted_tokens", drafted as f64 / 1000.0);
    Ok(())
}

fn copy() -> Constraint {
    Constraint::Copy { spans: vec![FACTS.into()] }
}

fn rounded(us: f64) -> serde_json::Value {
    ((us * 10.0).round() / 10.0).into()
}

fn plain() -> Decoding {
    Decoding { max_tokens: 10_000, ..Decoding::default() }
}

fn samplings() -> [(&'static str, Sampling); 7] {
    let random = Sampling::random(0.8, 1);
    [
        ("choose_likeliest", Sampling::likeliest()),
        ("choose_softmax", random),
        ("choose_top_k_40", Sampling { top_k: 40, ..random }),
        ("choose_top_p_0.95", Sampling { top_p: 0.95, ..random }),
        ("choose_top_k_40_top_p_0.95", Sampling { top_k: 40, top_p: 0.95, ..random }),
        ("choose_min_p_0.05", Sampling { min_p: 0.05, ..random }),
        ("choose_flat_top_p_0.95", Sampling { top_p: 0.95, ..Sampling::random(5.0, 1) }),
    ]
}

/// Rows as a model makes them, roughly: a bell of scores, and a few far above it.
fn rows(tokens: usize) -> Vec<Vec<f32>> {
    let mut state = 1u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 24) as f32
    };
    let mut row = || {
        let mut row: Vec<f32> =
            (0..tokens).map(|_| (0..6).map(|_| next()).sum::<f32>() * 5.0 - 15.0).collect();
        (0..30).for_each(|_| row[(next() * tokens as f32) as usize] += 8.0 + 6.0 * next());
        row
    };
    (0..8).map(|_| row()).collect()
}

/// The median time of one call, on a row that was just written, as a model leaves it.
fn measure<T>(rows: &[Vec<f32>], mut call: impl FnMut(&mut [f32]) -> T) -> f64 {
    let mut times: Vec<f64> = (0..ROUNDS)
        .map(|round| {
            let mut row = rows[round % rows.len()].clone();
            let began = Instant::now();
            let result = call(&mut row);
            let time = microseconds(began);
            std::hint::black_box((&row, result));
            time
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[ROUNDS / 2]
}

fn microseconds(began: Instant) -> f64 {
    began.elapsed().as_secs_f64() * 1e6
}
