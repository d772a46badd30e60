//! Other programs that use the models, as they would use OpenAI's.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use floorwalker::control::{Order, socket};
use floorwalker::people::keys::Scope;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Server, request};

const CHAT: &str = "/v1/chat/completions";
const EMBEDDINGS: &str = "/v1/embeddings";

/// A program with a key.
struct Program<'a> {
    server: &'a Server,
    bearer: String,
}

impl<'a> Program<'a> {
    async fn with(server: &'a Server, scope: Scope) -> Self {
        let scopes = [scope].into_iter().collect();
        let order = Order::KeyAdd { name: "a benchmark".into(), scopes };
        let made = socket::order(server.folder.path(), order).await.expect("made");
        let secret = made["secret"].as_str().expect("a secret");
        Self { server, bearer: format!("Bearer {secret}") }
    }

    async fn get(&self, path: &str) -> Answer {
        let headers = [("authorization", &*self.bearer)];
        request(Method::GET, &self.server.url(path), &headers, None).await
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        let headers = [("authorization", &*self.bearer)];
        request(Method::POST, &self.server.url(path), &headers, Some(body)).await
    }

    /// The answer if the model is there; without it, that is what must be said.
    async fn ask(&self, model: &str, path: &str, body: Value) -> Option<Answer> {
        let health = request(Method::GET, &self.server.url("/api/health"), &[], None).await;
        let answer = self.post(path, body).await;
        if health.json()["models"][model]["ready"] == true {
            return Some(answer);
        }
        assert_eq!((answer.status, answer.code().as_str()), (503, "unavailable"), "{answer:?}");
        None
    }
}

async fn open() -> Server {
    Server::told("[engine]\nopenai = true\n").await
}

fn greeting(more: Value) -> Value {
    let mut body = json!({
        "model": "whatever", "max_tokens": 12, "user": "ignored",
        "messages": [
            { "role": "system", "content": "You are brief." },
            { "role": "user", "content": [{ "type": "text", "text": "Say hello." }] },
        ],
    });
    for (name, value) in more.as_object().expect("an object") {
        body[name] = value.clone();
    }
    body
}

/// What was sent as events, in order.
fn events(answer: &Answer) -> Vec<&str> {
    answer.text.split("\n\n").filter_map(|event| event.strip_prefix("data: ")).collect()
}

#[tokio::test]
async fn it_is_not_there_unless_the_operator_opens_it() {
    let server = Server::open().await;
    let program = Program::with(&server, Scope::UseEngine).await;
    for answer in [
        program.get("/v1/models").await,
        program.post(CHAT, greeting(json!({}))).await,
        program.post(EMBEDDINGS, json!({ "model": "m", "input": "tent" })).await,
    ] {
        assert_eq!((answer.status, answer.code().as_str()), (404, "not_found"), "{answer:?}");
    }
}

#[tokio::test]
async fn it_is_for_keys_with_the_scope_at_our_own_name() {
    let server = open().await;
    let url = server.url(CHAT);
    let nobody = request(Method::POST, &url, &[], Some(greeting(json!({})))).await;
    assert_eq!((nobody.status, nobody.code().as_str()), (401, "signed_out"));
    assert_eq!(nobody.json()["error"]["type"], "authentication_error");
    let other = Program::with(&server, Scope::ReadChats).await;
    let refused = other.post(CHAT, greeting(json!({}))).await;
    assert_eq!(refused.status, 403);
    assert!(refused.text.contains("use_engine"), "{refused:?}");
    let program = Program::with(&server, Scope::UseEngine).await;
    let headers = [("authorization", &*program.bearer), ("host", "evil.example")];
    let rebound = request(Method::GET, &server.url("/v1/models"), &headers, None).await;
    assert_eq!((rebound.status, rebound.code().as_str()), (403, "foreign_host"));
    let answer = program.get("/v1/models").await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn the_models_are_named_that_are_ready() {
    let server = open().await;
    let listed = Program::with(&server, Scope::UseEngine).await.get("/v1/models").await.json();
    assert_eq!(listed["object"], "list");
    let models = request(Method::GET, &server.url("/api/health"), &[], None).await.json();
    let models = &models["models"];
    let ready = ["writer", "encoder"].into_iter().filter(|model| models[model]["ready"] == true);
    let names: Vec<&Value> = ready.map(|model| &models[model]["name"]).collect();
    let listed = listed["data"].as_array().expect("a list");
    assert_eq!(listed.iter().map(|model| &model["id"]).collect::<Vec<_>>(), names);
}

#[tokio::test]
async fn a_chat_is_answered_with_what_it_took() {
    let server = open().await;
    let program = Program::with(&server, Scope::UseEngine).await;
    let Some(answer) = program.ask("writer", CHAT, greeting(json!({}))).await else { return };
    assert_eq!(answer.status, 200, "{answer:?}");
    let (answer, usage) = (answer.json(), answer.json()["usage"].clone());
    assert_eq!(
        (&answer["object"], &answer["model"]),
        (&json!("chat.completion"), &json!("whatever"))
    );
    let choice = &answer["choices"][0];
    assert_eq!(choice["message"]["role"], "assistant");
    assert!(choice["message"]["content"].as_str().is_some_and(|text| !text.is_empty()), "{answer}");
    assert!(choice["finish_reason"] == "stop" || choice["finish_reason"] == "length", "{answer}");
    let tokens = |name: &str| usage[name].as_u64().expect("a number");
    let (read, written) = (tokens("prompt_tokens"), tokens("completion_tokens"));
    assert!(read > 5 && (1..=12).contains(&written), "{usage}");
    assert_eq!(tokens("total_tokens"), read + written);
    let cached = usage["prompt_tokens_details"]["cached_tokens"].as_u64();
    assert!(cached.is_some_and(|cached| cached < read), "{usage}");
}

#[tokio::test]
async fn a_stream_says_the_same_in_pieces_and_that_it_is_done() {
    let server = open().await;
    let program = Program::with(&server, Scope::UseEngine).await;
    let Some(whole) = program.ask("writer", CHAT, greeting(json!({}))).await else { return };
    let whole = whole.json();
    for counts in [false, true] {
        let options = json!({ "stream": true, "stream_options": { "include_usage": counts } });
        let answer = program.post(CHAT, greeting(options)).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.header("content-type"), "text/event-stream");
        let mut events = events(&answer);
        assert_eq!(events.pop(), Some("[DONE]"), "{answer:?}");
        let chunks: Vec<Value> =
            events.iter().map(|event| serde_json::from_str(event).expect("JSON")).collect();
        assert!(chunks.iter().all(|chunk| chunk["object"] == "chat.completion.chunk"));
        let begin = json!({ "role": "assistant", "content": "" });
        assert_eq!(chunks[0]["choices"][0]["delta"], begin);
        let text =
            chunks.iter().filter_map(|chunk| chunk["choices"][0]["delta"]["content"].as_str());
        let text: String = text.collect();
        assert_eq!(whole["choices"][0]["message"]["content"], *text);
        let ends = chunks.iter().rposition(|chunk| !chunk["choices"][0]["finish_reason"].is_null());
        let end = &chunks[ends.expect("it says why it ended")];
        let last = chunks.last().expect("there are some");
        let why = &whole["choices"][0]["finish_reason"];
        assert_eq!(&end["choices"][0]["finish_reason"], why);
        let written = &whole["usage"]["completion_tokens"];
        assert_eq!(&last["usage"]["completion_tokens"], written);
        assert_eq!((last["choices"] == json!([]), end["usage"].is_null()), (counts, counts));
    }
}

