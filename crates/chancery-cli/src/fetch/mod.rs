//! Pages from the web, politely: what `robots.txt` forbids is left alone, a host is asked at most once in a while, a
//! server that is busy is asked again later, and nothing is fetched without bound. Addresses of this machine and of private
//! networks are refused unless asked for: checked after names are looked up, at every redirect.
//!
//! No proxy is used: behind one nobody could check where a page comes from.

mod address;
mod page;

pub use address::is_public;
pub use page::{Hop, Page};

use crate::{Error, Result};
use address::{PublicOnly, Refused};
use jiff::Timestamp;
use robotxt::{AccessResult, Agent as Crawler, Robots};
use std::collections::HashMap;
use std::io::Read;
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};
use ureq::http::{Response, header};
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Body};
use url::Url;

/// The name that `robots.txt` knows this crawler by.
const NAME: &str = "chancery";
const USER_AGENT: &str = concat!("chancery/", env!("CARGO_PKG_VERSION"), " (+", env!("CARGO_PKG_REPOSITORY"), ")");
const ACCEPT: &str =
    "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,application/xml;q=0.9,text/plain;q=0.8,*/*;q=0.5";
/// Redirects that are followed.
const REDIRECTS: usize = 8;
/// Times a page is asked for, where the server is busy or the line breaks.
const ATTEMPTS: u32 = 3;
/// The longest that a server can make one wait.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long what a `robots.txt` said holds: whoever follows feeds for weeks asks again.
const ROBOTS_HOLD: Duration = Duration::from_secs(6 * 3600);
/// Bytes of a `robots.txt` that are read.
const ROBOTS: usize = 512 * 1024;

/// How pages are fetched.
#[derive(Debug, Clone)]
pub struct Manners {
    /// Addresses of this machine and of private networks may be asked.
    pub private: bool,
    /// For one answer, from the look-up of the name to its last byte.
    pub timeout: Duration,
    /// Between two questions to one host.
    pub pause: Duration,
    /// Longest page in bytes, packed and unpacked.
    pub limit: usize,
}

/// What an earlier answer said of itself: sent along, so that only what changed comes again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validators {
    pub etag: Option<String>,
    pub modified: Option<String>,
}

impl Validators {
    pub fn of(page: &Page) -> Validators {
        let get = |name| page.header(name).map(str::to_owned);
        Validators { etag: get("etag"), modified: get("last-modified") }
    }
}

#[derive(Debug)]
pub enum Got {
    Page(Box<Page>),
    /// Nothing changed since.
    Unchanged,
}

/// Fetches pages, one at a time.
pub struct Client {
    agent: Agent,
    manners: Manners,
    /// With the time at which it was asked for.
    robots: HashMap<String, (Instant, Robots)>,
    /// When each host was asked last.
    asked: HashMap<String, Instant>,
}

/// One answer, its body unread.
enum Answer {
    Final(Response<Body>),
    Redirect { status: u16, location: String },
}

impl Client {
    pub fn new(manners: Manners) -> Client {
        let config = Agent::config_builder()
            .user_agent(USER_AGENT)
            .accept(ACCEPT)
            .accept_encoding("gzip")
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .timeout_global(Some(manners.timeout))
            .tls_config(tls())
            .build();
        let connector = DefaultConnector::default();
        let agent = if manners.private {
            Agent::with_parts(config, connector, DefaultResolver::default())
        } else {
            Agent::with_parts(config, connector, PublicOnly::default())
        };
        Client { agent, manners, robots: HashMap::new(), asked: HashMap::new() }
    }

    /// Fetches a page. E0220 no address of the web; E0221 an address that is refused; E0222 `robots.txt` forbids it; E0223 the server cannot be
    /// reached; E0224 it gives no page; E0225 it gives too much; E0226 it sends on without end.
    pub fn get(&mut self, url: &str, known: &Validators) -> Result<Got> {
        let mut at = parse(url)?;
        let mut redirects: Vec<Hop> = Vec::new();
        loop {
            self.ask_leave(&at)?;
            match self.patiently(&at, known)? {
                Answer::Redirect { status, location } => {
                    if redirects.len() >= REDIRECTS {
                        let what = format!("it sends on more than {REDIRECTS} times");
                        return Err(Error::new("E0226", what, url, "open it in a browser, and name where it ends"));
                    }
                    let next = at.join(&location).map_err(|_| bad_redirect(url, &location)).and_then(|u| parse(u.as_str()))?;
                    redirects.push(Hop { url: at.to_string(), status, location });
                    at = next;
                }
                Answer::Final(answer) if answer.status() == 304 => return Ok(Got::Unchanged),
                Answer::Final(answer) => return self.page(url, &at, redirects, answer).map(|p| Got::Page(Box::new(p))),
            }
        }
    }

