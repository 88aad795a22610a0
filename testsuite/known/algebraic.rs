//! Algebraic rules: equations that hold at all times, with known solutions.

use crate::model::{Model, at_tolerance, grid};
use engine::{FailureKind, SolveFailure, SolveOptions};
use network::Action;

#[test]
fn a_rule_follows_what_the_reactions_do() {
    let model = Model::default().state("x", 1.0, "-0.5 * x").unknown("y", 0.0).zero("2 * y - x");
    model.check(&grid(10.0, 50), 40.0, |t| vec![(-0.5 * t).exp(), 0.5 * (-0.5 * t).exp()]);
}

#[test]
fn a_rate_may_depend_on_what_a_rule_determines() {
    // x' = -y with y = x: decay.
    let model = Model::default().unknown("y", 0.0).zero("x - y").state("x", 2.0, "-y");
    model.check(&grid(5.0, 20), 40.0, |t| vec![2.0 * (-t).exp(); 2]);
}

#[test]
fn robertson_with_a_conserved_sum() {
    let model = Model::default()
        .state("a", 1.0, "-0.04 * a + 1e4 * b * c")
        .state("b", 0.0, "0.04 * a - 1e4 * b * c - 3e7 * b^2")
        .unknown("c", 0.0)
        .zero("a + b + c - 1");
    let at_40 = vec![0.7158270687194, 0.9185534764558e-5, 0.2841637457458];
    model.check(&[40.0], 20.0, |_| at_40.clone());
}

#[test]
fn a_cubic_is_solved_without_any_state() {
    // y^3 + y = t, so that t is known from y. The first guess is far off.
    let model = Model::default().unknown("y", -50.0).zero("y^3 + y - time");
    let ys = [0.0, 0.5, 1.0, 2.0, 3.0];
    let times: Vec<f64> = ys.iter().map(|y: &f64| y.powi(3) + y).collect();
    model.check(&times, 50.0, |t| vec![ys[times.iter().position(|&time| time == t).expect("a time asked for")]]);
}

#[test]
fn two_rules_that_need_each_other() {
    // y + z = 3 + x and y z = 2 + 2 x, by y = 2 and z = 1 + x.
    let model = Model::default()
        .state("x", 0.0, "1")
        .unknown("y", 3.0)
        .unknown("z", 0.5)
        .zero("y + z - 3 - x")
        .zero("y * z - 2 - 2 * x");
    model.check(&grid(0.9, 9), 20.0, |t| vec![t, 2.0, 1.0 + t]);
}

#[test]
fn an_event_changes_what_a_rule_sees_and_the_rule_holds_at_once() {
    // The event at 2 doubles the total; the one that waits for the part sees it at the same moment.
    let model = Model::default()
        .value("total", 3.0)
        .state("x", 1.0, "0")
        .unknown("rest", 0.0)
        .value("seen", 0.0)
        .output("seen")
        .zero("total - x - rest")
        .event("time >= 2", &[("total", "6")])
        .event("rest > 4", &[("seen", "rest")])
        .change(3.0, "x", Action::Set(5.0));
    model.check(&[0.0, 1.0, 2.0, 2.5, 3.0, 4.0], 1.0, |t| {
        let (total, x) = (if t < 2.0 { 3.0 } else { 6.0 }, if t < 3.0 { 1.0 } else { 5.0 });
        vec![x, total - x, if t < 2.0 { 0.0 } else { 5.0 }]
    });
}

#[test]
fn what_events_set_is_left_to_them() {
    // Either could be determined by the rule; `dose` is not, because it would be set and overwritten.
    let model = Model::default()
        .unknown("dose", 1.0)
        .unknown("rest", 0.0)
        .zero("dose + rest - 10")
        .event("time >= 1", &[("dose", "4")]);
    model.check(&[0.0, 0.5, 1.0, 2.0], 1.0, |t| if t < 1.0 { vec![1.0, 9.0] } else { vec![4.0, 6.0] });
}

#[test]
fn a_rule_may_jump_in_time_and_at_a_level() {
    let model = Model::default()
        .state("x", 0.0, "y")
        .unknown("y", 0.0)
        .zero("y - piecewise(1, time < 2, piecewise(-1, x > 1.5, -0.5))");
    model.check(&[0.0, 1.0, 1.9, 2.0, 2.1, 2.49, 2.51, 4.0], 20.0, |t| {
        if t < 2.0 {
            vec![t, 1.0]
        } else if t < 2.5 {
            vec![2.0 - (t - 2.0), -1.0]
        } else {
            vec![1.5 - 0.5 * (t - 2.5), -0.5]
        }
    });
}

#[test]
fn assignment_rules_stand_between() {
    // The rule determines `y` through `twice`, which it names instead.
    let model = Model::default().state("x", 1.0, "-x").unknown("y", 0.0).rule("twice", "2 * y").zero("twice - x");
    model.check(&grid(3.0, 10), 20.0, |t| vec![(-t).exp(), 0.5 * (-t).exp(), (-t).exp()]);
}

#[test]
fn an_initial_assignment_may_need_what_a_rule_determines() {
    // At the start y = 8 - x0 and x0 = y / 3, so x0 = 2; then only the rule goes on.
    let model = Model::default().state("x", 0.0, "1").unknown("y", 0.0).initially("x", "y / 3").zero("y + x - 8");
    model.check(&[0.0, 1.0, 2.0], 20.0, |t| vec![2.0 + t, 6.0 - t]);
}

#[test]
fn a_stiff_rule_along_a_fold() {
    // y^2 = 1 + x from the lower branch: y = -sqrt(1 + x).
    let model = Model::default().state("x", 0.0, "-0.5 * y").unknown("y", -1.2).zero("y^2 - 1 - x");
    // x' = sqrt(1 + x) / 2, so sqrt(1 + x) = 1 + t / 4.
    model.check(&grid(4.0, 20), 20.0, |t| vec![(1.0 + 0.25 * t).powi(2) - 1.0, -1.0 - 0.25 * t]);
}

fn failure(model: &Model, options: &SolveOptions) -> SolveFailure {
    model.solve(&grid(4.0, 4), options).expect_err("the run fails")
}

#[test]
fn a_rule_without_a_solution_says_so() {
    let model = Model::default().unknown("y", 1.0).zero("y^2 + 1");
    let failure = failure(&model, &at_tolerance(1e-6));
    assert_eq!(failure.kind, FailureKind::Inconsistent);
    assert!(
        failure
            .to_string()
            .starts_with("no values were found for which the algebraic rules and fast equilibria hold at time 0")
    );
    assert!(failure.symbol.is_some());
}

#[test]
fn rules_that_do_not_determine_their_variables_say_so() {
    // Both rules speak of the sum alone.
    let model = Model::default().unknown("y", 1.0).unknown("z", 1.0).zero("y + z - 3").zero("2 * y + 2 * z - 5");
    let failure = failure(&model, &at_tolerance(1e-6));
    assert_eq!(failure.kind, FailureKind::InconsistentSingular);
    assert!(
        failure
            .to_string()
            .starts_with("the algebraic rules or fast equilibria do not determine their variables at time 0")
    );
    assert!(failure.symbol.is_some());
}

#[test]
fn a_rule_that_loses_its_solution_stops_there() {
    // y^2 = 2 - t has no solution after 2.
    let model = Model::default().unknown("y", 1.0).zero("y^2 - 2 + time");
    let failure = failure(&model, &at_tolerance(1e-6));
    assert!((failure.time - 2.0).abs() < 1e-3, "{failure}");
    assert_eq!(failure.partial.times, [0.0, 1.0]);
}
