//! Units: what each symbol is measured in, and whether every expression fits its place.

use super::UnitPolicy;
use super::names::{Names, word};
use super::sites::{Site, participants};
use crate::{Draft, Reaction, Rule, Species, SymbolKind};
use infer::{Inference, Inferred};
use source::{Diagnostic, Diagnostics, Place};
use units::{BaseDimension, Dimension, Unit};

mod infer;

/// The unit of every symbol as expressions mean it: a species is a concentration unless it has only substance units, a
/// reaction is its rate.
pub(super) fn symbol_units(draft: &Draft, names: &Names) -> Vec<Option<Unit>> {
    let of = |kind: SymbolKind| match kind {
        SymbolKind::Compartment(i) => compartment_unit(draft, i),
        SymbolKind::Species(i) => {
            let species = &draft.species[i];
            let substance = substance_unit(draft, species)?;
            match names.kind(&species.compartment) {
                _ if species.only_substance => Some(substance),
                Some(SymbolKind::Compartment(c)) if draft.compartments[c].dimensions == 0.0 => Some(substance),
                Some(SymbolKind::Compartment(c)) => Some(substance.divide(&compartment_unit(draft, c)?)),
                _ => None,
            }
        }
        SymbolKind::Parameter(i) => draft.parameters[i].unit.clone(),
        SymbolKind::Reaction(i) => {
            let extent = extent_unit(draft, names, &draft.reactions[i])?;
            Some(extent.divide(draft.units.time.as_ref()?))
        }
        SymbolKind::Participant(..) => Some(Unit::dimensionless()),
        SymbolKind::Observable(i) => draft.observables[i].unit.clone(),
    };
    names.symbols.iter().map(|symbol| of(symbol.kind)).collect()
}

fn compartment_unit(draft: &Draft, i: usize) -> Option<Unit> {
    let compartment = &draft.compartments[i];
    let of_model = match compartment.dimensions {
        3.0 => &draft.units.volume,
        2.0 => &draft.units.area,
        1.0 => &draft.units.length,
        _ => &None,
    };
    compartment.unit.clone().or_else(|| of_model.clone())
}

fn substance_unit(draft: &Draft, species: &Species) -> Option<Unit> {
    species.substance_unit.clone().or_else(|| draft.units.substance.clone())
}

/// The model's unit of extent; without one, the unit in which the reaction's first species is counted.
fn extent_unit(draft: &Draft, names: &Names, reaction: &Reaction) -> Option<Unit> {
    draft.units.extent.clone().or_else(|| participants(reaction).find_map(|it| counted_in(draft, names, &it.species)))
}

/// Amount unit of a species as a reaction must count it, before its conversion factor.
fn counted_in(draft: &Draft, names: &Names, id: &str) -> Option<Unit> {
    let Some(SymbolKind::Species(i)) = names.kind(id) else { return None };
    let species = &draft.species[i];
    let substance = substance_unit(draft, species)?;
    match &species.conversion_factor {
        None => Some(substance),
        Some(factor) => match names.kind(factor) {
            Some(SymbolKind::Parameter(p)) => Some(substance.divide(draft.parameters[p].unit.as_ref()?)),
            _ => None,
        },
    }
}

/// Looks at the unit of every expression; `names` know the units of symbols.
pub(super) fn check_units(
    draft: &Draft,
    names: &Names,
    sites: &[Site],
    policy: UnitPolicy,
    findings: &mut Diagnostics,
) {
    if policy == UnitPolicy::Strict {
        require_units(draft, findings);
    }
    for reaction in &draft.reactions {
        same_extent(draft, names, reaction, policy, findings);
    }
    for site in sites {
        let mut inference = Inference::new(names, draft.units.time.as_ref(), policy);
        let found = inference.infer(site.expression(draft));
        let place = site.place(draft);
        for misfit in inference.misfits {
            let message = format!("{} in {}", misfit.message, site.describe(draft));
            let finding = policy.doubt(place, message);
            findings.push(Diagnostic { reason: misfit.reason, ..finding });
        }
        if let (Inferred::Unit(found), Some(expected)) = (found, expected(draft, names, *site))
            && !found.same_as(&expected)
        {
            let difference = difference(&found, &expected);
            let message =
                format!("{} has unit {found}, expected {expected}, {}", site.describe(draft), difference.text);
            let finding = policy.doubt(place, message);
            findings.push(Diagnostic { reason: difference.reason, ..finding });
        }
    }
}

