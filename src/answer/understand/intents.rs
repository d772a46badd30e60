//! The intent classifier: softmax regression over sentence embeddings, with a calibrated confidence.
//!
//! Weights are found by gradient descent with momentum on the mean cross-entropy plus an L2 term
//! (Bishop, *Pattern Recognition and Machine Learning*, 4.3.4). "None of these" is a class of its own,
//! learned from messages that no shop's bot can answer. The temperature that divides the logits is
//! chosen on held-out folds by the likelihood of the right class (Guo et al. 2017, "On Calibration of
//! Modern Neural Networks").

use serde::{Deserialize, Serialize};

use crate::domain::reply::Intent;

/// The name of the class for messages that belong to no intent.
pub const OUT_OF_SCOPE: &str = "oos";

const STEPS: usize = 80;
const RATE: f32 = 6.0;
const MOMENTUM: f32 = 0.9;
const L2: f32 = 2e-4;
const FOLDS: usize = 3;

/// A trained classifier. Shapes: `weights` is classes x (dimensions + 1), the last column the bias.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Intents {
    names: Vec<String>,
    weights: Vec<f32>,
    dimensions: usize,
    temperature: f32,
}

/// An embedded example of a class.
#[derive(Clone, Debug)]
pub struct Example<'a> {
    /// Index into the class names.
    pub class: usize,
    /// Unit-length embedding.
    pub vector: &'a [f32],
}

impl Intents {
    /// Learns from examples. All vectors have the same length; every class has at least one.
    pub fn train(names: Vec<String>, examples: &[Example<'_>]) -> Self {
        let dimensions = examples.first().map_or(0, |e| e.vector.len());
        let temperature = held_out_temperature(names.len(), dimensions, examples);
        let weights = fit(names.len(), dimensions, examples);
        Self { names, weights, dimensions, temperature }
    }

    /// The likeliest intents with calibrated probabilities, likeliest first.
    pub fn rank(&self, vector: &[f32]) -> Vec<Intent> {
        let mut logits = scores(&self.weights, self.names.len(), self.dimensions, vector);
        logits.iter_mut().for_each(|logit| *logit /= self.temperature);
        softmax(&mut logits);
        let mut ranked: Vec<Intent> = self
            .names
            .iter()
            .zip(logits)
            .map(|(name, confidence)| Intent { name: name.clone(), confidence })
            .collect();
        ranked.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
        ranked
    }
}

fn fit(classes: usize, dimensions: usize, examples: &[Example<'_>]) -> Vec<f32> {
    let stride = dimensions + 1;
    let mut weights = vec![0.0_f32; classes * stride];
    let mut velocity = vec![0.0_f32; classes * stride];
    let mut counts = vec![0_f32; classes];
    examples.iter().for_each(|e| counts[e.class] += 1.0);
    // Each class weighs the same, however many examples it has.
    let share = |class: usize| 1.0 / (counts[class].max(1.0) * classes as f32);
    for _ in 0..STEPS {
        let mut gradient: Vec<f32> = weights.iter().map(|w| w * L2).collect();
        for example in examples {
            let mut p = scores(&weights, classes, dimensions, example.vector);
            softmax(&mut p);
            p[example.class] -= 1.0;
            let share = share(example.class);
            for (class, error) in p.iter().enumerate() {
                let row = &mut gradient[class * stride..(class + 1) * stride];
                for (g, x) in row.iter_mut().zip(example.vector) {
                    *g += error * share * x;
                }
                row[dimensions] += error * share;
            }
        }
        for ((w, v), g) in weights.iter_mut().zip(&mut velocity).zip(gradient) {
            *v = MOMENTUM * *v - RATE * g;
            *w += *v;
        }
    }
    weights
}

fn scores(weights: &[f32], classes: usize, dimensions: usize, vector: &[f32]) -> Vec<f32> {
    let stride = dimensions + 1;
    (0..classes)
        .map(|class| {
            let row = &weights[class * stride..(class + 1) * stride];
            row[dimensions] + row.iter().zip(vector).map(|(w, x)| w * x).sum::<f32>()
        })
        .collect()
}

fn softmax(logits: &mut [f32]) {
    let top = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    logits.iter_mut().for_each(|logit| *logit = (*logit - top).exp());
    let sum: f32 = logits.iter().sum();
    logits.iter_mut().for_each(|logit| *logit /= sum);
}

/// The temperature under which held-out examples are likeliest.
fn held_out_temperature(classes: usize, dimensions: usize, examples: &[Example<'_>]) -> f32 {
    let mut held_out: Vec<(Vec<f32>, usize)> = Vec::new();
    for fold in 0..FOLDS {
        let in_fold = |i: &usize| i % FOLDS == fold;
        let train: Vec<Example<'_>> =
            (0..examples.len()).filter(|i| !in_fold(i)).map(|i| examples[i].clone()).collect();
        let weights = fit(classes, dimensions, &train);
        for example in (0..examples.len()).filter(in_fold).map(|i| &examples[i]) {
            let logits = scores(&weights, classes, dimensions, example.vector);
            held_out.push((logits, example.class));
        }
    }
    let loss = |temperature: f32| -> f32 {
        held_out
            .iter()
            .map(|(logits, class)| {
                let mut p: Vec<f32> = logits.iter().map(|l| l / temperature).collect();
                softmax(&mut p);
                -p[*class].max(1e-9).ln()
            })
            .sum()
    };
    let candidates = (1..=40).map(|i| i as f32 * 0.1);
    candidates.min_by(|a, b| loss(*a).total_cmp(&loss(*b))).unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Points around each axis: class `c` at unit vector `c`, with a little of its neighbour.
    fn points() -> Vec<(usize, Vec<f32>)> {
        (0..60)
            .map(|i| {
                let class = i % 3;
                let mut v = vec![0.1 * (i as f32 * 0.7).sin(); 4];
                v[class] = 1.0;
                (class, v)
            })
            .collect()
    }

    #[test]
    fn it_tells_separable_classes_apart_with_confidence() {
        let points = points();
        let examples: Vec<Example<'_>> =
            points.iter().map(|(class, v)| Example { class: *class, vector: v }).collect();
        let names = ["a", "b", "c"].map(String::from).to_vec();
        let intents = Intents::train(names, &examples);
        let best = &intents.rank(&[0.0, 1.0, 0.0, 0.0])[0];
        assert_eq!(best.name, "b");
        assert!(best.confidence > 0.8, "{best:?}");
        let total: f32 = intents.rank(&[0.3, 0.3, 0.3, 0.0]).iter().map(|i| i.confidence).sum();
        assert!((total - 1.0).abs() < 1e-4);
    }
}
