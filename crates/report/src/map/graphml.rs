//! GraphML (graphdrawing.org): a directed graph with typed attributes.

use super::Map;
use crate::figure::escape;
use std::fmt::Write;

/// Attributes: key, of what, type.
const KEYS: [(&str, &str, &str); 21] = [
    ("name", "node", "string"),
    ("kind", "node", "string"),
    ("identifiers", "node", "string"),
    ("made_by", "node", "string"),
    ("node_leaves_by", "node", "string"),
    ("receptors", "node", "string"),
    ("x", "node", "double"),
    ("y", "node", "double"),
    ("statement", "edge", "string"),
    ("effect", "edge", "string"),
    ("sign", "edge", "string"),
    ("tier", "edge", "string"),
    ("contested", "edge", "boolean"),
    ("direction", "edge", "string"),
    ("leaves_by", "edge", "string"),
    ("organisms", "edge", "string"),
    ("papers_for", "edge", "int"),
    ("groups_for", "edge", "int"),
    ("papers_against", "edge", "int"),
    ("groups_against", "edge", "int"),
    ("papers", "edge", "string"),
];

pub(super) fn document(map: &Map) -> String {
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
         xsi:schemaLocation=\"http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd\">\n",
    );
    let _ = writeln!(text, "  <!-- {} -->", escape(&map.citation).replace("--", "-"));
    for (key, of, kind) in KEYS {
        let name = key.strip_prefix("node_").unwrap_or(key);
        let _ = writeln!(text, "  <key id=\"{key}\" for=\"{of}\" attr.name=\"{name}\" attr.type=\"{kind}\"/>");
    }
    let _ = writeln!(text, "  <graph id=\"map\" edgedefault=\"directed\">");
    for it in &map.nodes {
        let _ = writeln!(text, "    <node id=\"{}\">", escape(&it.id));
        let (x, y) = it.at.map_or_else(Default::default, |(x, y)| (x.to_string(), y.to_string()));
        data(&mut text, "name", &it.name);
        data(&mut text, "kind", &it.kind);
        data(&mut text, "identifiers", &it.identifiers.join(" "));
        data(&mut text, "made_by", &it.made_by.join(" "));
        data(&mut text, "node_leaves_by", &it.leaves_by.join(" "));
        data(&mut text, "receptors", &it.receptors.join(" "));
        data(&mut text, "x", &x);
        data(&mut text, "y", &y);
        text.push_str("    </node>\n");
    }
    for it in &map.edges {
        let ends = (escape(&it.from), escape(&it.to));
        let _ = writeln!(text, "    <edge id=\"{}\" source=\"{}\" target=\"{}\">", escape(&it.id), ends.0, ends.1);
        data(&mut text, "statement", &it.id);
        data(&mut text, "effect", &it.effect);
        data(&mut text, "sign", it.sign.map_or("", |sign| if sign { "+" } else { "-" }));
        data(&mut text, "tier", &it.tier);
        data(&mut text, "contested", &it.contested.to_string());
        data(&mut text, "direction", &it.direction);
        data(&mut text, "leaves_by", &it.route);
        data(&mut text, "organisms", &it.organisms.join("; "));
        data(&mut text, "papers_for", &it.supports.0.to_string());
        data(&mut text, "groups_for", &it.supports.1.to_string());
        data(&mut text, "papers_against", &it.against.0.to_string());
        data(&mut text, "groups_against", &it.against.1.to_string());
        let papers: Vec<String> = it.papers.iter().map(|(name, address)| format!("{name} {address}")).collect();
        data(&mut text, "papers", papers.join("; ").trim());
        text.push_str("    </edge>\n");
    }
    text.push_str("  </graph>\n</graphml>\n");
    text
}

/// An attribute, unless it is empty.
fn data(text: &mut String, key: &str, value: &str) {
    if !value.is_empty() {
        let _ = writeln!(text, "      <data key=\"{key}\">{}</data>", escape(value));
    }
}
