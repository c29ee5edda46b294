//! The tools for assistants, spoken to as a client does: lines of JSON-RPC to the program's standard input.

use crate::support::{chancery, root};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

struct Client {
    child: Child,
    to: Option<ChildStdin>,
    from: BufReader<ChildStdout>,
    ledger: std::path::PathBuf,
    asked: u64,
}

impl Client {
    fn start(name: &str) -> Client {
        let ledger = std::env::temp_dir().join(format!("chancery-mcp-{}-{name}.db", std::process::id()));
        let samples = root().join("samples/wire-clean.txt");
        let added = chancery(&["add", samples.to_str().unwrap(), "--ledger", ledger.to_str().unwrap()], b"");
        assert!(added.status.success());
        let mut child = Command::new(env!("CARGO_BIN_EXE_chancery"))
            .args(["mcp", "--ledger", ledger.to_str().unwrap()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (to, from) = (child.stdin.take(), BufReader::new(child.stdout.take().unwrap()));
        let mut client = Client { child, to, from, ledger, asked: 0 };
        let hello = client.ask(
            "initialize",
            json!({"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}),
        );
        assert_eq!(hello["result"]["serverInfo"]["name"], "chancery");
        client.send(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}));
        client
    }
    fn send(&mut self, message: &Value) {
        writeln!(self.to.as_mut().unwrap(), "{message}").unwrap();
    }
    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.asked += 1;
        let id = self.asked;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        loop {
            let mut line = String::new();
            assert!(self.from.read_line(&mut line).unwrap() > 0, "the server closed");
            let answer: Value = serde_json::from_str(&line).unwrap();
            if answer["id"] == id {
                return answer;
            }
        }
    }
    /// What a tool says, and whether it is an error.
    fn call(&mut self, name: &str, arguments: Value) -> (String, bool) {
        let answer = self.ask("tools/call", json!({"name": name, "arguments": arguments}));
        let result = &answer["result"];
        (result["content"][0]["text"].as_str().unwrap_or("").to_owned(), result["isError"] == true)
    }
    fn told(&mut self, name: &str, arguments: Value) -> Value {
        let (text, wrong) = self.call(name, arguments);
        assert!(!wrong, "{text}");
        serde_json::from_str(&text).unwrap()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // A client that leaves closes the pipe; the program ends by itself.
        drop(self.to.take());
        assert!(self.child.wait().unwrap().success());
        let _ = std::fs::remove_file(&self.ledger);
    }
}

#[test]
fn an_assistant_searches_reads_and_explains() {
    let mut client = Client::start("reads");
    let tools = client.ask("tools/list", json!({}));
    let tools = tools["result"]["tools"].as_array().unwrap();
    let names: Vec<&str> = tools.iter().map(|t| t["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["search_events", "search_statements", "dyad_timeline", "read_report", "explain_event"]);
    assert!(tools.iter().all(|t| t["annotations"]["readOnlyHint"] == true && t["inputSchema"]["type"] == "object"), "{tools:?}");

    let found = client.told("search_events", json!({"a": "Kenya", "b": "Ethiopia", "limit": 1}));
    let event = &found["items"][0];
    assert!(found["next"].is_string() && event["report"].is_string(), "{found}");
    let more = client.told("search_events", json!({"a": "Kenya", "b": "Ethiopia", "limit": 1, "cursor": found["next"]}));
    assert_ne!(more["items"][0]["id"], event["id"]);

    let why = client.told("explain_event", json!({"event": event["id"]}));
    let trigger = why["event"]["trigger"]["text"].as_str().unwrap();
    assert!(why["sentence"].as_str().unwrap().contains(trigger) && why["event"]["rule"].is_string(), "{why}");
    let report = client.told("read_report", json!({"report": event["report"]}));
    assert!(report["report"]["text"].as_str().unwrap().contains(why["sentence"].as_str().unwrap()));
    let months = client.told("dyad_timeline", json!({"a": "Kenya", "b": "Ethiopia", "by": "year"}));
    assert!(!months["items"].as_array().unwrap().is_empty());
    assert!(!client.told("search_statements", json!({"limit": 5}))["items"].as_array().unwrap().is_empty());
}

#[test]
fn what_is_wrong_with_a_question_is_told_to_who_asked() {
    let mut client = Client::start("wrong");
    for (tool, arguments, said) in [
        ("search_events", json!({"colour": "red"}), "E0601"),
        ("search_events", json!({"since": "soon"}), "2022-12-31"),
        ("search_events", json!({"actor": "Nobody Anywhere"}), "E0510"),
        ("read_report", json!({}), "missing"),
        ("read_report", json!({"report": "../../etc/passwd"}), "E05"),
        ("explain_event", json!({"event": "'; DROP TABLE event; --"}), "E0510"),
    ] {
        let (text, wrong) = client.call(tool, arguments);
        assert!(wrong && text.contains(said), "{tool}: {text}");
    }
    assert!(
        client.ask("tools/call", json!({"name": "delete_everything", "arguments": {}}))["error"]["message"]
            .as_str()
            .unwrap()
            .contains("search_events")
    );
}
