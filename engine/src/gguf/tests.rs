//! Good files, and files that lie.

use super::*;
use crate::tiny;

fn refusal(bytes: Vec<u8>) -> String {
    Gguf::parse(bytes).err().expect("a refusal")
}

/// A header by hand: `entries` of metadata and `tensors` as their bytes, then `data`.
fn file(entries: &[Vec<u8>], tensors: &[Vec<u8>], data: usize) -> Vec<u8> {
    let mut bytes = b"GGUF\x03\0\0\0".to_vec();
    bytes.extend((tensors.len() as u64).to_le_bytes());
    bytes.extend((entries.len() as u64).to_le_bytes());
    bytes.extend(entries.concat());
    bytes.extend(tensors.concat());
    bytes.resize(bytes.len().next_multiple_of(32) + data, 0);
    bytes
}

fn text(text: &str) -> Vec<u8> {
    [&(text.len() as u64).to_le_bytes(), text.as_bytes()].concat()
}

fn entry(key: &str, kind: u32, value: &[u8]) -> Vec<u8> {
    [&text(key)[..], &kind.to_le_bytes(), value].concat()
}

fn list(of: u32, count: u64, entries: &[u8]) -> Vec<u8> {
    [&of.to_le_bytes()[..], &count.to_le_bytes(), entries].concat()
}

fn tensor(name: &str, dims: &[u64], kind: u32, offset: u64) -> Vec<u8> {
    let dims_bytes: Vec<u8> = dims.iter().flat_map(|dim| dim.to_le_bytes()).collect();
    [
        &text(name)[..],
        &(dims.len() as u32).to_le_bytes(),
        &dims_bytes,
        &kind.to_le_bytes(),
        &offset.to_le_bytes(),
    ]
    .concat()
}

#[test]
fn metadata_is_read_by_its_type() {
    let texts = [text("a"), text("größe")].concat();
    let file = Gguf::parse(file(
        &[
            entry("general.architecture", 8, &text("llama")),
            entry("llama.block_count", 4, &7u32.to_le_bytes()),
            entry("small", 1, &[0xff]),
            entry("wide", 10, &(1u64 << 40).to_le_bytes()),
            entry("base", 6, &5e5f32.to_le_bytes()),
            entry("fine", 12, &0.5f64.to_le_bytes()),
            entry("endless", 6, &f32::INFINITY.to_le_bytes()),
            entry("yes", 7, &[1]),
            entry("zeros", 8, &text("name\0\0")),
            entry("texts", 9, &list(8, 2, &texts)),
            entry("kinds", 9, &list(5, 2, &[0xff, 0xff, 0xff, 0xff, 3, 0, 0, 0])),
            entry("scores", 9, &list(6, 1, &(-2.5f32).to_le_bytes())),
        ],
        &[],
        0,
    ))
    .unwrap();
    assert_eq!(file.count(&file.arch("block_count").unwrap()), Ok(7));
    assert_eq!(file.count("small").unwrap_err(), "its small is -1");
    assert_eq!(file.count("wide"), Ok(1 << 40));
    assert_eq!((file.number("base"), file.number("fine")), (Ok(5e5), Ok(0.5)));
    assert_eq!(file.number("endless").unwrap_err(), "its endless is inf");
    assert_eq!((file.flag("yes"), file.text("zeros")), (Ok(true), Ok("name")));
    assert_eq!(file.texts("texts").unwrap(), ["a", "größe"]);
    assert_eq!(file.counts("kinds").unwrap(), [-1, 3]);
    assert_eq!((file.numbers("scores").unwrap(), file.length("kinds")), (vec![-2.5], Ok(2)));
    assert_eq!(file.count("yes").unwrap_err(), "its yes is a yes or no, not a whole number");
    assert_eq!(file.texts("kinds").unwrap_err(), "its kinds is a list, not a list of texts");
    assert!(file.knows("yes") && !file.knows("no"));
}

