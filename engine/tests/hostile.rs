//! Model files made to do harm: whatever a header claims, reading it neither panics nor takes more
//! memory than the file has bytes to account for.
//!
//! 20,000 damaged files by default. For many more, each time from another seed:
//! `FLOORWALKER_FUZZ_HEADERS=1000000 cargo test --release -p floorwalker-engine --test hostile`.

#[path = "../src/vocabulary/letters.rs"]
mod letters;
#[path = "../src/random.rs"]
#[allow(dead_code)]
mod random;
#[path = "../src/tiny.rs"]
#[allow(dead_code)]
mod tiny;
mod vocabulary {
    pub(crate) use crate::letters;
}

use floorwalker_engine::{ModelInfo, inspect};
use random::Random;
use std::alloc::{GlobalAlloc, Layout, System};
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// Bytes in use, and the most there ever were since it was last set back.
static IN_USE: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

struct Counting;

// Only counts; the system's allocator does the work. Growing in place is told as the new block
// beside the old one, which is what it takes when it has to move.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let now = IN_USE.fetch_add(layout.size(), Relaxed) + layout.size();
        PEAK.fetch_max(now, Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        IN_USE.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(block, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Numbers that lengths, counts and offsets should not be.
const EXTREMES: [u64; 14] = [
    0,
    1,
    7,
    0xff,
    0xffff,
    1 << 20,
    (1 << 31) - 1,
    u32::MAX as u64,
    1 << 32,
    1 << 40,
    1 << 61,
    i64::MAX as u64,
    u64::MAX - 7,
    u64::MAX,
];

/// One to four things done to a header.
fn damage(header: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..1 + random.bits() % 4 {
        if header.len() < 32 {
            return;
        }
        // Half of it near the beginning, where the counts are.
        let reach =
            if random.bits().is_multiple_of(2) { header.len() } else { header.len().min(400) };
        let at = (random.bits() % (reach as u64 - 16)) as usize;
        let some = |random: &mut Random| (random.bits() % 64) as usize;
        let extreme = EXTREMES[(random.bits() % EXTREMES.len() as u64) as usize];
        match random.bits() % 9 {
            0 => header[at] ^= 1 << (random.bits() % 8),
            1 => header[at] = random.bits() as u8,
            2 => header[at..at + 8].copy_from_slice(&extreme.to_le_bytes()),
            3 => header[at..at + 4].copy_from_slice(&(extreme as u32).to_le_bytes()),
            4 => {
                let new: Vec<u8> = (0..some(random)).map(|_| random.bits() as u8).collect();
                header.splice(at..at, new);
            }
            5 => {
                let end = (at + some(random)).min(header.len());
                header.drain(at..end);
            }
            6 => header.truncate(at.max(24)),
            7 => {
                let from = (random.bits() % header.len() as u64) as usize;
                let piece = header[from..(from + some(random)).min(header.len())].to_vec();
                header.splice(at..at, piece);
            }
            // The counts themselves.
            _ => {
                let at = 8 + 8 * (random.bits() % 2) as usize;
                header[at..at + 8].copy_from_slice(&extreme.to_le_bytes());
            }
        }
    }
}

/// Memory may be this many times the length of a file: what is known of a tensor takes three times
/// the bytes of the shortest entry, and the list of them, like the header itself, is there one and
/// a half times over while it moves to twice its room. That makes twelve at the very worst;
const MOST_TIMES: u64 = 16;

/// and this much may come on top, in bytes.
const MOST_BESIDES: u64 = 64 << 10;

/// What is told of a file, after a check of what telling it took. Also returns how many times the
/// file's length that was.
fn told(path: &Path, length: u64, which: &str) -> (Result<ModelInfo, String>, f64) {
    let before = IN_USE.load(Relaxed);
    PEAK.store(before, Relaxed);
    let told = inspect(path);
    let took = PEAK.load(Relaxed).saturating_sub(before) as u64;
    let bound = MOST_TIMES * length + MOST_BESIDES;
    assert!(took <= bound, "{which}: {took} bytes for {length}: {told:?}");
    if let Err(why) = &told {
        assert!(why.len() < 1000, "{which}: {why}");
    }
    (told, took.saturating_sub(MOST_BESIDES) as f64 / length as f64)
}

#[test]
fn no_header_makes_the_engine_panic_or_take_memory() {
    let _alone = ALONE.lock().unwrap();
    let wanted = std::env::var("FLOORWALKER_FUZZ_HEADERS").ok().and_then(|n| n.parse().ok());
    let rounds: u64 = wanted.unwrap_or(20_000);
    let seed = if wanted.is_some() {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        now.unwrap().as_nanos() as u64
    } else {
        1
    };
    println!("{rounds} headers from seed {seed}");
    let mut random = Random::new(seed);
    let whole = tiny::file(1);
    let data = data_begins(&whole);
    let path = std::env::temp_dir().join(format!("hostile-{}.gguf", std::process::id()));
    let mut file = std::fs::File::create(&path).unwrap();
    let (mut sense, mut worst) = (0, 0.0f64);
    for round in 0..rounds {
        let mut header = whole[..data].to_vec();
        damage(&mut header, &mut random);
        // With room for the tensors behind it, or with none.
        let room = if random.bits().is_multiple_of(2) { whole.len() - data } else { 0 };
        let length = (header.len() + room) as u64;
        file.seek(SeekFrom::Start(0)).unwrap();
        file.write_all(&header).unwrap();
        file.set_len(length).unwrap();
        let (told, times) = told(&path, length, &format!("round {round} of seed {seed}"));
        sense += u64::from(told.is_ok());
        worst = worst.max(times);
    }
    std::fs::remove_file(&path).unwrap();
    println!("{sense} still made sense; the worst took {worst:.1} times its length");
    assert!(sense > 0 && sense < rounds);
}

#[test]
fn as_many_entries_as_fit_stay_within_the_bound() {
    let _alone = ALONE.lock().unwrap();
    let path = std::env::temp_dir().join(format!("entries-{}.gguf", std::process::id()));
    let text = |text: &str| [&(text.len() as u64).to_le_bytes()[..], text.as_bytes()].concat();
    // 2^15 + 1 of each: the lists have just moved.
    for (tensors, entries) in [(32_769u64, 0u64), (0, 32_769), (32_769, 32_769), (65_536, 0)] {
        let mut bytes = b"GGUF\x03\0\0\0".to_vec();
        bytes.extend(tensors.to_le_bytes());
        bytes.extend(entries.to_le_bytes());
        for i in 0..entries {
            bytes.extend(text(&format!("{i:x}")));
            bytes.extend([0, 0, 0, 0, 1]);
        }
        for i in 0..tensors {
            bytes.extend(text(&format!("{i:x}")));
            // No dimensions, of a kind without a size.
            bytes.extend([0, 0, 0, 0, 99, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        }
        std::fs::write(&path, &bytes).unwrap();
        let which = format!("{tensors} tensors and {entries} entries");
        let (told, times) = told(&path, bytes.len() as u64, &which);
        println!("{which}: {times:.1} times their length");
        assert_eq!(told.unwrap_err(), "it has no general.architecture");
    }
    std::fs::remove_file(&path).unwrap();
}

/// Both count the memory of the whole process.
static ALONE: Mutex<()> = Mutex::new(());

/// Where the header of a good file ends: before the first tensor's bytes, which are its largest.
fn data_begins(whole: &[u8]) -> usize {
    use candle_core::quantized::gguf_file::Content;
    Content::read(&mut std::io::Cursor::new(whole)).unwrap().tensor_data_offset as usize
}
