//! Feeds, web archives, and what holds other files: good, broken and made to do harm.

use crate::support::{chancery, records, stderr};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::Output;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::default());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

fn file(name: &str, bytes: &[u8]) -> PathBuf {
    let path = std::env::temp_dir().join(format!("chancery-intake-{}-{name}", std::process::id()));
    fs::write(&path, bytes).unwrap();
    path
}

fn read(name: &str, bytes: &[u8]) -> Output {
    let path = file(name, bytes);
    let output = chancery(&["read", path.to_str().unwrap()], b"");
    let _ = fs::remove_file(path);
    output
}

/// The texts of the records, line by line.
fn texts(output: &Output) -> Vec<String> {
    records(output).iter().map(|r| r["report"]["text"].as_str().unwrap().to_owned()).collect()
}

fn response(url: &str, page: &str) -> Vec<u8> {
    let answer = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{page}");
    format!("WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nContent-Length: {}\r\n\r\n{answer}\r\n\r\n", answer.len())
        .into_bytes()
}

#[test]
fn a_web_archive_is_read_past_what_is_broken() {
    let info = b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 4\r\n\r\nx: y\r\n\r\n".to_vec();
    let broken = b"WARC/1.0\r\nWARC-Type: response\r\n\r\nlost bytes\r\nand more\r\n\r\n".to_vec();
    let parts = [info, response("https://a.example/1", "<p>One was read."), broken, response("https://a.example/2", "<p>Two was read.")];
    let members: Vec<u8> = parts.iter().flat_map(|p| gzip(p)).collect();
    for (name, bytes) in [("a.warc", parts.concat()), ("a.warc.gz", members)] {
        let output = read(name, &bytes);
        assert_eq!(texts(&output), ["One was read.", "Two was read."], "{}", stderr(&output));
        assert_eq!(output.status.code(), Some(1));
        assert!(stderr(&output).contains("E0206"), "{}", stderr(&output));
        assert_eq!(records(&output)[1]["report"]["url"], "https://a.example/2");
    }
    let whole = response("https://a.example/1", "<p>One was read.");
    let cut = read("cut.warc", &[whole.as_slice(), &whole[..whole.len() - 9]].concat());
    assert_eq!((texts(&cut).len(), cut.status.code()), (1, Some(1)), "{}", stderr(&cut));
}

#[test]
fn feeds_give_a_report_an_entry() {
    let rss = r#"<?xml version="1.0"?><rss version="2.0"><channel><title>The Outlet</title><link>https://a.example</link><description>d</description>
        <item><title>T</title><link>https://a.example/1</link><guid>g1</guid><pubDate>Tue, 21 May 2024 08:30:00 GMT</pubDate>
        <description>&lt;p&gt;The minister &amp;amp; his aide said no.&lt;/p&gt;</description></item></channel></rss>"#;
    let atom = r#"<feed xmlns="http://www.w3.org/2005/Atom"><title>The Outlet</title><id>f</id><updated>2024-05-21T08:30:00Z</updated>
        <entry><title>T</title><id>g1</id><link href="https://a.example/1"/><updated>2024-05-21T08:30:00Z</updated><content type="html">&lt;p&gt;The minister &amp;amp; his aide said no.&lt;/p&gt;</content></entry></feed>"#;
    let json = r#"{"version": "https://jsonfeed.org/version/1.1", "title": "The Outlet", "items": [{"id": "g1", "url": "https://a.example/1", "title": "T",
        "content_html": "<p>The minister &amp; his aide said no.</p>", "date_published": "2024-05-21T08:30:00Z"}]}"#;
    for (name, feed) in [("a.rss", rss), ("a.atom", atom), ("a.json", json)] {
        let output = read(name, feed.as_bytes());
        let records = records(&output);
        assert_eq!(texts(&output), ["The minister & his aide said no."], "{name}: {}", stderr(&output));
        let report = &records[0]["report"];
        assert_eq!((report["published"].as_str(), report["url"].as_str()), (Some("2024-05-21"), Some("https://a.example/1")), "{name}");
        assert_eq!((report["title"].as_str(), report["outlet"].as_str()), (Some("T"), Some("The Outlet")), "{name}");
    }
    let output = read("b.rss", b"<rss version=\"2.0\"><channel><title>x");
    assert!(output.status.code() == Some(1) || records(&output).is_empty(), "{}", stderr(&output));
}

fn tarred(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = tar::Header::new_gnu();
        // Written as it is: the library itself refuses to make paths that lead out.
        header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(bytes.len() as u64);
        header.set_cksum();
        out.append(&header, *bytes).unwrap();
    }
    let mut link = tar::Header::new_gnu();
    link.set_entry_type(tar::EntryType::Symlink);
    link.set_size(0);
    out.append_link(&mut link, "link.txt", "/etc/hostname").unwrap();
    out.into_inner().unwrap()
}

#[test]
fn archives_are_read_where_they_lie() {
    let inner = gzip(b"{\"text\":\"Three was read.\"}\n{\"text\":\"Four was read.\"}\n");
    let members: &[(&str, &[u8])] =
        &[("../../one.txt", b"One was read."), ("/two.html", b"<p>Two was read."), ("in/three.jsonl.gz", &inner)];
    let tar = tarred(members);
    let expected = ["One was read.", "Two was read.", "Three was read.", "Four was read."];
    let output = read("a.tar", &tar);
    assert_eq!(texts(&output), expected, "{}", stderr(&output));
    assert_eq!(texts(&read("a.tar.gz", &gzip(&tar))), expected);
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    let zip = zip.finish().unwrap().into_inner();
    let output = read("a.zip", &zip);
    assert_eq!(texts(&output), expected, "{}", stderr(&output));
    let broken = read("b.zip", &zip[..zip.len() / 2]);
    assert_eq!((broken.status.code(), records(&broken).len()), (Some(1), 0));
    let zst = zstd::encode_all(b"Five was read.".as_slice(), 1).unwrap();
    assert_eq!(texts(&read("a.txt.zst", &zst)), ["Five was read."]);
}

