//! `*.model.toml` to [`Module`].

use super::fields;
use crate::{
    Basis, Compartment, Event, Formula, Link, LinkNumber, Module, Molecule, Organism, Parameter, PerOrganism, Reaction,
    ReadoutRecord, Species, State, Value, Variable,
};
use source::{Diagnostic, Diagnostics, Place, Placed, Record};
use units::{BaseDimension, Unit};

/// Reads the parts of a module from the root of its file. `shell` brings its id, name and sources.
pub(super) fn read_parts(root: &mut Record, module: &mut Module, findings: &mut Diagnostics) {
    let replica = module.replica;
    each(root, "molecule", findings, &mut module.molecules, molecule);
    each(root, "compartment", findings, &mut module.compartments, compartment);
    let module_sources = module.sources.clone();
    each(root, "parameter", findings, &mut module.parameters, |record, findings| {
        parameter(record, replica.then_some(module_sources.as_slice()), findings)
    });
    each(root, "state", findings, &mut module.states, state);
    each(root, "species", findings, &mut module.species, species);
    each(root, "reaction", findings, &mut module.reactions, reaction);
    each(root, "variable", findings, &mut module.variables, variable);
    each(root, "link", findings, &mut module.links, link);
    each(root, "event", findings, &mut module.events, event);
    each(root, "readout", findings, &mut module.readouts, readout);
}

/// The `[module]` table.
pub(super) fn read_header(mut record: Record, stem: &str, findings: &mut Diagnostics) -> Module {
    let id = fields::id(&mut record, "module", findings);
    let name = fields::name(&mut record, id.as_ref(), findings);
    let about = fields::plain(&mut record, "about", findings);
    let sources = record.texts("sources", findings);
    let replica = record.flag("replica", findings).unwrap_or(false);
    let place = id.as_ref().map_or(record.place.clone(), |id| id.place.clone());
    record.finish(findings);
    let id = id.map_or_else(|| stem.to_string(), |id| id.value);
    Module { id, name, about, sources, replica, place, ..empty(stem) }
}

/// A module without parts.
pub(super) fn empty(stem: &str) -> Module {
    Module {
        id: stem.to_string(),
        name: String::new(),
        about: String::new(),
        stem: stem.to_string(),
        sources: Vec::new(),
        replica: false,
        in_reference_model: false,
        molecules: Vec::new(),
        compartments: Vec::new(),
        parameters: Vec::new(),
        states: Vec::new(),
        species: Vec::new(),
        reactions: Vec::new(),
        variables: Vec::new(),
        links: Vec::new(),
        events: Vec::new(),
        readouts: Vec::new(),
        place: Place::file(stem),
    }
}

/// Reads every record of a kind; one that cannot be read does not hide the others.
fn each<T>(
    root: &mut Record,
    key: &'static str,
    findings: &mut Diagnostics,
    into: &mut Vec<T>,
    read: impl Fn(&mut Record, &mut Diagnostics) -> Option<T>,
) {
    for mut record in root.tables(key, &format!("[[{key}]]"), findings) {
        let part = read(&mut record, findings);
        record.finish(findings);
        into.extend(part);
    }
}

fn molecule(record: &mut Record, findings: &mut Diagnostics) -> Option<Molecule> {
    let id = fields::id(record, "molecule", findings);
    let main_quantity = record.required_text("main_quantity", findings);
    let note = record.text("note", findings).map(|note| note.value);
    let Placed { value: id, place } = id?;
    Some(Molecule { id, main_quantity: main_quantity?, note, place })
}

fn compartment(record: &mut Record, findings: &mut Diagnostics) -> Option<Compartment> {
    let id = fields::id(record, "compartment", findings);
    let name = fields::name(record, id.as_ref(), findings);
    let unit = fields::unit(record, "unit", findings);
    let size = fields::values(record, "size", findings);
    let Placed { value: id, place } = id?;
    let origin = fields::origin(record, &place, findings);
    Some(Compartment { id, name, unit: unit?, size, origin })
}