    fn page(&self, asked: &str, at: &Url, redirects: Vec<Hop>, answer: Response<Body>) -> Result<Page> {
        let status = answer.status().as_u16();
        if !answer.status().is_success() {
            let remedy = if status == 404 || status == 410 { "check the address" } else { "open it in a browser; try again later" };
            return Err(Error::new("E0224", format!("the server answers {status} and gives no page"), at.as_str(), remedy));
        }
        let header = |(n, v): (&header::HeaderName, &header::HeaderValue)| {
            (n.as_str().to_owned(), String::from_utf8_lossy(v.as_bytes()).into_owned())
        };
        let headers: Vec<(String, String)> = answer.headers().iter().map(header).collect();
        let raw = self.body(answer, self.manners.limit, at)?;
        let encodings: Vec<&str> = headers.iter().filter(|(n, _)| n == "content-encoding").map(|(_, v)| v.as_str()).collect();
        let body = page::decode(&encodings.join(","), &raw, self.manners.limit, at.as_str())?;
        Ok(Page { asked: asked.to_owned(), url: at.to_string(), redirects, status, headers, fetched: Timestamp::now(), raw, body })
    }

    fn body(&self, answer: Response<Body>, limit: usize, at: &Url) -> Result<Vec<u8>> {
        let mut raw = Vec::new();
        let reader = answer.into_body().into_with_config().limit(u64::MAX).reader();
        match reader.take(limit as u64 + 1).read_to_end(&mut raw) {
            Err(e) => Err(unreachable(at, &e.to_string())),
            Ok(_) if raw.len() > limit => Err(page::too_large(limit, at.as_str())),
            Ok(_) => Ok(raw),
        }
    }

    /// Asks until there is an answer that asking again would not change.
    fn patiently(&mut self, at: &Url, known: &Validators) -> Result<Answer> {
        let mut wait = self.manners.pause.max(Duration::from_millis(100));
        for attempt in 1.. {
            self.pause(at);
            let last = attempt >= ATTEMPTS;
            match self.once(at, known) {
                Ok(Answer::Final(answer)) if !last && matches!(answer.status().as_u16(), 429 | 500 | 502 | 503 | 504) => {
                    let told = answer.headers().get(header::RETRY_AFTER).and_then(|v| v.to_str().ok()?.trim().parse().ok());
                    wait = told.map_or(wait * 2, Duration::from_secs);
                }
                Ok(answer) => return Ok(answer),
                Err(e) if last || !again(&e) => return Err(said(at, &e)),
                Err(_) => wait *= 2,
            }
            sleep(wait.min(PATIENCE));
        }
        Err(unreachable(at, "no answer"))
    }

    fn once(&mut self, at: &Url, known: &Validators) -> std::result::Result<Answer, ureq::Error> {
        let mut ask = self.agent.get(at.as_str());
        if let Some(etag) = &known.etag {
            ask = ask.header(header::IF_NONE_MATCH, etag);
        }
        if let Some(modified) = &known.modified {
            ask = ask.header(header::IF_MODIFIED_SINCE, modified);
        }
        let answer = ask.call()?;
        let location = answer.headers().get(header::LOCATION).map(|v| String::from_utf8_lossy(v.as_bytes()).into_owned());
        Ok(match (answer.status().as_u16(), location) {
            (status @ (301 | 302 | 303 | 307 | 308), Some(location)) => Answer::Redirect { status, location },
            _ => Answer::Final(answer),
        })
    }

    /// Waits until the host may be asked again.
    fn pause(&mut self, at: &Url) {
        let host = origin(at);
        let asked_for = self.robots.get(&host).and_then(|(_, r)| r.crawl_delay()).unwrap_or_default().min(PATIENCE);
        let pause = self.manners.pause.max(asked_for);
        if let Some(last) = self.asked.get(&host) {
            sleep(pause.saturating_sub(last.elapsed()));
        }
        self.asked.insert(host, Instant::now());
    }

