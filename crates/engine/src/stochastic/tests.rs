//! Means and variances that are known exactly.

use super::{compile_stochastic, solve_stochastic};
use crate::test_models::TestModel;
use crate::{CompileOptions, SolveOptions};
use network::{Condition, Network};

/// Mean and variance of an amount at a time, over 4000 runs.
fn moments(network: &Network, species: &str, time: f64) -> (f64, f64) {
    let model = compile_stochastic(network, &CompileOptions::default()).expect("the model compiles");
    let outputs = [network.index_of(species).expect("a species")];
    let (mut mean, mut squares) = (0.0, 0.0);
    for member in 0..4000 {
        let condition = Condition::default();
        let run = solve_stochastic(&model, &condition, &[time], &outputs, 1, member, &SolveOptions::default());
        let value = run.expect("the run succeeds").values[0];
        let difference = value - mean;
        mean += difference / (member + 1) as f64;
        squares += difference * (value - mean);
    }
    (mean, squares / 3999.0)
}

#[test]
fn immigration_and_death_end_in_a_poisson_distribution() {
    let model = TestModel::new().amount("X", 0.0).parameter("k", 20.0);
    let network = model.reaction("make", "-> X", "k").reaction("die", "X ->", "X").check();
    let (mean, variance) = moments(&network, "X", 2.0);
    let exact = 20.0 * (1.0 - (-2.0f64).exp());
    // Three standard errors of the mean, five of the variance.
    assert!((mean - exact).abs() < 3.0 * (exact / 4000.0).sqrt(), "mean {mean}, exact {exact}");
    assert!((variance / exact - 1.0).abs() < 5.0 * (2.0f64 / 4000.0).sqrt(), "variance {variance}, exact {exact}");
}

#[test]
fn dimers_conserve_monomers() {
    let model = TestModel::new().amount("P", 100.0).amount("D", 0.0);
    let network =
        model.reaction("bind", "2 P -> D", "0.001 * P * (P - 1) / 2").reaction("split", "D -> 2 P", "0.01 * D").check();
    let model = compile_stochastic(&network, &CompileOptions::default()).expect("the model compiles");
    let outputs = ["P", "D"].map(|id| network.index_of(id).expect("a species"));
    let times = [0.0, 10.0, 50.0];
    let condition = Condition::default();
    let run = |member| solve_stochastic(&model, &condition, &times, &outputs, 7, member, &SolveOptions::default());
    let first = run(0).expect("the run succeeds");
    assert!((0..3).all(|row| first.value(row, 0) + 2.0 * first.value(row, 1) == 100.0), "{first:?}");
    assert_eq!(first, run(0).expect("the run succeeds"), "the same seed gives the same run");
    assert_ne!(first.values, run(1).expect("the run succeeds").values);
}
