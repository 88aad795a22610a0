//! The map of signals in every form it is written in.

mod counts;

use crate::evidence::{thing_id, word};
use crate::{Biology, Error};
use evidence::{Effect, Statement, Thing, Tier};
use report::map::{Map, MapEdge, MapNode};
use std::collections::BTreeSet;

/// Which part of the map is asked for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MapRequest {
    /// Signals whose statements are kept; all when empty.
    pub signals: Vec<String>,
    /// The weakest tier of support that is kept; all when absent.
    pub tier: Option<String>,
}

/// A form of the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MapFormat {
    /// A figure for one page of A4.
    Svg,
    /// A page that stands alone, with search.
    Html,
    /// For yEd, networkx and igraph.
    GraphMl,
    /// For Cytoscape and NDEx.
    Cx2,
    /// `from effect to`.
    Sif,
    /// One statement a row.
    Csv,
    /// SBGN-ML, activity flow.
    Sbgn,
    /// How much there is, in Markdown.
    Counts,
}

impl MapFormat {
    /// Endings of file names, each with a format of its own.
    pub const ENDINGS: [&str; 8] = ["svg", "html", "graphml", "cx2", "sif", "csv", "sbgn", "md"];

    /// The format that an ending stands for.
    pub fn of_ending(ending: &str) -> Option<Self> {
        let formats = [Self::Svg, Self::Html, Self::GraphMl, Self::Cx2, Self::Sif, Self::Csv, Self::Sbgn, Self::Counts];
        Self::ENDINGS.iter().position(|it| *it == ending).map(|i| formats[i])
    }
}

/// Writes the map, or the part of it that is asked for.
///
/// # Errors
/// [`Error::BadInput`] when a signal or tier is not known, or nothing is left to show.
pub fn map(biology: &Biology, request: &MapRequest, format: MapFormat) -> Result<String, Error> {
    let statements = chosen(biology, request)?;
    if format == MapFormat::Counts {
        return Ok(counts::markdown(biology, &statements));
    }
    let map = assembled(biology, &statements);
    if format == MapFormat::Svg && !map.shows_something() {
        let hint = "add a line `id = [x, y]` for each thing to map/layout.toml of the biology, or choose another form";
        return Err(Error::argument("--output", "nothing that was asked for has a place on the figure", hint));
    }
    Ok(match format {
        MapFormat::Svg => map.svg(),
        MapFormat::Html => map.html(),
        MapFormat::GraphMl => map.graphml(),
        MapFormat::Cx2 => map.cx2(),
        MapFormat::Sif => map.sif(),
        MapFormat::Sbgn => map.sbgn(),
        MapFormat::Csv | MapFormat::Counts => map.csv(),
    })
}

fn chosen<'b>(biology: &'b Biology, request: &MapRequest) -> Result<Vec<&'b Statement>, Error> {
    let signals: Vec<String> =
        request.signals.iter().map(|signal| thing_id(biology, "--signal", signal)).collect::<Result<_, _>>()?;
    let tier = word("--tier", request.tier.as_deref(), Tier::ALL)?;
    let fits = |it: &&Statement| {
        let is_asked = |id: &String| it.subject.value == *id || it.object.value == *id;
        (signals.is_empty() || signals.iter().any(is_asked))
            && tier.is_none_or(|tier| it.tier().is_some_and(|best| best <= tier))
    };
    let found: Vec<&Statement> = biology.content.evidence.statements.iter().filter(fits).collect();
    if found.is_empty() {
        return Err(Error::argument("--signal", "no statement fits", "ask for another signal or a weaker --tier"));
    }
    Ok(found)
}

/// Statements as boxes and arrows. Of a part of the map only what the statements speak of is shown, with the cells
/// that make the signals.
fn assembled(biology: &Biology, statements: &[&Statement]) -> Map {
    let evidence = &biology.content.evidence;
    let mut shown: BTreeSet<&str> = BTreeSet::new();
    for statement in statements {
        shown.extend([statement.subject.as_str(), statement.object.as_str()]);
    }
    let cards: Vec<&evidence::Card> = shown.iter().filter_map(|id| evidence.thing(id)?.card.as_ref()).collect();
    shown.extend(cards.iter().flat_map(|card| &card.made_by).map(|id| id.as_str()));
    let fingerprint = biology.fingerprint();
    Map {
        title: "Signals between bone and skeletal muscle, and how well they are known".to_string(),
        citation: format!(
            "Enthesis {}, map of {}, content {} (CC BY 4.0), SHA-256 {}. Research use only.",
            env!("CARGO_PKG_VERSION"),
            if statements.len() == evidence.statements.len() {
                format!("{} statements", statements.len())
            } else {
                format!("{} of {} statements", statements.len(), evidence.statements.len())
            },
            biology.origin,
            &fingerprint[..12],
        ),
        page: evidence::PAGE,
        panels: evidence.layout.panels.iter().map(|it| (it.title.clone(), it.area)).collect(),
        nodes: evidence
            .things
            .iter()
            .filter(|it| shown.contains(it.id.as_str()))
            .map(|it| node(it, evidence.layout.of(&it.id)))
            .collect(),
        edges: statements.iter().map(|it| edge(biology, it)).collect(),
    }
}

