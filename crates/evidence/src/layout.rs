//! Where things stand on the printed map: coordinates kept as data, in millimeters on a page of A4 in landscape.

use source::{Diagnostic, Diagnostics, Node, Placed, Record, SourceFile};

/// The file of a biology that holds the layout of the map.
pub const PATH: &str = "map/layout.toml";

/// Width and height of the map's page, in millimeters: A4, landscape.
pub const PAGE: (f64, f64) = (297.0, 210.0);

/// Where things stand on the map.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Layout {
    /// Fields of the page, such as bone, circulation and muscle; drawn first.
    pub panels: Vec<Panel>,
    /// Places of things.
    pub spots: Vec<Spot>,
}

/// A field of the page with a title.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// What it shows.
    pub title: String,
    /// Left, top, width, height, in millimeters.
    pub area: [f64; 4],
}

/// The place of a thing.
#[derive(Debug, Clone, PartialEq)]
pub struct Spot {
    /// Id of the thing.
    pub thing: Placed<String>,
    /// Middle of its box, in millimeters from the left and the top.
    pub at: (f64, f64),
}

impl Layout {
    /// The place of a thing, if it has one.
    pub fn of(&self, thing: &str) -> Option<(f64, f64)> {
        self.spots.iter().find(|spot| spot.thing.value == thing).map(|spot| spot.at)
    }
}

/// Reads the layout. Places are `thing = [x, y]` under `[spots]`.
pub(crate) fn read(file: &SourceFile, findings: &mut Diagnostics) -> Layout {
    let Some(mut root) = Record::read(file, findings) else { return Layout::default() };
    let panels = root.tables("panel", "[[panel]]", findings);
    let spots = root.table("spots", "[spots]", findings);
    root.finish(findings);
    let panels = panels.into_iter().filter_map(|record| panel(record, findings)).collect();
    let entries = spots.map(Record::into_entries).unwrap_or_default();
    let spots: Vec<Spot> = entries
        .into_iter()
        .filter_map(|(thing, node)| numbers(&thing.value, &node, findings).map(|at: [f64; 2]| (thing, at)))
        .map(|(thing, [x, y])| Spot { thing, at: (x, y) })
        .collect();
    for spot in spots.iter().filter(|spot| !is_on_page(spot.at)) {
        findings.push(
            Diagnostic::error(spot.thing.place.clone(), format!("`{}` is off the page", spot.thing.value))
                .hint(format!("x lies between 0 and {}, y between 0 and {} mm", PAGE.0, PAGE.1)),
        );
    }
    Layout { panels, spots }
}

fn is_on_page((x, y): (f64, f64)) -> bool {
    (0.0..=PAGE.0).contains(&x) && (0.0..=PAGE.1).contains(&y)
}

fn panel(mut record: Record, findings: &mut Diagnostics) -> Option<Panel> {
    let title = record.required_text("title", findings);
    let area = match record.take("area") {
        Some(node) => numbers("area", &node, findings),
        None => {
            record.missing("area", findings);
            None
        }
    };
    record.finish(findings);
    Some(Panel { title: title?.value, area: area? })
}

/// A list of so many numbers.
fn numbers<const N: usize>(key: &str, node: &Node, findings: &mut Diagnostics) -> Option<[f64; N]> {
    if let Node::List(list) = node {
        let numbers: Vec<f64> = list
            .iter()
            .filter_map(|it| match it {
                Node::Number(number) if number.is_finite() => Some(number.value),
                _ => None,
            })
            .collect();
        if numbers.len() == list.len()
            && let Ok(numbers) = numbers.try_into()
        {
            return Some(numbers);
        }
    }
    findings.push(
        Diagnostic::error(node.place().clone(), format!("`{key}` of the map's layout is not a list of {N} numbers"))
            .hint(if N == 2 {
                "write `[x, y]` in millimeters"
            } else {
                "write `[left, top, width, height]` in millimeters"
            }),
    );
    None
}
