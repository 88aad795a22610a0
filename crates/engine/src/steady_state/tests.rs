use super::*;
use crate::Backend;
use crate::test_models::{TestModel, symbol};
use network::{Action, Change, Network};

fn rest(model: TestModel) -> (Network, Result<SteadyState, SteadyStateFailure>) {
    rest_under(model, |_| Condition::default())
}

fn rest_under(
    model: TestModel,
    condition: impl Fn(&Network) -> Condition,
) -> (Network, Result<SteadyState, SteadyStateFailure>) {
    let (network, model) = model.compile(Backend::Interpreter).expect("compiles");
    let found = steady_state(&model, &condition(&network), &SteadyStateOptions::default());
    (network, found)
}

fn check(model: TestModel, expected: &[(&str, f64)]) -> SteadyState {
    let (network, found) = rest(model);
    let found = found.unwrap_or_else(|failure| panic!("{failure}"));
    check_values(&network, &found, expected);
    found
}

fn check_values(network: &Network, found: &SteadyState, expected: &[(&str, f64)]) {
    for &(id, expected) in expected {
        let value = found.value(symbol(network, id));
        assert!((value - expected).abs() <= 1e-6 * expected.abs().max(1e-6), "{id} is {value}, not {expected}");
    }
}

fn check_failure(model: TestModel, kind: SteadyStateFailureKind, state: &str, reaction: Option<&str>) {
    let (network, found) = rest(model);
    let failure = found.expect_err("there is no rest");
    assert_eq!((failure.kind, failure.symbol), (kind, Some(symbol(&network, state))), "{failure}");
    assert_eq!(failure.reaction, reaction.map(|reaction| symbol(&network, reaction)));
}

fn turnover() -> TestModel {
    let model = TestModel::new().parameter("made", 3.0).parameter("lost", 0.5).species("S", 0.1);
    model.reaction("make", "=> S", "made").reaction("lose", "S =>", "lost * S").observable("twice", "2 * S")
}

#[test]
fn what_is_made_and_lost_rests_where_both_are_equal() {
    let found = check(turnover(), &[("S", 6.0), ("make", 3.0), ("lose", 3.0), ("twice", 12.0)]);
    assert_eq!((found.method, found.stability), (RestMethod::Newton, Some(Stability::Stable)));
    assert!((found.eigenvalues[0].0 + 0.5).abs() < 1e-9, "{:?}", found.eigenvalues);
    assert!(found.residual < 1e-8, "{}", found.residual);
}

/// With x bound, (1 - x)(0.6 - x) = 0.15 x.
#[test]
fn totals_of_moieties_are_kept() {
    let model = TestModel::new().species("L", 1.0).species("R", 0.6).species("C", 0.0);
    let model = model.reaction("bind", "L + R -> C", "2 * L * R - 0.3 * C");
    let bound = (1.75 - (1.75_f64 * 1.75 - 4.0 * 0.6).sqrt()) / 2.0;
    let found = check(model, &[("L", 1.0 - bound), ("R", 0.6 - bound), ("C", bound), ("bind", 0.0)]);
    assert_eq!((found.method, found.eigenvalues.len()), (RestMethod::Newton, 1));
}

#[test]
fn states_that_die_out_rest_at_zero() {
    check(TestModel::new().species("A", 3.0).reaction("lose", "A =>", "A"), &[("A", 0.0)]);
    // Slower than any exponential: 1 / (1/3 + t).
    check(TestModel::new().species("A", 3.0).reaction("lose", "2 A =>", "A * A"), &[("A", 0.0)]);
}

/// Two ways out of A: how much goes each way depends on the rates, and every mixture of B and C is at rest.
#[test]
fn a_line_of_rests_is_left_to_the_run() {
    let model = TestModel::new().species("A", 3.0).species("B", 0.0).species("C", 0.5);
    let model = model.reaction("to_b", "A => B", "2 * A").reaction("to_c", "A => C", "A");
    let found = check(model, &[("A", 0.0), ("B", 2.0), ("C", 1.5)]);
    assert_eq!((found.method, found.stability), (RestMethod::Integration, Some(Stability::Marginal)));
}

/// dx/dt = x - x^3 rests at 1 or -1, whichever side it starts on; 0 is a rest that nothing comes to.
#[test]
fn the_rest_is_the_one_of_the_initial_value() {
    let bistable = |start: f64| TestModel::new().parameter("x", start).rate("x", "x - x^3");
    check(bistable(1e-3), &[("x", 1.0)]);
    check(bistable(-1e-3), &[("x", -1.0)]);
    assert_eq!(check(bistable(0.0), &[("x", 0.0)]).stability, Some(Stability::Unstable));
}

