//! `convert --to equations`: the page says everything. A model made again from nothing but its lines runs the same.

#[path = "../sbml/data.rs"]
mod data;

use engine::{CompileOptions, SolveOptions, compile, solve};
use enthesis::Target;
use network::{Condition, Draft, Id, InitialAssignment, Network, Parameter, Rule, parse_formula};
use source::{Place, SourceFile};
use std::path::Path;
use std::sync::Arc;

const END: f64 = 1.0;
/// The formulas are the same, but the states of the page are concentrations where the engine keeps amounts, so the steps
/// of the solver are others.
const TOLERANCE: f64 = 1e-5;

/// The rate `vacesink` of this model is a small difference of large ones: its two forms differ by up to 5e-3 of its size, by
/// the solver's error in each.
const DIFFERS_BY_THE_SOLVER: &str = "BIOMD0000000835.xml";

#[test]
fn the_pages_of_biomodels_hold_their_models() {
    let Some(folder) = data::folder("biomodels") else { return };
    let (mut same, mut left_out) = (0, 0);
    let mut surprises = Vec::new();
    for name in data::names(&folder) {
        match judge(&folder.join(&name)) {
            Ok(true) => same += 1,
            Ok(false) => left_out += 1,
            Err(message) if name == DIFFERS_BY_THE_SOLVER && message.starts_with("`vacesink`") => left_out += 1,
            Err(message) => surprises.push(format!("{name}: {message}")),
        }
    }
    println!("{same} pages run like their models; {left_out} models do not run, or have events");
    assert!(surprises.is_empty(), "{} surprises:\n{}", surprises.len(), surprises.join("\n"));
    assert!(same > 80, "{same}");
}

/// `false` when the model does not run or has what a page of plain equations cannot be run with here.
fn judge(path: &Path) -> Result<bool, String> {
    let Ok(model) = data::network(path) else { return Ok(false) };
    let is_algebraic = model.rules().iter().any(|rule| matches!(rule, Rule::Algebraic { .. }));
    let Ok(expected) = values(&model, &names(&model)) else { return Ok(false) };
    if !model.events().is_empty() || is_algebraic || model.reactions().iter().any(|it| it.fast) {
        return Ok(false);
    }
    let file = SourceFile { path: Arc::from("model.xml"), text: Arc::from(data::text(path)) };
    let page = enthesis::convert(&file.into(), Target::Equations).map_err(|error| error.to_string())?.text;
    let again = data::check(from_page(&page)?)?;
    let found = values(&again, &names(&model))?;
    for (i, name) in names(&model).iter().enumerate() {
        let size = expected.iter().map(|row| row[i].abs()).fold(0.0, f64::max);
        for (expected, found) in expected.iter().zip(&found) {
            if (expected[i] - found[i]).abs() > TOLERANCE * size.max(1e-9) {
                return Err(format!("`{name}` is {}, not {}", found[i], expected[i]));
            }
        }
    }
    Ok(true)
}

/// A model of parameters only: each line of the page is a rule, a value or an initial assignment.
fn from_page(page: &str) -> Result<Draft, String> {
    let mut draft = Draft::default();
    let mut lines: Vec<String> = Vec::new();
    for line in page.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
        match (line.strip_prefix("    "), lines.last_mut()) {
            (Some(more), Some(last)) => *last += &format!(" {more}"),
            _ => lines.push(line.to_string()),
        }
    }
    for line in lines {
        let equation = line.split("  #").next().unwrap_or("").split("  [").next().unwrap_or("");
        let equation = equation.split(" # ").next().unwrap_or("");
        let (left, right) = equation.split_once(" = ").ok_or_else(|| format!("no equation: {line}"))?;
        let left = left.trim();
        if right.starts_with("unknown") {
            continue;
        }
        let value = parse_formula(right).map_err(|error| format!("{error}: {line}"))?;
        let place = Place::nowhere();
        if let Some(id) = left.strip_prefix("d(").and_then(|left| left.strip_suffix(")/dt")) {
            draft.rules.push(Rule::Rate { target: Id::from(id), value, place });
        } else if let Some(id) = left.strip_suffix("(0)") {
            draft.parameters.push(parameter(id));
            draft.initial_assignments.push(InitialAssignment { target: Id::from(id), value, place });
        } else {
            draft.parameters.push(parameter(left));
            draft.rules.push(Rule::Assignment { target: Id::from(left), value, place });
        }
    }
    Ok(draft)
}

fn parameter(id: &str) -> Parameter {
    Parameter { id: id.into(), name: String::new(), value: None, unit: None, constant: false, place: Place::nowhere() }
}

/// Everything whose value something gives.
fn names(model: &Network) -> Vec<String> {
    let rules = model.rules().iter().filter_map(|rule| rule.target());
    let reactions = model.reactions().iter().filter(|it| it.rate.is_some());
    let mut names: Vec<String> = rules.map(ToString::to_string).collect();
    names.extend(reactions.map(|it| it.id.to_string()));
    for it in model.species() {
        let changes = model.index_of(&it.id).is_some_and(|index| !model.reactions_changing(index).is_empty());
        if changes {
            names.push(it.id.to_string());
        }
    }
    names
}

fn values(model: &Network, names: &[String]) -> Result<Vec<Vec<f64>>, String> {
    let compiled = compile(model, &CompileOptions::default()).map_err(|error| format!("compile: {error}"))?;
    let outputs: Option<Vec<_>> = names.iter().map(|name| model.index_of(name)).collect();
    let outputs = outputs.ok_or("a name is lost")?;
    let times: Vec<f64> = (0..=10).map(|i| END * f64::from(i) / 10.0).collect();
    let options = SolveOptions { relative_tolerance: 1e-10, maximum_steps: 100_000, ..SolveOptions::default() };
    let trajectory = solve(&compiled, &Condition::default(), &times, &outputs, &options)
        .map_err(|failure| format!("solve: {failure}"))?;
    Ok((0..times.len()).map(|i| trajectory.row(i).to_vec()).collect())
}
