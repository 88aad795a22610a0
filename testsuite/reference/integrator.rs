//! A textbook integrator for the judge: the pair of orders 5 and 4 by Dormand and Prince (doi:10.1016/0771-050X(80)90013-3),
//! with the step size control of any textbook. No dense output, no stiffness, no search for jumps: steps end at output
//! times, and at a jump the error test makes them short. By chance, a jump can leave no trace in the error estimate; so
//! the judge believes itself only when two runs agree.

use crate::judge::{Judge, Moment};
use network::{Condition, Id};

/// When each stage is evaluated, as a part of the step.
const NODES: [f64; 7] = [0.0, 1.0 / 5.0, 3.0 / 10.0, 4.0 / 5.0, 8.0 / 9.0, 1.0, 1.0];

/// What of the slopes before goes into each stage. The last row is the solution of order 5 itself.
const STAGES: [&[f64]; 7] = [
    &[],
    &[1.0 / 5.0],
    &[3.0 / 40.0, 9.0 / 40.0],
    &[44.0 / 45.0, -56.0 / 15.0, 32.0 / 9.0],
    &[19372.0 / 6561.0, -25360.0 / 2187.0, 64448.0 / 6561.0, -212.0 / 729.0],
    &[9017.0 / 3168.0, -355.0 / 33.0, 46732.0 / 5247.0, 49.0 / 176.0, -5103.0 / 18656.0],
    &[35.0 / 384.0, 0.0, 500.0 / 1113.0, 125.0 / 192.0, -2187.0 / 6784.0, 11.0 / 84.0],
];

/// The solution of order 4.
const FOURTH_ORDER: [f64; 7] =
    [5179.0 / 57600.0, 0.0, 7571.0 / 16695.0, 393.0 / 640.0, -92097.0 / 339200.0, 187.0 / 2100.0, 1.0 / 40.0];

/// Steps that are too short to go on with.
const SHORTEST: f64 = 1e-13;

/// What two runs may differ by, relative to the largest value of a state.
const BELIEVED: f64 = 1e-6;

/// The model under a condition at each of these times, which are in order and at none of which anything is scheduled.
pub fn run(judge: &Judge<'_>, condition: &Condition, times: &[f64]) -> Vec<Moment> {
    let mut tolerance = 1e-8;
    let mut before = run_once(judge, condition, times, tolerance);
    loop {
        tolerance *= 0.1;
        let finer = run_once(judge, condition, times, tolerance);
        if agree(judge, &before, &finer) {
            return finer;
        }
        assert!(tolerance > 1e-12, "the judge comes to no end");
        before = finer;
    }
}

fn agree(judge: &Judge<'_>, coarse: &[Moment], fine: &[Moment]) -> bool {
    judge.changing().iter().all(|id| {
        let largest = fine.iter().fold(1e-3_f64, |largest, moment| largest.max(moment.own[id].abs()));
        coarse.iter().zip(fine).all(|(a, b)| (a.own[id] - b.own[id]).abs() <= BELIEVED * largest)
    })
}

fn run_once(judge: &Judge<'_>, condition: &Condition, times: &[f64], tolerance: f64) -> Vec<Moment> {
    let mut now = judge.start(condition);
    let mut changes = condition.changes.iter().peekable();
    let mut moments = Vec::new();
    for &time in times {
        while let Some(change) = changes.next_if(|change| change.time <= time) {
            integrate(judge, &mut now, change.time, tolerance);
            judge.apply(&mut now, change);
        }
        integrate(judge, &mut now, time, tolerance);
        moments.push(now.clone());
    }
    moments
}

/// Goes on to `end`.
fn integrate(judge: &Judge<'_>, now: &mut Moment, end: f64, tolerance: f64) {
    let changing = judge.changing();
    let mut step: f64 = 1e-4;
    while now.time < end {
        let tried = step.min(end - now.time);
        let (next, error) = try_step(judge, &changing, now, tried, tolerance);
        if error <= 1.0 {
            *now = next;
            // Rounding must not leave a sliver of a step before the end.
            if end - now.time < SHORTEST * end {
                now.time = end;
            }
        }
        // The error goes with the fifth power of the step; aim at a little less than what is allowed.
        step = tried * (0.9 * error.powf(-0.2)).clamp(0.2, 5.0);
        assert!(step > SHORTEST, "the judge gets stuck at time {}", now.time);
    }
}

/// One step, and its error as a multiple of what is allowed.
fn try_step(judge: &Judge<'_>, changing: &[Id], now: &Moment, step: f64, tolerance: f64) -> (Moment, f64) {
    let mut slopes: Vec<Vec<f64>> = Vec::new();
    let mut next = now.clone();
    for (node, weights) in NODES.iter().zip(STAGES) {
        next = moved(changing, now, node * step, &increment(&slopes, weights, step));
        slopes.push(changing.iter().map(|id| judge.own_rate(&next, id)).collect());
    }
    let fifth = increment(&slopes, STAGES[6], step);
    let fourth = increment(&slopes, &FOURTH_ORDER, step);
    let mut worst: f64 = 1e-10;
    for (i, id) in changing.iter().enumerate() {
        let allowed = tolerance * (1e-3 + now.own[id].abs().max(next.own[id].abs()));
        let part = (fifth[i] - fourth[i]).abs() / allowed;
        worst = if part.is_nan() { 1e10 } else { worst.max(part) };
    }
    (next, worst)
}

/// The weighted sum of slopes times the step, for each thing that changes.
fn increment(slopes: &[Vec<f64>], weights: &[f64], step: f64) -> Vec<f64> {
    let count = slopes.first().map_or(0, Vec::len);
    let sum = |i: usize| -> f64 { weights.iter().zip(slopes).map(|(weight, slope)| weight * slope[i]).sum() };
    (0..count).map(|i| step * sum(i)).collect()
}

fn moved(changing: &[Id], now: &Moment, time: f64, increments: &[f64]) -> Moment {
    let mut moment = Moment { time: now.time + time, own: now.own.clone() };
    for (id, increment) in changing.iter().zip(increments) {
        *moment.own.get_mut(id).expect("what changes has a value") += increment;
    }
    moment
}
