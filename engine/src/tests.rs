//! The contract, on the real models and on broken ones.

mod crowd;

use super::*;
use crate::models::tests::real_models;
use std::time::{Duration, Instant};

fn engine() -> Engine {
    let engine = Engine::start(&real_models(), &Options::default());
    let health = engine.health();
    assert!(health.encoder.ready && health.writer.ready, "{health:?}");
    engine
}

fn question(text: &str) -> Request {
    let system = Message::system("You are a helpful assistant.");
    Request::new(vec![system, Message::user(text)])
}

fn with(max_tokens: usize, request: Request) -> Request {
    Request { decoding: Decoding { max_tokens, ..request.decoding }, ..request }
}

#[tokio::test]
async fn without_models_the_engine_starts_and_says_what_to_do() {
    let engine = Engine::start(&Models::default(), &Options::default());
    let health = engine.health();
    assert!(!health.encoder.ready && !health.writer.ready);
    assert!(health.writer.why.unwrap().contains("floorwalker models pull"));
    let refusal = engine.embed(vec!["x".into()]).await.unwrap_err();
    assert!(matches!(refusal, Refusal::Unavailable { .. }));
    assert!(matches!(engine.generate(question("x")), Err(Refusal::Unavailable { .. })));
}

#[test]
fn broken_files_are_named_with_what_to_do() {
    let folder = std::env::temp_dir().join(format!("engine-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let gguf = folder.join("cut.gguf");
    let whole = tiny::file(1);
    std::fs::write(&gguf, &whole[..whole.len() / 2]).unwrap();
    let encoder = Ok(EncoderFiles::in_folder(&folder));
    let writer = Ok(WriterFile { gguf });
    let health = Engine::start(&Models { encoder, writer }, &Options::default()).health();
    std::fs::remove_dir_all(&folder).unwrap();
    let why = health.writer.why.unwrap();
    assert!(why.contains("cut.gguf: ") && why.contains("models pull"), "{why}");
    assert!(health.encoder.why.unwrap().contains("config.json: "));
}

#[tokio::test]
async fn a_question_overtakes_an_import() {
    let engine = engine();
    let import = tokio::spawn({
        let engine = engine.clone();
        async move { engine.embed(vec!["A lamp of brass and glass. ".repeat(12); 400]).await }
    });
    tokio::time::sleep(Duration::from_millis(50)).await;
    let began = Instant::now();
    assert_eq!(engine.embed(vec!["Is it in stock?".into()]).await.unwrap()[0].len(), 384);
    assert!(!import.is_finished(), "the question waited {:?}", began.elapsed());
    assert_eq!(import.await.unwrap().unwrap().len(), 400);
    assert_eq!(engine.embed(Vec::new()).await.unwrap(), Vec::<Vec<f32>>::new());
}

#[tokio::test]
async fn vectors_come_back_in_the_order_of_their_texts() {
    let engine = engine();
    let texts: Vec<String> = (0..70).map(|i| "lamp ".repeat(1 + (i * 31) % 40)).collect();
    let all = engine.embed(texts.clone()).await.unwrap();
    for i in [0, 1, 17, 33, 69] {
        // The second time it is remembered.
        for _ in 0..2 {
            assert_eq!(engine.embed(vec![texts[i].clone()]).await.unwrap(), [all[i].clone()]);
        }
    }
}

#[tokio::test]
async fn labels_share_a_text_by_meaning() {
    let labels = ["shipping costs", "opening hours", "complaints"].map(str::to_owned);
    let shares = engine().classify("What do I pay for delivery?", &labels).await.unwrap();
    assert!((shares.iter().sum::<f32>() - 1.0).abs() < 1e-5);
    assert!(shares[0] > 0.8, "{shares:?}");
}

#[tokio::test]
async fn a_reply_streams_ends_and_is_the_same_alone_or_in_company() {
    let engine = engine();
    let ask = || with(24, question("What is the capital of France?"));
    let (alone, ending) = engine.generate(ask()).unwrap().collect().await;
    assert!(alone.contains("Paris"), "{alone}");
    assert_eq!(ending.why, End::Stop);
    let others: Vec<Reply> = ["Name a colour.", "Count to ten.", "Who wrote Hamlet?"]
        .into_iter()
        .map(|text| engine.generate(with(40, question(text))).unwrap())
        .collect();
    let (together, again) = engine.generate(ask()).unwrap().collect().await;
    assert_eq!(together, alone);
    assert!(again.cached_tokens > 10 && ending.cached_tokens == 0, "{again:?}");
    for other in others {
        let (text, ending) = other.collect().await;
        assert!(!text.is_empty() && ending.written_tokens > 0);
    }
    let figures = engine.figures();
    assert_eq!((figures.requests, figures.first_tokens, figures.waiting), (5, 5, 0));
    assert!(figures.written_tokens > 0 && figures.cached_tokens > 0, "{figures:?}");
}

#[tokio::test]
async fn a_conversation_goes_on_without_being_read_again() {
    let engine = engine();
    let first = with(16, question("Name three colours."));
    let (answer, ending) = engine.generate(first.clone()).unwrap().collect().await;
    let mut messages = first.messages;
    messages.extend([Message::assistant(answer), Message::user("And a fourth?")]);
    let (_, again) = engine.generate(with(4, Request::new(messages))).unwrap().collect().await;
    let known = ending.prompt_tokens + ending.written_tokens;
    assert!(again.cached_tokens + 2 >= known, "{} of {known}", again.cached_tokens);
}

#[tokio::test]
async fn length_stop_texts_and_deadlines_end_a_reply() {
    let engine = engine();
    let story = || question("Tell me a long story about a lighthouse.");
    let (_, ending) = engine.generate(with(5, story())).unwrap().collect().await;
    assert_eq!((ending.why, ending.written_tokens), (End::Length, 5));
    let (_, ending) = engine.generate(with(0, story())).unwrap().collect().await;
    assert_eq!((ending.why, ending.written_tokens), (End::Length, 0));
    let mut stopped = story();
    stopped.decoding.stop = vec![".".to_owned()];
    let (text, ending) = engine.generate(stopped).unwrap().collect().await;
    assert_eq!(ending.why, End::Stop);
    assert!(!text.contains('.') && text.len() > 10, "{text}");
    let deadline = Some(Duration::from_millis(100));
    let late = Request { deadline, ..with(1500, story()) };
    let (_, ending) = engine.generate(late).unwrap().collect().await;
    assert_eq!(ending.why, End::Deadline);
}

#[tokio::test]
async fn random_replies_follow_their_seed() {
    let engine = engine();
    let ask = |seed| {
        let mut request = with(30, question("Invent a name for a tent."));
        request.decoding.sampling = Sampling { top_p: 0.95, ..Sampling::random(1.0, seed) };
        request
    };
    let mut replies = Vec::new();
    for seed in [1, 1, 2] {
        replies.push(engine.generate(ask(seed)).unwrap().collect().await.0);
    }
    assert_eq!(replies[0], replies[1]);
    assert_ne!(replies[0], replies[2]);
}

#[tokio::test]
async fn a_choice_is_one_of_its_options() {
    let mut request = question("Is the sky blue? Answer yes or no.");
    let options = vec!["yes".to_owned(), "no".to_owned()];
    request.decoding.constraint = Some(Constraint::Choice { options });
    let (text, ending) = engine().generate(request).unwrap().collect().await;
    assert!(text == "yes" || text == "no", "{text}");
    assert_eq!(ending.why, End::Stop);
}

#[tokio::test]
async fn full_is_busy_and_a_dropped_reply_makes_room() {
    let options = Options { waiting: 1, seats: 1, ..Options::default() };
    let engine = Engine::start(&real_models(), &options);
    let long = || with(900, question("Tell me a very long story."));
    let mut first = engine.generate(long()).unwrap();
    assert!(matches!(first.next().await, Some(Token::Text(_)))); // it has the seat now
    let second = engine.generate(with(3, question("Hi"))).unwrap();
    assert_eq!(engine.generate(long()).unwrap_err(), Refusal::Busy);
    drop(first);
    let began = Instant::now();
    assert_eq!(second.collect().await.1.why, End::Length);
    assert!(began.elapsed() < Duration::from_secs(3));
}

#[tokio::test]
async fn more_replies_than_there_is_memory_for_wait_and_none_fails() {
    // About 540 tokens: two of these at a time.
    let options = Options { memory: 12 << 20, ..Options::default() };
    let engine = Engine::start(&real_models(), &options);
    let ask = |i| with(150, question(&format!("Tell me a very long story about {i} lighthouses.")));
    let replies: Vec<Reply> = (2..7).map(|i| engine.generate(ask(i)).unwrap()).collect();
    for reply in replies {
        let why = reply.collect().await.1.why;
        assert!(matches!(why, End::Stop | End::Length), "{why:?}");
    }
    assert!(engine.figures().memory_bytes <= 12 << 20);
}

#[tokio::test]
async fn too_long_prompts_are_refused_at_once() {
    let engine = engine();
    let limit = Options::default().context - 1;
    let refusal = engine.generate(question(&"word ".repeat(4000))).unwrap_err();
    assert!(matches!(refusal, Refusal::TooLong { tokens, limit: l } if tokens > l && l == limit));
    assert_eq!(engine.count_tokens("100").unwrap(), 3);
}

#[tokio::test]
async fn dropping_the_engine_cancels_what_it_was_writing() {
    let engine = engine();
    let mut reply = engine
        .generate(with(900, question("Tell me a very long story about a lighthouse.")))
        .unwrap();
    assert!(matches!(reply.next().await, Some(Token::Text(_))));
    let began = Instant::now();
    tokio::task::spawn_blocking(move || drop(engine)).await.unwrap();
    assert!(began.elapsed() < Duration::from_secs(2));
    assert_eq!(reply.collect().await.1.why, End::Cancelled);
}
