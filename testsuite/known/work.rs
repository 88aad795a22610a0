//! How much work the problems take: a change that is still right but twice as costly shows here.
//!
//! When a change of the solver alters these lines, run `cargo test --test known work` and copy what it prints, after
//! looking at it.

use crate::model::{Model, at_tolerance};
use crate::{jumps, smooth, stiff};

fn check(model: &Model, end: f64, expected: &str) {
    let work = model.solve(&[0.0, end], &at_tolerance(1e-6)).expect("the run succeeds").statistics;
    let found = format!(
        "steps {} rhs {} jacobians {} factorizations {} newton_failures {} error_failures {}",
        work.steps,
        work.rhs_evaluations,
        work.jacobians,
        work.factorizations,
        work.newton_failures,
        work.error_failures
    );
    assert_eq!(found, expected);
}

#[test]
fn decay() {
    check(&smooth::decay(), 10.0, "steps 70 rhs 84 jacobians 9 factorizations 9 newton_failures 0 error_failures 0");
}

#[test]
fn lotka_volterra() {
    check(
        &smooth::lotka_volterra(),
        50.0,
        "steps 716 rhs 871 jacobians 49 factorizations 49 newton_failures 0 error_failures 30",
    );
}

#[test]
fn robertson() {
    check(
        &stiff::robertson(),
        1e5,
        "steps 453 rhs 573 jacobians 50 factorizations 50 newton_failures 0 error_failures 15",
    );
}

#[test]
fn van_der_pol() {
    check(
        &stiff::van_der_pol(),
        2000.0,
        "steps 1329 rhs 1831 jacobians 159 factorizations 159 newton_failures 0 error_failures 134",
    );
}

#[test]
fn hires() {
    check(
        &stiff::hires(),
        321.8122,
        "steps 401 rhs 559 jacobians 53 factorizations 53 newton_failures 1 error_failures 30",
    );
}

#[test]
fn oregonator() {
    check(
        &stiff::oregonator(),
        360.0,
        "steps 1599 rhs 2342 jacobians 200 factorizations 200 newton_failures 10 error_failures 157",
    );
}

#[test]
fn bouncing_ball() {
    check(
        &jumps::bouncing_ball(),
        9.0,
        "steps 120 rhs 153 jacobians 46 factorizations 46 newton_failures 0 error_failures 0",
    );
}
