//! The client against servers of our own, on loopback, under names that only the tests know.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::*;

const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// A server that keeps what it heard.
struct Server {
    address: SocketAddr,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn origin(&self, name: &str) -> String {
        format!("http://{name}:{}", self.address.port())
    }

    fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }
}

/// Answers each request with what the function makes of it; with nothing at all if that is empty.
async fn serve(answer: impl Fn(&str) -> String + Send + Sync + 'static) -> Server {
    let listener = TcpListener::bind((LOOPBACK, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let heard = Arc::new(Mutex::new(Vec::new()));
    let (answer, kept) = (Arc::new(answer), heard.clone());
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let (answer, kept) = (answer.clone(), kept.clone());
            tokio::spawn(async move {
                let request = hear(&mut socket).await;
                let text = answer(&request);
                kept.lock().unwrap().push(request);
                if text.is_empty() {
                    tokio::time::sleep(Duration::from_secs(60)).await;
                }
                let _ = socket.write_all(text.as_bytes()).await;
            });
        }
    });
    Server { address, heard }
}

async fn hear(socket: &mut TcpStream) -> String {
    let (mut all, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        let count = socket.read(&mut buffer).await.unwrap_or(0);
        all.extend_from_slice(&buffer[..count]);
        let text = String::from_utf8_lossy(&all).to_lowercase();
        let body = text.split_once("\r\n\r\n").map(|(_, body)| body.len());
        let length = text.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length = length.map_or(0, |length| length.trim().parse().unwrap());
        if count == 0 || body.is_some_and(|body| body >= length) {
            return text;
        }
    }
}

fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

fn redirect(status: u16, to: &str) -> String {
    format!("HTTP/1.1 {status} Elsewhere\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n")
}

/// A client for which every name is loopback, with these exceptions.
fn client(policy: Policy, origins: &[&str]) -> Outbound {
    resolving(policy, origins, |_: &str| vec![LOOPBACK])
}

fn resolving(policy: Policy, origins: &[&str], resolver: impl Resolver) -> Outbound {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let policy = origins.iter().fold(policy, |policy, origin| policy.allow(origin).unwrap());
    Outbound::with_resolver(policy, Arc::new(resolver)).unwrap()
}

async fn error(client: &Outbound, url: &str) -> OutboundError {
    client.fetch(Request::get(url)).await.err().expect("no answer")
}

#[tokio::test]
async fn a_named_origin_is_called_and_its_answer_read() {
    let server = serve(|_| ok("thanks")).await;
    let origin = server.origin("hook.test");
    let client = client(Policy::webhooks(), &[&origin]);
    let request =
        Request::post(format!("{origin}/in"), "hello").header("webhook-id", "m1").unwrap();
    let response = client.fetch(request).await.unwrap();
    assert_eq!(
        (response.status.as_u16(), &response.body[..], response.cut),
        (200, &b"thanks"[..], false)
    );
    let heard = server.heard();
    assert!(heard[0].starts_with("post /in http/1.1\r\n") && heard[0].ends_with("hello"));
    assert!(heard[0].contains("webhook-id: m1") && heard[0].contains("user-agent: floorwalker/"));
}

#[tokio::test]
async fn a_name_that_leads_inside_is_refused_even_if_only_one_of_its_addresses_does() {
    let resolver = |host: &str| match host {
        "private.test" => vec!["10.0.0.5".parse().unwrap()],
        _ => vec!["8.8.8.8".parse().unwrap(), "fd00::1".parse().unwrap()],
    };
    let client = resolving(Policy::pages(), &[], resolver);
    for (url, address) in
        [("https://private.test/x", "10.0.0.5"), ("https://both.test/", "fd00::1")]
    {
        let error = error(&client, url).await;
        assert!(
            matches!(&error, OutboundError::Refused { why: Refusal::Internal { .. }, .. }),
            "{error}"
        );
        assert!(error.to_string().contains(address), "{error}");
    }
}

