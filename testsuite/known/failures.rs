//! Runs that cannot be finished say why, where, and keep what they have.

use crate::model::{Model, at_tolerance, grid};
use engine::{Backend, FailureKind, SolveFailure, SolveOptions};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Expects a failure of this kind around a time, with the outputs before it kept.
fn check(model: &Model, options: &SolveOptions, kind: FailureKind, time: f64) -> SolveFailure {
    let failure = model.solve(&grid(10.0, 10), options).expect_err("the run fails");
    assert_eq!(failure.kind, kind, "{failure}");
    assert!((failure.time - time).abs() < 1e-3 * (1.0 + time), "{failure}");
    let kept = failure.partial.times.len();
    assert_eq!(failure.partial.times, grid(10.0, 10)[..kept]);
    assert!(kept > (0.999 * time).floor() as usize || kept == 0, "{kept} times kept: {failure}");
    failure
}

#[test]
fn a_solution_that_goes_to_infinity() {
    let model = Model::default().state("x", 0.4, "x^2");
    let failure = check(&model, &at_tolerance(1e-6), FailureKind::StepTooSmall, 2.5);
    assert!(failure.to_string().starts_with("the step became too small at time 2."), "{failure}");
    assert!(failure.symbol.is_some());
}

#[test]
fn a_square_root_that_leaves_its_domain() {
    let model = Model::default().state("x", 1.0, "-sqrt(x) - 0.1");
    let failure = check(&model, &at_tolerance(1e-6), FailureKind::NotFinite, 1.5204);
    assert!(failure.to_string().starts_with("a value is not a finite number at time 1.5204"), "{failure}");
    assert!(failure.symbol.is_some());
}

#[test]
fn a_rate_that_is_not_a_number_from_the_start() {
    let model = Model::default().value("zero", 0.0).state("x", 1.0, "zero / zero");
    check(&model, &at_tolerance(1e-6), FailureKind::NotFinite, 0.0);
}

#[test]
fn more_steps_than_allowed() {
    let model = Model::default().state("x", 1.0, "y").state("y", 0.0, "-1e6 * x");
    let options = SolveOptions { maximum_steps: 100, ..at_tolerance(1e-6) };
    check(&model, &options, FailureKind::TooManySteps, 0.0085);
}

#[test]
fn a_rate_that_pushes_back_to_where_it_jumps() {
    // It slides along 0.5 in ever shorter steps, without end.
    let model = Model::default().state("x", 0.0, "piecewise(-1, x > 0.5, 1)");
    let options = SolveOptions { maximum_steps: 1000, ..at_tolerance(1e-6) };
    check(&model, &options, FailureKind::TooManySteps, 0.5);
}

#[test]
fn an_interrupt() {
    let options = SolveOptions { interrupt: Some(Arc::new(AtomicBool::new(true))), ..at_tolerance(1e-6) };
    let failure = check(&crate::smooth::decay(), &options, FailureKind::Interrupted, 0.0);
    assert_eq!(failure.partial.values, [3.0]);
}

#[test]
fn events_without_end() {
    let model = Model::default()
        .value("x", 0.0)
        .output("x")
        .event("time >= 2 && x == 0", &[("x", "1")])
        .event("time >= 2 && x == 1", &[("x", "0")]);
    check(&model, &at_tolerance(1e-6), FailureKind::EndlessEvents, 2.0);
}

#[test]
fn times_and_tolerances_that_make_no_sense() {
    let model = crate::smooth::decay();
    let kind = |times: &[f64], options: &SolveOptions| {
        model.solve_with(Backend::Interpreter, times, options).expect_err("the run fails").kind
    };
    assert_eq!(kind(&[1.0, 0.5], &at_tolerance(1e-6)), FailureKind::InvalidOutputTimes);
    assert_eq!(kind(&[-1.0], &at_tolerance(1e-6)), FailureKind::InvalidOutputTimes);
    assert_eq!(kind(&[f64::NAN], &at_tolerance(1e-6)), FailureKind::InvalidOutputTimes);
    assert_eq!(kind(&[1.0], &at_tolerance(0.0)), FailureKind::InvalidTolerance);
    assert_eq!(kind(&[1.0], &at_tolerance(f64::NAN)), FailureKind::InvalidTolerance);
}
