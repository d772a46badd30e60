//! One writer in another's place, on small random models.

use crate::{Decoding, End, Engine, Message, Models, Options, Refusal, Request, WriterFile, tiny};
use std::path::PathBuf;

/// A folder of a test's own, with model files in it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("writers-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn with(&self, name: &str, bytes: &[u8]) -> WriterFile {
        let gguf = self.0.join(name);
        std::fs::write(&gguf, bytes).unwrap();
        WriterFile { gguf }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn engine(writer: WriterFile) -> Engine {
    let models = Models { writer: Ok(writer), ..Models::default() };
    let engine = Engine::start(&models, &Options { threads: 1, ..Options::default() });
    assert!(engine.health().writer.ready, "{:?}", engine.health());
    engine
}

fn ask() -> Request {
    let decoding = Decoding { max_tokens: 40, ..Decoding::default() };
    Request { decoding, ..Request::new(vec![Message::user("hello hello")]) }
}

async fn answer(engine: &Engine) -> String {
    engine.generate(ask()).unwrap().collect().await.0
}

#[tokio::test]
async fn replies_that_were_asked_for_come_from_the_old_one_and_the_next_from_the_new() {
    let folder = Folder::new("change");
    let (first, second) =
        (folder.with("first.gguf", &tiny::file(1)), folder.with("second.gguf", &tiny::file(2)));
    let alone = (answer(&engine(first.clone())).await, answer(&engine(second.clone())).await);
    assert_ne!(alone.0, alone.1);
    let engine = engine(first);
    let begun: Vec<_> = (0..20).map(|_| engine.generate(ask()).unwrap()).collect();
    let health = engine.use_writer(&second).unwrap();
    assert!(health.ready && health.name == "Tiny" && health.load_ms.is_some());
    assert_eq!(engine.health().writer, health);
    assert_eq!(answer(&engine).await, alone.1);
    for reply in begun {
        let (text, ending) = reply.collect().await;
        assert_eq!(text, alone.0);
        assert!(matches!(ending.why, End::Stop | End::Length), "{ending:?}");
    }
    let figures = engine.figures();
    assert_eq!((figures.requests, figures.first_tokens, figures.cancelled), (21, 21, 0));
}

#[tokio::test]
async fn what_cannot_be_loaded_changes_nothing_and_says_why() {
    let folder = Folder::new("broken");
    let engine = engine(folder.with("good.gguf", &tiny::file(1)));
    let (before, health) = (answer(&engine).await, engine.health());
    let whole = tiny::file(2);
    let cut = folder.with("cut.gguf", &whole[..whole.len() / 2]);
    let why = engine.use_writer(&cut).unwrap_err();
    assert!(why.contains("cut.gguf: ") && why.contains("cut off"), "{why}");
    let missing = WriterFile { gguf: folder.0.join("missing.gguf") };
    assert!(engine.use_writer(&missing).unwrap_err().contains("missing.gguf: "));
    assert_eq!((answer(&engine).await, engine.health()), (before, health));
}

#[tokio::test]
async fn a_writer_can_come_where_there_was_none() {
    let folder = Folder::new("first");
    let engine = Engine::start(&Models::default(), &Options::default());
    assert!(matches!(engine.generate(ask()), Err(Refusal::Unavailable { .. })));
    engine.use_writer(&folder.with("first.gguf", &tiny::file(1))).unwrap();
    assert!(engine.health().writer.ready && !answer(&engine).await.is_empty());
}

#[test]
fn requests_from_many_threads_are_all_served_while_writers_change() {
    let folder = Folder::new("many");
    let files = [1, 2].map(|seed| folder.with(&format!("{seed}.gguf"), &tiny::file(seed)));
    let engine = engine(files[0].clone());
    let asking = |_| {
        let engine = engine.clone();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            (0..25).for_each(|_| {
                let ending = runtime.block_on(engine.generate(ask()).unwrap().collect()).1;
                assert!(matches!(ending.why, End::Stop | End::Length), "{ending:?}");
            });
        })
    };
    let threads: Vec<_> = (0..4).map(asking).collect();
    for file in files.iter().cycle().take(6) {
        engine.use_writer(file).unwrap();
    }
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    assert_eq!(engine.figures().requests, 100);
}