/// `replica` holds the sources of a published model kept as printed, whose numbers need no basis of their own.
fn parameter(record: &mut Record, replica: Option<&[Placed<String>]>, findings: &mut Diagnostics) -> Option<Parameter> {
    let id = fields::id(record, "parameter", findings);
    let name = fields::name(record, id.as_ref(), findings);
    let unit = fields::unit(record, "unit", findings);
    let value = fields::values(record, "value", findings);
    let range = fields::ranges(record, findings);
    let basis = match replica {
        Some(_) => Some(record.word("basis", findings).unwrap_or(Basis::Published)),
        None => record.required_word("basis", findings),
    };
    let place = id.as_ref().map_or(&record.place, |id| &id.place).clone();
    let mut origin = fields::origin(record, &place, findings);
    let (id, unit, basis) = (id?, unit?, basis?);
    match replica {
        Some(sources) if origin.sources.is_empty() => origin.sources = sources.to_vec(),
        Some(_) => {}
        None => {
            let has_formula = value.iter().any(|(_, value)| matches!(value, Value::Formula(_)));
            let cited = !origin.sources.is_empty() || !origin.evidence.is_empty();
            let noted = origin.note.is_some();
            check_basis(&record.title, basis, has_formula, &range, (cited, noted), &place, findings);
        }
    }
    let numbers = value.iter().filter_map(|(organism, value)| match value {
        Value::Number(number) => Some((organism, *number)),
        Value::Formula(_) => None,
    });
    fields::check_range(&record.title, numbers, &range, &place, findings);
    Some(Parameter { id: id.value, name, unit, value, range, basis, origin })
}

/// What each basis owes the reader.
fn check_basis(
    title: &str,
    basis: Basis,
    has_formula: bool,
    range: &PerOrganism<(f64, f64)>,
    (cited, noted): (bool, bool),
    place: &Place,
    findings: &mut Diagnostics,
) {
    let mut report = |message: String, hint: &str| {
        findings.push(Diagnostic::error(place.clone(), message).hint(hint));
    };
    if has_formula && basis != Basis::Derived {
        report(format!("{title} is a formula, but its basis is {basis}"), "a formula has the basis `derived`");
    }
    match basis {
        Basis::Published => report(
            format!("{title} has the basis `published`"),
            "that is for published models kept as printed; write measured, derived, fitted or assumed",
        ),
        Basis::Measured | Basis::Fitted if !cited => {
            report(format!("{title} is {basis}, but has no source"), "add `sources` or `evidence`, or call it assumed");
        }
        Basis::Derived if !has_formula && !cited && !noted => report(
            format!("{title} is a derived number, but nothing says from what"),
            "add `sources`, `evidence` or a `note`, or write it as a formula",
        ),
        _ => {}
    }
    if matches!(basis, Basis::Fitted | Basis::Assumed) && range.is_empty() {
        report(format!("{title} is {basis}, but has no range"), "add `range = [low, high]`, the plausible interval");
    }
}

fn state(record: &mut Record, findings: &mut Diagnostics) -> Option<State> {
    let id = fields::id(record, "state", findings);
    let name = fields::name(record, id.as_ref(), findings);
    let unit = fields::unit(record, "unit", findings);
    let initial = fields::values(record, "initial", findings);
    let rate = fields::formula(record, "rate", findings);
    let Placed { value: id, place } = id?;
    let origin = fields::origin(record, &place, findings);
    let unit = unit?;
    check_start(&record.title, &initial, &unit, &place, findings);
    Some(State { id, name, unit, initial, rate: rate?, origin })
}

fn species(record: &mut Record, findings: &mut Diagnostics) -> Option<Species> {
    let id = fields::id(record, "species", findings);
    let name = fields::name(record, id.as_ref(), findings);
    let compartment = record.required_text("compartment", findings);
    let unit = fields::unit(record, "unit", findings);
    let initial = fields::values(record, "initial", findings);
    let Placed { value: id, place } = id?;
    let origin = fields::origin(record, &place, findings);
    let unit = unit?;
    check_start(&record.title, &initial, &unit, &place, findings);
    Some(Species { id, name, compartment: compartment?, unit, initial, origin })
}

