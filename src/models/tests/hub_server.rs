//! A hub on a port of its own that answers as a test tells it to, and remembers what it was asked.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// What was asked.
#[derive(Clone, Debug)]
pub struct Asked {
    /// With the leading `/`.
    pub path: String,
    /// The first byte of a `Range` header.
    pub from: Option<usize>,
}

/// What to answer.
pub enum Answer {
    /// The bytes from where they were asked for, but only so many of them before the line is cut.
    Bytes(Vec<u8>, usize),
    /// The same from the beginning, whatever was asked.
    Whole(Vec<u8>),
    /// A status line and no body.
    Status(&'static str),
    /// The connection is closed without a word.
    HangUp,
    /// The connection stays open without a word.
    Silence,
}

/// Runs until the test ends.
pub struct HubServer {
    pub base: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl HubServer {
    /// `answer` gets the number of the request, from 0, and the request.
    pub fn start(answer: impl Fn(usize, &Asked) -> Answer + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let record = asked.clone();
        thread::spawn(move || {
            let mut silent = Vec::new();
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let request = read(&stream);
                let mut record = record.lock().unwrap();
                let answer = answer(record.len(), &request);
                record.push(request.clone());
                match answer {
                    Answer::Silence => silent.push(stream),
                    // The client may have gone, which is its own affair.
                    answer => write(&mut stream, &request, answer).unwrap_or_default(),
                }
            }
        });
        Self { base, asked }
    }

    /// Everything so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

fn read(stream: &TcpStream) -> Asked {
    let lines = BufReader::new(stream).lines().map_while(Result::ok);
    let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
    let path = head.first().and_then(|line| line.split(' ').nth(1)).unwrap_or_default();
    let range = head.iter().find_map(|line| {
        line.to_ascii_lowercase().strip_prefix("range: bytes=").map(|range| range.replace('-', ""))
    });
    Asked { path: path.to_string(), from: range.map(|from| from.parse().unwrap()) }
}

fn write(stream: &mut TcpStream, asked: &Asked, answer: Answer) -> std::io::Result<()> {
    let (status, range, body, cut) = match answer {
        Answer::HangUp | Answer::Silence => return Ok(()),
        Answer::Status(status) => (status, String::new(), Vec::new(), 0),
        Answer::Whole(bytes) => ("200 OK", String::new(), bytes, usize::MAX),
        Answer::Bytes(bytes, cut) => match asked.from {
            None => ("200 OK", String::new(), bytes, cut),
            Some(from) => {
                let total = bytes.len();
                let range = format!("Content-Range: bytes {from}-{}/{total}\r\n", total - 1);
                ("206 Partial Content", range, bytes[from..].to_vec(), cut)
            }
        },
    };
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\n{range}Content-Length: {length}\r\nConnection: close\r\n\r\n"
    )?;
    stream.write_all(&body[..cut.min(length)])
}
