//! Reactions: who takes part, how many, and the kinetic law with its local parameters.

use crate::context::Context;
use crate::mathml::{self, Locals};
use crate::model::{each, parameter, warn_of_nan};
use crate::rules::Given;
use crate::xml::Node;
use network::{Draft, Expression, Id, Parameter, Participant, Reaction, Stoichiometry, Thing};
use source::Diagnostic;

/// Reads `listOfReactions` into the draft; local parameters join its parameters.
pub(crate) fn read(context: &mut Context<'_>, model: Node, given: &Given, draft: &mut Draft) {
    for node in context.items(model, "listOfReactions", &["reaction"]) {
        if let Some(reaction) = reaction(context, node, given, &mut draft.parameters) {
            draft.reactions.push(reaction);
        }
    }
}

fn reaction(context: &mut Context<'_>, node: Node, given: &Given, parameters: &mut Vec<Parameter>) -> Option<Reaction> {
    let id = context.identifier(node)?;
    context.remark(node, Thing::Reaction(id.clone()), &[]);
    for list in ["listOfReactants", "listOfProducts", "listOfModifiers", "kineticLaw"] {
        if let Some(part) = context.document.child(node, list) {
            context.remark(part, Thing::Reaction(id.clone()).within(list, 0), &["id", "name"]);
        }
    }
    // What is said about those that take part goes by their position.
    let (mut taking_part, mut acting) = (0, 0);
    let mut remark = |context: &mut Context<'_>, node: Node, also: &[&str]| {
        let (word, position) = match context.document.name(node) {
            "modifierSpeciesReference" => ("modifierSpeciesReference", &mut acting),
            _ => ("speciesReference", &mut taking_part),
        };
        context.remark(node, Thing::Reaction(id.clone()).within(word, *position), also);
        *position += 1;
    };
    // Level 3 Version 2 dropped `fast`.
    if !context.level.math_may_be_missing() {
        context.wants(node, &[("fast", "false")]);
    }
    let fast = context.document.attribute(node, "fast").is_some() && context.truth(node, "fast", false);
    let rate = kinetic_law(context, node, &id, parameters);
    Some(Reaction {
        name: context.name(node, &id),
        reversible: context.truth(node, "reversible", true),
        fast,
        reactants: each(context, node, ("listOfReactants", "speciesReference"), |context, node| {
            remark(context, node, &["name"]);
            participant(context, node, given)
        }),
        products: each(context, node, ("listOfProducts", "speciesReference"), |context, node| {
            remark(context, node, &["name"]);
            participant(context, node, given)
        }),
        modifiers: each(context, node, ("listOfModifiers", "modifierSpeciesReference"), |context, node| {
            remark(context, node, &["id", "name"]);
            context.identifier_in(node, "species")
        }),
        rate,
        place: context.document.place(node),
        id,
    })
}

fn participant(context: &mut Context<'_>, node: Node, given: &Given) -> Option<Participant> {
    let document = context.document;
    let species = context.identifier_in(node, "species")?;
    let id = context.optional_identifier(node, "id");
    if let Some(math) = document.child(node, "stoichiometryMath") {
        let stoichiometry = match mathml::expression_in(context, math, &Locals::new())? {
            Expression::Number(value, _) => Stoichiometry::Constant(value),
            expression => Stoichiometry::Expression(expression),
        };
        return Some(Participant { id, species, stoichiometry });
    }
    let number = context.number(node, "stoichiometry");
    if context.is_nan(node, "stoichiometry") && !id.as_ref().is_some_and(|id| given.at_start(id)) {
        let message = format!("the value of the stoichiometry of `{species}` is NaN");
        let finding = Diagnostic::error(context.document.place(node), message);
        context.findings.push(finding.hint("write a number, or give it by an initial assignment or a rule"));
    }
    context.wants(node, &[("constant", "true")]);
    let may_vary = document.attribute(node, "constant").is_some_and(|text| matches!(text.trim(), "false" | "0"));
    let is_given = id.as_ref().is_some_and(|id| given.ever(id));
    let stoichiometry = match number {
        _ if is_given => Stoichiometry::Variable(number),
        Some(number) if may_vary && id.is_some() => Stoichiometry::Variable(Some(number)),
        Some(number) => Stoichiometry::Constant(number),
        None if context.level.has_defaults() => Stoichiometry::Constant(1.0),
        None => {
            let finding =
                Diagnostic::warning(document.place(node), format!("`{species}` has no stoichiometry, taken as: 1"))
                    .hint("Level 3 wants it written");
            context.findings.push(finding);
            Stoichiometry::Constant(1.0)
        }
    };
    Some(Participant { id, species, stoichiometry })
}

/// The rate of a reaction. Its local parameters hide everything of the same name within the law, so they join the
/// model under a name of their own, which takes the place of the local one.
fn kinetic_law(
    context: &mut Context<'_>,
    node: Node,
    reaction: &Id,
    parameters: &mut Vec<Parameter>,
) -> Option<Expression> {
    let document = context.document;
    let law = document.child(node, "kineticLaw")?;
    for attribute in ["timeUnits", "substanceUnits"] {
        if document.attribute(law, attribute).is_some() {
            context.warn(law, format!("`{attribute}` of a kinetic law is passed over: units of the model hold"));
        }
    }
    let mut locals = Locals::new();
    for (list, element) in [("listOfParameters", "parameter"), ("listOfLocalParameters", "localParameter")] {
        for local in context.items(law, list, &[element]) {
            let Some(mut read) = local_parameter(context, local) else { continue };
            let id = context.fresh_id(&format!("{reaction}_{}", read.id));
            if locals.insert(read.id.to_string(), id.clone()).is_some() {
                context.error(local, format!("`{}` is defined twice in this kinetic law", read.id));
            }
            context.remark(local, Thing::Parameter(id.clone()), &[]);
            read.id = id;
            parameters.push(read);
        }
    }
    mathml::expression_in(context, law, &locals)
}

fn local_parameter(context: &mut Context<'_>, node: Node) -> Option<Parameter> {
    let read = if context.document.name(node) == "localParameter" {
        let id = context.identifier(node)?;
        Parameter {
            name: context.name(node, &id),
            value: context.number(node, "value"),
            unit: context.unit(node, "units"),
            constant: true,
            place: context.document.place(node),
            id,
        }
    } else {
        // Nothing can change a local parameter, whatever its `constant` says.
        Parameter { constant: true, ..parameter(context, node)? }
    };
    if context.is_nan(node, "value") {
        warn_of_nan(context, node, "local parameter", &read.id);
    }
    Some(read)
}

#[cfg(test)]
mod tests;