/// Nothing starts with less than none of a substance.
fn check_start(title: &str, initial: &PerOrganism<Value>, unit: &Unit, place: &Place, findings: &mut Diagnostics) {
    for (organism, value) in initial.iter() {
        if let (Value::Number(number), Some(what)) = (value, never_negative(unit))
            && *number < 0.0
        {
            let message = format!("{title} starts with a negative {what} for {organism}: {number} {unit}");
            findings.push(Diagnostic::error(place.clone(), message).hint("amounts and concentrations are 0 or more"));
            return;
        }
    }
}

/// `concentration` or `amount` for units of which there can be no less than none.
pub(crate) fn never_negative(unit: &Unit) -> Option<&'static str> {
    let has = |base| unit.dimension().exponent(base);
    let substance = [BaseDimension::Amount, BaseDimension::Item, BaseDimension::Mass].into_iter().any(|b| has(b) > 0.0);
    match (substance, has(BaseDimension::Time) == 0.0, has(BaseDimension::Length) < 0.0) {
        (true, true, true) => Some("concentration"),
        (true, true, false) => Some("amount"),
        _ => None,
    }
}

fn reaction(record: &mut Record, findings: &mut Diagnostics) -> Option<Reaction> {
    let id = fields::id(record, "reaction", findings);
    let name = fields::name(record, id.as_ref(), findings);
    let equation = record.required_text("equation", findings);
    let rate = fields::formula(record, "rate", findings);
    let Placed { value: id, place } = id?;
    let origin = fields::origin(record, &place, findings);
    let equation = equation?;
    let (reactants, products, reversible) = network::parse_equation(&equation)
        .map_err(|error| {
            let message = format!("`equation` of {} cannot be read: {}", record.title, error.message);
            let hint = "write for example `2 a + b -> c`, or `a =>` for a loss";
            findings.push(Diagnostic::error(equation.place_at(error.offset), message).hint(hint));
        })
        .ok()?;
    Some(Reaction { id, name, equation: equation.value, reactants, products, reversible, rate: rate?, origin })
}

fn variable(record: &mut Record, findings: &mut Diagnostics) -> Option<Variable> {
    let id = fields::id(record, "variable", findings);
    let name = fields::name(record, id.as_ref(), findings);
    let unit = fields::unit(record, "unit", findings);
    let value = fields::formula(record, "value", findings);
    let Placed { value: id, place } = id?;
    let origin = fields::origin(record, &place, findings);
    Some(Variable { id, name, unit: unit?, value: value?, origin })
}

fn link(record: &mut Record, findings: &mut Diagnostics) -> Option<Link> {
    let id = fields::id(record, "link", findings);
    let name = fields::name(record, id.as_ref(), findings);
    let direction = record.required_word("direction", findings);
    let kind = record.required_word("kind", findings);
    let from = record.required_text("from", findings);
    let reference = fields::formula(record, "reference", findings);
    let acts_on = record.required_text("acts_on", findings);
    let maximum = link_number(record, "maximum", findings);
    let potency = link_number(record, "potency", findings);
    let steepness = if record.has("steepness") {
        link_number(record, "steepness", findings)
    } else {
        let (value, range) = (PerOrganism::same(1.0), PerOrganism::none());
        Some(LinkNumber { value, range, place: record.place.clone() })
    };
    let basis = record.required_word("basis", findings);
    let tier = record.required_word("tier", findings);
    let default = switches(record, findings);
    let place = id.as_ref().map_or(&record.place, |id| &id.place).clone();
    let origin = fields::origin(record, &place, findings);
    Some(Link {
        id: id?.value,
        name,
        direction: direction?,
        kind: kind?,
        from: from?,
        reference: reference?,
        acts_on: acts_on?.value,
        maximum: maximum?,
        potency: potency?,
        steepness: steepness?,
        basis: basis?,
        tier: tier?,
        default,
        origin,
    })
}

