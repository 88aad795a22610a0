//! A map of signals as plain values, and every form it is written in.
//!
//! Boxes and arrows go in with all their words; coordinates are data too, in millimeters. The crate lays nothing out.

mod csv;
mod cx2;
mod graphml;
mod html;
mod sbgn;
mod sif;
mod svg;

pub use svg::{Rectangle, label_rectangles};

/// A map of things and what they do to each other.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Map {
    /// What it shows.
    pub title: String,
    /// How to cite it, with its version.
    pub citation: String,
    /// Width and height of the page, in millimeters.
    pub page: (f64, f64),
    /// Titles and areas (left, top, width, height, in millimeters) of the fields of the page.
    pub panels: Vec<(String, [f64; 4])>,
    /// Boxes.
    pub nodes: Vec<MapNode>,
    /// Arrows.
    pub edges: Vec<MapEdge>,
}

/// A thing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MapNode {
    /// Unique.
    pub id: String,
    /// For people.
    pub name: String,
    /// Sort of thing: `signal`, `cell`, `process`, ...
    pub kind: String,
    /// For example `uniprot:P17302`.
    pub identifiers: Vec<String>,
    /// Ids of the cells that make it.
    pub made_by: Vec<String>,
    /// How it leaves them.
    pub leaves_by: Vec<String>,
    /// Ids of what it binds.
    pub receptors: Vec<String>,
    /// Middle of its box on the page, in millimeters; absent when it is not drawn.
    pub at: Option<(f64, f64)>,
}

/// What one thing does to another.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MapEdge {
    /// Unique: the id of the statement.
    pub id: String,
    /// Id of the thing that acts.
    pub from: String,
    /// Id of the thing acted on.
    pub to: String,
    /// The word of the statement: `increases`, `releases`, ...
    pub effect: String,
    /// More makes more (`true`) or less (`false`); absent when open.
    pub sign: Option<bool>,
    /// Best tier of its support, `T1` to `T5`; empty without support.
    pub tier: String,
    /// Papers on both sides.
    pub contested: bool,
    /// Between which tissues.
    pub direction: String,
    /// How the signal leaves its cell; empty when that has no meaning.
    pub route: String,
    /// Organisms of the findings.
    pub organisms: Vec<String>,
    /// Papers and independent groups for it, then against it.
    pub supports: (usize, usize),
    #[allow(missing_docs)]
    pub against: (usize, usize),
    /// Short citations with addresses.
    pub papers: Vec<(String, String)>,
    /// The findings in words.
    pub findings: Vec<String>,
}

impl Map {
    /// The figure for one page.
    pub fn svg(&self) -> String {
        svg::figure(self)
    }

    /// True when the figure has an arrow to draw.
    pub fn shows_something(&self) -> bool {
        self.edges.iter().any(|edge| svg::is_drawn(self, edge))
    }

    /// A page that stands alone: the figure, and a table of the statements with search.
    pub fn html(&self) -> String {
        html::page(self)
    }

    /// GraphML, for yEd, networkx, igraph and others.
    pub fn graphml(&self) -> String {
        graphml::document(self)
    }

    /// CX2, the network format of Cytoscape and NDEx.
    pub fn cx2(&self) -> String {
        cx2::document(self)
    }

    /// SBGN-ML 0.3, activity flow: what acts on what, without mechanism.
    pub fn sbgn(&self) -> String {
        sbgn::document(self)
    }

    /// The simple interaction format: `from effect to`, separated by tabs.
    pub fn sif(&self) -> String {
        sif::text(self)
    }

    /// One statement a row.
    pub fn csv(&self) -> String {
        csv::table(self)
    }

    fn node(&self, id: &str) -> Option<&MapNode> {
        self.nodes.iter().find(|node| node.id == id)
    }
}
