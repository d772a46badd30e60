//! A tensor as candle holds it, for whatever computes with candle.

use super::Gguf;
use candle_core::Device;
use candle_core::quantized::QTensor;
use candle_core::quantized::ggml_file::qtensor_from_ggml;
use std::panic::{AssertUnwindSafe, catch_unwind};

impl Gguf {
    /// A tensor as it is stored. Our own checks come first; what candle still panics about is an
    /// error.
    pub fn qtensor(&self, name: &str) -> Result<QTensor, String> {
        let tensor = self.tensor(name)?;
        let candles = tensor.kind.ggml().ok_or_else(|| tensor.unreadable())?;
        let mut bytes = vec![0; usize::try_from(tensor.bytes).map_err(|e| e.to_string())?];
        self.read(tensor, 0, &mut bytes)?;
        let convert = || qtensor_from_ggml(candles, &bytes, tensor.dims.clone(), &Device::Cpu);
        match catch_unwind(AssertUnwindSafe(convert)) {
            Ok(Ok(value)) => Ok(value),
            // The first line: the rest can be a backtrace.
            Ok(Err(error)) => {
                Err(format!("its {name}: {}", error.to_string().lines().next().unwrap_or_default()))
            }
            Err(_) => Err(format!("its {name} makes no sense")),
        }
    }
}
