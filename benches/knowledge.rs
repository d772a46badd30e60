//! How fast passages are indexed and found, and how well.
//!
//! Speed on 25,000 made-up passages with vectors of 384 numbers; quality on the Abt-Buy product
//! matching task (a shop's title looks for the same product in another shop's list), which is
//! skipped without `FLOORWALKER_EVAL_DATA`. With `FLOORWALKER_EVAL_VECTORS`, a folder that holds
//! `abt_docs.f32` and `abt_queries.f32` (384 little-endian floats a row), the fused order is
//! measured too. Prints one JSON object last.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use floorwalker::domain::language::Locale;
use floorwalker::domain::reply::Source;
use floorwalker::knowledge::passages::{Kind, Passage};
use floorwalker::knowledge::search::Index;
use serde_json::{Value, json};

const PASSAGES: usize = 25_000;
const QUESTIONS: usize = 2_000;
const WIDTH: usize = 384;

fn main() {
    let report = json!({ "speed": speed(), "abt_buy": quality() });
    println!("{report}");
}

fn english() -> Locale {
    Locale::new("en-IE").expect("a known locale")
}

fn passage(id: String, heading: String, text: String) -> Passage {
    let source = Source { id, title: heading.clone(), link: None };
    Passage { source, kind: Kind::Product, heading, text, sentences: Vec::new() }
}

/// A small linear congruential generator: the same passages every time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    /// A word of 20,000, common ones more often, as in any language.
    fn word(&mut self) -> String {
        const SYLLABLES: [&str; 16] = [
            "ta", "ri", "mon", "del", "ka", "sur", "pe", "lin", "bo", "ven", "cho", "gra", "su",
            "tel", "no", "far",
        ];
        let bound = 1 + self.below(20_000);
        let mut rank = self.below(bound) + 16;
        let mut word = String::new();
        while rank > 0 {
            word.push_str(SYLLABLES[rank % 16]);
            rank /= 16;
        }
        word
    }

    fn words(&mut self, count: usize) -> String {
        (0..count).map(|_| self.word()).collect::<Vec<_>>().join(" ")
    }

    fn vector(&mut self) -> Vec<f32> {
        (0..WIDTH).map(|_| self.below(2_001) as f32 / 1_000.0 - 1.0).collect()
    }
}

fn speed() -> Value {
    let mut chance = Chance(7);
    let passages: Vec<Passage> = (0..PASSAGES)
        .map(|id| {
            let length = 40 + chance.below(60);
            passage(id.to_string(), chance.words(5), chance.words(length))
        })
        .collect();
    let vectors: Vec<Vec<f32>> = (0..PASSAGES).map(|_| chance.vector()).collect();
    let start = Instant::now();
    let index = Index::build(&passages, &english(), Some(vectors)).expect("built");
    let build = start.elapsed();
    let dir = tempfile::tempdir().expect("temporary folder");
    let open = || Index::open_or_build(dir.path(), &passages, &english(), None).expect("opened");
    let (build_on_disk, reopen) = (timed(&open), timed(&open));
    let mut questions: Vec<(String, Vec<f32>)> =
        (0..QUESTIONS).map(|_| (chance.words(6), chance.vector())).collect();
    let words_only = percentiles(&questions, |(question, _)| {
        index.search(question, None, 10, &[]);
    });
    let fused = percentiles(&questions, |(question, vector)| {
        index.search(question, Some(vector), 10, &[]);
    });
    for (question, _) in &mut questions {
        question.push_str("x tarimonz delkaqsur");
    }
    let misspelt = percentiles(&questions, |(question, _)| {
        index.search(question, None, 10, &[]);
    });
    json!({
        "passages": PASSAGES,
        "build_ms": build.as_millis(),
        "build_on_disk_ms": build_on_disk.as_millis(),
        "reopen_ms": reopen.as_millis(),
        "words_us": words_only,
        "words_with_three_unknown_us": misspelt,
        "words_and_vectors_us": fused,
    })
}

fn timed<T>(work: &dyn Fn() -> T) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn percentiles<Q>(questions: &[Q], mut ask: impl FnMut(&Q)) -> Value {
    let mut times: Vec<u128> = questions
        .iter()
        .map(|question| {
            let start = Instant::now();
            ask(question);
            start.elapsed().as_micros()
        })
        .collect();
    times.sort_unstable();
    json!({ "p50": times[times.len() / 2], "p99": times[times.len() * 99 / 100] })
}

fn quality() -> Value {
    let data = std::env::var_os("FLOORWALKER_EVAL_DATA").filter(|dir| !dir.is_empty());
    let Some(data) = data else {
        println!("skipped Abt-Buy: FLOORWALKER_EVAL_DATA is not set");
        return Value::Null;
    };
    let dir = PathBuf::from(data).join("retrieval/abt-buy");
    let read = |name: &str| fs::read_to_string(dir.join(name)).expect(name);
    let documents: Vec<Value> = read("documents.jsonl")
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let text = |document: &Value, key: &str| document[key].as_str().unwrap_or_default().to_string();
    let passages: Vec<Passage> = documents
        .iter()
        .map(|d| passage(text(d, "id"), text(d, "title"), text(d, "text")))
        .collect();
    let mut right: HashMap<String, HashSet<String>> = HashMap::new();
    for line in read("qrels.tsv").lines() {
        let mut cells = line.split('\t').map(str::to_string);
        if let (Some(query), Some(document)) = (cells.next(), cells.next()) {
            right.entry(query).or_default().insert(document);
        }
    }
    let queries = read("queries.tsv");
    let queries: Vec<(&str, &str)> =
        queries.lines().filter_map(|line| line.split_once('\t')).collect();
    let vectors = std::env::var_os("FLOORWALKER_EVAL_VECTORS").map(PathBuf::from);
    let documents = vectors.as_ref().map(|dir| floats(&dir.join("abt_docs.f32")));
    let asked = vectors.as_ref().map(|dir| floats(&dir.join("abt_queries.f32")));
    let index = Index::build(&passages, &english(), documents).expect("built");
    let score = |vectors: Option<&Vec<Vec<f32>>>| {
        let ranks = queries.iter().enumerate().filter_map(|(at, (id, query))| {
            let vector = vectors.map(|vectors| vectors[at].as_slice());
            let hits = index.search(query, vector, 10, &[]);
            hits.iter().position(|hit| right[*id].contains(&passages[hit.passage].source.id))
        });
        let ranks: Vec<usize> = ranks.collect();
        let share = |sum: f64| (sum / queries.len() as f64 * 1_000.0).round() / 1_000.0;
        json!({
            "hit@1": share(ranks.iter().filter(|rank| **rank == 0).count() as f64),
            "mrr@10": share(ranks.iter().map(|rank| 1.0 / (*rank as f64 + 1.0)).sum()),
            "recall@10": share(ranks.len() as f64),
        })
    };
    json!({ "words": score(None), "words_and_vectors": asked.as_ref().map(|asked| score(Some(asked))) })
}

fn floats(path: &Path) -> Vec<Vec<f32>> {
    let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let (floats, _) = bytes.as_chunks::<4>();
    let floats: Vec<f32> = floats.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    floats.chunks(WIDTH).map(<[f32]>::to_vec).collect()
}