#[tokio::test]
async fn a_name_without_addresses_is_said_to_have_none() {
    let client = resolving(Policy::pages(), &[], |_: &str| Vec::new());
    let error = error(&client, "https://nowhere.test/").await;
    assert!(matches!(&error, OutboundError::Unresolved { .. }) && !error.refused(), "{error}");
}

#[tokio::test]
async fn the_address_that_was_checked_is_the_address_that_is_called() {
    let server = serve(|_| ok("")).await;
    let origin = server.origin("rebind.test");
    let lookups = Arc::new(AtomicUsize::new(0));
    let count = lookups.clone();
    let resolver = move |_: &str| match count.fetch_add(1, Ordering::SeqCst) {
        0 => vec![LOOPBACK],
        _ => vec!["169.254.169.254".parse().unwrap()],
    };
    let client = resolving(Policy::pages(), &[&origin], resolver);
    assert!(client.fetch(Request::get(&origin)).await.is_ok());
    assert_eq!((lookups.load(Ordering::SeqCst), server.heard().len()), (1, 1));

    let second = error(&client, &origin).await;
    assert!(
        matches!(&second, OutboundError::Refused { why: Refusal::Never { .. }, .. }),
        "{second}"
    );
    assert_eq!((lookups.load(Ordering::SeqCst), server.heard().len()), (2, 1));
}

#[tokio::test]
async fn a_redirect_to_something_inside_is_refused() {
    for to in
        ["http://169.254.169.254/latest/", "https://127.0.0.1/", "https://inside.test/", "ftp://x/"]
    {
        let server = serve(move |_| redirect(302, to)).await;
        let origin = server.origin("page.test");
        let error = error(&client(Policy::pages(), &[&origin]), &origin).await;
        assert!(matches!(&error, OutboundError::Refused { .. }), "{to}: {error}");
    }
}

#[tokio::test]
async fn redirects_are_followed_up_to_the_limit() {
    let server = serve(|request| match request.contains("get /5 ") {
        true => ok("end"),
        false => {
            let at: usize = request[5..6].parse().unwrap();
            redirect(301, &format!("/{}", at + 1))
        }
    })
    .await;
    let origin = server.origin("page.test");
    let to = client(Policy::pages(), &[&origin]);
    let response = to.fetch(Request::get(format!("{origin}/0"))).await.unwrap();
    assert_eq!((response.url, response.body), (format!("{origin}/5"), b"end".to_vec()));

    let round = serve(|_| redirect(302, "/again")).await;
    let origin = round.origin("page.test");
    let error = error(&client(Policy::pages(), &[&origin]), &origin).await;
    assert!(matches!(&error, OutboundError::TooManyRedirects { limit: 5, .. }), "{error}");
    assert_eq!(round.heard().len(), 6);
}

#[tokio::test]
async fn a_webhook_does_not_follow_redirects() {
    let server = serve(|_| redirect(308, "/other")).await;
    let origin = server.origin("hook.test");
    let error = error(&client(Policy::webhooks(), &[&origin]), &origin).await;
    assert!(matches!(&error, OutboundError::TooManyRedirects { limit: 0, .. }), "{error}");
    assert_eq!(server.heard().len(), 1);
}

#[tokio::test]
async fn another_origin_gets_no_credentials_no_signature_and_no_body() {
    let last = serve(|_| ok("")).await;
    let to = last.origin("second.test");
    let (there, kept) = (to.clone(), to.clone());
    let first = serve(move |_| redirect(302, &there)).await;
    let strict = serve(move |_| redirect(307, &kept)).await;
    let (one, two) = (first.origin("first.test"), strict.origin("first.test"));
    let client = client(Policy::pages(), &[&one, &two, &to]);
    let request = |origin: &str| {
        [
            ("authorization", "a"),
            ("cookie", "b"),
            ("webhook-signature", "c"),
            ("accept", "text/html"),
        ]
        .into_iter()
        .fold(Request::post(origin, "words"), |all, (k, v)| all.header(k, v).unwrap())
    };
    assert!(client.fetch(request(&one)).await.is_ok());
    let heard = last.heard().remove(0);
    assert!(heard.starts_with("get / ") && heard.contains("accept: text/html"), "{heard}");
    for gone in ["authorization", "cookie", "webhook-signature", "words"] {
        assert!(!heard.contains(gone), "{heard}");
    }
    let error = client.fetch(request(&two)).await.err().unwrap();
    assert_eq!(error, OutboundError::Refused { at: to, why: Refusal::BodyElsewhere });
    assert_eq!(last.heard().len(), 1);
}

