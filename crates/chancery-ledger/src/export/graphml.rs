//! GraphML: a network of countries. An edge counts the events of a pair by month, type and status; an event
//! that makes several edges shares its weight among them.

use super::Writer;
use super::gate::Told;
use super::tables::country_name;
use crate::error::Result;
use crate::frame::{Out, unwritable};
use crate::query::Party;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufWriter, Write};

type Edge = (String, String, String, &'static str, &'static str);

pub struct Graphml<'a> {
    out: BufWriter<Out<'a>>,
    nodes: BTreeSet<String>,
    /// Events, weight, sum of Goldstein scores and how many have one.
    edges: BTreeMap<Edge, (u64, f64, f64, u64)>,
}

impl<'a> Graphml<'a> {
    pub fn new(out: Out<'a>) -> Self {
        Graphml { out: BufWriter::new(out), nodes: BTreeSet::new(), edges: BTreeMap::new() }
    }

    fn write(&mut self) -> std::io::Result<()> {
        let out = &mut self.out;
        out.write_all(HEAD.as_bytes())?;
        for node in &self.nodes {
            writeln!(out, "<node id=\"{0}\"><data key=\"name\">{1}</data></node>", escape(node), escape(country_name(node)))?;
        }
        for ((a, b, month, kind, status), (n, weight, goldstein, scored)) in &self.edges {
            write!(out, "<edge source=\"{}\" target=\"{}\">", escape(a), escape(b))?;
            if !month.is_empty() {
                write!(out, "<data key=\"month\">{month}</data>")?;
            }
            write!(out, "<data key=\"type\">{kind}</data><data key=\"status\">{status}</data><data key=\"events\">{n}</data>")?;
            write!(out, "<data key=\"weight\">{weight}</data>")?;
            if *scored > 0 {
                write!(out, "<data key=\"goldstein_mean\">{}</data><data key=\"goldstein_n\">{scored}</data>", goldstein / *scored as f64)?;
            }
            out.write_all(b"</edge>\n")?;
        }
        out.write_all(b"</graph>\n</graphml>\n")?;
        out.flush()
    }
}

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
<key id="name" for="node" attr.name="name" attr.type="string"/>
<key id="month" for="edge" attr.name="month" attr.type="string"/>
<key id="type" for="edge" attr.name="type" attr.type="string"/>
<key id="status" for="edge" attr.name="status" attr.type="string"/>
<key id="events" for="edge" attr.name="events" attr.type="long"/>
<key id="weight" for="edge" attr.name="weight" attr.type="double"/>
<key id="goldstein_mean" for="edge" attr.name="goldstein_mean" attr.type="double"/>
<key id="goldstein_n" for="edge" attr.name="goldstein_n" attr.type="long"/>
<graph edgedefault="directed">
"#;

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

impl Writer for Graphml<'_> {
    fn event(&mut self, told: &Told<'_>) -> Result<u64> {
        // Parties of one country are one node: a pair of countries counts once an event.
        let country = |p: Option<&Party>| p.and_then(|p| p.actor.country.clone());
        let ways: BTreeSet<(String, String)> = told.pairs().into_iter().filter_map(|(s, t)| Some((country(s)?, country(t)?))).collect();
        let weight = 1.0 / ways.len().max(1) as f64;
        let rows = ways.len() as u64;
        for (a, b) in ways {
            self.nodes.extend([a.clone(), b.clone()]);
            let month = told.month.unwrap_or("").to_owned();
            let counts = self.edges.entry((a, b, month, told.kind.as_str(), told.e.status.as_str())).or_default();
            counts.0 += 1;
            counts.1 += weight;
            if let Some(g) = told.goldstein {
                counts.2 += g;
                counts.3 += 1;
            }
        }
        Ok(rows)
    }
    fn finish(&mut self) -> Result<()> {
        self.write().map_err(|e| unwritable(&e))
    }
}
