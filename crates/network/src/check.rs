//! From draft to network. (In work: only the bare index is made.)

use crate::{Draft, Network, Symbol, SymbolKind};
use source::Diagnostics;

/// What to do about units that do not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnitPolicy {
    /// A misfit or a missing unit is an error: our own files.
    Strict,
    /// A misfit is a warning, a missing unit is nothing: SBML, whose units may be left out.
    Warn,
}

pub(crate) fn check(draft: Draft, _policy: UnitPolicy) -> Result<(Network, Diagnostics), Diagnostics> {
    let mut symbols = Vec::new();
    for (i, it) in draft.compartments.iter().enumerate() {
        symbols.push(Symbol {
            id: it.id.clone(),
            name: it.name.clone(),
            kind: SymbolKind::Compartment(i),
            unit: it.unit.clone(),
        });
    }
    for (i, it) in draft.species.iter().enumerate() {
        symbols.push(Symbol { id: it.id.clone(), name: it.name.clone(), kind: SymbolKind::Species(i), unit: None });
    }
    for (i, it) in draft.parameters.iter().enumerate() {
        symbols.push(Symbol {
            id: it.id.clone(),
            name: it.name.clone(),
            kind: SymbolKind::Parameter(i),
            unit: it.unit.clone(),
        });
    }
    for (i, it) in draft.reactions.iter().enumerate() {
        symbols.push(Symbol { id: it.id.clone(), name: it.name.clone(), kind: SymbolKind::Reaction(i), unit: None });
    }
    for (i, it) in draft.observables.iter().enumerate() {
        symbols.push(Symbol {
            id: it.id.clone(),
            name: it.name.clone(),
            kind: SymbolKind::Observable(i),
            unit: it.unit.clone(),
        });
    }
    let assignments =
        (0..draft.rules.len()).filter(|&i| matches!(draft.rules[i], crate::Rule::Assignment { .. })).collect();
    let initial = (0..draft.initial_assignments.len()).collect();
    Ok((Network::new(draft, symbols, assignments, initial), Diagnostics::new()))
}
