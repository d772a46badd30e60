//! `floorwalker bench embed`: how fast the encoder is, and with `--compare` how near its vectors come to
//! those of the same weights in `f32`.

use std::path::Path;

use anyhow::bail;
use floorwalker_engine::EncoderFiles;
use floorwalker_engine::bench::EmbedBench;
use serde_json::json;

use super::{Figures, Setup, lines, median, milliseconds, peak_memory};
use crate::models::{Progress, Puller, Purpose};

/// Time for the first text, and for the first 32 as one batch.
pub fn embed(texts: Option<&Path>, setup: &Setup, rounds: usize) -> anyhow::Result<Figures> {
    let texts = read(texts, 32)?;
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let (Some(one), Some(batch)) = (texts.get(..1), texts.get(..32)) else {
        bail!("{} texts are too few; 32 are needed", texts.len());
    };
    let (bench, _) = load(setup)?;
    bench.embed(batch).map_err(anyhow::Error::msg)?;
    let single = median(rounds * 10, || bench.embed(one)).map_err(anyhow::Error::msg)?;
    let many = median(rounds, || bench.embed(batch)).map_err(anyhow::Error::msg)?;
    let figures = json!({
        "threads": setup.threads,
        "isa": setup.isa.to_string(),
        "one_ms": milliseconds(single),
        "batch_32_ms": milliseconds(many),
        "peak_rss_mb": peak_memory(),
    });
    Ok(figures.as_object().cloned().unwrap_or_default())
}

/// The least and the mean cosine of all texts' vectors with candle's in `f32`.
pub fn compare(texts: Option<&Path>, setup: &Setup) -> anyhow::Result<Figures> {
    let texts = read(texts, 1000)?;
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let (bench, files) = load(setup)?;
    let mut cosines = bench.cosines(&files, &texts).map_err(anyhow::Error::msg)?;
    cosines.sort_by(f32::total_cmp);
    let Some(least) = cosines.first() else { bail!("there are no texts") };
    let mean = cosines.iter().map(|x| f64::from(*x)).sum::<f64>() / cosines.len() as f64;
    let figures = json!({
        "isa": setup.isa.to_string(),
        "texts": cosines.len(),
        "least_cosine": least,
        "mean_cosine": mean,
    });
    Ok(figures.as_object().cloned().unwrap_or_default())
}

fn read(texts: Option<&Path>, most: usize) -> anyhow::Result<Vec<String>> {
    let mut texts = match texts {
        Some(file) => lines(file)?,
        None => {
            (0..most).map(|i| format!("{i} brass lamps with a shade of linen, please")).collect()
        }
    };
    texts.truncate(most);
    Ok(texts)
}

fn load(setup: &Setup) -> anyhow::Result<(EmbedBench, EncoderFiles)> {
    let files = Puller::from_env(Progress::on_stderr())?.ensure(Purpose::Encoder)?;
    let files = EncoderFiles::in_folder(files.folder());
    let bench = EmbedBench::load(&files, setup.threads, setup.isa).map_err(anyhow::Error::msg)?;
    Ok((bench, files))
}
