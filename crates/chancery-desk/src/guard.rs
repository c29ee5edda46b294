//! What stands before every answer: who may ask, how, and what browsers may do with what they get.

use crate::Error;
use crate::pool::Desk;
use crate::reply::failed;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// Nothing from elsewhere, no script, no inline style, in nobody's frame.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/// Longest address.
const LONGEST: usize = 8_000;
const COOKIE: &str = "chancery-token";

/// Checks the request, answers "nothing changed" where that is so, and sends every answer with its safety headers.
pub async fn guard(State(desk): State<Arc<Desk>>, request: Request, next: Next) -> Response {
    let for_program = request.uri().path().starts_with("/api/");
    let mut response = match check(&desk, &request) {
        Ok(Pass::Free) => answer(&desk, request, next, for_program).await,
        Ok(Pass::Enter(token)) => enter(&request, &token),
        Err(e) => failed(&e, for_program),
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    response
}

async fn answer(desk: &Arc<Desk>, request: Request, next: Next, for_program: bool) -> Response {
    if request.method() == Method::POST {
        let mut response = next.run(request).await;
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        return response;
    }
    let mark = match desk.mark(&request.uri().to_string()) {
        Ok(mark) => mark,
        Err(e) => return failed(&e, for_program),
    };
    let asked = request.headers().get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok()).unwrap_or("");
    let unchanged = asked.split(',').any(|tag| tag.trim().trim_start_matches("W/") == mark);
    let mut response = if unchanged { StatusCode::NOT_MODIFIED.into_response() } else { next.run(request).await };
    if matches!(response.status(), StatusCode::OK | StatusCode::NOT_MODIFIED)
        && let Ok(mark) = HeaderValue::from_str(&mark)
    {
        response.headers_mut().insert(header::ETAG, mark);
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    }
    response
}

enum Pass {
    Free,
    /// The token was in the address: it goes into a cookie, and out of the address.
    Enter(String),
}

fn check(desk: &Desk, request: &Request) -> Result<Pass, Error> {
    match *request.method() {
        Method::GET | Method::HEAD => {}
        // The one form that sends more than an address holds. Nothing is kept of it.
        Method::POST if request.uri().path() == "/paste" => own(request)?,
        _ => return Err(Error::new("E0605", "the desk only answers questions", request.method().to_string(), "use GET")),
    }
    if request.uri().to_string().len() > LONGEST {
        return Err(Error::new("E0606", "this address is too long", "", "ask for less at once"));
    }
    let Some(token) = &desk.settings.token else {
        // Only this machine can reach the desk. A page elsewhere whose name was bent to this machine still says its own name here.
        let host = request.headers().get(header::HOST).and_then(|h| h.to_str().ok()).unwrap_or("");
        if local(host) {
            return Ok(Pass::Free);
        }
        return Err(Error::new(
            "E0603",
            "the desk does not go by this name",
            host,
            "open it as http://127.0.0.1 or http://localhost with its port",
        ));
    };
    let given = request.uri().query().and_then(|q| q.split('&').find_map(|p| p.strip_prefix("token=")));
    if let Some(given) = given {
        return if same(given, token) { Ok(Pass::Enter(token.clone())) } else { Err(stranger()) };
    }
    if brought(request.headers()).iter().any(|g| same(g, token)) { Ok(Pass::Free) } else { Err(stranger()) }
}

/// A form of the desk's own pages: browsers say where a form was sent from.
fn own(request: &Request) -> Result<(), Error> {
    let header = |name: &str| request.headers().get(name).and_then(|v| v.to_str().ok());
    let from = header("origin").map(|o| o.split_once("://").map_or(o, |o| o.1));
    let elsewhere = from.is_some_and(|f| Some(f) != header("host"));
    if elsewhere || header("sec-fetch-site").is_some_and(|s| s != "same-origin") {
        return Err(forged());
    }
    Ok(())
}

/// E0607: a form that did not come from a page of this desk.
pub fn forged() -> Error {
    Error::new("E0607", "this form was not sent from a page of the desk", "", "open the page again and send it from there")
}

fn stranger() -> Error {
    Error::new("E0604", "this desk asks for its token", "", "open the address that `chancery serve` printed, or send it as a bearer token")
}

/// A name of this machine with or without a port.
fn local(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or(""),
        None => host.split(':').next().unwrap_or(""),
    };
    name.eq_ignore_ascii_case("localhost") || name.parse::<std::net::IpAddr>().is_ok_and(|a| a.is_loopback())
}

/// Tokens in cookie and authorization.
fn brought(headers: &HeaderMap) -> Vec<&str> {
    let texts = |name| headers.get_all(name).iter().filter_map(|v| v.to_str().ok());
    let cookies = texts(header::COOKIE).flat_map(|c| c.split(';')).filter_map(|c| c.trim().strip_prefix(COOKIE)?.strip_prefix('='));
    cookies.chain(texts(header::AUTHORIZATION).filter_map(|a| a.strip_prefix("Bearer "))).collect()
}

/// Equal, in a time that does not tell where they differ.
pub fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |d, (x, y)| d | (x ^ y)) == 0
}

fn enter(request: &Request, token: &str) -> Response {
    let rest: Vec<&str> = request.uri().query().unwrap_or("").split('&').filter(|p| !p.starts_with("token=")).collect();
    let rest = rest.join("&");
    // Two slashes would lead to another host.
    let path = format!("/{}", request.uri().path().trim_start_matches('/'));
    let to = if rest.is_empty() { path } else { format!("{path}?{rest}") };
    let cookie = format!("{COOKIE}={token}; HttpOnly; SameSite=Strict; Path=/");
    (StatusCode::SEE_OTHER, [(header::LOCATION, to), (header::SET_COOKIE, cookie)]).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_this_machine() {
        for host in ["127.0.0.1:8080", "localhost", "LOCALHOST:1", "[::1]:8080", "127.0.0.2"] {
            assert!(local(host), "{host}");
        }
        for host in ["", "evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "[::2]", "192.168.0.1"] {
            assert!(!local(host), "{host}");
        }
    }
}
