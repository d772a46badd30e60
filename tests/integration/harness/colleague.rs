//! A colleague at the console's HTTP side.

use floorwalker::domain::ids::ChatId;
use floorwalker::people::secret;
use floorwalker::protocol::QueueRow;
use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use super::server::install_tls;
use super::{Desk, Server, within};

/// The password of every colleague in a prepared folder.
pub const PASSWORD: &str = "a floor with a view";

/// What the server answered.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub text: String,
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("not JSON ({e}): {self:?}"))
    }

    /// The name of the error it is.
    pub fn code(&self) -> String {
        self.json()["error"]["code"].as_str().unwrap_or_default().to_string()
    }

    /// One header.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// Somebody signed in.
pub struct Colleague {
    origin: String,
    /// What their browser keeps.
    pub cookie: String,
}

impl Colleague {
    /// Signs in.
    pub async fn enter(server: &Server, name: &str) -> Self {
        let answer = sign_in(server, name, PASSWORD).await;
        assert_eq!(answer.status, 204, "{name} is let in: {answer:?}");
        let cookie = answer.header("set-cookie").split(';').next().unwrap_or_default().to_string();
        Self { origin: server.origin(), cookie }
    }

    /// `GET`
    pub async fn get(&self, path: &str) -> Answer {
        request(Method::GET, &format!("{}{path}", self.origin), &[("cookie", &self.cookie)], None)
            .await
    }

    /// `POST`, as the console's own page does it.
    pub async fn post(&self, path: &str, body: Option<Value>) -> Answer {
        let headers = [("cookie", &*self.cookie), ("sec-fetch-site", "same-origin")];
        request(Method::POST, &format!("{}{path}", self.origin), &headers, body).await
    }

    /// Takes a chat.
    pub async fn take(&self, chat: ChatId) -> Answer {
        self.on(chat, "take").await
    }

    /// Gives a chat back to the bot.
    pub async fn hand_back(&self, chat: ChatId) -> Answer {
        self.on(chat, "hand-back").await
    }

    /// Closes a chat.
    pub async fn resolve(&self, chat: ChatId) -> Answer {
        self.on(chat, "resolve").await
    }

    /// Writes into a chat.
    pub async fn say(&self, chat: ChatId, text: &str) -> Answer {
        let body = json!({ "client_id": secret(12), "text": text });
        self.post(&format!("/api/staff/chats/{chat}/say"), Some(body)).await
    }

    /// The queue as it is now.
    pub async fn queue(&self) -> Vec<QueueRow> {
        let answer = self.get("/api/staff/queue").await;
        assert_eq!(answer.status, 200, "{answer:?}");
        serde_json::from_value(answer.json()["rows"].clone()).expect("rows of the queue")
    }

    /// Opens the console's socket.
    pub async fn desk(&self, server: &Server) -> Desk {
        Desk::open(server, &self.cookie).await
    }

    async fn on(&self, chat: ChatId, action: &str) -> Answer {
        self.post(&format!("/api/staff/chats/{chat}/{action}"), None).await
    }
}

/// Tries a name and a password.
pub async fn sign_in(server: &Server, name: &str, password: &str) -> Answer {
    let body = json!({ "name": name, "password": password });
    request(Method::POST, &server.url("/api/auth/sign-in"), &[], Some(body)).await
}

/// One request with exactly these headers.
pub async fn request(
    method: Method,
    url: &str,
    headers: &[(&str, &str)],
    body: Option<Value>,
) -> Answer {
    install_tls();
    let redirects = reqwest::redirect::Policy::none();
    let client = reqwest::Client::builder().redirect(redirects).build().expect("a client");
    let mut request = client.request(method, url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    if let Some(body) = body {
        request = request.header("content-type", "application/json").body(body.to_string());
    }
    let response = within(url, request.send()).await.expect("the server answers");
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let text = within(url, response.text()).await.expect("the answer is whole");
    Answer { status, headers, text }
}
