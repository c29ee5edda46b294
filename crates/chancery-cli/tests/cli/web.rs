//! Fetching, against real servers on this machine: plain and TLS, slow, broken, busy, hostile.

use crate::support::{records, stderr};
use flate2::Compression;
use flate2::write::GzEncoder;
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What a server says to one request.
pub type Answer = dyn Fn(&str, usize) -> Vec<u8> + Send + Sync;

/// A server that answers by path and by how often that path was asked for before.
pub struct Server {
    pub address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub fn start(answer: impl Fn(&str, usize) -> Vec<u8> + Send + Sync + 'static) -> Server {
        Server::over(None, Arc::new(answer))
    }

    fn over(tls: Option<Arc<ServerConfig>>, answer: Arc<Answer>) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let seen = asked.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (answer, seen, tls) = (answer.clone(), seen.clone(), tls.clone());
                std::thread::spawn(move || match tls {
                    None => serve(stream, &*answer, &seen),
                    Some(config) => serve(StreamOwned::new(ServerConnection::new(config).unwrap(), stream), &*answer, &seen),
                });
            }
        });
        Server { address, asked }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Requests, as path and the validators that came along.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn serve(mut stream: impl Read + Write, answer: &Answer, seen: &Mutex<Vec<String>>) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read(&mut byte) {
            Ok(1) => head.push(byte[0]),
            _ => return,
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let path = head.split(' ').nth(1).unwrap_or("").to_owned();
    let known = head.lines().find(|l| l.to_ascii_lowercase().starts_with("if-none-match:")).map(|l| l[14..].trim().to_owned());
    let before = {
        let mut seen = seen.lock().unwrap();
        let before = seen.iter().filter(|p| p.split(' ').next() == Some(path.as_str())).count();
        seen.push(known.map_or_else(|| path.clone(), |k| format!("{path} {k}")));
        before
    };
    let _ = stream.write_all(&answer(&path, before)).and_then(|()| stream.flush());
}

pub fn ok(kind: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let mut out =
        format!("HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n", body.len())
            .into_bytes();
    out.extend_from_slice(body);
    out
}

pub fn status(line: &str, headers: &str) -> Vec<u8> {
    format!("HTTP/1.1 {line}\r\n{headers}content-length: 0\r\nconnection: close\r\n\r\n").into_bytes()
}

pub const PAGE: &str = "<html lang=en><head><title>Ministers meet</title></head><body><article><h1>Ministers meet</h1>
<p>The foreign ministers of Norway and Sweden met in Oslo on Monday and spoke about fishing for three hours.</p>
<p>Both sides said that the talks would go on in the spring, when the boats are back from the north.</p></article></body></html>";

