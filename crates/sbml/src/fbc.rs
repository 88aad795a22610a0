//! The package `fbc`, Versions 1 to 3: bounds of rates, objectives, constraints, gene products.
//!
//! Version 1 lists bounds as inequalities (`listOfFluxBounds`); Versions 2 and 3 name parameters at each reaction. What
//! Version 3 calls quadratic is not linear programming and is unsupported.

use crate::context::{Context, parse_number};
use crate::model::each;
use crate::xml::Node;
use network::{
    Chemistry, FluxBalance, FluxBounds, FluxConstraint, FluxTerm, GeneAssociation, GeneProduct, Id, Objective,
    Quantity, Sense, Thing,
};
use source::Diagnostic;
use std::collections::HashMap;

/// What the package says about a model, or nothing when it says nothing.
pub(crate) fn read(context: &mut Context<'_>, model: Node) -> Option<FluxBalance> {
    if !context.document.uses("fbc") {
        return None;
    }
    let strict = context.document.attribute(model, "fbc:strict").map(str::trim);
    let mut constraints = 0;
    let mut question = FluxBalance {
        strict: matches!(strict, Some("true" | "1")),
        objectives: each(context, model, ("listOfObjectives", "objective"), objective),
        active: active_objective(context, model),
        constraints: each(
            context,
            model,
            ("listOfUserDefinedConstraints", "userDefinedConstraint"),
            |context, node| {
                context.remark(node, Thing::FluxConstraint(constraints), &[]);
                constraints += 1;
                constraint(context, node)
            },
        ),
        gene_products: each(context, model, ("listOfGeneProducts", "geneProduct"), gene_product),
        ..FluxBalance::default()
    };
    inequalities(context, model, &mut question.bounds);
    for reaction in context.document.list(model, "listOfReactions") {
        at_reaction(context, reaction, &mut question);
    }
    for species in context.document.list(model, "listOfSpecies") {
        question.chemistry.extend(chemistry(context, species));
    }
    if question.active.is_none() && question.objectives.len() > 1 {
        let list = context.document.child(model, "listOfObjectives").unwrap_or(model);
        let finding = Diagnostic::warning(context.document.place(list), "none of the objectives is the active one");
        context.findings.push(finding.hint("name one of them as `activeObjective`"));
    }
    let empty = FluxBalance { strict: question.strict, ..FluxBalance::default() };
    (question != empty).then_some(question)
}

fn active_objective(context: &mut Context<'_>, model: Node) -> Option<Id> {
    let lists = context.document.children(model).iter().copied();
    let list = lists.into_iter().find(|&list| context.document.name(list) == "listOfObjectives")?;
    let id = context.document.package_attribute(list, "activeObjective").map(str::trim)?;
    context.valid_identifier(list, id)
}

/// `fluxBound` of Version 1: `reaction operation value`. Several on one side all hold, so the tightest one does.
fn inequalities(context: &mut Context<'_>, model: Node, bounds: &mut Vec<FluxBounds>) {
    let mut position: HashMap<Id, usize> = HashMap::new();
    for node in context.items(model, "listOfFluxBounds", &["fluxBound"]) {
        let Some(reaction) = identifier(context, node, "reaction") else { continue };
        let Some(value) = number(context, node, "value") else { continue };
        let operation = context.document.package_attribute(node, "operation").unwrap_or("").trim();
        let (is_lower, is_upper) = match operation {
            "greaterEqual" | "greater" => (true, false),
            "lessEqual" | "less" => (false, true),
            "equal" => (true, true),
            other => {
                let finding = Diagnostic::error(
                    context.document.place(node),
                    format!("the operation of a flux bound is not known: `{other}`"),
                );
                context.findings.push(finding.hint("write `lessEqual`, `greaterEqual` or `equal`"));
                continue;
            }
        };
        let at = *position.entry(reaction.clone()).or_insert_with(|| {
            bounds.push(FluxBounds { reaction, lower: None, upper: None, place: context.document.place(node) });
            bounds.len() - 1
        });
        let tighten = |bound: &mut Option<Quantity>, tightest: fn(f64, f64) -> f64| {
            let value = match bound {
                Some(Quantity::Number(other)) if !value.is_nan() => tightest(*other, value),
                _ => value,
            };
            *bound = Some(Quantity::Number(value));
        };
        if is_lower {
            tighten(&mut bounds[at].lower, f64::max);
        }
        if is_upper {
            tighten(&mut bounds[at].upper, f64::min);
        }
    }
}

/// Bounds and genes that Versions 2 and 3 write at a reaction.
fn at_reaction(context: &mut Context<'_>, node: Node, question: &mut FluxBalance) {
    let Some(reaction) = context.document.attribute(node, "id").map(|id| context.intern(id.trim())) else { return };
    let [lower, upper] = ["fbc:lowerFluxBound", "fbc:upperFluxBound"].map(|attribute| {
        let id = context.document.attribute(node, attribute)?.trim();
        context.valid_identifier(node, id).map(Quantity::Parameter)
    });
    if lower.is_some() || upper.is_some() {
        let place = context.document.place(node);
        question.bounds.push(FluxBounds { reaction: reaction.clone(), lower, upper, place });
    }
    let Some(association) = context.document.child(node, "geneProductAssociation") else { return };
    context.remark(association, Thing::Reaction(reaction.clone()).within("geneProductAssociation", 0), &[]);
    if let Some(&genes) = context.document.children(association).first()
        && let Some(genes) = gene_association(context, genes)
    {
        question.gene_associations.push((reaction, genes));
    }
}

