//! Every number makes sense, and every value is given by something.

use super::UnitPolicy;
use super::names::{Names, word};
use super::roles::Definitions;
use super::sites::{participant, participants};
use crate::{Draft, Id, InitialValue, Quantity, Stoichiometry, SymbolKind};
use source::{Diagnostic, Diagnostics, Place};
use std::collections::HashSet;

/// Numbers are finite; sizes, amounts and concentrations are not negative.
pub(super) fn check_numbers(draft: &Draft, policy: UnitPolicy, findings: &mut Diagnostics) {
    let mut number = |what: &str, id: &str, value: Option<f64>, may_be_negative: bool, place: &Place| {
        let Some(value) = value else { return };
        if !value.is_finite() {
            findings.push(policy.doubt(place, format!("{what} of `{id}` is not a finite number: {value}")));
        } else if value < 0.0 && !may_be_negative {
            findings.push(policy.doubt(place, format!("{what} of `{id}` is negative: {value}")));
        }
    };
    for it in &draft.compartments {
        number("size", &it.id, it.size, false, &it.place);
    }
    for it in &draft.species {
        match it.initial {
            InitialValue::Unset => {}
            InitialValue::Amount(value) => number("initial amount", &it.id, Some(value), false, &it.place),
            InitialValue::Concentration(value) => {
                number("initial concentration", &it.id, Some(value), false, &it.place);
            }
        }
    }
    // Infinity is a number for a limit.
    let limits = limits(draft);
    for it in draft.parameters.iter().filter(|it| !limits.contains(&it.id)) {
        number("value", &it.id, it.value, true, &it.place);
    }
    for it in &draft.reactions {
        for taking_part in participants(it) {
            let value = match taking_part.stoichiometry {
                Stoichiometry::Constant(value) => Some(value),
                Stoichiometry::Variable(value) => value,
                Stoichiometry::Expression(_) => None,
            };
            number("a stoichiometry", &it.id, value, true, &it.place);
        }
    }
    for it in &draft.compartments {
        if it.size == Some(0.0) && it.dimensions > 0.0 && policy == UnitPolicy::Strict {
            findings.push(Diagnostic::error(it.place.clone(), format!("size of `{}` is 0", it.id)));
        }
    }
}

/// The parameters that are limits of rates.
fn limits(draft: &Draft) -> HashSet<&Id> {
    let Some(question) = &draft.flux_balance else { return HashSet::new() };
    let bounds = question.bounds.iter().flat_map(|it| [&it.lower, &it.upper]);
    let constraints = question.constraints.iter().flat_map(|it| [&it.lower, &it.upper]);
    bounds.chain(constraints).flatten().filter_map(Quantity::parameter).collect()
}

/// Something gives each value: a number, an initial assignment or an assignment rule. In SBML a value may be missing as
/// long as nothing asks for it.
pub(super) fn check_given(
    draft: &Draft,
    names: &Names,
    definitions: &Definitions,
    used: &[bool],
    policy: UnitPolicy,
    findings: &mut Diagnostics,
) {
    let strict = policy == UnitPolicy::Strict;
    let asked = with_implied_use(draft, names, used);
    for (s, symbol) in names.symbols.iter().enumerate() {
        let (missing, place) = match symbol.kind {
            SymbolKind::Compartment(i) => (draft.compartments[i].size.is_none(), &draft.compartments[i].place),
            SymbolKind::Species(i) => (draft.species[i].initial == InitialValue::Unset, &draft.species[i].place),
            SymbolKind::Parameter(i) => (draft.parameters[i].value.is_none(), &draft.parameters[i].place),
            SymbolKind::Participant(r, p) => {
                let reaction = &draft.reactions[r];
                (participant(reaction, p).stoichiometry == Stoichiometry::Variable(None), &reaction.place)
            }
            SymbolKind::Reaction(i) => (false, &draft.reactions[i].place),
            SymbolKind::Observable(i) => (false, &draft.observables[i].place),
        };
        let given =
            [&definitions.assignment, &definitions.algebraic, &definitions.initial].iter().any(|by| by[s].is_some());
        if missing && !given && (strict || asked[s]) {
            let message = format!("nothing gives the {} `{}` a value", word(symbol.kind), symbol.id);
            let finding = policy.doubt(place, message);
            findings.push(finding.hint("give it a number, an initial assignment or an assignment rule"));
        }
    }
    // A question of flux balance asks for rates, it does not give them.
    let asks_for_rates = draft.flux_balance.as_ref().is_some_and(|it| !it.objectives.is_empty());
    for it in draft.reactions.iter().filter(|it| it.rate.is_none() && !asks_for_rates) {
        findings.push(policy.doubt(&it.place, format!("reaction `{}` has no kinetic law", it.id)));
    }
}

/// Reactions ask for the amounts of their species, and concentrations for the sizes of their compartments.
fn with_implied_use(draft: &Draft, names: &Names, used: &[bool]) -> Vec<bool> {
    let mut asked = used.to_vec();
    for it in &draft.reactions {
        for taking_part in participants(it) {
            names.find(&taking_part.species).into_iter().for_each(|symbol| asked[symbol] = true);
        }
    }
    for it in &draft.species {
        let species = names.find(&it.id).is_some_and(|symbol| asked[symbol]);
        let by_size = !it.only_substance || matches!(it.initial, InitialValue::Concentration(_));
        if species
            && by_size
            && let Some(compartment) = names.find(&it.compartment)
        {
            asked[compartment] = true;
        }
    }
    asked
}
