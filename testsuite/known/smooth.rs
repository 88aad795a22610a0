//! Equations solved by a formula, or with something that must not change.

use crate::model::{Model, at_tolerance, grid};

pub fn decay() -> Model {
    Model::default().value("k", 0.5).state("x", 3.0, "-k * x")
}

#[test]
fn decay_is_exponential() {
    decay().check(&grid(10.0, 20), 20.0, |t| vec![3.0 * (-0.5 * t).exp()]);
}

pub fn reversible_binding() -> Model {
    Model::default()
        .value("on", 2.0)
        .value("off", 0.3)
        .state("ligand", 1.0, "off * bound - on * ligand * receptor")
        .state("receptor", 0.6, "off * bound - on * ligand * receptor")
        .state("bound", 0.0, "on * ligand * receptor - off * bound")
}

/// With `x` bound, `dx/dt = on (l - x)(r - x) - off x = on (x - a)(x - b)`, which separates.
#[test]
fn reversible_binding_follows_its_two_roots() {
    let (on, off, l, r): (f64, f64, f64, f64) = (2.0, 0.3, 1.0, 0.6);
    let sum = l + r + off / on;
    let spread = (sum * sum - 4.0 * l * r).sqrt();
    let (a, b) = ((sum - spread) / 2.0, (sum + spread) / 2.0);
    reversible_binding().check(&grid(5.0, 20), 30.0, |t| {
        let shrinking = (-on * spread * t).exp();
        let x = a * b * (1.0 - shrinking) / (b - a * shrinking);
        vec![l - x, r - x, x]
    });
}

#[test]
fn growth_to_a_capacity_is_logistic() {
    let model = Model::default().value("r", 0.8).value("capacity", 50.0);
    let model = model.state("n", 0.1, "r * n * (1 - n / capacity)");
    model.check(&grid(20.0, 20), 100.0, |t| vec![50.0 / (1.0 + 499.0 * (-0.8 * t).exp())]);
}

#[test]
fn states_that_span_ten_decades_are_all_followed() {
    let model = Model::default().state("large", 1e5, "-large").state("middle", 1.0, "-2 * middle").state(
        "small",
        1e-5,
        "-0.5 * small",
    );
    model.check(&grid(5.0, 10), 100.0, |t| vec![1e5 * (-t).exp(), (-2.0 * t).exp(), 1e-5 * (-0.5 * t).exp()]);
}

#[test]
fn a_state_driven_by_time_follows_it() {
    let model = Model::default().state("x", 0.0, "-100 * (x - cos(time))");
    // The exact solution, with its first fast transient.
    model.check(&grid(10.0, 50), 30.0, |t| {
        vec![1e2 * (1e2 * t.cos() + t.sin()) / 10001.0 - 1e4 / 10001.0 * (-100.0 * t).exp()]
    });
}

pub fn lotka_volterra() -> Model {
    Model::default().state("prey", 2.0, "prey - prey * predator").state("predator", 1.0, "prey * predator - predator")
}

/// `x - ln x + y - ln y` stays what it is on every orbit.
#[test]
fn lotka_volterra_keeps_its_invariant() {
    for (tolerance, allowed) in [(1e-4, 2e-2), (1e-6, 2e-4), (1e-8, 4e-6)] {
        let trajectory = lotka_volterra().solve(&grid(50.0, 100), &at_tolerance(tolerance)).expect("the run succeeds");
        let invariant = |t: usize| {
            let (x, y) = (trajectory.value(t, 0), trajectory.value(t, 1));
            x - x.ln() + y - y.ln()
        };
        let worst = (0..=100).map(|t| (invariant(t) - invariant(0)).abs()).fold(0.0, f64::max);
        assert!(worst < allowed, "{worst:e} at tolerance {tolerance:e}");
    }
}

#[test]
fn a_model_at_rest_stays_at_rest() {
    let model = Model::default().state("x", 2.0, "4 - 2 * x").state("y", 2.0, "x - y");
    model.check(&[0.0, 1.0, 1e3, 1e6], 1e-3, |_| vec![2.0, 2.0]);
}

#[test]
fn a_model_without_states_only_tells_time() {
    let model = Model::default().value("x", 5.0).output("x");
    model.check(&grid(10.0, 10), 1e-9, |_| vec![5.0]);
}

#[test]
fn more_output_times_change_nothing() {
    let options = at_tolerance(1e-6);
    let few = lotka_volterra().solve(&[0.0, 10.0], &options).expect("the run succeeds");
    let many = lotka_volterra().solve(&grid(10.0, 1000), &options).expect("the run succeeds");
    assert_eq!(few.value(1, 0), many.value(1000, 0));
    assert_eq!(few.statistics, many.statistics);
}
