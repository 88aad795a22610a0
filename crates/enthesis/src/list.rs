//! What a biology holds, as tables.

use crate::Biology;
use crate::citations::spaced;
use crate::numbers::{range_text, value_text};
use evidence::Stance;
use physiology::{Link, Organism, PerOrganism};
use serde_json::{Map, Value};

/// What can be listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Kind {
    Scenarios,
    Studies,
    Signals,
    Links,
    Drugs,
    Subjects,
    Genotypes,
    Hypotheses,
    Parameters,
}

/// A table of texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Names of the columns; the first is always `id`.
    pub header: Vec<&'static str>,
    /// One per thing, in the order of the files.
    pub rows: Vec<Vec<String>>,
    /// How many columns, from the left, belong into a table for people; the others are for machines.
    pub shown: usize,
}

impl Listing {
    /// An array of objects, one per row.
    pub fn json(&self) -> String {
        let object = |row: &Vec<String>| -> Value {
            let pairs = self.header.iter().zip(row).map(|(key, value)| (key.to_string(), Value::from(value.as_str())));
            Value::Object(pairs.collect::<Map<_, _>>())
        };
        let rows: Vec<Value> = self.rows.iter().map(object).collect();
        serde_json::to_string_pretty(&rows).unwrap_or_else(|_| "[]".into()) + "\n"
    }
}

/// Lists one kind of things.
pub fn list(biology: &Biology, kind: Kind) -> Listing {
    match kind {
        Kind::Scenarios => scenarios(biology),
        Kind::Studies => studies(biology),
        Kind::Signals => signals(biology),
        Kind::Links => links(biology),
        Kind::Drugs => drugs(biology),
        Kind::Subjects => subjects(biology),
        Kind::Genotypes => genotypes(biology),
        Kind::Hypotheses => hypotheses(biology),
        Kind::Parameters => parameters(biology),
    }
}

fn scenarios(biology: &Biology) -> Listing {
    let row = |it: &physiology::Scenario| {
        vec![
            it.id.clone(),
            it.organism.to_string(),
            report::duration(it.duration_days),
            it.name.clone(),
            it.about.clone(),
        ]
    };
    Listing {
        shown: 4,
        header: vec!["id", "organism", "duration", "name", "about"],
        rows: biology.content.scenarios.iter().map(row).collect(),
    }
}

/// Every study of the tables, modeled or not.
fn studies(biology: &Biology) -> Listing {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for first in &biology.content.measurements {
        let id = &first.study.value;
        if rows.iter().any(|row| row[0] == *id) {
            continue;
        }
        let of_study = biology.content.measurements.iter().filter(|row| row.study.value == *id);
        let modeled = of_study.clone().filter(|row| row.readout.is_some()).count();
        let file = biology.content.study(id);
        rows.push(vec![
            id.clone(),
            first.side.to_string(),
            first.group.to_string(),
            format!("{modeled} of {}", of_study.count()),
            file.map_or(String::new(), |it| it.name.clone()),
            file.map_or(String::new(), |it| it.subjects.clone()),
        ]);
    }
    Listing { shown: 5, header: vec!["id", "side", "group", "modeled", "name", "subjects"], rows }
}

fn signals(biology: &Biology) -> Listing {
    let row = |(it, card): (&evidence::Thing, &evidence::Card)| {
        vec![
            it.id.clone(),
            it.name.clone(),
            placed_words(&card.made_by),
            listed(card.leaves_by.iter().map(|it| it.word())),
            placed_words(&card.acts_on),
            spaced(card.direction.word()),
            listed(card.travels_by.iter().map(|it| it.word())),
            placed_words(&card.receptors),
            it.all_identifiers().map(|it| it.curie()).collect::<Vec<_>>().join(", "),
            if biology.content.molecule(&it.id).is_some() { "yes" } else { "no" }.to_string(),
        ]
    };
    let header = vec![
        "id",
        "name",
        "made by",
        "leaves by",
        "acts on",
        "direction",
        "travels by",
        "receptors",
        "identifiers",
        "in the model",
    ];
    Listing { shown: 5, header, rows: biology.content.evidence.signals().map(row).collect() }
}

