//! What a composed message looks like on its way, whatever was put into it.

use proptest::prelude::*;

use super::*;
use crate::domain::language::Language;

fn from() -> Sender {
    "Northstar Ünïon <chat@northstar.example>".parse().expect("a sender")
}

fn to() -> Address {
    "visitor@mail.example".parse().expect("an address")
}

fn mail(key: &str, letter: &Letter) -> Result<Mail, MailError> {
    Mail::new(key, &from(), &to(), letter, Instant(1_795_000_000_000))
}

fn letter(subject: &str) -> Letter {
    Letter::new(Language::English, subject).paragraph("Good day.")
}

/// The header fields, unfolded, in order.
fn headers(bytes: &[u8]) -> Vec<(String, String)> {
    let text = std::str::from_utf8(bytes).expect("ASCII");
    let (head, _) = text.split_once("\r\n\r\n").expect("a head and a body");
    let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    let field = |line: &str| {
        let (name, value) = line.split_once(": ").expect("a header");
        (name.to_string(), value.to_string())
    };
    unfolded.split("\r\n").map(field).collect()
}

fn names(bytes: &[u8]) -> Vec<String> {
    headers(bytes).into_iter().map(|(name, _)| name).collect()
}

const EXPECTED: [&str; 8] = [
    "Date",
    "From",
    "To",
    "Subject",
    "Message-ID",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
];

#[test]
fn the_headers_are_the_intended_ones() {
    let other = "anna@northstar.example".parse().expect("an address");
    let bytes = mail("a", &letter("Hello")).expect("composed").reply_to(&other).bytes();
    let headers = headers(&bytes);
    let value = |name: &str| {
        headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str()).unwrap_or_default()
    };
    assert_eq!(value("To"), "visitor@mail.example");
    assert_eq!(value("Subject"), "Hello");
    assert_eq!(value("Reply-To"), "anna@northstar.example");
    assert_eq!(value("Auto-Submitted"), "auto-generated");
    assert_eq!(value("Date"), "Wed, 18 Nov 2026 11:06:40 +0000");
    assert!(value("From").ends_with("<chat@northstar.example>"), "{}", value("From"));
}

#[test]
fn the_same_key_gives_the_same_id_and_the_same_bytes() {
    let (first, again) = (mail("lead:7", &letter("a")), mail("lead:7", &letter("a")));
    let (first, again) = (first.expect("composed"), again.expect("composed"));
    assert_eq!(first.message_id(), again.message_id());
    assert_eq!(first.bytes(), again.bytes());
    let changed = mail("lead:7", &letter("b")).expect("composed");
    assert_eq!(first.message_id(), changed.message_id());
    let other = mail("lead:8", &letter("a")).expect("composed");
    assert_ne!(first.message_id(), other.message_id());
    assert!(first.message_id().ends_with("@northstar.example>"));
    let on_the_wire = String::from_utf8(first.bytes()).expect("ASCII");
    assert!(on_the_wire.contains(&format!("\r\nMessage-ID: {}\r\n", first.message_id())));
}

#[test]
fn a_key_cannot_reach_the_header() {
    let mail = mail("x@y>\r\nBcc: a@b.example", &letter("a")).expect("composed");
    assert!(!String::from_utf8_lossy(&mail.bytes()).contains("Bcc"));
}

#[test]
fn both_parts_are_there_text_first() {
    let mail = mail("a", &letter("Hello")).expect("composed");
    let wire = String::from_utf8(mail.bytes()).expect("ASCII");
    let plain = wire.find("Content-Type: text/plain; charset=utf-8").expect("a text part");
    let html = wire.find("Content-Type: text/html; charset=utf-8").expect("an HTML part");
    assert!(plain < html && wire.contains("multipart/alternative"));
    assert!(mail.text().contains("Good day.") && mail.html().contains("Good day."));
    let unwrapped = wire.replace("=\r\n", "");
    assert_eq!(unwrapped.matches("Good day.").count(), 2);
}

#[test]
fn a_subject_with_a_line_break_is_refused() {
    for bad in ["a\r\nBcc: b@c.example", "a\nb", "a\rb", "a\0", "\u{2029}", "=?utf-8?b?YQo=?="] {
        let refused = mail("a", &letter(bad));
        assert_eq!(refused, Err(MailError::Header("subject")), "{bad:?}");
    }
}

#[test]
fn debug_output_shows_neither_address_nor_words() {
    let shown = format!("{:?}", mail("a", &letter("Secret")).expect("composed"));
    assert!(!shown.contains("visitor") && !shown.contains("Secret") && !shown.contains("Good"));
}

/// Text with a good share of what an attacker would try.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<String>(),
        Just("\r\nBcc: x@y.example".to_string()),
        Just("\n".to_string()),
        Just("\r\n.\r\n".to_string()),
        Just("\r\n\r\n<b>".to_string()),
        Just("\u{2028}".to_string()),
        Just(" =?utf-8?q?=0D=0A?= ".to_string()),
        "[a-zäöü ,<>@\";:]{0,80}",
    ];
    proptest::collection::vec(piece, 0..4).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn whatever_is_put_in_the_headers_stay_the_intended_ones(
        subject in hostile(),
        name in hostile(),
        user in hostile(),
        body in hostile(),
    ) {
        let from = format!("{name} <chat@northstar.example>").parse().unwrap_or_else(|_| from());
        let to = format!("{user}@mail.example").parse().unwrap_or_else(|_| to());
        let letter = Letter::new(Language::English, subject).paragraph(&*body).said(&body, "", &body);
        let Ok(mail) = Mail::new(&body, &from, &to, &letter, Instant(0)) else { return Ok(()) };
        let bytes = mail.bytes();
        prop_assert!(bytes.is_ascii());
        prop_assert_eq!(names(&bytes), EXPECTED);
        let to_header = headers(&bytes)[2].1.clone();
        prop_assert_eq!(to_header, to.as_str());
        let bare = bytes.windows(2).any(|w| (w[1] == b'\n') != (w[0] == b'\r'));
        prop_assert!(!bare, "a line break that is not CR LF");
        prop_assert!(bytes.split(|b| *b == b'\n').all(|line| line.len() <= 998));
    }
}
