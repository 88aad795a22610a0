//! The model and the parts that hold values: compartments, species, parameters; and function definitions.

use crate::context::Context;
use crate::fbc;
use crate::mathml;
use crate::reactions;
use crate::rules;
use crate::unit_definitions;
use crate::xml::Node;
use network::{Compartment, Draft, FunctionDefinition, Id, InitialValue, ModelUnits, Parameter, Species, Thing};
use source::Diagnostic;
use std::collections::BTreeSet;
use units::Unit;

const PARTS: &[&str] = &[
    "listOfFunctionDefinitions",
    "listOfUnitDefinitions",
    "listOfCompartmentTypes",
    "listOfSpeciesTypes",
    "listOfCompartments",
    "listOfSpecies",
    "listOfParameters",
    "listOfInitialAssignments",
    "listOfRules",
    "listOfConstraints",
    "listOfReactions",
    "listOfEvents",
    // Of the package `fbc`.
    "listOfFluxBounds",
    "listOfObjectives",
    "listOfGeneProducts",
    "listOfUserDefinedConstraints",
];

/// Those that are written again, and may have notes of their own.
const LISTS: &[&str] = &[
    "listOfFunctionDefinitions",
    "listOfUnitDefinitions",
    "listOfCompartments",
    "listOfSpecies",
    "listOfParameters",
    "listOfInitialAssignments",
    "listOfRules",
    "listOfConstraints",
    "listOfReactions",
    "listOfEvents",
    "listOfObjectives",
    "listOfGeneProducts",
    "listOfUserDefinedConstraints",
];

/// Reads the `model` element.
///
/// What assigns values is read first, because whether a value may be missing depends on it.
pub(crate) fn read(context: &mut Context<'_>, model: Node) -> Draft {
    let document = context.document;
    for &part in document.children(model) {
        if !PARTS.contains(&document.name(part)) {
            context.unknown_element(part, PARTS);
        }
    }
    context.remark(document.root(), Thing::File, &[]);
    context.remark(model, Thing::Model, &[]);
    for (list, part) in LISTS.iter().filter_map(|&list| Some((list, document.child(model, list)?))) {
        context.remark(part, Thing::Model.within(list, 0), &["id", "name"]);
    }
    context.units = unit_definitions::read(context, model);
    let id = context.optional_identifier(model, "id").unwrap_or_else(|| Id::from("model"));
    let mut draft = Draft {
        id: id.to_string(),
        name: context.name(model, &id),
        units: model_units(context, model),
        ..Draft::default()
    };
    draft.functions = each(context, model, ("listOfFunctionDefinitions", "functionDefinition"), function);
    draft.initial_assignments =
        each(context, model, ("listOfInitialAssignments", "initialAssignment"), rules::initial_assignment);
    draft.rules = rules::rules(context, model);
    draft.constraints = rules::constraints(context, model);
    draft.events = rules::events(context, model);
    let given = rules::Given::by(&draft);

    let units = draft.units.clone();
    draft.compartments =
        each(context, model, ("listOfCompartments", "compartment"), |context, node| compartment(context, node, &units));
    let conversion_factor = context.optional_identifier(model, "conversionFactor");
    draft.species = each(context, model, ("listOfSpecies", "species"), |context, node| {
        species(context, node, &units, conversion_factor.as_ref())
    });
    read_points_as_amounts(context, &mut draft, &given);
    draft.parameters = each(context, model, ("listOfParameters", "parameter"), |context, node| {
        let read = parameter(context, node)?;
        context.remark(node, Thing::Parameter(read.id.clone()), &[]);
        Some(read)
    });
    forget_overruled_values(&mut draft, &given);
    notice_nan(context, model, &given);
    reactions::read(context, model, &given, &mut draft);
    draft.flux_balance = fbc::read(context, model);
    draft.unit_definitions = std::mem::take(&mut context.units.in_order);
    draft.remarks = std::mem::take(&mut context.remarks);
    draft
}

/// Reads every element of that name in a list, leaving out those with errors.
pub(crate) fn each<'a, T>(
    context: &mut Context<'a>,
    parent: Node,
    (list, element): (&str, &str),
    mut read: impl FnMut(&mut Context<'a>, Node) -> Option<T>,
) -> Vec<T> {
    context.items(parent, list, &[element]).into_iter().filter_map(|node| read(context, node)).collect()
}

fn model_units(context: &mut Context<'_>, model: Node) -> ModelUnits {
    if context.level.has_defaults() {
        let units = &context.units;
        return ModelUnits {
            time: units.get("time"),
            substance: units.get("substance"),
            extent: units.get("substance"),
            volume: units.get("volume"),
            area: units.get("area"),
            length: units.get("length"),
        };
    }
    ModelUnits {
        time: context.unit(model, "timeUnits"),
        substance: context.unit(model, "substanceUnits"),
        extent: context.unit(model, "extentUnits"),
        volume: context.unit(model, "volumeUnits"),
        area: context.unit(model, "areaUnits"),
        length: context.unit(model, "lengthUnits"),
    }
}

fn function(context: &mut Context<'_>, node: Node) -> Option<FunctionDefinition> {
    let id = context.identifier(node)?;
    let (arguments, body) = mathml::lambda_in(context, node)?;
    context.remark(node, Thing::Function(id.clone()), &["name"]);
    Some(FunctionDefinition { id, arguments, body, place: context.document.place(node) })
}

