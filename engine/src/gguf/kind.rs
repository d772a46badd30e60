//! How the numbers of a tensor are stored.

use candle_core::quantized::GgmlDType;

/// A storage format, named as ggml names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Kind {
    F32,
    F16,
    BF16,
    Q4_0,
    Q4_1,
    Q5_0,
    Q5_1,
    Q8_0,
    Q2K,
    Q3K,
    Q4K,
    Q5K,
    Q6K,
    Q8K,
    /// One that nothing here can compute with, by its number in the file.
    Other(u32),
}

impl Kind {
    /// By its number in a file.
    pub fn new(number: u32) -> Self {
        match number {
            0 => Self::F32,
            1 => Self::F16,
            2 => Self::Q4_0,
            3 => Self::Q4_1,
            6 => Self::Q5_0,
            7 => Self::Q5_1,
            8 => Self::Q8_0,
            10 => Self::Q2K,
            11 => Self::Q3K,
            12 => Self::Q4K,
            13 => Self::Q5K,
            14 => Self::Q6K,
            15 => Self::Q8K,
            30 => Self::BF16,
            other => Self::Other(other),
        }
    }

    /// As it is known: `Q4_K`, or `type 99` where it is not.
    pub fn name(self) -> String {
        match self.facts() {
            Some((name, ..)) => name.to_owned(),
            None => format!("type {}", self.number()),
        }
    }

    /// Numbers stored together, and the bytes they take; `None` where that is unknown.
    pub fn block(self) -> Option<(u64, u64)> {
        self.facts().map(|(_, numbers, bytes)| (numbers, bytes))
    }

    /// Candle's name for it, if candle can read it from a file.
    pub fn ggml(self) -> Option<GgmlDType> {
        Some(match self {
            Self::F32 => GgmlDType::F32,
            Self::F16 => GgmlDType::F16,
            Self::BF16 => GgmlDType::BF16,
            Self::Q4_0 => GgmlDType::Q4_0,
            Self::Q4_1 => GgmlDType::Q4_1,
            Self::Q5_0 => GgmlDType::Q5_0,
            Self::Q5_1 => GgmlDType::Q5_1,
            Self::Q8_0 => GgmlDType::Q8_0,
            Self::Q2K => GgmlDType::Q2K,
            Self::Q3K => GgmlDType::Q3K,
            Self::Q4K => GgmlDType::Q4K,
            Self::Q5K => GgmlDType::Q5K,
            Self::Q6K => GgmlDType::Q6K,
            Self::Q8K | Self::Other(_) => return None,
        })
    }

    /// Its number in a file.
    pub fn number(self) -> u32 {
        match self {
            Self::F32 => 0,
            Self::F16 => 1,
            Self::Q4_0 => 2,
            Self::Q4_1 => 3,
            Self::Q5_0 => 6,
            Self::Q5_1 => 7,
            Self::Q8_0 => 8,
            Self::Q2K => 10,
            Self::Q3K => 11,
            Self::Q4K => 12,
            Self::Q5K => 13,
            Self::Q6K => 14,
            Self::Q8K => 15,
            Self::BF16 => 30,
            Self::Other(number) => number,
        }
    }

    /// Name, numbers a block and bytes a block, as ggml's table of types gives them. Those that
    /// cannot be computed with are here so that a file can be described and refused by name.
    fn facts(self) -> Option<(&'static str, u64, u64)> {
        Some(match self.number() {
            0 => ("F32", 1, 4),
            1 => ("F16", 1, 2),
            2 => ("Q4_0", 32, 18),
            3 => ("Q4_1", 32, 20),
            6 => ("Q5_0", 32, 22),
            7 => ("Q5_1", 32, 24),
            8 => ("Q8_0", 32, 34),
            10 => ("Q2_K", 256, 84),
            11 => ("Q3_K", 256, 110),
            12 => ("Q4_K", 256, 144),
            13 => ("Q5_K", 256, 176),
            14 => ("Q6_K", 256, 210),
            15 => ("Q8_K", 256, 292),
            16 => ("IQ2_XXS", 256, 66),
            17 => ("IQ2_XS", 256, 74),
            18 => ("IQ3_XXS", 256, 98),
            19 => ("IQ1_S", 256, 50),
            20 => ("IQ4_NL", 32, 18),
            21 => ("IQ3_S", 256, 110),
            22 => ("IQ2_S", 256, 82),
            23 => ("IQ4_XS", 256, 136),
            24 => ("I8", 1, 1),
            25 => ("I16", 1, 2),
            26 => ("I32", 1, 4),
            27 => ("I64", 1, 8),
            28 => ("F64", 1, 8),
            29 => ("IQ1_M", 256, 56),
            30 => ("BF16", 1, 2),
            34 => ("TQ1_0", 256, 54),
            35 => ("TQ2_0", 256, 66),
            39 => ("MXFP4", 32, 17),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_sizes_agree_with_candles() {
        for number in 0..100 {
            let kind = Kind::new(number);
            assert_eq!(kind.number(), number);
            let Some(candles) = kind.ggml() else { continue };
            let sizes = (candles.block_size() as u64, candles.type_size() as u64);
            assert_eq!(kind.block(), Some(sizes), "{}", kind.name());
        }
    }

    #[test]
    fn kinds_nobody_here_can_read_still_have_names() {
        assert_eq!(Kind::new(29).name(), "IQ1_M");
        assert_eq!(Kind::new(77).name(), "type 77");
        assert_eq!((Kind::new(77).block(), Kind::new(29).ggml()), (None, None));
    }
}