fn node(it: &Thing, at: Option<(f64, f64)>) -> MapNode {
    let card = it.card.as_ref();
    let ids = |list: &[source::Placed<String>]| list.iter().map(|it| it.value.clone()).collect();
    MapNode {
        id: it.id.clone(),
        name: it.name.clone(),
        kind: it.kind.to_string(),
        identifiers: it.all_identifiers().map(|it| it.curie()).collect(),
        made_by: card.map_or_else(Vec::new, |card| ids(&card.made_by)),
        leaves_by: card.map_or_else(Vec::new, |card| card.leaves_by.iter().map(ToString::to_string).collect()),
        receptors: card.map_or_else(Vec::new, |card| ids(&card.receptors)),
        at,
    }
}

fn edge(biology: &Biology, it: &Statement) -> MapEdge {
    let evidence = &biology.content.evidence;
    let weight = evidence.weigh(it);
    let organisms: BTreeSet<&str> = it.evidence.iter().map(|item| item.organism.as_str()).collect();
    let keys: BTreeSet<&str> = it.evidence.iter().map(|item| item.reference.as_str()).collect();
    let papers = keys.into_iter().map(|key| {
        let paper = evidence.reference(key);
        (paper.map_or(key.to_string(), |it| it.short_citation()), paper.and_then(|it| it.url()).unwrap_or_default())
    });
    MapEdge {
        id: it.id.clone(),
        from: it.subject.value.clone(),
        to: it.object.value.clone(),
        effect: it.effect.to_string(),
        sign: match it.effect {
            // What no paper supports is not drawn as if it were so.
            _ if weight.supports.papers == 0 => None,
            Effect::Increases | Effect::Releases | Effect::Requires | Effect::Carries => Some(true),
            Effect::Decreases => Some(false),
            Effect::NoEffect | Effect::Binds => None,
        },
        tier: weight.supports.best.map_or(String::new(), |tier| tier.to_string()),
        contested: weight.supports.papers > 0 && weight.against.papers > 0,
        direction: it.direction.to_string(),
        route: evidence.routes_of(it).first().map_or(String::new(), |route| route.to_string()),
        organisms: organisms.into_iter().map(str::to_string).collect(),
        supports: (weight.supports.papers, weight.supports.groups.len()),
        against: (weight.against.papers, weight.against.groups.len()),
        papers: papers.collect(),
        findings: it
            .evidence
            .iter()
            .map(|item| {
                format!("[{}, {}] {}: {}", item.tier, item.organism, item.stance.word().replace('_', " "), item.finding)
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The map of the biology inside the program.
    fn whole() -> Map {
        let (biology, _) = Biology::embedded().expect("it reads");
        let statements: Vec<&Statement> = biology.content.evidence.statements.iter().collect();
        assembled(&biology, &statements)
    }

    #[test]
    fn no_two_labels_of_the_figure_overlap_and_all_are_on_the_page() {
        let map = whole();
        let labels = report::map::label_rectangles(&map);
        assert!(labels.len() > 80, "{}", labels.len());
        for (i, one) in labels.iter().enumerate() {
            let right = one.left + one.width;
            assert!(one.left >= 0.0 && right <= map.page.0 && one.top + one.height <= map.page.1, "{one:?}");
            for other in &labels[i + 1..] {
                assert!(!one.overlaps(other), "{one:?}\n{other:?}");
            }
        }
    }

    #[test]
    fn every_signal_between_the_tissues_has_its_place() {
        let map = whole();
        let drawn = map.edges.iter().filter(|it| ["bone_to_muscle", "muscle_to_bone"].contains(&it.direction.as_str()));
        let placed = |id: &str| map.nodes.iter().any(|node| node.id == id && node.at.is_some());
        let missing: Vec<&str> =
            drawn.flat_map(|it| [it.from.as_str(), it.to.as_str()]).filter(|id| !placed(id)).collect();
        // Vesicles of bone were never seen to bring microRNA to muscle: there is nothing to draw.
        assert_eq!(missing, ["bone_vesicles", "microrna"]);
    }

    #[test]
    fn a_statement_without_a_paper_for_it_has_no_sign() {
        let map = whole();
        let alone = map.edges.iter().find(|it| it.id == "baiba_builds_bone_alone").expect("it is there");
        assert_eq!((alone.effect.as_str(), alone.supports.0, alone.sign), ("increases", 0, None));
        assert!(map.edges.iter().all(|it| it.sign.is_none() || it.supports.0 > 0));
    }

    #[test]
    fn no_two_boxes_of_the_sbgn_file_overlap() {
        let text = whole().sbgn();
        let boxes: Vec<Vec<f64>> = text
            .lines()
            .filter(|line| line.contains("<bbox"))
            .map(|line| line.split('"').skip(1).step_by(2).map(|it| it.parse().expect("a number")).collect())
            .collect();
        assert!(boxes.len() > 100, "{}", boxes.len());
        for (i, a) in boxes.iter().enumerate() {
            let apart = |b: &Vec<f64>, k: usize| a[k] + a[k + 2] <= b[k] || b[k] + b[k + 2] <= a[k];
            assert!(boxes[i + 1..].iter().all(|b| apart(b, 0) || apart(b, 1)), "{a:?}");
        }
    }
}
