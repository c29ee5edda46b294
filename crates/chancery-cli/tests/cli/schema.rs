//! The schema in the repository is that of the types, and real records keep to it.

use crate::support::{chancery, records, root};
use chancery_cli::schema;
use serde_json::{Value, json};

#[test]
fn the_schema_in_the_repository_is_that_of_the_types() {
    let path = root().join("schema/record.schema.json");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, schema::text()).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert!(kept == schema::text(), "{} is not that of the types: if the change is meant, run `just update`", path.display());
}

#[test]
fn the_columns_in_the_repository_are_those_of_exported_events() {
    let path = root().join("schema/events.arrow.json");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, schema::events()).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert!(kept == schema::events(), "{} is not that of the columns: if the change is meant, run `just update`", path.display());
    let output = chancery(&["schema", "events"], b"");
    assert_eq!(output.stdout, schema::events().into_bytes());
    let fields: Value = serde_json::from_str(&kept).unwrap();
    assert_eq!(fields[0], json!({"name": "id", "type": "Utf8", "nullable": true}));
}

#[test]
fn records_of_all_samples_keep_to_the_schema() {
    let output = chancery(&["read", "samples", "--format", "jsonl"], b"");
    let records = records(&output);
    assert!(records.len() >= 8, "{} records", records.len());
    for record in &records {
        check(&schema::value(), record).unwrap_or_else(|e| panic!("{e}"));
    }
}

#[test]
fn what_breaks_the_schema_is_found() {
    let schema = schema::value();
    let output = chancery(&["read", "-"], b"President Putin met President Xi in Moscow on Friday.");
    let good = records(&output).remove(0);
    assert_eq!(check(&schema, &good), Ok(()));
    let broken: [(&str, Value); 6] = [
        ("/schema", json!("chancery.record/2")),
        ("/report/id", json!(7)),
        ("/report/blocks/0/kind", json!("advert")),
        ("/report/blocks/0/span", json!([1])),
        ("/sentences/0/block", json!(-1)),
        ("/events", json!(null)),
    ];
    for (path, value) in broken {
        let mut bad = good.clone();
        *bad.pointer_mut(path).unwrap_or_else(|| panic!("{path} is there")) = value;
        assert!(check(&schema, &bad).is_err(), "{path} passed");
    }
    let mut bad = good;
    bad["report"].as_object_mut().unwrap().remove("published");
    assert!(check(&schema, &bad).is_err(), "a missing field passed");
}

/// Checks a value against a schema of the keywords that ours uses; any other keyword is an error, not passed over.
fn check(schema: &Value, value: &Value) -> Result<(), String> {
    at(schema, schema, value, "record")
}

fn at(root: &Value, schema: &Value, value: &Value, path: &str) -> Result<(), String> {
    let Some(rules) = schema.as_object() else {
        return if schema == &json!(true) { Ok(()) } else { Err(format!("{path}: not allowed")) };
    };
    let fail = |what: String| Err(format!("{path}: {what}"));
    for (keyword, rule) in rules {
        match keyword.as_str() {
            "$schema" | "$id" | "$defs" | "title" | "description" | "default" => {}
            "$ref" => {
                let pointer = rule.as_str().and_then(|r| r.strip_prefix('#')).ok_or("a reference within the schema")?;
                at(root, root.pointer(pointer).ok_or_else(|| format!("no {pointer} in the schema"))?, value, path)?;
            }
            "type" => {
                let types: Vec<&str> =
                    rule.as_array().map_or_else(|| rule.as_str().into_iter().collect(), |a| a.iter().filter_map(Value::as_str).collect());
                if !types.iter().any(|t| is(t, value)) {
                    return fail(format!("{value} is no {types:?}"));
                }
            }
            "enum" if !rule.as_array().is_some_and(|a| a.contains(value)) => return fail(format!("{value} is none of {rule}")),
            "const" if rule != value => return fail(format!("{value} is not {rule}")),
            "enum" | "const" => {}
            "required" => {
                if let (Some(names), Some(object)) = (rule.as_array(), value.as_object())
                    && let Some(missing) = names.iter().filter_map(Value::as_str).find(|n| !object.contains_key(*n))
                {
                    return fail(format!("{missing} is missing"));
                }
            }
            "properties" => {
                for (name, rule) in rule.as_object().into_iter().flatten() {
                    if let Some(v) = value.get(name) {
                        at(root, rule, v, &format!("{path}.{name}"))?;
                    }
                }
            }
            "items" => {
                for (i, v) in value.as_array().into_iter().flatten().enumerate() {
                    at(root, rule, v, &format!("{path}[{i}]"))?;
                }
            }
            "minItems" if value.as_array().is_some_and(|a| (a.len() as u64) < rule.as_u64().unwrap_or(0)) => {
                return fail("too short".into());
            }
            "maxItems" if value.as_array().is_some_and(|a| (a.len() as u64) > rule.as_u64().unwrap_or(0)) => {
                return fail("too long".into());
            }
            "minItems" | "maxItems" => {}
            "minimum" if value.as_f64() < rule.as_f64() && value.is_number() => return fail(format!("{value} is below {rule}")),
            "maximum" if value.as_f64() > rule.as_f64() && value.is_number() => return fail(format!("{value} is above {rule}")),
            "minimum" | "maximum" | "format" => {}
            "anyOf" => {
                let choices = rule.as_array().map(Vec::as_slice).unwrap_or_default();
                let errors: Vec<String> = choices.iter().filter_map(|c| at(root, c, value, path).err()).collect();
                if errors.len() == choices.len() {
                    return Err(errors.join(", and "));
                }
            }
            other => return Err(format!("{path}: this test does not know the keyword {other}")),
        }
    }
    Ok(())
}

fn is(kind: &str, value: &Value) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        _ => false,
    }
}
