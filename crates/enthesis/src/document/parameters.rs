//! Every parameter with value, unit, organism, basis, range, quality and sources.

use super::{counted, made_by};
use crate::numbers::short;
use crate::run::parameters;
use crate::simulate::{compile_error, solve_failure};
use crate::{Biology, Error};
use engine::{CompileOptions, SolveOptions};
use evidence::Checked;
use network::{Condition, SymbolIndex};
use physiology::{Basis, Entry, Organism, Question, Scenario, Value};
use report::{BasisShares, Cell, Document, DocumentSection, Parameter};
use source::words;
use std::collections::{BTreeMap, BTreeSet};

const HEADER: [&str; 11] =
    ["Parameter", "Name", "Value", "Unit", "Organism", "Basis", "Range", "Quality", "Sources", "Remark", "Written in"];

words! {
    /// How well the value of a parameter is known.
    Quality {
        /// Measured, or computed from such numbers, by a paper whose text or abstract was looked up.
        A = "A",
        /// Fitted, by a paper whose text or abstract was looked up.
        B = "B",
        /// By a paper that was not looked up again; or assumed, with a paper or statement behind it.
        C = "C",
        /// Assumed, with nothing behind it.
        D = "D",
    }
}

const QUALITIES: &str = "Quality: A measured, and text or abstract of the paper were looked up again; B fitted, likewise; C \
    by a paper that was not looked up again, or assumed with a paper or statement behind it; D assumed with nothing behind \
    it. What is computed from other parameters is as good as the worst of them. The quality is about where a number comes \
    from, not about how much depends on it.";

pub(super) fn document(biology: &Biology, organism: Organism) -> Result<Document, Error> {
    let derived = derived_numbers(biology, organism)?;
    let numbers = parameters(biology, &[], organism);
    let all = numbers.len();
    let quality: Vec<Quality> =
        numbers.iter().map(|it| quality(biology, organism, &it.named.id, &mut BTreeSet::new())).collect();
    let basis: Vec<String> = BasisShares::of(organism.word(), &numbers)
        .by_basis
        .iter()
        .map(|(basis, count)| format!("{} {}", basis.word(), counted(*count, all)))
        .collect();
    let of_quality = |one: &Quality| counted(quality.iter().filter(|it| *it == one).count(), all);
    let qualities: Vec<String> = Quality::ALL.iter().map(|it| format!("{it} {}", of_quality(it))).collect();
    let mut sections: Vec<DocumentSection> = Vec::new();
    for (it, quality) in numbers.iter().zip(&quality) {
        let title = biology.content.module(&it.module).map_or(it.module.as_str(), |module| &module.name);
        if sections.last().is_none_or(|last| last.title != title) {
            sections.push(DocumentSection {
                title: title.to_string(),
                header: HEADER.map(str::to_string).to_vec(),
                ..DocumentSection::default()
            });
        }
        let rows = sections.last_mut().map(|last| &mut last.rows);
        rows.into_iter().for_each(|rows| rows.push(row(biology, organism, it, *quality, &derived)));
    }
    Ok(Document {
        title: format!("{}: parameters, {organism}", biology.content.name),
        about: vec![
            format!("{all} parameters, links included. By basis: {}.", basis.join(", ")),
            format!("By quality: {}.", qualities.join(", ")),
            QUALITIES.to_string(),
        ],
        sections,
        made_by: made_by(biology),
    })
}

/// The numbers that formulas give before time starts, in the units of the files, by id.
fn derived_numbers(biology: &Biology, organism: Organism) -> Result<BTreeMap<String, f64>, Error> {
    let (assembly, _) = physiology::assemble(&biology.content, &Question::of(Scenario::rest(organism, 1.0)))?;
    let network = &assembly.network;
    let targets: Vec<SymbolIndex> =
        network.initial_assignments().iter().filter_map(|it| network.index_of(&it.target)).collect();
    let model = engine::compile(network, &CompileOptions::default()).map_err(|error| compile_error(network, error))?;
    let start = engine::solve(&model, &Condition::default(), &[0.0], &targets, &SolveOptions::default())
        .map_err(|failure| solve_failure(network, &failure, " day"))?;
    let number = |(position, target): (usize, &SymbolIndex)| {
        let unit = &assembly.provenance_of(*target).unit;
        let factor = unit.in_days().factor_to(unit).unwrap_or(1.0);
        (network.symbol(*target).id.to_string(), start.value(0, position) * factor)
    };
    Ok(targets.iter().enumerate().map(number).collect())
}