    /// E0222 where `robots.txt` of the host forbids the page, or the host cannot say.
    fn ask_leave(&mut self, at: &Url) -> Result<()> {
        let host = origin(at);
        if self.robots.get(&host).is_none_or(|(asked, _)| asked.elapsed() > ROBOTS_HOLD) {
            let rules = self.rules(at)?;
            self.robots.insert(host.clone(), (Instant::now(), rules));
        }
        if self.robots.get(&host).is_some_and(|(_, r)| r.is_url_allowed(at)) {
            return Ok(());
        }
        Err(Error::new(
            "E0222",
            "the robots.txt of this host does not allow it",
            at.as_str(),
            "read it in a browser, save it, and name the file",
        ))
    }

    /// What a host's `robots.txt` says, by RFC 9309: none allows all, one that a failing server withholds allows nothing.
    fn rules(&mut self, at: &Url) -> Result<Robots> {
        let crawler = Crawler::Prefix(NAME);
        let mut robots = at.clone();
        robots.set_path("/robots.txt");
        robots.set_query(None);
        robots.set_fragment(None);
        for _ in 0..=REDIRECTS {
            match self.patiently(&robots, &Validators::default())? {
                Answer::Redirect { location, .. } => match robots.join(&location).ok().and_then(|u| parse(u.as_str()).ok()) {
                    Some(next) => robots = next,
                    None => return Ok(Robots::from_access(AccessResult::Unavailable, crawler)),
                },
                Answer::Final(answer) => {
                    let access = match answer.status().as_u16() {
                        200..=299 => {
                            let encodings =
                                answer.headers().get(header::CONTENT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or("").to_owned();
                            let mut raw = Vec::new();
                            let reader = answer.into_body().into_with_config().limit(u64::MAX).reader();
                            let body = reader.take(ROBOTS as u64).read_to_end(&mut raw).map_err(|e| unreachable(&robots, &e.to_string()));
                            let text = body.and_then(|_| page::decode(&encodings, &raw, ROBOTS, robots.as_str()));
                            return Ok(text.map_or_else(|_| Robots::disallow_all(), |t| Robots::parse(&t, crawler)));
                        }
                        500..=599 | 429 => AccessResult::Unreachable,
                        _ => AccessResult::Unavailable,
                    };
                    return Ok(Robots::from_access(access, crawler));
                }
            }
        }
        Ok(Robots::from_access(AccessResult::TooManyRedirects, crawler))
    }
}

/// The certificates that this machine trusts; `SSL_CERT_FILE` and `SSL_CERT_DIR` name others.
fn tls() -> TlsConfig {
    let found = rustls_native_certs::load_native_certs().certs;
    let roots: Vec<Certificate<'static>> = found.iter().map(|c| Certificate::from_der(c.as_ref()).to_owned()).collect();
    TlsConfig::builder()
        .root_certs(RootCerts::new_with_certs(&roots))
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .build()
}

/// An address of the web without a part that servers never see, or E0220.
fn parse(url: &str) -> Result<Url> {
    let bad = |what: &str| Error::new("E0220", what, url, "write the whole address, beginning with http:// or https://");
    let mut parsed = Url::parse(url.trim()).map_err(|_| bad("this is no address"))?;
    if !matches!(parsed.scheme(), "http" | "https") || parsed.host_str().is_none_or(str::is_empty) {
        return Err(bad("this is no address of the web"));
    }
    parsed.set_fragment(None);
    Ok(parsed)
}

/// Scheme, host and port: what has one `robots.txt`.
fn origin(at: &Url) -> String {
    at.origin().ascii_serialization()
}

fn bad_redirect(url: &str, location: &str) -> Error {
    Error::new("E0226", format!("it sends on to {location:?}, which is no address"), url, "open it in a browser, and name where it ends")
}

fn unreachable(at: &Url, why: &str) -> Error {
    Error::new(
        "E0223",
        format!("the page could not be fetched: {why}"),
        at.as_str(),
        "check the address and the connection; try again later",
    )
}

/// Whether asking again can help.
fn again(e: &ureq::Error) -> bool {
    matches!(
        e,
        ureq::Error::Io(_) | ureq::Error::Timeout(_) | ureq::Error::ConnectionFailed | ureq::Error::Protocol(_) | ureq::Error::BodyStalled
    )
}

fn said(at: &Url, e: &ureq::Error) -> Error {
    if let ureq::Error::Other(inner) = e
        && let Some(refused) = inner.downcast_ref::<Refused>()
    {
        return Error::new("E0221", refused.to_string(), at.as_str(), "if it is meant, allow it with --private-addresses");
    }
    unreachable(at, &e.to_string())
}
