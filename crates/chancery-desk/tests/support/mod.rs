//! A desk on a free port over a small ledger, and a visitor that speaks HTTP/1.1 by hand, so that every byte it sends is the test's own.

use chancery::data::DataFiles;
use chancery::model::Report;
use chancery::{Coder, Options};
use chancery_desk::{Desk, Settings};
use chancery_ledger::{Ledger, Writer};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

pub static CODER: LazyLock<Coder> = LazyLock::new(|| Coder::new(&DataFiles::builtin()).expect("our own knowledge files are sound"));

/// A folder of this test alone.
pub fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).expect("the target folder can be written");
    path
}

pub fn report(title: &str, text: &str, outlet: &str, published: &str) -> Report {
    Report {
        title: Some(title.to_owned()),
        text: text.to_owned(),
        outlet: Some(outlet.to_owned()),
        published: Some(published.to_owned()),
        language: Some("en".to_owned()),
        ..Report::default()
    }
}

/// Adds reports to a ledger, which is made where there is none.
pub fn add(path: &Path, reports: Vec<Report>) {
    let mut writer = Writer::new(Ledger::create(path).expect("a ledger")).expect("a writer");
    for report in reports {
        let mut record = CODER.read(report, &Options::default());
        let packed = writer.packer().pack(&mut record).expect("packs");
        writer.add(&record, &packed, "").expect("adds");
    }
    writer.close().expect("closes");
}

/// What came back.
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|l| l.split_once(": ").filter(|(k, _)| k.eq_ignore_ascii_case(name)).map(|(_, v)| v))
    }
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.body))
    }
}

/// An open desk; its thread ends with the tests.
pub struct Open {
    pub at: SocketAddr,
}

impl Open {
    pub fn new(ledger: &Path, token: Option<&str>) -> Open {
        let desk = Arc::new(Desk::open(Settings { ledger: ledger.to_owned(), token: token.map(str::to_owned) }).expect("opens"));
        let (tell, told) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
                tell.send(listener.local_addr().expect("an address")).expect("the test waits");
                chancery_desk::serve(listener, desk, std::future::pending()).await;
            });
        });
        Open { at: told.recv().expect("the desk opens") }
    }

    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[("host", &self.at.to_string())])
    }

    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send(method, path, headers, "")
    }

    /// Sends a form with these fields, as it is encoded by browsers.
    pub fn post(&self, path: &str, headers: &[(&str, &str)], fields: &[(&str, &str)]) -> Answer {
        let coded = |v: &str| v.bytes().map(|b| format!("%{b:02X}")).collect::<String>();
        let body: Vec<String> = fields.iter().map(|(k, v)| format!("{k}={}", coded(v))).collect();
        let body = body.join("&");
        let length = body.len().to_string();
        let own = [("content-type", "application/x-www-form-urlencoded"), ("content-length", length.as_str())];
        self.send("POST", path, &[headers, &own].concat(), &body)
    }

    fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut stream = TcpStream::connect(self.at).expect("connects");
        let headers: String = headers.iter().map(|(k, v)| format!("{k}: {v}\r\n")).collect();
        write!(stream, "{method} {path} HTTP/1.1\r\n{headers}connection: close\r\n\r\n{body}").expect("sends");
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("reads");
        let all = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = all.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer to {path}: {all}"));
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).expect("a status");
        let body = if head.to_ascii_lowercase().contains("transfer-encoding: chunked") { unchunked(body) } else { body.to_owned() };
        Answer { status, head: head.to_owned(), body }
    }
}

/// A chunked body put together. Sizes are bytes; the texts of these tests that are streamed are looked at line by line, whole.
fn unchunked(mut body: &str) -> String {
    let mut out = String::new();
    while let Some((size, rest)) = body.split_once("\r\n") {
        let n = usize::from_str_radix(size, 16).unwrap_or(0);
        if n == 0 {
            break;
        }
        out.push_str(&rest[..n]);
        body = rest[n..].strip_prefix("\r\n").unwrap_or("");
    }
    out
}