#[test]
fn what_expands_beyond_measure_is_refused() {
    let bomb = gzip(&vec![b'\n'; 300 << 20]);
    assert!(bomb.len() < 1 << 20);
    let output = read("bomb.gz", &bomb);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("expands to more than"), "{}", stderr(&output));
    let nested = (0..8).fold(b"text".to_vec(), |inner, _| gzip(&inner));
    let output = read("nested.gz", &nested);
    assert!(stderr(&output).contains("E0216"), "{}", stderr(&output));
}

/// A Parquet file of three rows: a number, words, a day; the last without words.
fn parquet() -> Vec<u8> {
    use parquet::basic::Compression;
    use parquet::data_type::{ByteArray, ByteArrayType, Int32Type, Int64Type};
    use parquet::file::properties::WriterProperties;
    use parquet::file::writer::SerializedFileWriter;
    use std::sync::Arc;
    let schema = "message news { required int64 nr; optional binary body (UTF8); optional int32 day (DATE); optional binary more (UTF8); }";
    let schema = Arc::new(parquet::schema::parser::parse_message_type(schema).unwrap());
    let properties = Arc::new(WriterProperties::builder().set_compression(Compression::SNAPPY).build());
    let mut out = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut out, schema, properties).unwrap();
    let words: Vec<ByteArray> = ["Moscow said no.", "Ankara said yes."].map(ByteArray::from).to_vec();
    let mut group = writer.next_row_group().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<Int64Type>().write_batch(&[7, 8, 9], None, None).unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<ByteArrayType>().write_batch(&words, Some(&[1, 1, 0]), None).unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<Int32Type>().write_batch(&[19_000], Some(&[1, 0, 0]), None).unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<ByteArrayType>().write_batch(&[], Some(&[0, 0, 0]), None).unwrap();
    column.close().unwrap();
    group.close().unwrap();
    writer.close().unwrap();
    out
}

#[test]
fn parquet_gives_a_report_a_row() {
    let bytes = parquet();
    let named = ["--map", "text=body", "--map", "id=nr", "--map", "published=day"];
    for (name, bytes) in [("a.parquet", bytes.clone()), ("a.parquet.gz", gzip(&bytes))] {
        let path = file(name, &bytes);
        let output = chancery(&[&["read", path.to_str().unwrap()], named.as_slice()].concat(), b"");
        let _ = fs::remove_file(&path);
        assert_eq!(texts(&output), ["Moscow said no.", "Ankara said yes."], "{}", stderr(&output));
        let report = &records(&output)[0]["report"];
        assert_eq!((&report["given_id"], &report["published"]), (&"7".into(), &"2022-01-08".into()));
        assert_eq!(report["source"]["media_type"], "application/vnd.apache.parquet");
        // The third row has a number and no words.
        assert!(output.status.code() == Some(1) && stderr(&output).contains("record 3"), "{}", stderr(&output));
    }
}

#[test]
fn parquet_that_cannot_be_read_says_why() {
    let bytes = parquet();
    let said = |name: &str, bytes: &[u8], more: &[&str]| {
        let path = file(name, bytes);
        let output = chancery(&[&["read", path.to_str().unwrap()], more].concat(), b"");
        let _ = fs::remove_file(&path);
        assert_eq!(output.status.code(), Some(1));
        stderr(&output)
    };
    let cut = said("cut.parquet", &bytes[..bytes.len() - 20], &["--map", "text=body"]);
    assert!(cut.contains("E0214") && cut.contains("cut.parquet"), "{cut}");
    let nameless = said("b.parquet", &bytes, &[]);
    assert!(nameless.contains("E0204") && nameless.contains("nr, body, day, more"), "{nameless}");
    let other = said("c.parquet", b"id,text", &["--input", "parquet"]);
    assert!(other.contains("E0214"), "{other}");
}

#[test]
fn a_page_that_is_no_article_says_what_it_is() {
    let links: String = (0..20).map(|n| format!("<li><a href=/{n}>Ministers of {n} countries met on Monday</a>")).collect();
    let prose = "<p>Ministers of five countries met in Geneva on Monday and spoke of grain.</p>".repeat(12);
    for (page, kind) in [
        ("<title>404 - Page not found</title><p>Go to the front page.".to_owned(), "error"),
        (format!("<title>World</title><ul>{links}</ul>"), "list"),
        (format!("<title>Ministers meet</title><h1>Ministers meet</h1>{prose}<ul>{links}</ul>"), "article"),
        (format!("<title>Live updates: ministers meet</title>{prose}"), "live-blog"),
    ] {
        let output = read("kind.html", page.as_bytes());
        let record = &records(&output)[0];
        assert_eq!(record["report"]["page_kind"], kind, "{page}");
        let noted = record["diagnostics"].as_array().unwrap().iter().any(|d| d["code"] == "W0205");
        assert_eq!(noted, kind != "article", "{record}");
    }
    assert!(records(&read("plain.txt", b"Page not found"))[0]["report"]["page_kind"].is_null());
}