#[test]
fn tensors_are_found_and_read_in_parts() {
    let directory = [tensor("b", &[4, 2], 0, 32), tensor("a", &[3], 0, 0)];
    let mut bytes = file(&[], &directory, 64);
    let data = bytes.len() - 64;
    for (i, byte) in bytes[data..].iter_mut().enumerate() {
        *byte = i as u8;
    }
    let file = Gguf::parse(bytes).unwrap();
    let names: Vec<&str> = file.tensors().map(|tensor| tensor.name.as_str()).collect();
    assert_eq!(names, ["a", "b"]);
    let b = file.tensor("b").unwrap();
    assert_eq!((b.dims.as_slice(), b.kind, b.bytes, b.numbers()), (&[2, 4][..], Kind::F32, 32, 8));
    let mut part = [0; 3];
    file.read(b, 29, &mut part).unwrap();
    assert_eq!(part, [61, 62, 63]);
    assert!(file.read(b, 30, &mut part).is_err());
    assert!(file.read(b, u64::MAX, &mut part).is_err());
}

#[test]
fn threads_read_one_file_on_disk_at_once() {
    let bytes = tiny::file(1);
    let path = std::env::temp_dir().join(format!("gguf-threads-{}", std::process::id()));
    std::fs::write(&path, &bytes).unwrap();
    let file = Gguf::open(&path).unwrap();
    let whole = Gguf::parse(bytes).unwrap();
    let read = |file: &Gguf, name: &str| {
        let tensor = file.tensor(name).unwrap();
        let mut all = vec![0; tensor.bytes as usize];
        file.read(tensor, 0, &mut all).unwrap();
        all
    };
    std::thread::scope(|scope| {
        for name in ["token_embd.weight", "blk.0.attn_q.weight", "blk.1.ffn_down.weight"] {
            let (file, whole) = (&file, &whole);
            scope.spawn(move || assert_eq!(read(file, name), read(whole, name)));
        }
    });
    // Somebody cuts it off: an error, no crash.
    std::fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(100).unwrap();
    let tensor = file.tensor("token_embd.weight").unwrap();
    assert!(file.read(tensor, 0, &mut [0; 64]).unwrap_err().contains("token_embd.weight"));
    std::fs::remove_file(&path).unwrap();
}

#[test]
fn every_way_of_cutting_a_file_off_is_an_error() {
    let bytes = tiny::file(1);
    assert!(Gguf::parse(bytes.clone()).is_ok());
    // The last tensor is followed by no padding it needs: any byte less is too little.
    for length in (0..bytes.len()).step_by(251).chain([bytes.len() - 1]) {
        assert!(Gguf::parse(bytes[..length].to_vec()).is_err(), "cut at {length}");
    }
}

#[test]
fn what_is_missing_is_named() {
    let file = Gguf::parse(tiny::file(1)).unwrap();
    assert_eq!(file.count("llama.nonsense").unwrap_err(), "it has no llama.nonsense");
    assert_eq!(file.tensor("blk.99.x").unwrap_err(), "it has no tensor blk.99.x");
    assert!(Gguf::open(Path::new("/no/such.gguf")).err().unwrap().contains("No such"));
    assert_eq!(Gguf::open(&std::env::temp_dir()).err().unwrap(), "it is not a file");
}

#[test]
fn other_files_are_told_apart() {
    assert_eq!(refusal(Vec::new()), "it is no GGUF file");
    assert_eq!(refusal(b"PK\x03\x04 and more".to_vec()), "it is no GGUF file");
    assert!(refusal(b"GGUF\0\0\0\x03________".to_vec()).contains("big-endian"));
    assert!(refusal(b"GGUF\x01\0\0\0________".to_vec()).contains("version 1"));
}

#[test]
fn claims_beyond_the_file_are_refused() {
    let huge = [u64::MAX, u64::MAX / 8, 1 << 62, 1 << 33, 1 << 20];
    for count in huge {
        let mut bytes = file(&[], &[], 0);
        bytes[8..16].copy_from_slice(&count.to_le_bytes());
        assert!(refusal(bytes).contains("cut off"), "{count} tensors");
        for of in [0, 4, 8, 9, 12] {
            let bytes = file(&[entry("list", 9, &list(of, count, &[]))], &[], 0);
            assert!(refusal(bytes).contains("list of"), "{count} of type {of}");
        }
        let bytes = file(&[entry("text", 8, &count.to_le_bytes())], &[], 0);
        assert!(refusal(bytes).contains("cut off"), "a text of {count}");
        let bytes = file(&[], &[tensor("t", &[count, count], 0, 0)], 0);
        assert!(refusal(bytes).contains('t'), "{count} rows");
        let bytes = file(&[], &[tensor("t", &[4], 0, count)], 64);
        assert!(refusal(bytes).contains("outside the file"), "an offset of {count}");
    }
}

