//! `POST /v1/embeddings`: texts as vectors of the encoder's.

use axum::Json;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::Program;
use super::refused::Refused;
use super::shapes::OneOrMany;
use crate::web::body::Body;
use crate::web::error::WebError;

/// Most texts of one request.
const MAX_TEXTS: usize = 256;

/// The body. Fields that are not here are ignored.
#[derive(Deserialize)]
pub struct Asked {
    model: String,
    input: OneOrMany,
    encoding_format: Option<Format>,
}

/// How vectors are written.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Format {
    /// As numbers.
    #[default]
    Float,
    /// As the bytes of 32-bit floats, little end first, in base64.
    Base64,
}

/// The answer.
#[derive(Serialize)]
pub struct Embeddings {
    object: &'static str,
    data: Vec<Embedding>,
    model: String,
    usage: Usage,
}

#[derive(Serialize)]
struct Embedding {
    object: &'static str,
    index: usize,
    embedding: Vector,
}

#[derive(Debug, PartialEq, Serialize)]
#[serde(untagged)]
enum Vector {
    Float(Vec<f32>),
    Base64(String),
}

/// Clients want these fields. The encoder does not tell how many tokens it read, so both are 0.
#[derive(Default, Serialize)]
struct Usage {
    prompt_tokens: usize,
    total_tokens: usize,
}

/// `POST /v1/embeddings`
pub async fn embed(
    program: Program,
    asked: Result<Body<Asked>, WebError>,
) -> Result<Json<Embeddings>, Refused> {
    let Body(Asked { model, input, encoding_format }) = asked?;
    let texts = input.into_list();
    if !(1..=MAX_TEXTS).contains(&texts.len()) {
        let why = format!("input has {} texts; it is from 1 to {MAX_TEXTS}", texts.len());
        return Err(WebError::BadRequest(why).into());
    }
    let format = encoding_format.unwrap_or_default();
    let vectors = program.engine.embed(texts).await?;
    let embedding = |(index, vector)| {
        let embedding = written(vector, format);
        Embedding { object: "embedding", index, embedding }
    };
    let data = vectors.into_iter().enumerate().map(embedding).collect();
    Ok(Json(Embeddings { object: "list", data, model, usage: Usage::default() }))
}

fn written(vector: Vec<f32>, format: Format) -> Vector {
    match format {
        Format::Float => Vector::Float(vector),
        Format::Base64 => {
            let bytes: Vec<u8> = vector.iter().flat_map(|number| number.to_le_bytes()).collect();
            Vector::Base64(STANDARD.encode(bytes))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_holds_the_bytes_of_the_numbers() {
        // Python: base64.b64encode(struct.pack("<2f", 1.0, -2.5))
        let expected = Vector::Base64("AACAPwAAIMA=".into());
        assert_eq!(written(vec![1.0, -2.5], Format::Base64), expected);
        assert_eq!(written(vec![1.0], Format::Float), Vector::Float(vec![1.0]));
    }
}