fn compartment(context: &mut Context<'_>, node: Node, units: &ModelUnits) -> Option<Compartment> {
    let id = context.identifier(node)?;
    context.remark(node, Thing::Compartment(id.clone()), &[]);
    let dimensions = context.number(node, "spatialDimensions").unwrap_or(3.0);
    let unit = context.unit(node, "units").or_else(|| unit_of_size(units, dimensions));
    let default_constant = true;
    Some(Compartment {
        name: context.name(node, &id),
        size: context.number(node, "size"),
        dimensions,
        unit,
        constant: context.truth(node, "constant", default_constant),
        place: context.document.place(node),
        id,
    })
}

fn unit_of_size(units: &ModelUnits, dimensions: f64) -> Option<Unit> {
    match dimensions {
        3.0 => units.volume.clone(),
        2.0 => units.area.clone(),
        1.0 => units.length.clone(),
        0.0 => Some(Unit::dimensionless()),
        _ => None,
    }
}

fn species(
    context: &mut Context<'_>,
    node: Node,
    units: &ModelUnits,
    conversion_factor: Option<&Id>,
) -> Option<Species> {
    let id = context.identifier(node)?;
    let compartment = context.identifier_in(node, "compartment")?;
    context.remark(node, Thing::Species(id.clone()), &[]);
    let (amount, concentration) = (context.number(node, "initialAmount"), context.number(node, "initialConcentration"));
    let initial = match (amount, concentration) {
        (Some(_), Some(_)) => {
            context.error(node, format!("species `{id}` has both an initial amount and an initial concentration"));
            return None;
        }
        (Some(amount), None) => InitialValue::Amount(amount),
        (None, Some(concentration)) => InitialValue::Concentration(concentration),
        (None, None) => InitialValue::Unset,
    };
    Some(Species {
        name: context.name(node, &id),
        compartment,
        initial,
        substance_unit: context.unit(node, "substanceUnits").or_else(|| units.substance.clone()),
        only_substance: context.truth(node, "hasOnlySubstanceUnits", false),
        boundary: context.truth(node, "boundaryCondition", false),
        constant: context.truth(node, "constant", false),
        conversion_factor: context.optional_identifier(node, "conversionFactor").or_else(|| conversion_factor.cloned()),
        place: context.document.place(node),
        id,
    })
}

/// A species in a compartment without dimensions and without size is an amount: in Level 2 by its rules, in Level 3
/// because nothing else can be meant.
fn read_points_as_amounts(context: &mut Context<'_>, draft: &mut Draft, given: &rules::Given) {
    let mut points = BTreeSet::new();
    for compartment in draft.compartments.iter().filter(|it| it.dimensions == 0.0) {
        if context.level.points_have_no_size() {
            points.insert(compartment.id.clone());
        } else if compartment.size.is_none() && !given.ever(&compartment.id) {
            let message = format!("compartment `{}` has neither dimensions nor size", compartment.id);
            let finding = Diagnostic::warning(compartment.place.clone(), message);
            context.findings.push(finding.because("its species are meant as amounts, and are read so"));
            points.insert(compartment.id.clone());
        }
    }
    for species in &mut draft.species {
        species.only_substance |= points.contains(&species.compartment);
    }
}

/// A parameter of the model or, in a kinetic law, of Level 2.
pub(crate) fn parameter(context: &mut Context<'_>, node: Node) -> Option<Parameter> {
    let id = context.identifier(node)?;
    Some(Parameter {
        name: context.name(node, &id),
        value: context.number(node, "value"),
        unit: context.unit(node, "units"),
        constant: context.truth(node, "constant", true),
        place: context.document.place(node),
        id,
    })
}

/// Programs that export a model write the number they last computed beside the rule that computes it; it has no
/// meaning, and is often not finite.
fn forget_overruled_values(draft: &mut Draft, given: &rules::Given) {
    let overruled = |id: &Id, value: f64| !value.is_finite() && given.at_start(id);
    for compartment in &mut draft.compartments {
        compartment.size = compartment.size.filter(|&size| !overruled(&compartment.id, size));
    }
    for species in &mut draft.species {
        if let InitialValue::Amount(value) | InitialValue::Concentration(value) = species.initial
            && overruled(&species.id, value)
        {
            species.initial = InitialValue::Unset;
        }
    }
    for parameter in &mut draft.parameters {
        parameter.value = parameter.value.filter(|&value| !overruled(&parameter.id, value));
    }
}

/// `NaN` says that a value is not known; where nothing else gives it, results that need it are not numbers.
fn notice_nan(context: &mut Context<'_>, model: Node, given: &rules::Given) {
    const VALUES: &[(&str, &str, &[&str])] = &[
        ("listOfCompartments", "compartment", &["size"]),
        ("listOfSpecies", "species", &["initialAmount", "initialConcentration"]),
        ("listOfParameters", "parameter", &["value"]),
    ];
    for (list, what, attributes) in VALUES {
        for node in context.document.list(model, list) {
            let Some(id) = context.document.attribute(node, "id") else { continue };
            if attributes.iter().any(|attribute| context.is_nan(node, attribute)) && !given.at_start(id) {
                warn_of_nan(context, node, what, id);
            }
        }
    }
}

/// The warning for a value that is written `NaN` and that nothing else gives.
pub(crate) fn warn_of_nan(context: &mut Context<'_>, node: Node, what: &str, id: &str) {
    let finding = Diagnostic::warning(context.document.place(node), format!("the value of {what} `{id}` is NaN"))
        .because("the program that wrote the file did not know the value")
        .hint("write a number, or give it by an initial assignment or a rule");
    context.findings.push(finding);
}

#[cfg(test)]
mod tests;