#[test]
fn lists_in_lists_end_somewhere() {
    let mut value = list(0, 0, &[]);
    for _ in 0..10_000 {
        value = list(9, 1, &value);
    }
    assert!(refusal(file(&[entry("deep", 9, &value)], &[], 0)).contains("beyond measure"));
    let shallow = list(9, 1, &list(9, 1, &list(0, 2, &[1, 2])));
    assert!(Gguf::parse(file(&[entry("shallow", 9, &shallow)], &[], 0)).is_ok());
}

#[test]
fn alignments_are_small_powers_of_two() {
    let aligned = |number: u32| {
        Gguf::parse(file(&[entry("general.alignment", 4, &number.to_le_bytes())], &[], 1 << 17))
    };
    for number in [0, 3, 33, 1 << 20, u32::MAX] {
        assert!(aligned(number).err().unwrap().contains("alignment"), "{number}");
    }
    assert!(aligned(64).is_ok());
}

#[test]
fn names_come_once_and_tensors_do_not_share_bytes() {
    let twice = [tensor("t", &[4], 0, 0), tensor("t", &[4], 0, 32)];
    assert_eq!(refusal(file(&[], &twice, 64)), "it has two tensors t");
    let keys = [entry("k", 0, &[1]), entry("k", 0, &[1])];
    assert_eq!(refusal(file(&keys, &[], 0)), "it has two entries k");
    let shared = [tensor("a", &[16], 0, 0), tensor("b", &[16], 0, 0)];
    assert_eq!(refusal(file(&[], &shared, 64)), "its tensors lie upon each other");
    assert!(Gguf::parse(file(&[], &shared[..1], 64)).is_ok());
}

#[test]
fn rows_are_whole_blocks_and_kinds_nobody_reads_are_named() {
    let odd = file(&[], &[tensor("t", &[100, 2], 2, 0)], 4096);
    assert!(refusal(odd).contains("whole blocks of Q4_0"));
    let new = [tensor("blk.0.attn_q.weight", &[256], 29, 0), tensor("odd", &[7], 99, 0)];
    let file = Gguf::parse(file(&[], &new, 4096)).unwrap();
    assert_eq!(
        file.qtensor("blk.0.attn_q.weight").unwrap_err(),
        "its blk.0.attn_q.weight is of type 29 (IQ1_M), which this engine cannot read"
    );
    assert!(file.qtensor("odd").unwrap_err().contains("type 99"));
}

#[test]
fn candle_gets_what_candle_would_have_read() {
    let bytes = tiny::file(3);
    let file = Gguf::parse(bytes.clone()).unwrap();
    let mut reader = std::io::Cursor::new(&bytes);
    let content = candle_core::quantized::gguf_file::Content::read(&mut reader).unwrap();
    for tensor in file.tensors() {
        let theirs = content.tensor(&mut reader, &tensor.name, &candle_core::Device::Cpu).unwrap();
        let ours = file.qtensor(&tensor.name).unwrap();
        assert_eq!((ours.shape(), ours.dtype()), (theirs.shape(), theirs.dtype()));
        assert_eq!(ours.data().unwrap(), theirs.data().unwrap(), "{}", tensor.name);
    }
    assert_eq!(content.tensor_infos.len(), file.tensors().count());
}

#[test]
fn what_a_damaged_header_still_says_panics_nobody() {
    let whole = tiny::file(1);
    let mut random = crate::random::Random::new(5);
    let mut read = 0;
    for _ in 0..1500 {
        let mut bytes = whole.clone();
        for _ in 0..1 + random.bits() % 3 {
            let at = (random.bits() % 9000) as usize;
            bytes[at] = random.bits() as u8;
        }
        let Ok(file) = Gguf::parse(bytes) else { continue };
        read += 1;
        let _ = crate::vocabulary::Vocabulary::read(&file);
        let _ = crate::chat::Template::read(&file);
        for tensor in file.tensors().filter(|tensor| tensor.bytes < 10_000) {
            let _ = file.qtensor(&tensor.name);
        }
    }
    assert!(read > 100, "only {read} could be read");
}
