//! `chancery schema`: the JSON Schema of the record, and the Arrow schema of exported events, made from the types themselves.

use crate::cli::{SchemaArgs, SchemaOf};
use crate::read::output;
use crate::{Outcome, Result};
use chancery::Record;
use chancery::record::SCHEMA;
use chancery_ledger::frame::arrow_schema;
use chancery_ledger::query::EVENT_COLUMNS;
use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

/// Prints a schema.
pub fn run(args: &SchemaArgs) -> Result<Outcome> {
    let text = match args.of {
        SchemaOf::Record => text(),
        SchemaOf::Events => events(),
    };
    output::print(text.as_bytes())
}

/// The Arrow schema of exported events as it is kept in `schema/events.arrow.json`: one field a line, in the order of the columns.
pub fn events() -> String {
    let schema = arrow_schema(EVENT_COLUMNS);
    let fields = schema.fields().iter().map(|f| json!({"name": f.name(), "type": f.data_type().to_string(), "nullable": f.is_nullable()}));
    let lines: Vec<String> = fields.map(|f| f.to_string()).collect();
    format!("[\n{}\n]\n", lines.join(",\n"))
}

/// The schema as it is kept in `schema/record.schema.json`.
pub fn text() -> String {
    format!("{:#}\n", value())
}

/// The schema of a record as it is written: every field is there, null where nothing is known.
pub fn value() -> Value {
    let schema = SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<Record>();
    let mut value = schema.to_value();
    if let Some(schema) = value.as_object_mut() {
        schema.insert("$id".to_owned(), json!(format!("https://github.com/chancery/chancery/schema/{SCHEMA}")));
        schema.insert("title".to_owned(), json!(SCHEMA));
        schema.insert("description".to_owned(), json!("The record of one report. Spans are [start,end) in UTF-8 bytes of report.text."));
    }
    if let Some(id) = value.pointer_mut("/properties/schema") {
        *id = json!({"const": SCHEMA});
    }
    value
}