/// As deep as the document, which is bounded.
fn gene_association(context: &mut Context<'_>, node: Node) -> Option<GeneAssociation> {
    let parts = |context: &mut Context<'_>| {
        let children = context.document.children(node).iter();
        children.filter_map(|&child| gene_association(context, child)).collect()
    };
    match context.document.name(node) {
        "and" => Some(GeneAssociation::All(parts(context))),
        "or" => Some(GeneAssociation::Any(parts(context))),
        "geneProductRef" => identifier(context, node, "geneProduct").map(GeneAssociation::Product),
        _ => {
            context.unknown_element(node, &["and", "or", "geneProductRef"]);
            None
        }
    }
}

fn objective(context: &mut Context<'_>, node: Node) -> Option<Objective> {
    let id = identifier(context, node, "id")?;
    let sense = match context.document.package_attribute(node, "type").map(str::trim) {
        Some("maximize") => Sense::Maximize,
        Some("minimize") => Sense::Minimize,
        other => {
            let message = format!("the type of objective `{id}` is not known: `{}`", other.unwrap_or(""));
            let finding = Diagnostic::error(context.document.place(node), message);
            context.findings.push(finding.hint("write `maximize` or `minimize`"));
            return None;
        }
    };
    context.remark(node, Thing::Objective(id.clone()), &[]);
    let mut position = 0;
    let terms = each(context, node, ("listOfFluxObjectives", "fluxObjective"), |context, node| {
        refuse_quadratic(context, node);
        context.remark(node, Thing::Objective(id.clone()).within("fluxObjective", position), &[]);
        position += 1;
        let coefficient = Quantity::Number(number(context, node, "coefficient")?);
        Some(FluxTerm { coefficient, variable: identifier(context, node, "reaction")? })
    });
    Some(Objective { name: name(context, node, &id), sense, terms, place: context.document.place(node), id })
}

/// `userDefinedConstraint` of Version 3.
fn constraint(context: &mut Context<'_>, node: Node) -> Option<FluxConstraint> {
    let id = context.document.package_attribute(node, "id").map(|id| context.intern(id.trim()));
    let [lower, upper] = ["lowerBound", "upperBound"].map(|attribute| {
        let id = context.document.package_attribute(node, attribute)?.trim();
        context.valid_identifier(node, id).map(Quantity::Parameter)
    });
    let list = ("listOfUserDefinedConstraintComponents", "userDefinedConstraintComponent");
    let terms = each(context, node, list, |context, node| {
        refuse_quadratic(context, node);
        let coefficient = Quantity::Parameter(identifier(context, node, "coefficient")?);
        Some(FluxTerm { coefficient, variable: identifier(context, node, "variable")? })
    });
    let name = name(context, node, id.as_deref().unwrap_or(""));
    Some(FluxConstraint { id, name, lower, upper, terms, place: context.document.place(node) })
}

fn refuse_quadratic(context: &mut Context<'_>, node: Node) {
    let document = context.document;
    let product = ["reaction2", "variable2"].iter().any(|second| document.package_attribute(node, second).is_some());
    let power = document.package_attribute(node, "variableType").is_some_and(|it| it.trim() == "quadratic");
    if product || power {
        context.unsupported(document.place(node), "a quadratic term of the package `fbc`");
    }
}

fn gene_product(context: &mut Context<'_>, node: Node) -> Option<GeneProduct> {
    let id = identifier(context, node, "id")?;
    context.remark(node, Thing::GeneProduct(id.clone()), &[]);
    let text = |attribute| context.document.package_attribute(node, attribute).map(str::trim);
    Some(GeneProduct {
        name: name(context, node, &id),
        label: text("label").unwrap_or("").to_string(),
        species: text("associatedSpecies").map(Id::from),
        id,
    })
}

fn chemistry(context: &mut Context<'_>, node: Node) -> Option<Chemistry> {
    let text = |attribute| context.document.attribute(node, attribute).map(str::trim);
    let species = text("id").map(Id::from)?;
    // No result depends on it, so a charge that is not a number is passed over.
    let charge = text("fbc:charge").and_then(parse_number);
    let formula = text("fbc:chemicalFormula").filter(|formula| !formula.is_empty()).map(str::to_string);
    (charge.is_some() || formula.is_some()).then_some(Chemistry { species, charge, formula })
}

fn identifier(context: &mut Context<'_>, node: Node, attribute: &str) -> Option<Id> {
    match context.document.package_attribute(node, attribute).map(str::trim) {
        Some(id) if !id.is_empty() => context.valid_identifier(node, id),
        _ => {
            let element = context.document.name(node);
            context.error(node, format!("`{element}` has no `{attribute}`"));
            None
        }
    }
}

fn name(context: &Context<'_>, node: Node, id: &str) -> String {
    context.document.package_attribute(node, "name").filter(|name| !name.trim().is_empty()).unwrap_or(id).to_string()
}

/// A number; `NaN` stays what it is, and the check says what it thinks of it.
fn number(context: &mut Context<'_>, node: Node, attribute: &str) -> Option<f64> {
    let element = context.document.name(node);
    match context.document.package_attribute(node, attribute).map(str::trim) {
        None => {
            context.error(node, format!("`{element}` has no `{attribute}`"));
            None
        }
        Some("NaN") => Some(f64::NAN),
        Some("INF") => Some(f64::INFINITY),
        Some("-INF") => Some(f64::NEG_INFINITY),
        Some(text) => {
            let number = parse_number(text);
            if number.is_none() {
                context.error(node, format!("`{attribute}` is not a number: `{text}`"));
            }
            number
        }
    }
}

#[cfg(test)]
mod tests;
