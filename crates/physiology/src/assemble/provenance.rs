//! What each symbol of a network is and rests on, for reports and explanations.

use crate::{Basis, Biology, Entry, LinkPart, Organism, Origin, PerOrganism, Value};
use evidence::Tier;
use network::{Network, SymbolIndex};
use source::Place;
use units::Unit;

/// What a symbol is and rests on, in the words and the unit of its source.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub struct Provenance {
    /// `parameter`, `state`, `variable`, `link`, `readout`, ...
    pub kind: &'static str,
    /// Id of the module it belongs to.
    pub module: String,
    /// As published; the network's own unit has its time in days.
    pub unit: Unit,
    /// In `unit`; absent for what is computed.
    pub value: Option<f64>,
    /// How it is computed, as equations for people.
    pub equations: Vec<String>,
    /// Plausible interval in `unit`.
    pub range: Option<(f64, f64)>,
    pub basis: Option<Basis>,
    /// Citation keys.
    pub sources: Vec<String>,
    /// Ids of statements.
    pub evidence: Vec<String>,
    pub note: Option<String>,
    /// Of the link, or the best one among the statements.
    pub tier: Option<Tier>,
    pub place: Place,
}

/// A parameter that may lie elsewhere in a range; values are in the unit of the network.
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs)]
pub struct Uncertain {
    pub symbol: SymbolIndex,
    pub value: f64,
    pub low: f64,
    pub high: f64,
}

/// Provenance of every symbol, and the uncertain parameters among them.
pub(super) fn provenance(
    biology: &Biology,
    organism: Organism,
    network: &Network,
) -> (Vec<Provenance>, Vec<Uncertain>) {
    let mut all = Vec::new();
    let mut uncertain = Vec::new();
    for (symbol, index) in network.symbols().iter().zip(0..) {
        let provenance = match biology.entry(&symbol.id) {
            Some((module, entry)) => of_entry(biology, organism, &module.id, entry),
            None => bare("symbol", "", Unit::dimensionless(), &Place::nowhere()),
        };
        if let (Some(value), Some((low, high)), "parameter") = (provenance.value, provenance.range, provenance.kind)
            && low < high
        {
            let factor = provenance.unit.factor_to(&provenance.unit.in_days()).unwrap_or(1.0);
            let (value, low, high) = (value * factor, low * factor, high * factor);
            uncertain.push(Uncertain { symbol: SymbolIndex(index), value, low, high });
        }
        all.push(provenance);
    }
    (all, uncertain)
}

fn of_entry(biology: &Biology, organism: Organism, module: &str, entry: Entry) -> Provenance {
    let unit = entry.unit().unwrap_or_else(Unit::dimensionless);
    let base = |place: &Place| bare(entry.kind(), module, unit.clone(), place);
    let described = |origin: &Origin| describe(base(&origin.place), origin, biology);
    let number = |values: &PerOrganism<Value>| match values.get(organism) {
        Some(Value::Number(number)) => Some(*number),
        _ => None,
    };
    let mut provenance = match entry {
        Entry::Compartment(it) => Provenance { value: number(&it.size), ..described(&it.origin) },
        Entry::Parameter(it) => Provenance {
            value: number(&it.value),
            range: it.range.get(organism).copied(),
            basis: Some(it.basis),
            ..described(&it.origin)
        },
        Entry::State(it) => Provenance { value: number(&it.initial), ..described(&it.origin) },
        Entry::Species(it) => Provenance { value: number(&it.initial), ..described(&it.origin) },
        Entry::Reaction(it) => described(&it.origin),
        Entry::Variable(it) => described(&it.origin),
        Entry::Readout(it) => described(&it.origin),
        Entry::Link(it) => Provenance { basis: Some(it.basis), tier: Some(it.tier), ..described(&it.origin) },
        Entry::LinkNumber(it, part) => {
            let number = it.number(part);
            let value = number.and_then(|it| it.value.get(organism).copied());
            let range = number.and_then(|it| it.range.get(organism).copied());
            let kind = if part == LinkPart::Switch { "switch" } else { "parameter" };
            let known = described(&it.origin);
            Provenance { kind, value, range, basis: Some(it.basis), tier: Some(it.tier), ..known }
        }
        Entry::DoseFactor(it) => Provenance {
            basis: Some(Basis::Derived),
            sources: it.sources.iter().map(|key| key.value.clone()).collect(),
            ..base(&it.place)
        },
    };
    if provenance.value.is_none() {
        provenance.equations = entry.equations();
    }
    provenance
}

fn bare(kind: &'static str, module: &str, unit: Unit, place: &Place) -> Provenance {
    Provenance {
        kind,
        module: module.to_string(),
        unit,
        value: None,
        equations: Vec::new(),
        range: None,
        basis: None,
        sources: Vec::new(),
        evidence: Vec::new(),
        note: None,
        tier: None,
        place: place.clone(),
    }
}

fn describe(base: Provenance, origin: &Origin, biology: &Biology) -> Provenance {
    let evidence: Vec<String> = origin.evidence.iter().map(|key| key.value.clone()).collect();
    let tier = evidence.iter().filter_map(|id| biology.evidence.statement(id)?.tier()).min();
    Provenance {
        sources: origin.sources.iter().map(|key| key.value.clone()).collect(),
        note: origin.note.clone(),
        evidence,
        tier,
        ..base
    }
}
