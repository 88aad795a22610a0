//! Equations that look back: `delay(value, duration)`.

use crate::model::{Model, at_tolerance, grid};
use engine::{FailureKind, SolveOptions};
use network::Action;

/// `y' = -y(t - 1)` with `y = 1` before: on each stretch of length 1 a polynomial of one degree more, by the method of steps.
/// `y(t) = Σ (-1)^k (t - k + 1)^k / k!` over `k` in `0..=⌊t⌋ + 1`.
fn by_steps(t: f64) -> f64 {
    let mut sum = 0.0;
    let mut factorial = 1.0;
    for k in 0..=(t.floor() as i32 + 1) {
        if k > 0 {
            factorial *= f64::from(k);
        }
        sum += (1.0 - f64::from(k) + t).powi(k) * if k % 2 == 0 { 1.0 } else { -1.0 } / factorial;
    }
    sum
}

#[test]
fn a_rate_that_follows_the_past_is_a_polynomial_on_each_stretch() {
    let model = Model::default().state("y", 1.0, "-delay(y, 1)");
    // Not where it swings through zero: an error there is large beside the value.
    let times: Vec<f64> = grid(8.0, 80).into_iter().filter(|&t| by_steps(t).abs() > 0.05).collect();
    model.check(&times, 100.0, |t| vec![by_steps(t)]);
}

#[test]
fn hutchinsons_logistic_growth_swings_with_four_times_the_delay() {
    // At r τ slightly above π/2 a small oscillation about 1 with period 4 τ (Hutchinson 1948,
    // doi:10.1111/j.1749-6632.1948.tb39854.x).
    let model = Model::default().state("n", 0.99, "1.6 * n * (1 - delay(n, 1))");
    let times = grid(200.0, 20_000);
    let n = model.solve(&times, &at_tolerance(1e-8)).expect("the run succeeds").column(0);
    let upward = (1..n.len()).filter(|&i| times[i] > 150.0 && n[i - 1] < 1.0 && n[i] >= 1.0);
    let crossings: Vec<f64> = upward.map(|i| times[i]).collect();
    let period = (crossings[crossings.len() - 1] - crossings[0]) / (crossings.len() - 1) as f64;
    assert!((period / 4.0 - 1.0).abs() < 0.02, "a period of {period}");
}

#[test]
fn what_jumps_comes_back_after_the_delay() {
    // A dose at 1 is felt at 1.5: y' = x(t - 0.5), x constant between jumps.
    let model = Model::default().value("x", 0.0).state("y", 0.0, "delay(x, 0.5)").change(1.0, "x", Action::Set(2.0));
    model.check(&grid(3.0, 60), 5.0, |t| vec![2.0 * (t - 1.5).max(0.0)]);
    // Of a jumping state the value after the jump is seen from its very time on.
    let model = Model::default().state("x", 1.0, "0").rule("echo", "delay(x, 0.3)").event("time >= 0.4", &[("x", "3")]);
    model.check(&grid(2.0, 20), 1.0, |t| vec![if t < 0.4 { 1.0 } else { 3.0 }, if t < 0.7 - 1e-9 { 1.0 } else { 3.0 }]);
}

#[test]
fn a_trigger_may_look_back() {
    // x = t passes 1 at 1; seen half a time unit later.
    let model = Model::default()
        .value("seen", 0.0)
        .state("x", 0.0, "1")
        .event("delay(x, 0.5) > 1", &[("seen", "x")])
        .output("seen");
    model.check(&grid(3.0, 31), 5.0, |t| vec![t, if t > 1.5 { 1.5 } else { 0.0 }]);
}

#[test]
fn a_duration_may_change_and_vanish() {
    // delay(x, d) with x = t² and d = 1 - t until 1, then 0.
    let model = Model::default()
        .state("x", 0.0, "2 * time")
        .rule("d", "piecewise(1 - time, time < 1, 0)")
        .rule("seen", "delay(x, d)");
    model.check(&grid(2.0, 40), 20.0, |t| {
        let d = (1.0 - t).max(0.0);
        let then = (t - d).max(0.0);
        vec![t * t, d, then * then]
    });
    // Much shorter than any step: y' = -y(t - 1e-5) is y' = -y / (1 - 1e-5) to first order.
    let model = Model::default().state("y", 1.0, "-delay(y, 1e-5)");
    model.check(&grid(5.0, 20), 200.0, |t| vec![(-t * (1.0 + 1e-5)).exp()]);
}

#[test]
fn delays_within_delays_and_of_themselves() {
    // delay(delay(time, 1), 2) = t - 3, also before the start.
    let model = Model::default().rule("t3", "delay(delay(time, 1), 2)").state("y", 0.0, "0");
    model.check(&grid(5.0, 10), 1.0, |t| vec![t - 3.0, 0.0]);
    // A rule that looks back on itself counts the stretches passed; before the start the rule holds as well.
    let model =
        Model::default().state("y", 0.0, "0").rule("stretches", "piecewise(0, time < 0, 1 + delay(stretches, 1))");
    model.check(&grid(20.5, 41), 1.0, |t| vec![0.0, t.floor() + 1.0]);
}

#[test]
fn before_the_start_initial_assignments_hold_at_their_time() {
    // Semantic case 00940: x = 3 - time before and at the start, constant afterwards.
    let model =
        Model::default().value("x", 0.0).initially("x", "3 - time").rule("echo", "delay(x, 2)").state("y", 0.0, "0");
    model.check(&grid(4.0, 16), 1.0, |t| vec![3.0 - (t - 2.0).min(0.0), 0.0]);
}

#[test]
fn an_initial_value_may_look_back() {
    let model = Model::default().value("x", 0.0).initially("x", "delay(time, 2) + 5").output("x").state("y", 0.0, "0");
    model.check(&grid(1.0, 2), 1.0, |_| vec![3.0, 0.0]);
}

#[test]
fn looking_into_the_future_is_refused_where_it_begins() {
    let model = Model::default().state("y", 1.0, "-delay(y, 1 - time)");
    let failure = model.solve(&grid(3.0, 30), &SolveOptions::default()).expect_err("nobody knows the future");
    assert_eq!(failure.kind, FailureKind::NegativeDuration);
    assert!(failure.time <= 1.2, "{}", failure.time);
    assert_eq!(failure.kind.to_string(), "a `delay` looks into the future: its duration is negative or not a number");
    let model = Model::default().rule("z", "1 + delay(z, 0)").state("y", 1.0, "z");
    let failure = model.solve(&[0.0, 1.0], &SolveOptions::default()).expect_err("that is no value");
    assert_eq!(failure.kind, FailureKind::NotFinite);
}