/// The toggle passes slowly by its saddle.
#[test]
fn a_saddle_is_passed() {
    let model = TestModel::new().parameter("u", 0.9001).parameter("v", 0.9);
    let model = model.rate("u", "4 / (1 + v^3) - u").rate("v", "4 / (1 + u^3) - v");
    let (network, found) = rest(model);
    let found = found.expect("rests");
    let (u, v) = (found.value(symbol(&network, "u")), found.value(symbol(&network, "v")));
    assert!(u > 3.5 && v < 0.2, "{u} {v}");
    assert_eq!(found.stability, Some(Stability::Stable));
}

#[test]
fn events_and_changes_on_the_way_happen() {
    // At 2 the inflow stops at all; what has flown in by then decays to half of it, which an event then doubles.
    let model = TestModel::new().parameter("inflow", 1.0).parameter("x", 0.0).parameter("y", 0.0);
    let model = model.rate("x", "inflow").rate("y", "x - y");
    let model = model.event("stop", "x >= 2", &[("inflow", "0"), ("x", "7")]);
    check(model, &[("x", 7.0), ("y", 7.0)]);

    let (network, found) = rest_under(turnover(), |network| Condition {
        changes: vec![Change { time: 1e5, target: symbol(network, "made"), action: Action::Set(1.0) }],
        ..Condition::default()
    });
    check_values(&network, &found.expect("rests"), &[("S", 2.0)]);
}

#[test]
fn a_late_event_is_waited_for() {
    let model = turnover().event("late", "time >= 3e6", &[("made", "5")]);
    check(model, &[("S", 10.0)]);
}

/// The flow alone would rest at 10, where the event never lets it come.
#[test]
fn a_rest_behind_a_trigger_is_none() {
    let model = TestModel::new().parameter("x", 1.0).rate("x", "10 - x").event("divide", "x >= 9", &[("x", "1")]);
    let (_, found) = rest(model);
    assert_eq!(found.expect_err("divides for ever").kind, SteadyStateFailureKind::TimeDependent);
}

#[test]
fn an_oscillation_is_told() {
    let model = TestModel::new().species("prey", 1.0).species("hunter", 0.5);
    let model = model.reaction("breed", "=> prey", "prey").reaction("hunt", "prey => hunter", "prey * hunter");
    let model = model.reaction("starve", "hunter =>", "hunter");
    let (_, found) = rest(model);
    let failure = found.expect_err("oscillates");
    assert_eq!(failure.kind, SteadyStateFailureKind::Oscillates, "{failure}");
    assert!(failure.reaction.is_some() && failure.rate.is_finite());
}

#[test]
fn growth_is_told() {
    let model = TestModel::new().species("S", 1.0).species("T", 1.0).parameter("made", 3.0);
    let model = model.reaction("make", "=> S", "made").reaction("turn", "T -> ", "T - 2");
    check_failure(model, SteadyStateFailureKind::Grows, "S", Some("make"));
    let model = TestModel::new().parameter("x", 1.0).rate("x", "x");
    check_failure(model, SteadyStateFailureKind::Grows, "x", None);
    let model = TestModel::new().parameter("x", 1.0).rate("x", "x * x");
    check_failure(model, SteadyStateFailureKind::Grows, "x", None);
}

#[test]
fn a_rate_that_is_not_a_number_is_told() {
    let model = TestModel::new().parameter("x", 1.0).rate("x", "-sqrt(x - 0.5)");
    check_failure(model, SteadyStateFailureKind::Run(FailureKind::NotFinite), "x", None);
}

#[test]
fn a_clock_keeps_moving() {
    let model = TestModel::new().parameter("x", 1.0).rate("x", "sin(time) - x");
    check_failure(model, SteadyStateFailureKind::TimeDependent, "x", None);
}

#[test]
fn the_message_says_what_was_farthest() {
    let model = TestModel::new().species("S", 1.0).reaction("make", "=> S", "3");
    let failure = rest(model).1.expect_err("grows");
    assert_eq!(
        failure.to_string(),
        "no rest: a state grows without bound at time 1000000000000 (symbol 1, relative rate 1.000e-12, mostly by reaction 2)"
    );
}

#[test]
fn what_has_a_rule_cannot_be_given() {
    let model = TestModel::new().parameter("x", 1.0).parameter("y", 1.0).assignment("y", "x");
    let (network, found) =
        rest_under(model, |network| Condition { initial: vec![(symbol(network, "y"), 1.0)], ..Condition::default() });
    let failure = found.expect_err("not settable");
    assert_eq!(failure.kind, SteadyStateFailureKind::Run(FailureKind::NotSettable));
    assert_eq!(failure.symbol, Some(symbol(&network, "y")));
}