#[tokio::test]
async fn texts_become_vectors_of_unit_length_in_their_order() {
    let server = open().await;
    let program = Program::with(&server, Scope::UseEngine).await;
    let body = json!({ "model": "m", "input": ["a tent for two", "postage"] });
    let Some(answer) = program.ask("encoder", EMBEDDINGS, body).await else { return };
    assert_eq!(answer.status, 200, "{answer:?}");
    let answer = answer.json();
    assert_eq!((&answer["object"], &answer["model"]), (&json!("list"), &json!("m")));
    for (index, one) in answer["data"].as_array().expect("a list").iter().enumerate() {
        let vector: Vec<f32> =
            serde_json::from_value(one["embedding"].clone()).expect("a vector of numbers");
        let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
        assert_eq!((one["index"].as_u64(), vector.len()), (Some(index as u64), 384));
        assert!((length - 1.0).abs() < 1e-3, "{length}");
    }
    assert_eq!(answer["data"].as_array().map(Vec::len), Some(2));
    let body = json!({ "model": "m", "input": "postage", "encoding_format": "base64" });
    let packed = program.post(EMBEDDINGS, body).await.json();
    let packed = packed["data"][0]["embedding"].as_str().expect("a text").to_string();
    let bytes = STANDARD.decode(packed).expect("base64");
    let (fours, rest) = bytes.as_chunks::<4>();
    assert!(rest.is_empty() && fours.len() == 384);
    for (four, number) in
        fours.iter().zip(answer["data"][1]["embedding"].as_array().expect("a list"))
    {
        let number = number.as_f64().expect("a number") as f32;
        assert!((f32::from_le_bytes(*four) - number).abs() < 1e-3, "the same text as before");
    }
}

#[tokio::test]
async fn what_cannot_be_served_is_told_in_the_clients_own_terms() {
    let server = open().await;
    let program = Program::with(&server, Scope::UseEngine).await;
    for (path, body) in [
        (CHAT, json!({})),
        (CHAT, greeting(json!({ "messages": [] }))),
        (CHAT, greeting(json!({ "stop": ["a", "b", "c", "d", "e"] }))),
        (EMBEDDINGS, json!({ "model": "m", "input": [] })),
        (EMBEDDINGS, json!({ "model": "m", "input": vec!["x"; 257] })),
        (EMBEDDINGS, json!({ "model": "m", "input": [1, 2] })),
    ] {
        let answer = program.post(path, body).await;
        assert_eq!((answer.status, answer.code().as_str()), (400, "bad_request"), "{answer:?}");
        assert_eq!(answer.json()["error"]["type"], "invalid_request_error");
    }
    let long = json!({ "messages": [{ "role": "user", "content": "word ".repeat(20_000) }] });
    let Some(answer) = program.ask("writer", CHAT, greeting(long)).await else { return };
    let told = (answer.status, answer.code());
    assert_eq!(told, (400, "context_length_exceeded".to_string()), "{answer:?}");
}