fn row(
    biology: &Biology,
    organism: Organism,
    it: &Parameter,
    quality: Quality,
    derived: &BTreeMap<String, f64>,
) -> Vec<Cell> {
    let value = match derived.get(&it.named.id) {
        Some(number) => format!("{} = {}", short(*number), it.value),
        None => it.value.clone(),
    };
    vec![
        Cell::text(&*it.named.id),
        Cell::text(&*it.named.name),
        Cell::text(value),
        Cell::text(&*it.unit),
        Cell::text(organisms(biology, organism, &it.named.id)),
        Cell::text(it.basis.word()),
        Cell::text(&*it.range),
        Cell::text(quality.word()),
        Cell::papers(it.sources.clone()),
        Cell::text(&*it.named.about),
        Cell::text(&*it.place),
    ]
}

/// `human`, or `human, mouse` when the files give both the same value.
fn organisms(biology: &Biology, organism: Organism, id: &str) -> String {
    let same = |values: Vec<(Organism, String)>| {
        let own = values.iter().find(|it| it.0 == organism).map(|it| it.1.clone());
        let with_same = values.iter().filter(|it| Some(&it.1) == own.as_ref());
        with_same.map(|it| it.0.to_string()).collect::<Vec<_>>().join(", ")
    };
    match biology.content.entry(id) {
        Some((_, Entry::Parameter(it))) => {
            same(it.value.iter().map(|(organism, value)| (organism, crate::numbers::one_value(value))).collect())
        }
        Some((_, Entry::LinkNumber(it, part))) => {
            let values = it.number(part).into_iter().flat_map(|number| number.value.iter());
            same(values.map(|(organism, value)| (organism, value.to_string())).collect())
        }
        _ => organism.to_string(),
    }
}

/// The quality of a parameter; `above` are those whose formulas lead to it.
fn quality(biology: &Biology, organism: Organism, id: &str, above: &mut BTreeSet<String>) -> Quality {
    let (basis, origin) = match biology.content.entry(id) {
        Some((_, Entry::Parameter(it))) => (it.basis, &it.origin),
        Some((_, Entry::LinkNumber(it, _))) => (it.basis, &it.origin),
        // A formula may name what is no parameter; that has no quality of its own.
        _ => return Quality::A,
    };
    let own = by_source(biology, basis, origin);
    if basis != Basis::Derived || !above.insert(id.to_string()) {
        return own;
    }
    let mut parts = Vec::new();
    if let Some((_, Entry::Parameter(it))) = biology.content.entry(id)
        && let Some(Value::Formula(formula)) = it.value.get(organism)
    {
        formula.expression.walk(&mut |part| {
            if let network::Expression::Name(name) = part {
                parts.push(name.to_string());
            }
        });
    }
    let worst = parts.iter().map(|part| quality(biology, organism, part, above)).max();
    above.remove(id);
    // What is computed from others needs no paper of its own.
    worst.unwrap_or(own)
}

fn by_source(biology: &Biology, basis: Basis, origin: &physiology::Origin) -> Quality {
    let reference = |key: &source::Placed<String>| biology.content.evidence.reference(key);
    let looked_up = origin
        .sources
        .iter()
        .filter_map(reference)
        .any(|it| !it.retracted && matches!(it.checked, Some(Checked::FullText | Checked::Abstract)));
    match basis {
        Basis::Measured | Basis::Derived | Basis::Published if looked_up => Quality::A,
        Basis::Fitted if looked_up => Quality::B,
        Basis::Assumed if origin.sources.is_empty() && origin.evidence.is_empty() => Quality::D,
        _ => Quality::C,
    }
}
