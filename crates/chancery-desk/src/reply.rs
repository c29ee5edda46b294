//! Answers: a page, a file, or what went wrong, as a page for people and as problem+json for programs.

use crate::Error;
use crate::pages::shell;
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use maud::{Markup, html};

/// An answer before it is sent.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub media: &'static str,
    pub body: Vec<u8>,
    /// Name of a file to keep it as.
    pub file: Option<String>,
}

impl Reply {
    pub fn page(page: Markup) -> Reply {
        Reply { status: StatusCode::OK, media: "text/html; charset=utf-8", body: page.into_string().into_bytes(), file: None }
    }
    pub fn json(body: Vec<u8>) -> Reply {
        Reply { status: StatusCode::OK, media: "application/json", body, file: None }
    }
    pub fn csv(body: Vec<u8>, name: &str) -> Reply {
        Reply { status: StatusCode::OK, media: "text/csv; charset=utf-8", body, file: Some(format!("{name}.csv")) }
    }
    pub fn svg(image: Markup, name: &str) -> Reply {
        let body = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n", image.into_string()).into_bytes();
        Reply { status: StatusCode::OK, media: "image/svg+xml", body, file: Some(format!("{name}.svg")) }
    }
    pub fn send(self) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = self.status;
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(self.media));
        if let Some(name) = self.file {
            let plain: String =
                name.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' }).collect();
            if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{plain}\"")) {
                response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
            }
        }
        response
    }
}

/// The status that an error has on the web.
fn status(e: &Error) -> StatusCode {
    match e.code {
        "E0510" | "E0511" | "E0601" => StatusCode::BAD_REQUEST,
        "E0513" | "E0515" | "E0602" => StatusCode::NOT_FOUND,
        "E0603" => StatusCode::MISDIRECTED_REQUEST,
        "E0607" => StatusCode::FORBIDDEN,
        "E0608" => StatusCode::PAYLOAD_TOO_LARGE,
        "E0604" => StatusCode::UNAUTHORIZED,
        "E0605" => StatusCode::METHOD_NOT_ALLOWED,
        "E0606" => StatusCode::URI_TOO_LONG,
        "E0503" | "E0512" => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// What went wrong. Where the ledger lies on disk is no visitor's business.
pub fn failed(e: &Error, for_program: bool) -> Response {
    let status = status(e);
    let place = if e.code.starts_with("E050") { "" } else { e.place.as_str() };
    if for_program {
        let problem = serde_json::json!({
            "type": "about:blank", "title": status.canonical_reason(), "status": status.as_u16(), "code": e.code, "detail": e.what,
            "place": place, "remedy": e.remedy,
        });
        return Reply { status, media: "application/problem+json", body: problem.to_string().into_bytes(), file: None }.send();
    }
    let page = shell::page(
        "",
        status.canonical_reason().unwrap_or("Error"),
        html! {
            h1 { (sentence(&e.what)) }
            @if !place.is_empty() { p { "At " code { (place) } } }
            @if !e.remedy.is_empty() { p { (sentence(&e.remedy)) "." } }
            p { a href="/" { "Back to Today" } " · " span.dim { (e.code) } }
        },
    );
    Reply { status, ..Reply::page(page) }.send()
}

fn sentence(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}
