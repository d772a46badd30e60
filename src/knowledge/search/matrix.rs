//! Passages by their meaning: the cosine between a question's vector and every passage's.
//!
//! A plain scan over one flat matrix. At 25,000 passages of 384 numbers that is 38 MB to read,
//! a few milliseconds; an approximate index would save them and lose exactness and rebuilds.

/// Vectors of length 1, one a row.
pub(super) struct Matrix {
    width: usize,
    numbers: Vec<f32>,
}

/// The vectors are not those of the passages.
#[derive(Debug, thiserror::Error)]
pub enum InvalidVectors {
    /// There are more or fewer than passages.
    #[error("{vectors} vectors for {passages} passages; embed the passages again")]
    Count {
        /// How many were given.
        vectors: usize,
        /// How many are needed.
        passages: usize,
    },
    /// They differ in length.
    #[error(
        "the vector of passage {row} has {found} numbers and the first has {width}; embed all with one model"
    )]
    Width {
        /// The first that differs.
        row: usize,
        /// Its length.
        found: usize,
        /// What it should be.
        width: usize,
    },
}

impl Matrix {
    /// Normalises one vector a passage. A vector with nothing in it, or with what is not a
    /// number, is near to nothing.
    pub fn new(rows: Vec<Vec<f32>>, passages: usize) -> Result<Self, InvalidVectors> {
        if rows.len() != passages {
            return Err(InvalidVectors::Count { vectors: rows.len(), passages });
        }
        let width = rows.first().map_or(0, Vec::len);
        let mut numbers = Vec::with_capacity(width * rows.len());
        for (row, vector) in rows.into_iter().enumerate() {
            if vector.len() != width {
                return Err(InvalidVectors::Width { row, found: vector.len(), width });
            }
            let scale = scale(&vector);
            numbers.extend(vector.iter().map(|x| if scale > 0.0 { x * scale } else { 0.0 }));
        }
        Ok(Self { width, numbers })
    }

    /// The cosine with every row; nothing if the vector is of another length or says nothing.
    pub fn cosines(&self, vector: &[f32]) -> Option<Vec<f32>> {
        let scale = scale(vector);
        if vector.len() != self.width || scale == 0.0 {
            tracing::warn!(
                found = vector.len(),
                wanted = self.width,
                "a question's vector is of no use"
            );
            return None;
        }
        let vector: Vec<f32> = vector.iter().map(|x| x * scale).collect();
        Some(self.numbers.chunks_exact(self.width).map(|row| dot(row, &vector)).collect())
    }
}

/// What brings a vector to length 1; 0 if nothing does.
fn scale(vector: &[f32]) -> f32 {
    let length = dot(vector, vector).sqrt();
    if length.is_finite() && length > f32::MIN_POSITIVE { 1.0 / length } else { 0.0 }
}

/// Eight sums side by side, which compilers turn into vector instructions.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let (a_eights, a_rest) = a.as_chunks::<8>();
    let (b_eights, b_rest) = b.as_chunks::<8>();
    let mut sums = [0.0f32; 8];
    for (a, b) in a_eights.iter().zip(b_eights) {
        for lane in 0..8 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f32>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cosines_do_not_depend_on_length() {
        let rows = vec![vec![3.0, 0.0, 4.0], vec![0.0, 2.0, 0.0], vec![0.0; 3], vec![f32::NAN; 3]];
        let matrix = Matrix::new(rows, 4).expect("four rows");
        let cosines = matrix.cosines(&[0.3, 0.0, 0.4]).expect("same width");
        assert!((cosines[0] - 1.0).abs() < 1e-6);
        assert_eq!(cosines[1..], [0.0, 0.0, 0.0]);
    }

    #[test]
    fn vectors_of_other_passages_or_models_are_refused() {
        assert!(matches!(Matrix::new(vec![], 1), Err(InvalidVectors::Count { .. })));
        let mixed = vec![vec![1.0], vec![1.0, 2.0]];
        assert!(matches!(Matrix::new(mixed, 2), Err(InvalidVectors::Width { row: 1, .. })));
        let matrix = Matrix::new(vec![vec![1.0; 20]], 1).expect("one row");
        assert!(matrix.cosines(&[1.0]).is_none() && matrix.cosines(&[0.0; 20]).is_none());
        assert!(matrix.cosines(&[f32::INFINITY; 20]).is_none());
    }
}
