//! What every implementation of [`Model`] must do, on small random weights, and how near the fast
//! one must come to candle's exact numbers, for every kind of weights and set of instructions.

use super::{Memory, Model, Part};
use crate::fast::{Fast, Setup};
use crate::gguf::Gguf;
use crate::kernels::lanes::Isa;
use crate::reference::Reference;
use crate::tiny;
use candle_core::quantized::GgmlDType;

const KINDS: [GgmlDType; 9] = [
    GgmlDType::Q4_0,
    GgmlDType::Q4_1,
    GgmlDType::Q5_0,
    GgmlDType::Q8_0,
    GgmlDType::Q4K,
    GgmlDType::Q6K,
    // Rounded to eight bits when loaded:
    GgmlDType::Q5_1,
    GgmlDType::Q5K,
    GgmlDType::F16,
];

fn file(architecture: &str, kind: GgmlDType) -> Gguf {
    Gguf::parse(tiny::file_of(architecture, kind, 7)).unwrap()
}

fn fast(file: &Gguf, isa: Isa, threads: usize) -> Fast {
    Fast::load(file, Setup { threads, context: 256, memory: 64 << 20, isa }).unwrap()
}

fn present() -> impl Iterator<Item = Isa> {
    Isa::ALL.into_iter().filter(|isa| isa.is_present())
}

fn text(length: u32) -> Vec<u32> {
    (0..length).map(|i| 3 + (i * 37 + i * i * 11) % 250).collect()
}

/// The scores after each of the last `wanted` tokens, read in bites of the given sizes.
fn read<M: Model>(model: &mut M, tokens: &[u32], bites: &[usize], wanted: usize) -> Vec<f32> {
    let (mut memory, mut from, mut scores) = (model.memory(), 0, Vec::new());
    let mut bites = bites.iter().cycle();
    while from < tokens.len() {
        let to = (from + bites.next().unwrap()).min(tokens.len());
        let wanted = if to == tokens.len() { wanted.min(to - from) } else { 0 };
        let part = Part { memory: &mut memory, tokens: &tokens[from..to], wanted };
        model.read(&mut [part], &mut scores).unwrap();
        from = to;
    }
    assert_eq!(memory.len(), tokens.len());
    scores
}

fn farthest(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).fold(0.0, |most, (a, b)| most.max((a - b).abs()))
}

#[test]
fn the_fast_model_comes_near_candles_exact_numbers() {
    for architecture in ["llama", "qwen2"] {
        for kind in KINDS {
            let file = file(architecture, kind);
            let mut exact = Reference::load(&file, 256, true).unwrap();
            let want = read(&mut exact, &text(40), &[40], 40);
            let spread = want.iter().fold(0f32, |most, x| most.max(x.abs()));
            for isa in present() {
                let got = read(&mut fast(&file, isa, 1), &text(40), &[40], 40);
                let off = farthest(&got, &want) / spread;
                assert!(off < 0.05, "{architecture} {kind:?} {isa}: off by {off}");
            }
        }
    }
}

#[test]
fn instructions_of_a_processor_give_the_same_bits() {
    for kind in KINDS {
        let file = file("qwen2", kind);
        let mut all = present().filter(|isa| *isa != Isa::Portable);
        let Some(first) = all.next() else { return };
        let want = read(&mut fast(&file, first, 1), &text(40), &[40], 3);
        for isa in all {
            let got = read(&mut fast(&file, isa, 1), &text(40), &[40], 3);
            assert!(got == want, "{kind:?}: {isa} differs from {first}");
        }
        let plain = read(&mut fast(&file, Isa::Portable, 1), &text(40), &[40], 3);
        assert!(farthest(&plain, &want) < 1e-3, "{kind:?}: {}", farthest(&plain, &want));
    }
}

/// Runs a test on every implementation.
fn on_all(test: impl Fn(&str, &mut dyn FnMut(&[u32], &[usize]) -> Vec<f32>)) {
    let file = file("llama", GgmlDType::Q4_1);
    for (name, threads) in [("fast", 1), ("fast on three threads", 3)] {
        let mut model = fast(&file, Isa::best(), threads);
        test(name, &mut |tokens, bites| read(&mut model, tokens, bites, 1));
    }
    let mut model = Reference::load(&file, 256, false).unwrap();
    test("reference", &mut |tokens, bites| read(&mut model, tokens, bites, 1));
}

#[test]
fn it_does_not_matter_how_a_text_is_cut() {
    on_all(|name, read| {
        let want = read(&text(100), &[100]);
        for bites in [&[1][..], &[7, 1, 30], &[16], &[99, 1]] {
            let off = farthest(&read(&text(100), bites), &want);
            let most = if name == "reference" { 1e-3 } else { 0.0 };
            assert!(off <= most, "{name} {bites:?}: {off}");
        }
    });
}

/// Company, forks and cuts must not show.
fn keeps_apart<M: Model>(model: &mut M, most: f32) {
    let (all, other) = (text(60), text(90)[30..].to_vec());
    let alone = read(model, &all, &[60], 1);
    // In company.
    let (mut a, mut b, mut scores) = (model.memory(), model.memory(), Vec::new());
    let parts = |tokens: &'static [u32]| tokens;
    let _ = parts;
    for i in 0..60 {
        let mut parts = [
            Part { memory: &mut a, tokens: &all[i..=i], wanted: 1 },
            Part { memory: &mut b, tokens: &other[i..=i], wanted: 1 },
        ];
        model.read(&mut parts, &mut scores).unwrap();
    }
    assert!(farthest(&scores[..tiny::TOKENS], &alone) <= most);
    // From a fork, whose origin goes its own way.
    let mut fork = a.fork(37).unwrap();
    assert_eq!(fork.len(), 37);
    let part = Part { memory: &mut a, tokens: &other[..9], wanted: 0 };
    model.read(&mut [part], &mut scores).unwrap();
    let part = Part { memory: &mut fork, tokens: &all[37..], wanted: 1 };
    model.read(&mut [part], &mut scores).unwrap();
    assert!(farthest(&scores, &alone) <= most);
    // After a cut.
    assert!(a.truncate(50));
    let part = Part { memory: &mut a, tokens: &all[50..], wanted: 1 };
    model.read(&mut [part], &mut scores).unwrap();
    assert!(farthest(&scores, &alone) <= most);
}

#[test]
fn conversations_keep_apart() {
    let file = file("llama", GgmlDType::Q8_0);
    keeps_apart(&mut fast(&file, Isa::best(), 2), 0.0);
    keeps_apart(&mut fast(&file, Isa::Portable, 1), 0.0);
    keeps_apart(&mut Reference::load(&file, 256, false).unwrap(), 1e-3);
}

#[test]
fn what_does_not_fit_is_refused_and_changes_nothing() {
    let file = file("llama", GgmlDType::Q4_0);
    let setup = Setup { threads: 1, context: 64, memory: 1, isa: Isa::best() };
    // One page is all there is.
    let mut model = Fast::load(&file, setup).unwrap();
    let (mut memory, mut scores) = (model.memory(), Vec::new());
    for (tokens, why) in
        [(text(65), "65 tokens"), (vec![9999], "no token 9999"), (text(17), "no memory")]
    {
        let part = Part { memory: &mut memory, tokens: &tokens, wanted: 1 };
        let error = model.read(&mut [part], &mut scores).unwrap_err();
        assert!(error.contains(why), "{error}");
        assert_eq!(memory.len(), 0);
    }
    let part = Part { memory: &mut memory, tokens: &text(16), wanted: 1 };
    model.read(&mut [part], &mut scores).unwrap();
}
