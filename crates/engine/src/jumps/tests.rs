//! Means and variances that are known exactly, moments at which something is known to happen, and honest failures.

use crate::test_models::{TestModel, symbol};
use crate::{Backend, CompiledModel, FailureKind, SampleMethod, SampleOptions, SolveFailure, SolveOptions, Trajectory};
use network::{Condition, Network};

const RUNS: u64 = 4000;

fn compiled(model: TestModel) -> (Network, CompiledModel) {
    model.compile(Backend::Automatic).expect("the model compiles")
}

fn run(
    (network, model): &(Network, CompiledModel),
    method: SampleMethod,
    run: u64,
    times: &[f64],
    outputs: &[&str],
) -> Result<Trajectory, SolveFailure> {
    let outputs: Vec<_> = outputs.iter().map(|id| symbol(network, id)).collect();
    let options = SampleOptions {
        method,
        solve: SolveOptions { seed: 1, run, ..SolveOptions::default() },
        ..SampleOptions::default()
    };
    crate::sample(model, &Condition::default(), times, &outputs, &options)
}

/// Mean and variance of an output at a time, over some runs.
fn moments_of(
    runs: u64,
    model: &(Network, CompiledModel),
    method: SampleMethod,
    output: &str,
    time: f64,
) -> (f64, f64) {
    let (mut mean, mut squares) = (0.0, 0.0);
    for member in 0..runs {
        let value = run(model, method, member, &[time], &[output]).expect("the run succeeds").values[0];
        let difference = value - mean;
        mean += difference / (member + 1) as f64;
        squares += difference * (value - mean);
    }
    (mean, squares / (runs - 1) as f64)
}

/// Expects a mean within 4 standard errors and a variance within 6 of what holds for a normal distribution; a wrong
/// factor anywhere is dozens of them off.
fn check(method: SampleMethod, model: TestModel, output: &str, time: f64, mean: f64, variance: f64) {
    check_runs(RUNS, method, model, output, time, mean, variance);
}

fn check_runs(runs: u64, method: SampleMethod, model: TestModel, output: &str, time: f64, mean: f64, variance: f64) {
    let (found_mean, found_variance) = moments_of(runs, &compiled(model), method, output, time);
    let error = 4.0 * (variance / runs as f64).sqrt();
    assert!((found_mean - mean).abs() <= error, "mean {found_mean}, exact {mean}, 4 errors are {error}");
    let error = 6.0 * variance * (2.0 / runs as f64).sqrt();
    assert!((found_variance - variance).abs() <= error, "variance {found_variance}, exact {variance}");
}

fn immigration_and_death() -> TestModel {
    let model = TestModel::new().amount("X", 0.0).parameter("k", 20.0);
    model.reaction("make", "=> X", "k").reaction("die", "X =>", "X")
}

#[test]
fn immigration_and_death_end_in_a_poisson_distribution() {
    let exact = 20.0 * (1.0 - (-2.0f64).exp());
    check(SampleMethod::Ssa, immigration_and_death(), "X", 2.0, exact, exact);
}

#[test]
fn a_concentration_is_an_amount_in_a_volume() {
    // 20 per time into a volume of 4, as an amount 0.05 of which is one firing: a twentieth of the firings' noise.
    let model = TestModel::new().compartment("v", 4.0);
    let model = model.species_in("v", "X", network::InitialValue::Concentration(0.0), false).parameter("c", 0.05);
    let model = model.with(|draft| {
        draft.parameters[0].constant = true;
        draft.species[0].conversion_factor = Some("c".into());
    });
    let model = model.reaction("make", "=> X", "400").reaction("die", "X =>", "20 * X * v");
    let (amount, variance) = (20.0 * (1.0 - (-2.0f64).exp()), 0.05 * 20.0 * (1.0 - (-2.0f64).exp()));
    check(SampleMethod::Ssa, model, "X", 2.0, amount / 4.0, variance / 16.0);
}

#[test]
fn a_reversible_reaction_is_two_jumps() {
    // Each of 50 molecules is in B with probability p: a binomial distribution.
    let model = TestModel::new().amount("A", 50.0).amount("B", 0.0);
    let model = model.reaction("change", "A -> B", "cell * (2 * A - 3 * B)");
    let p = 0.4 * (1.0 - (-5.0f64 * 0.3).exp());
    check(SampleMethod::Ssa, model, "B", 0.3, 50.0 * p, 50.0 * p * (1.0 - p));
}

#[test]
fn events_come_at_their_times_and_count_molecules() {
    let model = immigration_and_death()
        .parameter("last", -1.0)
        .event("reset", "time >= 1.5", &[("X", "40"), ("k", "0"), ("last", "time")])
        .event("few", "X < 20 and time > 1.5", &[("last", "X")]);
    let model = compiled(model);
    let times = [0.0, 1.0, 1.5, 1.75, 100.0];
    for member in 0..20 {
        let it = run(&model, SampleMethod::Ssa, member, &times, &["X", "last"]).expect("the run succeeds");
        assert_eq!((it.value(0, 0), it.value(2, 0), it.value(2, 1)), (0.0, 40.0, 1.5), "{it:?}");
        assert_eq!((it.value(4, 0), it.value(4, 1)), (0.0, 19.0), "{it:?}");
        assert!(it.value(3, 0) < 41.0 && it.value(1, 0) == it.value(1, 0).trunc());
    }
}

