//! CX2, the network format of Cytoscape and NDEx: a list of aspects, nodes and edges by number.

use super::Map;
use serde_json::{Value, json};

/// Cytoscape draws a millimeter of the page as so many units.
const UNITS_PER_MILLIMETER: f64 = 5.0;

pub(super) fn document(map: &Map) -> String {
    let number = |id: &str| map.nodes.iter().position(|node| node.id == id).unwrap_or(0);
    let nodes: Vec<Value> = map
        .nodes
        .iter()
        .enumerate()
        .map(|(i, it)| {
            let mut node = json!({
                "id": i,
                "v": {
                    "name": it.name,
                    "thing": it.id,
                    "kind": it.kind,
                    "identifiers": it.identifiers,
                    "made_by": it.made_by,
                    "leaves_by": it.leaves_by,
                    "receptors": it.receptors,
                },
            });
            if let Some((x, y)) = it.at {
                node["x"] = json!(x * UNITS_PER_MILLIMETER);
                node["y"] = json!(y * UNITS_PER_MILLIMETER);
            }
            node
        })
        .collect();
    let edges: Vec<Value> = map
        .edges
        .iter()
        .enumerate()
        .map(|(i, it)| {
            json!({
                "id": i,
                "s": number(&it.from),
                "t": number(&it.to),
                "v": {
                    "name": it.id,
                    "interaction": it.effect,
                    "sign": it.sign.map_or("?", |sign| if sign { "+" } else { "-" }),
                    "tier": it.tier,
                    "contested": it.contested,
                    "direction": it.direction,
                    "leaves_by": it.route,
                    "organisms": it.organisms,
                    "papers_for": it.supports.0,
                    "groups_for": it.supports.1,
                    "papers_against": it.against.0,
                    "groups_against": it.against.1,
                    "papers": it.papers.iter().map(|(name, address)| format!("{name} {address}")).collect::<Vec<_>>(),
                },
            })
        })
        .collect();
    let named = |names: &[(&str, &str)]| -> Value {
        names
            .iter()
            .map(|(name, kind)| (name.to_string(), json!({ "d": kind })))
            .collect::<serde_json::Map<_, _>>()
            .into()
    };
    let aspects = json!([
        { "CXVersion": "2.0", "hasFragments": false },
        { "metaData": [
            { "name": "attributeDeclarations", "elementCount": 1 },
            { "name": "networkAttributes", "elementCount": 1 },
            { "name": "nodes", "elementCount": nodes.len() },
            { "name": "edges", "elementCount": edges.len() },
            { "name": "visualProperties", "elementCount": 1 },
        ] },
        { "attributeDeclarations": [{
            "networkAttributes": named(&[("name", "string"), ("description", "string")]),
            "nodes": named(&[
                ("name", "string"), ("thing", "string"), ("kind", "string"), ("identifiers", "list_of_string"),
                ("made_by", "list_of_string"), ("leaves_by", "list_of_string"), ("receptors", "list_of_string"),
            ]),
            "edges": named(&[
                ("name", "string"), ("interaction", "string"), ("sign", "string"), ("tier", "string"),
                ("contested", "boolean"), ("direction", "string"), ("leaves_by", "string"),
                ("organisms", "list_of_string"), ("papers_for", "integer"), ("groups_for", "integer"),
                ("papers_against", "integer"), ("groups_against", "integer"), ("papers", "list_of_string"),
            ]),
        }] },
        { "networkAttributes": [{ "name": map.title, "description": map.citation }] },
        { "nodes": nodes },
        { "edges": edges },
        // Signs are told by arrow and dash as well as by color.
        { "visualProperties": [{
            "default": {
                "node": { "NODE_SHAPE": "round-rectangle", "NODE_BACKGROUND_COLOR": "#FFFFFF", "NODE_BORDER_WIDTH": 1 },
                "edge": { "EDGE_TARGET_ARROW_SHAPE": "triangle", "EDGE_WIDTH": 1.5 },
            },
            "nodeMapping": { "NODE_LABEL": { "type": "PASSTHROUGH", "definition": { "attribute": "name", "type": "string" } } },
            "edgeMapping": {
                "EDGE_TARGET_ARROW_SHAPE": { "type": "DISCRETE", "definition": { "attribute": "sign", "type": "string", "map": [
                    { "v": "+", "vp": "triangle" }, { "v": "-", "vp": "tee" }, { "v": "?", "vp": "circle" },
                ] } },
                "EDGE_LINE_COLOR": { "type": "DISCRETE", "definition": { "attribute": "sign", "type": "string", "map": [
                    { "v": "+", "vp": "#0072B2" }, { "v": "-", "vp": "#D55E00" }, { "v": "?", "vp": "#777777" },
                ] } },
            },
        }] },
        { "status": [{ "success": true }] },
    ]);
    serde_json::to_string_pretty(&aspects).unwrap_or_else(|_| "[]".into()) + "\n"
}
