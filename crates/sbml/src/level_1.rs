//! Level 1, rewritten as Level 2 before it is read.
//!
//! Level 1 says the same things by other words: names are ids, formulas are infix text, a compartment has a volume, and
//! each kind of variable has a rule of its own. Its species names mean concentrations, as in Level 2.
//! Source: the specifications of SBML Level 1, Version 1 and 2, and doi:10.1093/bioinformatics/btg015.

mod formula;
#[cfg(test)]
mod tests;

use crate::level::Level;
use crate::xml::{Attributes, Document, Node};
use source::{Diagnostic, Diagnostics};
use std::collections::HashSet;

/// The level that the rewritten document has.
pub(crate) const REWRITTEN: Level = Level { level: 2, version: 4 };

/// The same model in Level 2.
pub(crate) fn as_level_2(mut document: Document) -> Result<Document, Diagnostics> {
    let nodes: Vec<Node> = document.nodes().collect();
    let variables = Variables::of(&document, &nodes);
    let mut findings = Diagnostics::new();
    for node in nodes {
        if let Err(finding) = rewrite(&mut document, node, &variables) {
            findings.push(finding);
        }
    }
    findings.into_result(document).map(|(document, _)| document)
}

/// What is needed to tell what may vary: in Level 1 nothing says so.
struct Variables {
    /// Targets of rules. Only looked up.
    ruled: HashSet<String>,
    /// An algebraic rule may change anything.
    any: bool,
    /// A name of the model, so that it does not mean time.
    time_is_a_name: bool,
}

impl Variables {
    fn of(document: &Document, nodes: &[Node]) -> Self {
        let rule = |node: &&Node| document.name(**node).ends_with("Rule");
        let ruled = nodes.iter().filter(rule).filter_map(|&node| target(document, node)).map(str::to_string);
        Self {
            ruled: ruled.collect(),
            any: nodes.iter().any(|&node| document.name(node) == "algebraicRule"),
            time_is_a_name: nodes.iter().any(|&node| document.attribute(node, "name") == Some("time")),
        }
    }
}

/// The variable of a rule.
fn target(document: &Document, rule: Node) -> Option<&str> {
    ["species", "specie", "compartment", "name"].iter().find_map(|key| document.attribute(rule, key)).map(str::trim)
}

fn rewrite(document: &mut Document, node: Node, variables: &Variables) -> Result<(), Diagnostic> {
    let name = document.name(node).to_string();
    match name.as_str() {
        "model" | "unitDefinition" | "reaction" => rename(document, node, &[("name", "id")]),
        "compartment" => {
            rename(document, node, &[("name", "id"), ("volume", "size")]);
            set_default(document, node, "size", "1");
            let varies = document.attribute(node, "id").is_some_and(|id| variables.ruled.contains(id.trim()));
            set_default(document, node, "constant", if varies { "false" } else { "true" });
        }
        "species" | "specie" => {
            rename(document, node, &[("name", "id"), ("units", "substanceUnits")]);
            document.set_name(node, "species");
        }
        "parameter" => {
            rename(document, node, &[("name", "id")]);
            let varies = document.attribute(node, "id").is_some_and(|id| variables.ruled.contains(id.trim()));
            set_default(document, node, "constant", if varies || variables.any { "false" } else { "true" });
        }
        "speciesReference" | "specieReference" => {
            rename(document, node, &[("specie", "species")]);
            document.set_name(node, "speciesReference");
            divide_stoichiometry(document, node)?;
        }
        "kineticLaw" | "algebraicRule" => mathematics(document, node, variables)?,
        "specieConcentrationRule" | "speciesConcentrationRule" | "compartmentVolumeRule" | "parameterRule" => {
            let kind = match document.attribute(node, "type").unwrap_or("scalar").trim() {
                "scalar" => "assignmentRule",
                "rate" => "rateRule",
                other => {
                    let message = format!("the type of `{name}` is neither `scalar` nor `rate`: `{other}`");
                    return Err(Diagnostic::error(document.place(node), message));
                }
            };
            mathematics(document, node, variables)?;
            let Some(target) = target(document, node).map(Box::from) else {
                let message = format!("`{name}` does not say which variable it is for");
                return Err(Diagnostic::error(document.place(node), message));
            };
            document.set_attributes(node, vec![("variable".into(), target)]);
            document.set_name(node, kind);
        }
        _ => {}
    }
    Ok(())
}

fn rename(document: &mut Document, node: Node, keys: &[(&str, &str)]) {
    let new = |key: &str| keys.iter().find(|(old, _)| *old == key).map_or(key, |(_, new)| new).into();
    let attributes: Attributes =
        document.attributes(node).iter().map(|(key, value)| (new(key), value.clone())).collect();
    document.set_attributes(node, attributes);
}

fn set_default(document: &mut Document, node: Node, key: &str, value: &str) {
    if document.attribute(node, key).is_none() {
        let mut attributes = document.attributes(node).clone();
        attributes.push((key.into(), value.into()));
        document.set_attributes(node, attributes);
    }
}

/// `stoichiometry="1" denominator="2"` is one half.
fn divide_stoichiometry(document: &mut Document, node: Node) -> Result<(), Diagnostic> {
    let Some(denominator) = document.attribute(node, "denominator") else { return Ok(()) };
    let whole = |text: &str| text.trim().parse::<i64>().ok();
    let numerator = document.attribute(node, "stoichiometry").unwrap_or("1");
    let (Some(above), Some(below)) = (whole(numerator), whole(denominator).filter(|&below| below > 0)) else {
        let message = format!("a stoichiometry is not a fraction of whole numbers: {numerator}/{denominator}");
        return Err(Diagnostic::error(document.place(node), message));
    };
    let value = above as f64 / below as f64;
    let kept = document.attributes(node).iter().filter(|(key, _)| !matches!(&**key, "stoichiometry" | "denominator"));
    let mut attributes: Attributes = kept.cloned().collect();
    attributes.push(("stoichiometry".into(), value.to_string().into()));
    document.set_attributes(node, attributes);
    Ok(())
}

/// Puts the formula of an element into it as MathML.
fn mathematics(document: &mut Document, node: Node, variables: &Variables) -> Result<(), Diagnostic> {
    let Some(text) = document.attribute(node, "formula").map(str::to_string) else { return Ok(()) };
    let content = formula::read(document, node, &text, variables.time_is_a_name).map_err(|error| {
        Diagnostic::error(document.place(node), format!("the formula cannot be read: {}", error.message))
            .hint(format!("look at character {} of `{text}`", error.character))
    })?;
    let math = document.make("math", "", vec![content], node);
    let mut children = vec![math];
    children.extend_from_slice(document.children(node));
    document.set_children(node, children);
    Ok(())
}