fn links(biology: &Biology) -> Listing {
    let row = |it: &Link| {
        let (supports, against) = evidence_counts(biology, it);
        vec![
            it.id.clone(),
            spaced(it.direction.word()),
            it.tier.to_string(),
            on_in(&it.default),
            format!("{supports} : {against}"),
            it.name.clone(),
        ]
    };
    let links = biology.modules().flat_map(|module| &module.links);
    Listing {
        shown: 5,
        header: vec!["id", "direction", "tier", "on in", "for : against", "name"],
        rows: links.map(row).collect(),
    }
}

/// Findings for a link, and against it.
pub(crate) fn evidence_counts(biology: &Biology, link: &Link) -> (usize, usize) {
    let statements = link.origin.evidence.iter().filter_map(|id| biology.content.evidence.statement(&id.value));
    let items = statements.flat_map(|statement| &statement.evidence);
    items.fold((0, 0), |(supports, against), item| match item.stance {
        Stance::Supports => (supports + 1, against),
        Stance::Contradicts | Stance::NoEffect => (supports, against + 1),
    })
}

/// The organisms in which a link is on by default.
pub(crate) fn on_in(default: &PerOrganism<bool>) -> String {
    let on: Vec<&str> = default.iter().filter(|(_, on)| **on).map(|(organism, _)| organism.word()).collect();
    match on.len() {
        0 => "none".into(),
        n if n == Organism::ALL.len() => "all".into(),
        _ => on.join(", "),
    }
}

fn drugs(biology: &Biology) -> Listing {
    let row = |it: &physiology::Drug| {
        vec![it.id.clone(), it.name.clone(), organisms(&it.organisms), it.dose_unit.to_string(), it.about.clone()]
    };
    Listing {
        shown: 5,
        header: vec!["id", "name", "organisms", "dose unit", "about"],
        rows: biology.content.drugs.iter().map(row).collect(),
    }
}

fn subjects(biology: &Biology) -> Listing {
    let row =
        |it: &physiology::Subject| vec![it.id.clone(), it.organism.to_string(), it.name.clone(), it.about.clone()];
    Listing {
        shown: 3,
        header: vec!["id", "organism", "name", "about"],
        rows: biology.content.subjects.iter().map(row).collect(),
    }
}

fn genotypes(biology: &Biology) -> Listing {
    let row =
        |it: &physiology::Genotype| vec![it.id.clone(), organisms(&it.organisms), it.name.clone(), it.about.clone()];
    Listing {
        shown: 3,
        header: vec!["id", "organisms", "name", "about"],
        rows: biology.content.genotypes.iter().map(row).collect(),
    }
}

fn hypotheses(biology: &Biology) -> Listing {
    let row = |it: &physiology::Hypothesis| vec![it.id.clone(), it.name.clone(), it.about.clone()];
    Listing {
        shown: 3,
        header: vec!["id", "name", "about"],
        rows: biology.content.hypotheses.iter().map(row).collect(),
    }
}

fn parameters(biology: &Biology) -> Listing {
    let row = |it: &physiology::Parameter| {
        let is_formula = it.value.iter().any(|(_, value)| matches!(value, physiology::Value::Formula(_)));
        let full = value_text(&it.value);
        vec![
            it.id.clone(),
            if is_formula { "formula".to_string() } else { full.clone() },
            it.unit.to_string(),
            it.basis.to_string(),
            full,
            range_text(&it.range),
            biology.place(&it.origin.place),
            it.name.clone(),
        ]
    };
    let parameters = biology.modules().flat_map(|module| &module.parameters);
    Listing {
        shown: 4,
        header: vec!["id", "value", "unit", "basis", "full value", "range", "written in", "name"],
        rows: parameters.map(row).collect(),
    }
}

fn organisms(all: &[Organism]) -> String {
    let words: Vec<&str> = all.iter().map(|it| it.word()).collect();
    words.join(", ")
}

/// Ids as words.
pub(crate) fn placed_words(ids: &[source::Placed<String>]) -> String {
    listed(ids.iter().map(|it| it.value.as_str()))
}

/// Words of files as words for people.
pub(crate) fn listed<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.map(spaced).collect::<Vec<_>>().join(", ")
}

pub(crate) fn words(ids: &[String]) -> String {
    let words: Vec<String> = ids.iter().map(|id| spaced(id)).collect();
    words.join(", ")
}
