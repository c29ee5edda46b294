//! `chancery schema`: the JSON Schema of the record, made from the types themselves.

use crate::read::output;
use crate::{Outcome, Result};
use chancery::Record;
use chancery::record::SCHEMA;
use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

/// Prints the schema.
pub fn run() -> Result<Outcome> {
    output::print(text().as_bytes())
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
