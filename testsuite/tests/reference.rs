//! The compiled engine against a judge: a plain tree-walking evaluator and a textbook integrator, which share nothing
//! with the engine but the checked network. The judge lives in `reference/`.
//!
//! Models and formulas are made at random from a fixed seed, so a failure comes back; it is shown with the smallest model that fails.
//! `REFERENCE_CASES` and `REFERENCE_SEED` look further than the test does by itself.

#[path = "../reference/arithmetic.rs"]
mod arithmetic;
#[path = "../reference/biology.rs"]
mod biology;
#[path = "../sbml/data.rs"]
#[allow(dead_code, reason = "other tests use more of it")]
mod data;
#[path = "../reference/direct.rs"]
mod direct;
#[path = "../reference/files.rs"]
mod files;
#[path = "../reference/formulas.rs"]
mod formulas;
#[path = "../reference/integrator.rs"]
mod integrator;
#[path = "../reference/judge.rs"]
mod judge;
#[path = "../reference/listing.rs"]
mod listing;
#[path = "../reference/published.rs"]
mod published;
#[path = "../reference/recipe.rs"]
mod recipe;
#[path = "../reference/trial.rs"]
mod trial;

use network::{Action, Change, Condition, SymbolIndex, UnitPolicy};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestError, TestRunner};
use recipe::{Recipe, number, recipes};
use std::cell::Cell;
use trial::Trial;

/// Output times. Some rules of the recipes jump at 1, which must not matter.
const TIMES: [f64; 6] = [0.0, 0.05, 0.37, 1.0, 1.41, 2.2];

/// When something is done to the model.
const CHANGES: [f64; 2] = [0.2, 1.3];

#[test]
fn generated_models_agree_with_the_judge() {
    let seen = Seen::default();
    let values = vec(number(0.2, 2.0), 40);
    let changes = vec((0..100_usize, any::<bool>(), number(0.1, 2.0)), 0..=CHANGES.len());
    for_each(500, (recipes(), values, changes), |(recipe, values, changes)| check(&recipe, &values, &changes, &seen));
    println!("{} states, {} symbols, {} steps of the engine", seen.states.get(), seen.symbols.get(), seen.steps.get());
    assert!(seen.steps.get() > 0, "no generated model moves");
}

#[test]
fn generated_formulas_agree_with_the_judge() {
    for_each(2000, formulas::formulas(), |(formula, values)| formulas::check(&formula, values));
}

#[test]
fn generated_networks_jump_as_the_textbook_says() {
    for_each(12, direct::networks(), |network| direct::check(&network));
}

/// Checks so many values of a strategy, and fails with what is said about the smallest that does not pass.
fn for_each<S: Strategy>(cases: u64, strategy: S, check: impl Fn(S::Value) -> Result<(), String>) {
    let from_environment = |name: &str, otherwise: u64| {
        std::env::var(name).map_or(otherwise, |text| text.parse().expect("a whole number"))
    };
    let config = Config {
        cases: u32::try_from(from_environment("REFERENCE_CASES", cases)).expect("not too many"),
        rng_seed: RngSeed::Fixed(from_environment("REFERENCE_SEED", 1)),
        failure_persistence: None,
        ..Config::default()
    };
    match TestRunner::new(config).run(&strategy, |value| check(value).map_err(TestCaseError::fail)) {
        Ok(()) => {}
        // The choices behind a model say less than its listing, which is in the reason.
        Err(TestError::Fail(reason, _) | TestError::Abort(reason)) => panic!("{reason}"),
    }
}

/// What all models together had in them.
#[derive(Default)]
struct Seen {
    states: Cell<usize>,
    symbols: Cell<usize>,
    steps: Cell<usize>,
}

/// Checks one model as it is, under a condition such as a study makes, and in several states at random.
fn check(recipe: &Recipe, values: &[f64], changes: &[(usize, bool, f64)], seen: &Seen) -> Result<(), String> {
    let (network, _) =
        recipe.draft().check(UnitPolicy::Warn).map_err(|it| format!("the recipe is not sound:\n{it}"))?;
    let trial = Trial::new(&network)?;
    let settable: Vec<SymbolIndex> = trial.settable().collect();
    let given = |every: usize, shift: usize| -> Vec<(SymbolIndex, f64)> {
        let drawn = values.iter().copied().cycle().skip(shift);
        settable.iter().copied().zip(drawn).step_by(every).collect()
    };

    seen.symbols.set(seen.symbols.get() + network.symbols().len());
    seen.states.set(seen.states.get() + trial.state_count());
    let changes = changes.iter().zip(CHANGES).map(|(&(pick, is_dose, value), time)| Change {
        time,
        target: settable[pick % settable.len()],
        action: if is_dose { Action::Add(value) } else { Action::Set(value) },
    });
    for condition in [Condition::default(), Condition { initial: given(3, 0), changes: changes.collect() }] {
        let trajectory = trial.check(&condition, &TIMES)?;
        seen.steps.set(seen.steps.get() + trajectory.statistics.steps);
    }
    for shift in [0, 7, 19] {
        trial.check(&Condition { initial: given(1, shift), changes: Vec::new() }, &TIMES[..1])?;
    }
    Ok(())
}