fn html() -> Vec<u8> {
    ok("text/html; charset=utf-8", "", PAGE.as_bytes())
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Runs `read` on a page of this machine.
fn read(url: &str, more: &[&str]) -> Output {
    let mut args = vec!["read", url, "--format", "jsonl", "--private-addresses", "--pause", "0"];
    args.extend(more);
    crate::support::chancery(&args, b"")
}

/// Fails unless the page was refused with that code.
fn refused(output: &Output, code: &str) {
    assert_eq!(output.status.code(), Some(1), "{}", stderr(output));
    assert!(output.stdout.is_empty() && stderr(output).contains(code), "{code}: {}", stderr(output));
}

#[test]
fn a_page_is_read_where_it_ends() {
    let server = Server::start(|path, _| match path {
        "/old" => status("301 Moved Permanently", "location: /new?x=1\r\n"),
        "/new?x=1" => ok("text/html", "content-encoding: gzip\r\n", &gzip(PAGE.as_bytes())),
        _ => status("404 Not Found", ""),
    });
    let all = records(&read(&server.url("/old"), &[]));
    assert_eq!(all.len(), 1);
    assert_eq!(all[0]["report"]["url"], server.url("/new?x=1"));
    assert!(all[0]["report"]["text"].as_str().unwrap().contains("spoke about fishing"));
    assert_eq!(all[0]["events"][0]["type"], "CONSULT");
    assert_eq!(server.asked(), ["/robots.txt", "/old", "/new?x=1"]);
}

#[test]
fn addresses_of_this_machine_are_refused_unless_asked_for() {
    let server = Server::start(|_, _| html());
    let by_name = format!("http://localhost:{}/", server.address.port());
    for url in [server.url("/"), by_name, format!("http://[::ffff:127.0.0.1]:{}/", server.address.port())] {
        refused(&crate::support::chancery(&["read", &url, "--pause", "0"], b""), "E0221");
    }
    refused(&read("ftp://example.org/", &[]), "E0211");
    assert!(server.asked().is_empty());
}

#[test]
fn robots_are_obeyed() {
    let server = Server::start(|path, _| match path {
        "/robots.txt" => ok("text/plain", "", b"User-agent: chancery\nDisallow: /closed\n\nUser-agent: *\nDisallow: /\n"),
        _ => html(),
    });
    assert_eq!(records(&read(&server.url("/open"), &[])).len(), 1);
    refused(&read(&server.url("/closed/page"), &[]), "E0222");
    assert!(!server.asked().contains(&"/closed/page".to_owned()));
    let failing = Server::start(|path, _| if path == "/robots.txt" { status("500 Oops", "") } else { html() });
    refused(&read(&failing.url("/"), &[]), "E0222");
}

#[test]
fn a_redirect_to_a_closed_place_is_not_followed() {
    let closed =
        Server::start(|path, _| if path == "/robots.txt" { ok("text/plain", "", b"User-agent: *\nDisallow: /\n") } else { html() });
    let target = closed.url("/secret");
    let open = Server::start(move |path, _| match path {
        "/robots.txt" => status("404 Not Found", ""),
        _ => status("302 Found", &format!("location: {target}\r\n")),
    });
    refused(&read(&open.url("/"), &[]), "E0222");
    assert_eq!(closed.asked(), ["/robots.txt"]);
    let elsewhere = Server::start(|path, _| match path {
        "/robots.txt" => status("404 Not Found", ""),
        "/file" => status("302 Found", "location: file:///etc/passwd\r\n"),
        _ => status("302 Found", "location: /again\r\n"),
    });
    refused(&read(&elsewhere.url("/file"), &[]), "E0220");
    refused(&read(&elsewhere.url("/"), &[]), "E0226");
}

#[test]
fn a_busy_server_is_asked_again_later() {
    let server = Server::start(|path, before| match (path, before) {
        ("/robots.txt", _) => status("404 Not Found", ""),
        (_, 0) => status("503 Busy", "retry-after: 0\r\n"),
        _ => html(),
    });
    assert_eq!(records(&read(&server.url("/"), &[])).len(), 1);
    assert_eq!(server.asked(), ["/robots.txt", "/", "/"]);
    let gone = Server::start(|_, _| status("404 Not Found", ""));
    refused(&read(&gone.url("/"), &[]), "E0224");
    assert_eq!(gone.asked(), ["/robots.txt", "/"], "what is not there is not asked for again");
}

#[test]
fn slow_and_broken_servers_are_given_up() {
    let slow = Server::start(|path, _| {
        if path != "/robots.txt" {
            std::thread::sleep(Duration::from_secs(20));
        }
        status("404 Not Found", "")
    });
    refused(&read(&slow.url("/"), &["--timeout", "0.3"]), "E0223");
    let broken = Server::start(|path, _| match path {
        "/robots.txt" => status("404 Not Found", ""),
        "/short" => b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 5000\r\n\r\n<html><p>Half a".to_vec(),
        "/chunks" => b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nno chunk".to_vec(),
        "/nothing" => Vec::new(),
        _ => b"\x00\xff this is no HTTP\r\n\r\n".to_vec(),
    });
    for path in ["/short", "/chunks", "/nothing", "/noise"] {
        refused(&read(&broken.url(path), &["--timeout", "2"]), "E0223");
    }
}

#[test]
fn what_is_too_large_is_not_taken_in() {
    let server = Server::start(|path, _| match path {
        "/robots.txt" => status("404 Not Found", ""),
        "/bomb" => ok("text/html", "content-encoding: gzip\r\n", &gzip(&vec![b' '; 64 << 20])),
        "/large" => ok("text/html", "", &vec![b'x'; 3 << 20]),
        _ => ok("image/png", "", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
    });
    refused(&read(&server.url("/bomb"), &["--max-report-bytes", "1MiB"]), "E0225");
    refused(&read(&server.url("/large"), &["--max-report-bytes", "1MiB"]), "E0225");
    refused(&read(&server.url("/picture"), &[]), "E0");
}

#[test]
fn hosts_are_asked_once_in_a_while() {
    let server = Server::start(|path, _| if path == "/robots.txt" { status("404 Not Found", "") } else { html() });
    let started = std::time::Instant::now();
    let (a, b) = (server.url("/a"), server.url("/b"));
    let output = crate::support::chancery(&["read", &a, &b, "--format", "jsonl", "--private-addresses", "--pause", "0.4"], b"");
    assert_eq!(records(&output).len(), 2);
    assert!(started.elapsed() >= Duration::from_millis(800), "three questions have two pauses between them");
}

#[test]
fn tls_is_checked_by_the_authorities_of_the_machine() {
    let key = rcgen::KeyPair::generate().unwrap();
    let mut authority = rcgen::CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let authority_pem = authority.self_signed(&key).unwrap().pem();
    let issuer = rcgen::Issuer::new(authority, key);
    let own = rcgen::KeyPair::generate().unwrap();
    let certificate = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap().signed_by(&own, &issuer).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::try_from(own.serialize_der()).unwrap())
        .unwrap();
    let answer = |path: &str, _| if path == "/robots.txt" { status("404 Not Found", "") } else { html() };
    let server = Server::over(Some(Arc::new(config)), Arc::new(answer));
    let file = std::env::temp_dir().join(format!("chancery-authority-{}.pem", std::process::id()));
    std::fs::write(&file, authority_pem).unwrap();
    let run = |trusted: bool| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_chancery"));
        let url = format!("https://localhost:{}/", server.address.port());
        command.args(["read", &url, "--format", "jsonl", "--private-addresses", "--pause", "0"]).env_remove("CHANCERY_LOG");
        if trusted {
            command.env("SSL_CERT_FILE", &file);
        }
        command.output().unwrap()
    };
    let (trusted, unknown) = (run(true), run(false));
    let _ = std::fs::remove_file(&file);
    assert_eq!(records(&trusted).len(), 1, "{}", stderr(&trusted));
    refused(&unknown, "E0223");
}

