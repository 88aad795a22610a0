//! Doses, events and discontinuous inputs, with exact solutions.

use crate::model::{Model, at_tolerance, formula, grid};
use engine::SolveOptions;
use network::Action;

#[test]
fn doses_add_up_and_are_reported_after_they_are_given() {
    let model = Model::default()
        .state("drug", 0.0, "-0.7 * drug")
        .change(0.0, "drug", Action::Add(2.0))
        .change(1.0, "drug", Action::Add(2.0))
        .change(2.5, "drug", Action::Add(1.0))
        .change(2.5, "drug", Action::Add(1.0));
    let given = [(0.0, 2.0), (1.0, 2.0), (2.5, 2.0)];
    model.check(&grid(5.0, 50), 20.0, |t| {
        let left = |&(time, dose): &(f64, f64)| if t >= time { dose * (-0.7 * (t - time)).exp() } else { 0.0 };
        vec![given.iter().map(left).sum()]
    });
}

#[test]
fn an_infusion_is_a_parameter_that_changes() {
    let model = Model::default()
        .value("infusion", 0.0)
        .state("drug", 0.0, "infusion - drug")
        .change(2.0, "infusion", Action::Set(3.0))
        .change(4.0, "infusion", Action::Set(0.0));
    model.check(&grid(8.0, 80), 20.0, |t| {
        let risen = |since: f64| if t > since { 3.0 * (1.0 - (since - t).exp()) } else { 0.0 };
        vec![risen(2.0) - risen(4.0)]
    });
}

pub fn bouncing_ball() -> Model {
    Model::default()
        .state("height", 10.0, "speed")
        .state("speed", 0.0, "-9.81")
        .event("height < 0", &[("height", "0"), ("speed", "-0.8 * speed")])
}

#[test]
fn a_ball_bounces_lower_each_time() {
    bouncing_ball().check(&grid(9.0, 90), 5000.0, |t| {
        let mut landing = (20.0_f64 / 9.81).sqrt();
        let mut speed = 0.8 * 9.81 * landing;
        if t < landing {
            return vec![10.0 - 0.5 * 9.81 * t * t, -9.81 * t];
        }
        loop {
            let flight = 2.0 * speed / 9.81;
            if t < landing + flight {
                let since = t - landing;
                return vec![speed * since - 0.5 * 9.81 * since * since, speed - 9.81 * since];
            }
            landing += flight;
            speed *= 0.8;
        }
    });
}

#[test]
fn a_threshold_resets_a_sawtooth() {
    let model = Model::default().state("charge", 0.0, "1 - charge").event("charge > 0.5", &[("charge", "0")]);
    let period = 2f64.ln();
    // Times that are not close to a reset.
    let times: Vec<f64> = (0..40).map(|i| 0.1 + 0.25 * i as f64).filter(|t| (t % period) > 1e-3).collect();
    model.check(&times, 1000.0, |t| vec![1.0 - (-(t % period)).exp()]);
}

#[test]
fn an_input_that_jumps_in_time_is_met_exactly() {
    let model = Model::default().state("x", 0.0, "piecewise(3, time >= 2 && time < 4, 0) - x");
    model.check(&grid(8.0, 80), 20.0, |t| {
        let risen = |since: f64| if t > since { 3.0 * (1.0 - (since - t).exp()) } else { 0.0 };
        vec![risen(2.0) - risen(4.0)]
    });
}

#[test]
fn a_short_strong_pulse_is_not_stepped_over() {
    let model = Model::default().state("x", 0.0, "piecewise(1e4, time > 50 && time < 50.0001, 0)");
    model.check(&grid(100.0, 10), 1.0, |t| vec![if t > 50.0 { 1.0 } else { 0.0 }]);
}

#[test]
fn a_rate_that_jumps_at_a_level_of_the_state_is_met_exactly() {
    // Falls as 1 - t to 0.3, then by a tenth of that speed.
    let model = Model::default().state("x", 1.0, "piecewise(-1, x > 0.3, -0.1)");
    model.check(&grid(2.0, 20), 1.0, |t| vec![if t < 0.7 { 1.0 - t } else { 0.3 - 0.1 * (t - 0.7) }]);
}

#[test]
fn steps_of_time_are_counted_by_floor() {
    let model = Model::default().state("x", 0.0, "floor(time)");
    model.check(&grid(5.0, 10), 1.0, |t| {
        let whole = t.floor();
        vec![whole * (whole - 1.0) / 2.0 + whole * (t - whole)]
    });
}

#[test]
fn a_trigger_that_holds_for_a_moment_only_fires() {
    // cos(time) rises above 0.9999 for 0.014 around each multiple of 2 pi; steps are far longer.
    let model = Model::default().value("count", 0.0).output("count").state("x", 1.0, "0").event_with(
        "cos(time) > 0.9999",
        &[("count", "count + 1")],
        |event| event.trigger_initially = true,
    );
    model.check(&grid(60.0, 6), 1e-6, |t| vec![(t / std::f64::consts::TAU + 0.0023).floor(), 1.0]);
}

#[test]
fn an_event_at_time_zero_needs_a_trigger_that_was_false() {
    let fires = Model::default().value("x", 1.0).output("x").event("time >= 0", &[("x", "2")]);
    fires.check(&[0.0, 1.0], 1e-9, |_| vec![2.0]);
    let held = Model::default()
        .value("x", 1.0)
        .output("x")
        .event_with("time >= 0", &[("x", "2")], |event| event.trigger_initially = true);
    held.check(&[0.0, 1.0], 1e-9, |_| vec![1.0]);
}