#[test]
fn a_delayed_event_and_a_strict_trigger() {
    let model = TestModel::new().amount("X", 0.0).reaction("make", "=> X", "1000").parameter("seen", 0.0);
    let model = model
        .parameter("k", 2.0)
        .event("strict", "k * time > 3", &[("seen", "time")])
        .with(|draft| draft.events[0].delay = Some(network::parse_formula("0.25").expect("a formula")));
    let model = compiled(model);
    let it = run(&model, SampleMethod::Ssa, 0, &[1.7, 2.0], &["seen"]).expect("the run succeeds");
    assert_eq!(it.values[0], 0.0);
    // The values of trigger time, which is right after 1.5.
    assert!(it.values[1] >= 1.5 && it.values[1] < 1.5 + 1e-11, "{it:?}");
}

#[test]
fn the_same_seed_and_run_give_the_same_molecules() {
    let model = TestModel::new().amount("P", 100.0).amount("D", 0.0);
    let model = compiled(
        model.reaction("bind", "2 P -> D", "0.001 * P * (P - 1) / 2").reaction("split", "D -> 2 P", "0.01 * D"),
    );
    let at = |member| run(&model, SampleMethod::Ssa, member, &[0.0, 10.0, 50.0], &["P", "D"]).expect("runs");
    let first = at(0);
    assert!((0..3).all(|row| first.value(row, 0) + 2.0 * first.value(row, 1) == 100.0), "{first:?}");
    assert_eq!(first, at(0));
    assert_ne!(first.values, at(1).values);
}

#[test]
fn what_is_no_chance_of_firing_is_told() {
    let fails = |model: TestModel, times: &[f64]| {
        let model = compiled(model);
        let failure = run(&model, SampleMethod::Ssa, 0, times, &["X"]).expect_err("the run fails");
        (failure.kind, failure.symbol.map(|it| model.0.symbol(it).id.to_string()), failure)
    };
    let model = TestModel::new().amount("X", 5.0).reaction("away", "X =>", "X - 3.5");
    let (kind, symbol, failure) = fails(model, &[0.0, 1000.0]);
    assert_eq!((kind, symbol.as_deref()), (FailureKind::NegativePropensity, Some("away")));
    assert_eq!(failure.partial.values, [5.0]);
    let text = failure.to_string();
    assert!(text.starts_with("the rate of a reaction is negative") && text.contains("written as two"), "{text}");

    let model = TestModel::new().amount("X", 2.0).reaction("away", "X =>", "3");
    let (kind, symbol, failure) = fails(model, &[0.0, 1000.0]);
    assert!(matches!(kind, FailureKind::NegativeAmount { .. }) && symbol.as_deref() == Some("X"));
    assert!(failure.time > 0.0 && failure.to_string().contains("left less than nothing"), "{failure}");

    let model = TestModel::new().amount("X", 2.0).parameter("a", 1.0).reaction("away", "X =>", "X");
    let zero = || network::parse_formula("a - 2 * X").expect("a formula");
    let rule = || network::Rule::Algebraic { value: zero(), place: source::Place::nowhere() };
    let (kind, symbol, failure) = fails(model.with(|draft| draft.rules.push(rule())), &[1.0]);
    assert!(matches!(kind, FailureKind::NotForJumps(_)) && symbol.as_deref() == Some("a"), "{failure}");
    assert!(failure.to_string().starts_with("this method cannot keep up algebraic rules; solve"), "{failure}");

    let model = TestModel::new().amount("X", 2.0).reaction("away", "X =>", "X / 0");
    assert_eq!(fails(model, &[1.0]).0, FailureKind::NotFinite);
}

#[test]
fn a_rate_that_depends_on_time_is_integrated() {
    // A Poisson process with a mean of the integral of its rate.
    let model = TestModel::new().amount("X", 0.0).reaction("make", "=> X", "20 * (1 + sin(3 * time))");
    let exact = 20.0 * (2.0 + (1.0 - 6.0f64.cos()) / 3.0);
    check_runs(500, SampleMethod::Ssa, model, "X", 2.0, exact, exact);
    // The rate jumps: 10 until time 1, then 30.
    let model = TestModel::new().amount("X", 0.0).reaction("make", "=> X", "piecewise(10, time < 1, 30)");
    check_runs(500, SampleMethod::Ssa, model, "X", 2.0, 40.0, 40.0);
}

#[test]
fn what_has_a_rate_rule_flows_between_jumps() {
    let model = TestModel::new().amount("X", 0.0).parameter("k", 20.0).rate("k", "-k").reaction("make", "=> X", "k");
    let exact = 20.0 * (1.0 - (-2.0f64).exp());
    check_runs(500, SampleMethod::Ssa, model, "X", 2.0, exact, exact);
    // A concentration in a compartment that grows falls though no molecule is lost.
    let model = TestModel::new().parameter("p", 0.0).rate("cell", "cell");
    let model = model.species("X", 50.0).reaction("none", "X =>", "0 * X").rate("p", "X");
    let found = run(&compiled(model), SampleMethod::Ssa, 0, &[1.0], &["X", "p"]).expect("the run succeeds");
    let fallen = 50.0 * (-1.0f64).exp();
    assert!((found.values[0] - fallen).abs() < 1e-4 && (found.values[1] - (50.0 - fallen)).abs() < 1e-4, "{found:?}");
}

