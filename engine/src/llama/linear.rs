//! Our kernels as operations on candle tensors.

use crate::gguf::Gguf;
use crate::kernels::activations::Activations;
use crate::kernels::math::swiglu;
use crate::kernels::matmul::multiply;
use crate::kernels::packed::Packed;
use candle_core::{CpuStorage, CustomOp1, Layout, Result, Shape, bail};

/// A matrix to multiply rows with.
pub(super) struct Linear(Packed);

impl Linear {
    /// Reads matrices `(name, rows)` of `columns` each and puts them on top of each other.
    pub fn load(
        file: &Gguf,
        parts: &[(String, usize)],
        columns: usize,
    ) -> std::result::Result<Self, String> {
        let mut packed = Vec::with_capacity(parts.len());
        for (name, rows) in parts {
            let tensor = file.tensor(name)?;
            if tensor.shape().dims() != [*rows, columns] {
                return Err(format!("its {name} has the shape {:?}", tensor.shape()));
            }
            packed.push(Packed::new(&tensor).map_err(|e| format!("its {name}: {e}"))?);
        }
        Packed::stack(packed).map(Self).map_err(|e| e.to_string())
    }

    /// The matrix itself.
    pub fn weights(&self) -> &Packed {
        &self.0
    }
}

impl CustomOp1 for Linear {
    fn name(&self) -> &'static str {
        "packed-linear"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let (rows, width) = layout.shape().dims2()?;
        if width != self.0.columns() {
            bail!("rows of {width} for a matrix {} wide", self.0.columns());
        }
        let x = Activations::quantize(contiguous(storage, layout)?, width);
        Ok((CpuStorage::F32(multiply(&self.0, &x)), (rows, self.0.rows()).into()))
    }
}

/// Rows of a gate and an up half become rows of half the width.
pub(super) struct SwiGlu;

impl CustomOp1 for SwiGlu {
    fn name(&self) -> &'static str {
        "swiglu"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let (rows, width) = layout.shape().dims2()?;
        let out = swiglu(contiguous(storage, layout)?, width / 2);
        Ok((CpuStorage::F32(out), (rows, width / 2).into()))
    }
}

fn contiguous<'a>(storage: &'a CpuStorage, layout: &Layout) -> Result<&'a [f32]> {
    match (storage, layout.contiguous_offsets()) {
        (CpuStorage::F32(data), Some((start, end))) => Ok(&data[start..end]),
        _ => bail!("not a contiguous f32 tensor"),
    }
}