#[test]
fn greater_fires_after_and_greater_or_equal_at_its_time() {
    let at = Model::default().value("x", 0.0).output("x").event("time >= 5", &[("x", "1")]);
    at.check(&[4.0, 5.0, 6.0], 1e-9, |t| vec![if t >= 5.0 { 1.0 } else { 0.0 }]);
    let after = Model::default().value("x", 0.0).output("x").event("time > 5", &[("x", "1")]);
    after.check(&[4.0, 5.0, 6.0], 1e-9, |t| vec![if t > 5.0 { 1.0 } else { 0.0 }]);
}

#[test]
fn a_delayed_event_takes_the_values_it_is_told_to() {
    let delayed = |at_trigger: bool| {
        Model::default().state("x", 0.0, "1").value("seen", -1.0).output("seen").event_with(
            "x >= 2",
            &[("seen", "x")],
            |event| {
                event.delay = Some(formula("1.5"));
                event.use_values_from_trigger_time = at_trigger;
            },
        )
    };
    let times = [0.0, 2.0, 3.0, 3.5, 4.0];
    delayed(true).check(&times, 10.0, |t| vec![t, if t >= 3.5 { 2.0 } else { -1.0 }]);
    delayed(false).check(&times, 10.0, |t| vec![t, if t >= 3.5 { 3.5 } else { -1.0 }]);
}

#[test]
fn an_event_that_does_not_persist_is_dropped() {
    let waiting = |persistent: bool| {
        Model::default().value("x", 0.0).output("x").event_with("time > 1 && time < 2", &[("x", "1")], |event| {
            event.delay = Some(formula("3"));
            event.persistent = persistent;
        })
    };
    waiting(true).check(&[0.0, 3.0, 5.0], 1e-9, |t| vec![if t > 4.0 { 1.0 } else { 0.0 }]);
    waiting(false).check(&[0.0, 3.0, 5.0], 1e-9, |_| vec![0.0]);
}

/// Each event appends its digit at time 1: the order can be read off.
fn digits(events: &[(&str, Option<&str>)]) -> Model {
    events.iter().fold(Model::default().value("order", 0.0).output("order"), |model, (digit, priority)| {
        let value = format!("10 * order + {digit}");
        model.event_with("time >= 1", &[("order", &value)], |event| {
            event.use_values_from_trigger_time = false;
            event.priority = priority.map(formula);
        })
    })
}

#[test]
fn priority_decides_and_the_order_of_the_model_without_one() {
    let model = digits(&[("1", None), ("2", Some("5")), ("3", Some("9")), ("4", None), ("5", Some("-7"))]);
    model.check(&[0.0, 1.0, 2.0], 1e-9, |t| vec![if t >= 1.0 { 32514.0 } else { 0.0 }]);
}

#[test]
fn chance_decides_between_equal_priorities() {
    let model = digits(&[("1", Some("5")), ("2", Some("2 + 3")), ("3", Some("5")), ("4", Some("6"))]);
    let order = |seed| {
        let options = SolveOptions { seed, ..SolveOptions::default() };
        model.solve(&[2.0], &options).expect("the run succeeds").values[0] as u32
    };
    let mut counts = std::collections::BTreeMap::new();
    (0..600).for_each(|seed| *counts.entry(order(seed)).or_insert(0) += 1);
    // 100 are expected of each of six orders; 5 standard deviations are 46.
    assert_eq!(counts.keys().copied().collect::<Vec<_>>(), [4123, 4132, 4213, 4231, 4312, 4321]);
    assert!(counts.values().all(|count| (54..146).contains(count)), "{counts:?}");
    assert_eq!(order(3), order(3));
}

#[test]
fn events_cascade_at_one_time() {
    let model = Model::default()
        .value("a", 0.0)
        .value("b", 0.0)
        .value("c", 0.0)
        .output("a")
        .output("b")
        .output("c")
        .event("b == 1", &[("c", "1")])
        .event("a == 1", &[("b", "1")])
        .event("time >= 1", &[("a", "1")]);
    model.check(&[0.0, 1.0, 2.0], 1e-9, |t| vec![if t >= 1.0 { 1.0 } else { 0.0 }; 3]);
}

#[test]
fn a_change_may_trigger_an_event() {
    let model = Model::default().value("dose", 0.0).state("x", 0.0, "0").event("dose > 1", &[("x", "7")]).change(
        3.0,
        "dose",
        Action::Set(2.0),
    );
    model.check(&[0.0, 2.9, 3.0, 4.0], 1e-9, |t| vec![if t >= 3.0 { 7.0 } else { 0.0 }]);
}

#[test]
fn statistics_count_events_and_starts() {
    let trajectory = bouncing_ball().solve(&grid(5.0, 5), &SolveOptions::default()).expect("the run succeeds");
    // Landings at 1.43, 3.71 and after 5.
    assert_eq!((trajectory.statistics.events, trajectory.statistics.starts), (2, 3));
    let smooth = crate::smooth::decay().solve(&grid(5.0, 5), &at_tolerance(1e-6)).expect("the run succeeds");
    assert_eq!((smooth.statistics.events, smooth.statistics.starts), (0, 1));
}

#[test]
fn a_pool_that_empties_stays_empty() {
    // Rounding may take it below zero, where the root is not a number.
    let model = Model::default().state("pool", 1.0, "-sqrt(pool)");
    model.check(&[0.0, 1.0, 1.9, 2.5, 10.0], 30.0, |t| vec![if t < 2.0 { (1.0 - t / 2.0).powi(2) } else { 0.0 }]);
}