/// A folder of its own, removed in the end.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("chancery-web-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }
    fn file(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

const FEED: &str = r#"<?xml version="1.0"?><rss version="2.0"><channel><title>Northern Herald</title><link>http://news.example/</link>
<item><guid>one</guid><title>Ministers meet</title><link>HOST/one</link><pubDate>Tue, 03 Oct 2023 08:00:00 GMT</pubDate></item>
<item><guid>two</guid><title>Norway protests</title><link>HOST/gone</link><pubDate>Wed, 04 Oct 2023 08:00:00 GMT</pubDate>
<description>Norway condemned Sweden on Tuesday over the closing of the border to its boats.</description></item>
<item><guid>three</guid><title>Later</title><link>HOST/later</link></item></channel></rss>"#;

#[test]
fn feeds_are_followed_and_what_was_read_can_be_shown() {
    let server = Server::start(move |path, before| match (path, before) {
        ("/later", 0..=2) => Vec::new(),
        ("/one" | "/later", _) => ok("text/html; charset=utf-8", "x-served-by: test\r\n", PAGE.replace("Oslo", path).as_bytes()),
        _ => status("404 Not Found", ""),
    });
    // The feed names the host, which is known only now.
    let host = server.url("");
    let feed = Server::start(move |path, before| match (path, before) {
        ("/feed", 0 | 1) => ok("application/rss+xml", "etag: \"first\"\r\n", FEED.replace("HOST", &host).as_bytes()),
        ("/feed", _) => status("304 Not Modified", ""),
        _ => status("404 Not Found", ""),
    });
    let folder = Folder::new("watch");
    let ledger = folder.file("news.db");
    let address = feed.url("/feed");
    let watch = || {
        let args = ["watch", &address, "--once", "--ledger", &ledger, "--private-addresses", "--pause", "0", "--timeout", "5"];
        crate::support::chancery(&args, b"")
    };
    let sql = |query: &str| {
        let output = crate::support::chancery(&["sql", query, "--ledger", &ledger, "--format", "jsonl"], b"");
        records(&output)
    };
    // One page is there, one is gone (the feed's own words are read), one cannot be reached yet.
    let first = watch();
    assert_eq!(first.status.code(), Some(1), "{}", stderr(&first));
    let reports = sql("SELECT title, url, outlet, published FROM reports ORDER BY added, title");
    assert_eq!(reports.len(), 2, "{reports:?}");
    assert!(reports.iter().all(|r| r["outlet"] == "Northern Herald" && r["published"].as_str().unwrap().starts_with("2023-10-0")));
    // The second round fetches what was missing and nothing else.
    let second = watch();
    assert_eq!(second.status.code(), Some(0), "{}", stderr(&second));
    assert_eq!(sql("SELECT 1 FROM reports").len(), 3);
    let asked = server.asked();
    assert_eq!(asked.iter().filter(|p| *p == "/one").count(), 1, "{asked:?}");
    // Then the feed says that nothing changed: asked with what it said of itself.
    assert_eq!(watch().status.code(), Some(0));
    assert_eq!(feed.asked().last().unwrap(), "/feed \"first\"");
    assert_eq!(sql("SELECT 1 FROM reports").len(), 3);

    // Evidence: page, record and hashes in one file, the same each time.
    let event =
        &sql("SELECT e.id FROM events e JOIN reports r ON r.id = e.report WHERE e.type = 'CONSULT' AND r.url LIKE '%/one'")[0]["id"];
    let show = |name: &str| {
        let file = folder.file(name);
        let output = crate::support::chancery(&["evidence", event.as_str().unwrap(), "-o", &file, "--ledger", &ledger], b"");
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        std::fs::read(file).unwrap()
    };
    let bytes = show("a.zip");
    assert_eq!(bytes, show("b.zip"));
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut part = |name: &str| {
        let mut out = Vec::new();
        zip.by_name(name).unwrap().read_to_end(&mut out).unwrap();
        out
    };
    let page: serde_json::Value = serde_json::from_slice(&part("page-1.json")).unwrap();
    assert_eq!((page["status"].as_u64(), page["url"].as_str()), (Some(200), Some(server.url("/one").as_str())));
    assert!(page["headers"].as_array().unwrap().iter().any(|h| h[0] == "x-served-by" && h[1] == "test"));
    assert_eq!(String::from_utf8(part("page-1.raw")).unwrap(), PAGE.replace("Oslo", "/one"));
    let record: serde_json::Value = serde_json::from_slice(&part("record.json")).unwrap();
    assert_eq!(record["report"]["text"].as_str().unwrap().as_bytes(), part("text.txt"));
    let sums = String::from_utf8(part("SHA256SUMS")).unwrap();
    for line in sums.lines() {
        let (sum, name) = line.split_once("  ").unwrap();
        let digest = <sha2::Sha256 as sha2::Digest>::digest(part(name));
        assert_eq!(chancery::ids::hex(&digest), sum, "{name}");
    }
    assert_eq!(sums.lines().count(), 7);
}
