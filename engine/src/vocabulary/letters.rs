//! The alphabet of byte-level vocabularies.

/// The letter that stands for each byte (GPT-2's `bytes_to_unicode`): printable Latin-1 stands for
/// itself, the rest is moved above it.
pub(crate) fn byte_letters() -> [char; 256] {
    let printable = |byte: u32| matches!(byte, 0x21..=0x7e | 0xa1..=0xac | 0xae..=0xff);
    let mut moved = 0x100;
    let mut letter = |byte: u32| {
        let code = if printable(byte) {
            byte
        } else {
            moved += 1;
            moved - 1
        };
        char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
    };
    std::array::from_fn(|byte| letter(byte as u32))
}
