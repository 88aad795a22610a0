//! Small networks whose answer can be seen.

use super::{Conflict, FluxError, FluxOutcome, flux_balance};
use crate::test_models::{TestModel, symbol};
use network::{Condition, FluxBalance, FluxBounds, FluxConstraint, FluxTerm, Network, Objective, Quantity, Sense};
use source::Place;

/// Glucose goes to fat or to lactate; three of it make one lipid.
fn pathway() -> TestModel {
    TestModel::new()
        .amount("glucose", 0.0)
        .amount("lipid", 0.0)
        .reaction("uptake", "=> glucose", "0")
        .reaction("synthesis", "3 glucose => lipid", "0")
        .reaction("storage", "lipid =>", "0")
        .reaction("fermentation", "glucose =>", "0")
}

fn number(value: f64) -> Quantity {
    Quantity::Number(value)
}

fn bounds(reaction: &str, lower: f64, upper: f64) -> FluxBounds {
    let (lower, upper) = (Some(number(lower)), Some(number(upper)));
    FluxBounds { reaction: reaction.into(), lower, upper, place: Place::nowhere() }
}

fn terms(of: &[(f64, &str)]) -> Vec<FluxTerm> {
    let term = |&(coefficient, variable): &(f64, &str)| FluxTerm {
        coefficient: number(coefficient),
        variable: variable.into(),
    };
    of.iter().map(term).collect()
}

fn question(bounds: Vec<FluxBounds>, sense: Sense, of: &[(f64, &str)]) -> FluxBalance {
    let objective =
        Objective { id: "best".into(), name: String::new(), sense, terms: terms(of), place: Place::nowhere() };
    FluxBalance { bounds, objectives: vec![objective], ..FluxBalance::default() }
}

fn network(model: TestModel, question: FluxBalance) -> Network {
    model
        .with(|draft| {
            draft.flux_balance = Some(question);
            draft.reactions.iter_mut().for_each(|reaction| reaction.rate = None);
        })
        .check()
}

fn answer(model: TestModel, question: FluxBalance) -> FluxOutcome {
    flux_balance(&network(model, question), &Condition::default()).expect("an outcome")
}

fn assert_best(outcome: FluxOutcome, best: f64, expected: &[f64]) {
    let FluxOutcome::Optimal { objective, rates } = outcome else { panic!("there is an optimum: {outcome:?}") };
    assert!((objective - best).abs() < 1e-8, "{objective}");
    assert_eq!(rates.len(), expected.len());
    for (rate, expected) in rates.iter().zip(expected) {
        assert!((rate - expected).abs() < 1e-8, "{rates:?}");
    }
}

fn all(upper_uptake: f64) -> Vec<FluxBounds> {
    let positive = ["synthesis", "storage", "fermentation"].map(|reaction| bounds(reaction, 0.0, f64::INFINITY));
    std::iter::once(bounds("uptake", 0.0, upper_uptake)).chain(positive).collect()
}

#[test]
fn the_best_use_of_what_is_taken_up() {
    // 9 glucose make 3 lipid; fermentation is worth less.
    let best = question(all(9.0), Sense::Maximize, &[(2.0, "storage"), (0.1, "fermentation")]);
    assert_best(answer(pathway(), best), 6.0, &[9.0, 3.0, 3.0, 0.0]);
    // At least 3 glucose must be taken up, and burnt or stored: storing costs less.
    let mut least = question(all(9.0), Sense::Minimize, &[(2.0, "storage"), (1.0, "fermentation")]);
    least.bounds[0] = bounds("uptake", 3.0, 9.0);
    assert_best(answer(pathway(), least), 2.0, &[3.0, 1.0, 1.0, 0.0]);
}

#[test]
fn boundary_species_need_no_balance_and_rates_run_backwards() {
    let model = TestModel::new().amount("source", 1.0).amount("x", 0.0).with(|draft| draft.species[0].boundary = true);
    let model = model.reaction("in", "source => x", "0").reaction("out", "x => source", "0");
    let both = vec![bounds("in", -5.0, 5.0), bounds("out", -5.0, 5.0)];
    assert_best(answer(model, question(both, Sense::Minimize, &[(1.0, "out")])), -5.0, &[-5.0, -5.0]);
}

