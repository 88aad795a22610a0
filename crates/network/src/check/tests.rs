//! Models are written one part a line; see [`model`].

mod algebraic;
mod flux_balance;
mod functions;
mod names;
mod order;
mod units;

use crate::{
    Compartment, Draft, Event, EventAssignment, FunctionDefinition, InitialAssignment, InitialValue, Network,
    Observable, Parameter, Reaction, Rule, Species, UnitPolicy, parse_equation, parse_formula,
};
use ::units::{Quantity, Unit};
use source::Place;

/// Strict check of a model in days: every finding, or nothing.
fn check(text: &str, expected: &str) {
    check_with(UnitPolicy::Strict, text, expected);
}

/// The check that SBML gets.
fn check_sbml(text: &str, expected: &str) {
    check_with(UnitPolicy::Warn, text, expected);
}

fn check_with(policy: UnitPolicy, text: &str, expected: &str) {
    let findings = match model(text).check(policy) {
        Ok((_, warnings)) => warnings,
        Err(findings) => findings,
    };
    let unindented: Vec<&str> =
        expected.trim().lines().map(|line| line.strip_prefix("        ").unwrap_or(line)).collect();
    assert_eq!(findings.to_string(), unindented.join("\n"), "model:\n{text}");
}

fn network(text: &str) -> Network {
    match model(text).check(UnitPolicy::Strict) {
        Ok((network, warnings)) if warnings.is_empty() => network,
        Ok((_, findings)) | Err(findings) => panic!("{findings}"),
    }
}

/// Reads a model from lines such as these; `?` stands for a value or a unit that is not given.
///
/// ```text
/// compartment plasma = 3 L
/// species x in plasma = 1 nmol
/// constant k = 2 1/day
/// parameter p = 1 nmol
/// start p = 2 * q
/// rule y = k * 2
/// rate z = k * x
/// reaction r: 2 x => y; k * x
/// event e: x > 1; p = 3
/// observable o [nmol/L] = x
/// function f(a, b) = a + b
/// ```
pub(crate) fn model(text: &str) -> Draft {
    let mut draft = Draft { id: "test".into(), ..Draft::default() };
    draft.units.time = Some(Unit::day());
    for (number, line) in text.lines().enumerate() {
        let Some((word, rest)) = line.trim().split_once(' ') else { continue };
        part(&mut draft, word, rest, Place::new("model", u32::try_from(number).unwrap(), 0));
    }
    draft
}

fn part(draft: &mut Draft, word: &str, rest: &str, place: Place) {
    let formula = |text: &str| parse_formula(text).unwrap();
    let name = String::new();
    let (left, right) = rest.split_once([';', '=']).map_or((rest, ""), |(a, b)| (a.trim(), b.trim()));
    match word {
        "compartment" => {
            let (size, unit) = quantity(right);
            let compartment =
                Compartment { id: left.into(), name, size, dimensions: 3.0, unit, constant: false, place };
            draft.compartments.push(compartment);
        }
        "species" | "boundary" => {
            let (id, compartment) = left.split_once(" in ").unwrap();
            let (amount, substance_unit) = quantity(right);
            draft.species.push(Species {
                id: id.into(),
                name,
                compartment: compartment.into(),
                initial: amount.map_or(InitialValue::Unset, InitialValue::Amount),
                substance_unit,
                only_substance: false,
                boundary: word == "boundary",
                constant: false,
                conversion_factor: None,
                place,
            });
        }
        "constant" | "parameter" => {
            let (value, unit) = quantity(right);
            let constant = word == "constant";
            draft.parameters.push(Parameter { id: left.into(), name, value, unit, constant, place });
        }
        "start" => {
            draft.initial_assignments.push(InitialAssignment { target: left.into(), value: formula(right), place })
        }
        "rule" => draft.rules.push(Rule::Assignment { target: left.into(), value: formula(right), place }),
        "rate" => draft.rules.push(Rule::Rate { target: left.into(), value: formula(right), place }),
        "algebraic" => draft.rules.push(Rule::Algebraic { value: formula(right), place }),
        "reaction" => {
            let (id, rest) = rest.split_once(':').unwrap();
            let (equation, rate) = rest.split_once(';').unwrap_or((rest, ""));
            let (reactants, products, reversible) = parse_equation(equation).unwrap();
            let rate = (!rate.trim().is_empty()).then(|| formula(rate));
            let modifiers = Vec::new();
            let id = id.into();
            draft.reactions.push(Reaction {
                id,
                name,
                reversible,
                fast: false,
                reactants,
                products,
                modifiers,
                rate,
                place,
            });
        }
        "event" => {
            let (id, rest) = rest.split_once(':').unwrap();
            let mut parts = rest.split(';');
            let trigger = formula(parts.next().unwrap());
            let assignments = parts
                .map(|part| part.split_once('=').unwrap())
                .map(|(target, value)| EventAssignment { target: target.trim().into(), value: formula(value) })
                .collect();
            draft.events.push(Event {
                id: id.into(),
                name,
                trigger,
                trigger_initially: true,
                persistent: true,
                delay: None,
                priority: None,
                use_values_from_trigger_time: true,
                assignments,
                place,
            });
        }
        "observable" => {
            let (id, unit) = left.split_once(" [").unwrap();
            let unit = Some(Unit::parse(unit.trim_end_matches(']')).unwrap());
            draft.observables.push(Observable { id: id.into(), name, value: formula(right), unit, place });
        }
        "function" => {
            let (id, arguments) = left.split_once('(').unwrap();
            let arguments = arguments.trim_end_matches(')').split(',').map(|id| id.trim().into()).collect();
            draft.functions.push(FunctionDefinition { id: id.into(), arguments, body: formula(right), place });
        }
        other => panic!("no such part: {other}"),
    }
}

/// `3 L`, `? L`, `3 ?`, `?`.
fn quantity(text: &str) -> (Option<f64>, Option<Unit>) {
    let (value, unit) = text.split_once(' ').unwrap_or((text, "1"));
    let unit = if unit == "?" { None } else { Some(Unit::parse(unit).unwrap()) };
    let value = match value {
        "?" => None,
        value => value.parse().ok().or_else(|| Quantity::parse(value).ok().map(|quantity| quantity.value)),
    };
    (value, unit)
}

const SCLEROSTIN: &str = "
    compartment plasma = 3 L
    species sclerostin_in_plasma in plasma = 0.3 nmol
    constant clearance_rate = 25 1/day
    constant release = 7.5 nmol/L/day
    reaction sclerostin_release: => sclerostin_in_plasma; plasma * release
    reaction sclerostin_clearance: sclerostin_in_plasma => ; plasma * clearance_rate * sclerostin_in_plasma
    observable sclerostin [nmol/L] = sclerostin_in_plasma";