/// A positive number `{ value = .., range = .. }` of a link.
fn link_number(record: &mut Record, key: &'static str, findings: &mut Diagnostics) -> Option<LinkNumber> {
    let title = format!("`{key}` of {}", record.title);
    if !record.has(key) {
        record.missing(key, findings);
    }
    let mut table = record.table(key, &title, findings)?;
    if !table.has("value") {
        table.missing("value", findings);
    }
    let value = fields::numbers(&mut table, "value", findings);
    let range = fields::ranges(&mut table, findings);
    let place = table.place.clone();
    table.finish(findings);
    let all = value.iter().map(|(_, value)| *value).chain(range.iter().map(|(_, range)| range.0));
    if let Some(wrong) = all.into_iter().find(|number| *number <= 0.0) {
        findings.push(
            Diagnostic::error(place.clone(), format!("{title} is not positive: {wrong}"))
                .because("a link is a bounded multiplier")
                .hint("write a number above 0; 1 has no effect"),
        );
        return None;
    }
    fields::check_range(&title, value.iter().map(|(o, v)| (o, *v)), &range, &place, findings);
    Some(LinkNumber { value, range, place })
}

/// `default = "on"` or per organism; on when absent.
fn switches(record: &mut Record, findings: &mut Diagnostics) -> PerOrganism<bool> {
    if !record.has("default") {
        record.take("default");
        return PerOrganism::same(true);
    }
    fields::per_organism(record, "default", findings, |record, node, findings| match &node {
        source::Node::Text(text) if text.value == "on" => Some(true),
        source::Node::Text(text) if text.value == "off" => Some(false),
        _ => record.wrong_kind("default", "\"on\" or \"off\"", &node, findings),
    })
}

fn event(record: &mut Record, findings: &mut Diagnostics) -> Option<Event> {
    let id = fields::id(record, "event", findings);
    let name = fields::name(record, id.as_ref(), findings);
    let trigger = fields::formula(record, "trigger", findings);
    let title = record.title.clone();
    let mut assign: Vec<(Placed<String>, Formula)> = Vec::new();
    if !record.has("assign") {
        record.missing("assign", findings);
    }
    if let Some(table) = record.table("assign", &title, findings) {
        for (target, node) in table.into_entries() {
            match node {
                source::Node::Text(text) => {
                    let formula = fields::parse_formula(&text, &target, &title, findings);
                    assign.extend(formula.map(|formula| (target, formula)));
                }
                other => {
                    record.wrong_kind::<()>(&target, "a formula in quotation marks", &other, findings);
                }
            }
        }
    }
    let Placed { value: id, place } = id?;
    let origin = fields::origin(record, &place, findings);
    Some(Event { id, name, trigger: trigger?, assign, origin })
}

fn readout(record: &mut Record, findings: &mut Diagnostics) -> Option<ReadoutRecord> {
    let id = fields::id(record, "readout", findings);
    let name = fields::name(record, id.as_ref(), findings);
    let tissue = record.required_word("tissue", findings);
    let value = fields::formula(record, "value", findings);
    let unit = fields::unit(record, "unit", findings);
    let order = record.number("order", findings).map_or(f64::MAX, |order| order.value);
    let main = record.flag("main", findings).unwrap_or(false);
    let Placed { value: id, place } = id?;
    let origin = fields::origin(record, &place, findings);
    Some(ReadoutRecord { id, name, tissue: tissue?, value: value?, unit: unit?, order, main, origin })
}

/// Organisms by word, for messages and lists.
pub(super) fn organisms(record: &mut Record, findings: &mut Diagnostics) -> Vec<Organism> {
    if !record.has("organisms") {
        record.missing("organisms", findings);
    }
    let mut found = Vec::new();
    for text in record.texts("organisms", findings) {
        match Organism::ALL.iter().find(|organism| organism.word() == text.value) {
            Some(organism) => found.push(*organism),
            None => findings.push(
                Diagnostic::error(
                    text.place.clone(),
                    format!("{} names an unknown organism: {}", record.title, text.value),
                )
                .hint("organisms are human and mouse"),
            ),
        }
    }
    found
}