/// Our own things must say what they are measured in.
fn require_units(draft: &Draft, findings: &mut Diagnostics) {
    let mut require = |kind: SymbolKind, id: &str, unit: bool, place: &Place| {
        if !unit {
            let message = format!("the {} `{id}` has no unit", word(kind));
            findings.push(Diagnostic::error(place.clone(), message).hint("write unit = \"1\" for a plain number"));
        }
    };
    for (i, it) in draft.compartments.iter().enumerate() {
        require(SymbolKind::Compartment(i), &it.id, compartment_unit(draft, i).is_some(), &it.place);
    }
    for (i, it) in draft.species.iter().enumerate() {
        require(SymbolKind::Species(i), &it.id, substance_unit(draft, it).is_some(), &it.place);
    }
    for (i, it) in draft.parameters.iter().enumerate() {
        require(SymbolKind::Parameter(i), &it.id, it.unit.is_some(), &it.place);
    }
    for (i, it) in draft.observables.iter().enumerate() {
        require(SymbolKind::Observable(i), &it.id, it.unit.is_some(), &it.place);
    }
    if draft.units.time.is_none() {
        findings.push(Diagnostic::error(Place::nowhere(), "the model has no unit of time"));
    }
}

/// All species of a reaction are counted in the same unit, which is that of its extent.
fn same_extent(draft: &Draft, names: &Names, reaction: &Reaction, policy: UnitPolicy, findings: &mut Diagnostics) {
    let Some(extent) = extent_unit(draft, names, reaction) else { return };
    for taking_part in participants(reaction) {
        let Some(counted) = counted_in(draft, names, &taking_part.species) else { continue };
        if !counted.same_as(&extent) {
            let message = format!(
                "reaction `{}` converts {extent}, but `{}` is counted in {counted}, {}",
                reaction.id,
                taking_part.species,
                difference(&extent, &counted).text
            );
            let finding = policy.doubt(&reaction.place, message);
            findings.push(finding.hint("give the species the same unit, or a conversion factor"));
        }
    }
}

/// The unit that the place of an expression asks for; `None` when it asks for none, or for an unknown one.
fn expected(draft: &Draft, names: &Names, site: Site) -> Option<Unit> {
    let unit_of = |id: &str| names.find(id).and_then(|symbol| names.symbols[symbol].unit.clone());
    match site {
        Site::Initial(i) => unit_of(&draft.initial_assignments[i].target),
        Site::Rule(i) => match &draft.rules[i] {
            Rule::Assignment { target, .. } => unit_of(target),
            Rule::Rate { target, .. } => Some(unit_of(target)?.divide(draft.units.time.as_ref()?)),
            Rule::Algebraic { .. } => None,
        },
        Site::KineticLaw(i) => unit_of(&draft.reactions[i].id),
        Site::Stoichiometry(..) | Site::Priority(_) => Some(Unit::dimensionless()),
        Site::Trigger(_) | Site::Constraint(_) => None,
        Site::Delay(_) => draft.units.time.clone(),
        Site::EventAssignment(e, a) => unit_of(&draft.events[e].assignments[a].target),
        Site::Observable(i) => draft.observables[i].unit.clone(),
    }
}

/// How two units differ, in words.
struct Difference {
    text: String,
    reason: Option<String>,
}

fn difference(found: &Unit, expected: &Unit) -> Difference {
    if let Some(factor) = found.factor_to(expected) {
        let text = format!("a factor of {}", short(factor));
        let percent = found.same_as(&Unit::dimensionless()) && expected.to_string() == "%";
        let reason = match percent {
            true => "a plain number is not a percentage: write 100 [%] * ratio, not 100 * ratio",
            false => "both measure the same thing; is a conversion missing?",
        };
        let reason = Some(reason.to_string());
        return Difference { text, reason };
    }
    let missing = expected.divide(found);
    Difference { text: format!("a factor of {missing}"), reason: Some(reason(missing.dimension())) }
}

/// What is usually forgotten when a factor of this dimension is missing.
fn reason(missing: &Dimension) -> String {
    let time = Dimension::base(BaseDimension::Time);
    let volume = Dimension::base(BaseDimension::Length).power(3.0);
    let concentration = Dimension::base(BaseDimension::Amount).multiply(&volume.power(-1.0));
    let molar_mass = Dimension::base(BaseDimension::Mass).multiply(&Dimension::base(BaseDimension::Amount).power(-1.0));
    let usual = [
        (time.power(-1.0), "is a rate constant missing?"),
        (time, "is there a rate constant too many?"),
        (volume, "is the size of a compartment missing?"),
        (volume.power(-1.0), "is a division by the size of a compartment missing?"),
        (volume.multiply(&time.power(-1.0)), "is a clearance missing?"),
        (concentration, "is a concentration missing?"),
        (concentration.power(-1.0), "is a division by a reference concentration missing?"),
        (molar_mass, "is a molar mass missing?"),
        (molar_mass.power(-1.0), "is a division by a molar mass missing?"),
    ];
    match usual.iter().find(|(dimension, _)| dimension == missing) {
        Some((_, question)) => (*question).to_string(),
        None => format!("something that measures {missing} is missing"),
    }
}

/// Six significant digits.
fn short(value: f64) -> String {
    let rounded: f64 = format!("{value:.5e}").parse().unwrap_or(value);
    if (1e-4..1e7).contains(&rounded.abs()) { rounded.to_string() } else { format!("{rounded:e}") }
}