#[test]
fn stoichiometries_and_bounds_have_the_values_they_start_with() {
    let model = pathway().parameter("limit", 1.0).parameter("basis", 4.0).initially("limit", "3 * basis");
    let mut best = question(all(0.0), Sense::Maximize, &[(1.0, "storage")]);
    best.bounds[0].upper = Some(Quantity::Parameter("limit".into()));
    let network = network(model, best);
    assert_best(flux_balance(&network, &Condition::default()).expect("an outcome"), 4.0, &[12.0, 4.0, 4.0, 0.0]);
    let basis = symbol(&network, "basis");
    let condition = Condition { initial: vec![(basis, 1.0)], changes: Vec::new() };
    assert_best(flux_balance(&network, &condition).expect("an outcome"), 1.0, &[3.0, 1.0, 1.0, 0.0]);
}

#[test]
fn constraints_tie_rates_to_each_other_and_to_open_numbers() {
    // As much glucose is stored as is burnt: synthesis uses 3 for each.
    let mut best = question(all(9.0), Sense::Maximize, &[(1.0, "storage")]);
    best.constraints.push(FluxConstraint {
        id: None,
        name: String::new(),
        lower: Some(number(0.0)),
        upper: Some(number(0.0)),
        terms: terms(&[(3.0, "synthesis"), (-1.0, "fermentation")]),
        place: Place::nowhere(),
    });
    assert_best(answer(pathway(), best.clone()), 1.5, &[9.0, 1.5, 1.5, 4.5]);
    // A parameter that is not constant is a number to be found, so this one ties nothing.
    best.constraints[0].terms[1].variable = "open".into();
    assert_best(answer(pathway().parameter("open", 1.0), best), 3.0, &[9.0, 3.0, 3.0, 0.0]);
}

#[test]
fn what_cannot_be_is_told_with_what_stands_in_the_way() {
    let mut crossed = question(all(9.0), Sense::Maximize, &[(1.0, "storage")]);
    crossed.bounds[3] = bounds("fermentation", 2.0, 1.0);
    let conflict = Conflict::Bounds { reaction: 3, lower: 2.0, upper: 1.0 };
    assert_eq!(answer(pathway(), crossed), FluxOutcome::Infeasible(conflict));

    // Twice as much lipid is stored as can be made.
    let mut short = question(all(9.0), Sense::Maximize, &[(1.0, "storage")]);
    short.bounds[2] = bounds("storage", 6.0, 9.0);
    let network = network(pathway(), short);
    let species = vec![symbol(&network, "lipid")];
    let conflict = Conflict::Unbalanced { species, constraints: Vec::new() };
    assert_eq!(flux_balance(&network, &Condition::default()), Ok(FluxOutcome::Infeasible(conflict)));
}

#[test]
fn what_has_no_end_is_told_with_the_reactions_that_carry_it() {
    let endless = question(all(f64::INFINITY), Sense::Maximize, &[(1.0, "storage")]);
    assert_eq!(answer(pathway(), endless), FluxOutcome::Unbounded { reactions: vec![0, 1, 2] });
}

#[test]
fn a_network_without_a_question_or_a_number_has_no_answer() {
    let condition = Condition::default();
    let none = network(pathway(), FluxBalance::default());
    assert_eq!(flux_balance(&none, &condition), Err(FluxError::NoObjective));
    let mut best = question(all(9.0), Sense::Maximize, &[(1.0, "storage")]);
    best.bounds[1].upper = Some(Quantity::Parameter("limit".into()));
    let model = pathway().parameter("limit", 1.0).parameter("zero", 0.0).initially("limit", "zero / zero");
    let unknown = flux_balance(&network(model, best), &condition);
    assert_eq!(unknown, Err(FluxError::NotANumber { reaction: Some(1) }));
}