#[test]
fn leaps_keep_mean_and_variance() {
    // A leap takes the propensities of its begin, which while X grows is up to 0.03 too low for its end: half of that is
    // left on average. The variance has the error of 1000 runs besides.
    let model = TestModel::new().amount("X", 0.0).reaction("make", "=> X", "5000").reaction("die", "X =>", "X");
    let exact = 5000.0 * (1.0 - (-2.0f64).exp());
    let model = compiled(model);
    let (mean, variance) = moments_of(1000, &model, SampleMethod::TauLeap, "X", 2.0);
    assert!((mean / exact - 1.0).abs() < 0.02 && (variance / exact - 1.0).abs() < 0.25, "{mean} {variance} {exact}");
    let leapt = run(&model, SampleMethod::TauLeap, 0, &[50.0], &["X"]).expect("the run succeeds").statistics;
    assert!(leapt.steps > 100_000, "{leapt:?}");

    let model = TestModel::new().amount("P", 4000.0).amount("D", 0.0);
    let model = model.reaction("bind", "2 P => D", "0.0002 * P * (P - 1) / 2").reaction("split", "D => 2 P", "0.1 * D");
    let model = compiled(model);
    let (exact, exact_variance) = moments_of(200, &model, SampleMethod::Ssa, "D", 5.0);
    let (mean, variance) = moments_of(1000, &model, SampleMethod::TauLeap, "D", 5.0);
    assert!((mean / exact - 1.0).abs() < 0.01, "{mean} {exact}");
    assert!((variance / exact_variance - 1.0).abs() < 0.5, "{variance} {exact_variance}");
}

#[test]
fn leaps_never_leave_less_than_nothing() {
    let model = TestModel::new().amount("A", 3000.0).amount("B", 50.0).amount("C", 0.0);
    let model = model.reaction("bind", "A + B => C", "0.01 * A * B").reaction("fade", "A =>", "5 * A");
    let model = compiled(model);
    for member in 0..200 {
        let it = run(&model, SampleMethod::TauLeap, member, &[0.1, 0.5, 2.0, 10.0], &["A", "B", "C"]).expect("runs");
        assert!(it.values.iter().all(|&amount| amount >= 0.0 && amount.fract() == 0.0), "{it:?}");
        assert_eq!(it.value(3, 1) + it.value(3, 2), 50.0);
    }
}

#[test]
fn scarce_genes_jump_while_abundant_proteins_flow() {
    // A gene that is switched on and off; the variance of its protein comes almost all from the gene (Peccoud & Ycart
    // 1995, doi:10.1006/tpbi.1995.1027).
    let model = TestModel::new().amount("on", 1.0).amount("off", 1.0).amount("P", 5000.0);
    let model = model
        .with(|draft| draft.species[0].initial = network::InitialValue::Amount(0.0))
        .reaction("switch_on", "off => on", "off")
        .reaction("switch_off", "on => off", "on")
        .reaction("make", "=> P", "10000 * on")
        .reaction("fade", "P =>", "P");
    let mean = 5000.0;
    let variance = mean + mean * mean / 3.0;
    check_runs(600, SampleMethod::Hybrid, model, "P", 10.0, mean, variance);
}

#[test]
fn the_hybrid_of_scarce_species_is_exact() {
    let exact = 20.0 * (1.0 - (-2.0f64).exp());
    check_runs(300, SampleMethod::Hybrid, immigration_and_death(), "X", 2.0, exact, exact);
}

#[test]
fn machine_code_and_interpreter_give_the_same_jumps() {
    let ring = || {
        let mut model = TestModel::new();
        for i in 0..20 {
            model = model.amount(&format!("X{i}"), 50.0);
        }
        for i in 0..20 {
            let (here, there) = (format!("X{i}"), format!("X{}", (i + 1) % 20));
            model = model.reaction(&format!("on{i}"), &format!("{here} => {there}"), &here.to_string());
            model = model.reaction(
                &format!("pair{i}"),
                &format!("2 {here} => 2 {there}"),
                &format!("0.01 * {here} * ({here} - 1)"),
            );
        }
        model
    };
    let outputs: Vec<String> = (0..20).map(|i| format!("X{i}")).collect();
    let outputs: Vec<&str> = outputs.iter().map(String::as_str).collect();
    let by = |backend| {
        let model = ring().compile(backend).expect("the model compiles");
        run(&model, SampleMethod::Ssa, 3, &[1.0, 20.0], &outputs).expect("the run succeeds")
    };
    assert_eq!(by(Backend::Interpreter), by(Backend::Automatic));
    assert!(by(Backend::Automatic).statistics.steps > 20_000);
}