#[tokio::test]
async fn no_more_of_a_body_is_kept_than_the_limit() {
    let endless = serve(|_| {
        format!("HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n{}", "x".repeat(500_000))
    })
    .await;
    let exact = serve(|_| ok(&"x".repeat(1000))).await;
    let (one, two) = (endless.origin("big.test"), exact.origin("fits.test"));
    let client = client(Policy { body: 1000, ..Policy::pages() }, &[&one, &two]);
    let response = client.fetch(Request::get(&one)).await.unwrap();
    assert_eq!((response.body.len(), response.cut), (1000, true));
    let response = client.fetch(Request::get(&two)).await.unwrap();
    assert_eq!((response.body.len(), response.cut), (1000, false));
}

#[tokio::test]
async fn a_server_that_says_nothing_or_never_ends_is_let_go() {
    let silent = serve(|_| String::new()).await;
    let unfinished = serve(|_| "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc".into()).await;
    let (one, two) = (silent.origin("slow.test"), unfinished.origin("short.test"));
    let begun = Instant::now();

    let quick = Policy { read: Duration::from_millis(100), ..Policy::pages() };
    let late = error(&client(quick, &[&one]), &one).await;
    assert!(matches!(&late, OutboundError::TimedOut { doing: "say anything", .. }), "{late}");

    let short = Policy { total: Duration::from_millis(100), ..Policy::pages() };
    let late = error(&client(short, &[&one]), &one).await;
    assert!(matches!(&late, OutboundError::TimedOut { doing: "answer in full", .. }), "{late}");

    let broken = error(&client(Policy::pages(), &[&two]), &two).await;
    assert!(matches!(&broken, OutboundError::Broken { .. }), "{broken}");
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn nobody_there_is_said_so() {
    let listener = TcpListener::bind((LOOPBACK, 0)).await.unwrap();
    let origin = format!("http://gone.test:{}", listener.local_addr().unwrap().port());
    drop(listener);
    let error = error(&client(Policy::pages(), &[&origin]), &origin).await;
    assert!(matches!(&error, OutboundError::Unreachable { .. }), "{error}");
    assert!(error.to_string().contains("refused"), "{error}");
}

#[tokio::test]
async fn a_server_without_tls_gets_nothing_over_https() {
    let listener = TcpListener::bind((LOOPBACK, 0)).await.unwrap();
    let origin = format!("https://plain.test:{}", listener.local_addr().unwrap().port());
    let server = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        socket.write_all(ok("").as_bytes()).await.unwrap();
        let mut heard = Vec::new();
        let _ = socket.read_to_end(&mut heard).await;
        String::from_utf8_lossy(&heard).into_owned()
    });
    let url = format!("{origin}/secret");
    let error = error(&client(Policy::pages(), &[&origin]), &url).await;
    assert!(matches!(&error, OutboundError::Unreachable { .. }), "{error}");
    assert!(!server.await.unwrap().contains("secret"));
}

#[tokio::test]
async fn headers_that_describe_the_connection_cannot_be_set() {
    for name in ["Host", "content-length", "Transfer-Encoding", "no good"] {
        assert!(Request::get("https://x.test/").header(name, "x").is_err(), "{name}");
    }
    assert!(Request::get("https://x.test/").header("x-note", "a\r\nb: c").is_err());
}
