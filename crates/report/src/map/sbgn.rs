//! SBGN-ML 0.3, language activity flow: every thing is a biological activity, every statement an arc of influence.

use super::{Map, MapNode};
use crate::figure::escape;
use std::fmt::Write;

/// A millimeter of the page in the units of the drawing: rows of the page are 3.45 mm apart, which must hold a glyph.
const UNITS_PER_MILLIMETER: f64 = 10.0;
/// Size of a glyph.
const GLYPH: (f64, f64) = (150.0, 30.0);
/// Where things that are not on the page are put: in rows below it.
const COLUMNS: usize = 9;

pub(super) fn document(map: &Map) -> String {
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sbgn xmlns=\"http://sbgn.org/libsbgn/0.3\">\n  \
         <map id=\"map\" language=\"activity flow\">\n",
    );
    let _ = writeln!(
        text,
        "    <notes><body xmlns=\"http://www.w3.org/1999/xhtml\"><p>{}</p></body></notes>",
        escape(&map.citation)
    );
    let mut beside = 0;
    let mut middles = Vec::new();
    for node in &map.nodes {
        let (x, y) = match node.at {
            Some((x, y)) => (x * UNITS_PER_MILLIMETER, y * UNITS_PER_MILLIMETER),
            None => {
                let (column, row) = (beside % COLUMNS, beside / COLUMNS);
                beside += 1;
                let below = map.page.1 * UNITS_PER_MILLIMETER;
                (column as f64 * (GLYPH.0 + 15.0) + GLYPH.0, below + (row as f64 + 1.0) * (GLYPH.1 + 20.0))
            }
        };
        middles.push((node.id.as_str(), (x, y)));
        glyph(&mut text, node, (x, y));
    }
    let middle = |id: &str| middles.iter().find(|(node, _)| *node == id).map_or((0.0, 0.0), |(_, at)| *at);
    for edge in &map.edges {
        let class = match edge.sign {
            _ if edge.effect == "requires" => "necessary stimulation",
            Some(true) => "positive influence",
            Some(false) => "negative influence",
            None => "unknown influence",
        };
        // What is required acts on what requires it.
        let (from, to) = if edge.effect == "requires" { (&edge.to, &edge.from) } else { (&edge.from, &edge.to) };
        let (start, end) = (middle(from), middle(to));
        let _ = writeln!(
            text,
            "    <arc id=\"arc_{}\" class=\"{class}\" source=\"{}\" target=\"{}\">\n      \
             <start x=\"{:.1}\" y=\"{:.1}\"/>\n      <end x=\"{:.1}\" y=\"{:.1}\"/>\n    </arc>",
            escape(&edge.id),
            escape(from),
            escape(to),
            start.0,
            start.1,
            end.0,
            end.1
        );
    }
    text.push_str("  </map>\n</sbgn>\n");
    text
}

fn glyph(text: &mut String, node: &MapNode, (x, y): (f64, f64)) {
    let class = if matches!(node.kind.as_str(), "condition" | "drug" | "genotype") {
        "phenotype"
    } else {
        "biological activity"
    };
    let (left, top) = (x - GLYPH.0 / 2.0, y - GLYPH.1 / 2.0);
    let _ = writeln!(
        text,
        "    <glyph id=\"{}\" class=\"{class}\">\n      <label text=\"{}\"/>\n      \
         <bbox x=\"{left:.1}\" y=\"{top:.1}\" w=\"{:.1}\" h=\"{:.1}\"/>\n    </glyph>",
        escape(&node.id),
        escape(&node.name),
        GLYPH.0,
        GLYPH.1
    );
}
