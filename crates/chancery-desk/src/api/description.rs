//! The OpenAPI description, made from the tables that requests are checked by and rows are written by.

use super::{DYAD, List};
use crate::Result;
use crate::ask::{Parameter, Takes};
use crate::reply::Reply;
use crate::serve::Room;
use chancery_ledger::frame::{Column, Kind};
use chancery_ledger::query::COUNT_COLUMNS;
use serde_json::{Map, Value, json};

/// What values a parameter takes.
pub fn schema(p: &Parameter) -> Value {
    match p.kind {
        Takes::Text => json!({"type": "string", "maxLength": 1000}),
        Takes::Day => json!({"type": "string", "format": "date"}),
        Takes::Number => json!({"type": "integer", "minimum": 1, "maximum": 1000}),
        Takes::OneOf(all) => json!({"type": "string", "enum": all}),
    }
}

fn parameter(p: &Parameter) -> Value {
    json!({"name": p.name, "in": "query", "description": p.about, "schema": schema(p)})
}

/// One row with these columns.
fn row(columns: &[Column]) -> Value {
    let mut fields = Map::new();
    for c in columns {
        let kind = match c.kind {
            Kind::Text => json!({"type": ["string", "null"]}),
            Kind::Date => json!({"type": ["string", "null"], "format": "date"}),
            Kind::Int => json!({"type": ["integer", "null"]}),
            Kind::Float => json!({"type": ["number", "null"]}),
            Kind::Bool => json!({"type": ["boolean", "null"]}),
        };
        fields.insert(c.name.to_string(), kind);
    }
    let names: Vec<&str> = columns.iter().map(|c| c.name.as_ref()).collect();
    json!({"type": "object", "properties": fields, "required": names})
}

fn answers(media: Value) -> Value {
    let problem = |about: &str| json!({"description": about, "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}});
    json!({
        "200": {"description": "What was asked for", "headers": {"ETag": {"schema": {"type": "string"}}}, "content": media},
        "304": {"description": "Nothing has changed since"},
        "400": problem("A parameter is wrong"),
        "401": problem("The desk asks for its token"),
        "404": problem("There is no such thing"),
        "414": problem("The address is too long"),
        "421": problem("The desk does not go by this name"),
        "503": problem("The ledger is busy, or the question took too long"),
    })
}

fn list(summary: &str, id: &str, columns: &[Column], parameters: &[&[Parameter]]) -> Value {
    let all: Vec<Value> = parameters.iter().copied().flatten().map(parameter).collect();
    let page = json!({"type": "object", "properties": {"items": {"type": "array", "items": row(columns)}, "next": {"type": ["string", "null"]}},
        "required": ["items", "next"]});
    let mut media = Map::new();
    media.insert("application/json".to_owned(), json!({"schema": page}));
    if parameters.iter().copied().flatten().any(|p| p.name == "format") {
        media.insert("application/x-ndjson".to_owned(), json!({"schema": row(columns)}));
    }
    json!({"get": {"operationId": id, "summary": summary, "parameters": all, "responses": answers(media.into())}})
}

pub fn document(room: &Room<'_>) -> Result<Reply> {
    room.ask.check(&[])?;
    let of = |which: List, summary: &str, id: &str| list(summary, id, which.columns(), which.parameters());
    let record =
        json!({"application/json": {"schema": {"type": "object", "description": "chancery.record/1, as `chancery schema` describes it"}}});
    let id = json!([{"name": "id", "in": "path", "required": true, "schema": {"type": "string"},
        "description": "Id of a report: 32 hexadecimal digits, or the first 8 at least"}]);
    let text = json!({"type": "string"});
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "Chancery", "version": "1", "description": "Events, statements and reports of a ledger. Read-only.",
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"}},
        "paths": {
            "/api/v1/events": of(List::Events, "Events that fit", "events"),
            "/api/v1/statements": of(List::Statements, "Statements that fit: source speaks, target is spoken to", "statements"),
            "/api/v1/happenings": of(List::Happenings, "What several reports tell of one thing", "happenings"),
            "/api/v1/dyad": list("Counts of the events that fit, by period", "dyad", COUNT_COLUMNS, DYAD),
            "/api/v1/reports/{id}": {"get": {"operationId": "report", "summary": "The whole record of a report", "parameters": id, "responses": answers(record)}},
        },
        "components": {"schemas": {"Problem": {"type": "object", "required": ["type", "title", "status", "code", "detail", "place", "remedy"],
            "properties": {"type": text, "title": text, "status": {"type": "integer"}, "code": text, "detail": text, "place": text, "remedy": text}}}},
    });
    Ok(Reply::json(document.to_string().into_bytes()))
}
