//! Finds the first moment within a step at which a root function changes sign.

use crate::integrator::Integrator;
use crate::system::System;

/// A moment at which a root function has changed sign.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Crossing {
    /// The last moment seen before the change.
    pub before: f64,
    /// The first moment seen at which some root function is zero or has the new sign; a few roundings after `before`.
    pub time: f64,
    /// The root function, if it is exactly zero there.
    pub zero: Option<usize>,
}

/// Root functions, and where they stood.
pub(crate) struct RootFinder {
    /// A window longer than this is searched in parts.
    resolution: f64,
    /// Values at the left end of what has not been searched.
    left: Vec<f64>,
    right: Vec<f64>,
    middle: Vec<f64>,
    state: Vec<f64>,
}

impl RootFinder {
    /// `resolution` is the longest stretch of time that is trusted to hold at most a parabola's worth of change.
    pub fn new(dimension: usize, count: usize, resolution: f64) -> Self {
        Self {
            resolution,
            left: vec![0.0; count],
            right: vec![0.0; count],
            middle: vec![0.0; count],
            state: vec![0.0; dimension],
        }
    }

    /// Trusts another stretch of time from now on.
    pub fn resolve(&mut self, resolution: f64) {
        self.resolution = resolution;
    }

    /// Begins a search at a point. A function that is zero here is left alone until it no longer is.
    pub fn begin(&mut self, system: &mut dyn System, time: f64, y: &[f64]) {
        system.roots(time, y, &mut self.left);
    }

    /// The first crossing in `from..=to`, which lies within the integrator's last step; `from` is where the search
    /// began or went on to. Without a crossing the search goes on at `to`.
    pub fn search(&mut self, integrator: &Integrator, system: &mut dyn System, from: f64, to: f64) -> Option<Crossing> {
        if self.left.is_empty() {
            return None;
        }
        let parts = ((to - from) / self.resolution).ceil().clamp(1.0, 1e4) as usize;
        let mut a = from;
        for part in 1..=parts {
            let b = if part == parts { to } else { from + (to - from) * part as f64 / parts as f64 };
            if let Some(crossing) = self.search_part(integrator, system, a, b) {
                return Some(crossing);
            }
            std::mem::swap(&mut self.left, &mut self.right);
            a = b;
        }
        None
    }

    fn search_part(&mut self, integrator: &Integrator, system: &mut dyn System, a: f64, b: f64) -> Option<Crossing> {
        evaluate(integrator, system, b, &mut self.state, &mut self.right);
        if let Some(crossing) = self.locate(integrator, system, a, b) {
            return Some(crossing);
        }
        // Nothing at the ends, but a function may have dipped through zero and come back.
        let half = a + 0.5 * (b - a);
        if half <= a || half >= b {
            return None;
        }
        evaluate(integrator, system, half, &mut self.state, &mut self.middle);
        let dip = (0..self.left.len()).find_map(|i| dip(self.left[i], self.middle[i], self.right[i]));
        let suspect =
            if (0..self.left.len()).any(|i| changes(self.left[i], self.middle[i])) { half } else { a + dip? * (b - a) };
        let end = self.right.clone();
        evaluate(integrator, system, suspect, &mut self.state, &mut self.right);
        let crossing = self.locate(integrator, system, a, suspect);
        self.right = end;
        crossing
    }

    /// The first crossing between `a` and `b`, where the functions have the values `left` and `right`.
    fn locate(&mut self, integrator: &Integrator, system: &mut dyn System, a: f64, b: f64) -> Option<Crossing> {
        let mut end = b;
        let mut found = None;
        // Each turn follows the function that seems to cross first; another one that has crossed even before it ends
        // up as a change at the left end of the bracket, and is followed next.
        for _ in 0..=self.left.len() {
            let first = (0..self.left.len())
                .filter(|&i| changes(self.left[i], self.right[i]))
                .min_by(|&i, &k| self.fraction(i).total_cmp(&self.fraction(k)));
            let Some(first) = first else { break };
            let (values, state) = (&mut self.middle, &mut self.state);
            let [before, after] = bracket(a, end, self.left[first], self.right[first], &mut |time| {
                evaluate(integrator, system, time, state, values);
                values[first]
            });
            found = Some(Crossing { before: before.0, time: after.0, zero: (after.1 == 0.0).then_some(first) });
            evaluate(integrator, system, before.0, &mut self.state, &mut self.right);
            end = before.0;
        }
        found
    }

    /// The first moment after a crossing at which the function is no longer exactly zero, or can be told from zero
    /// within the shortest times that matter.
    pub fn leave_zero(&mut self, integrator: &Integrator, system: &mut dyn System, crossing: &Crossing) -> f64 {
        let mut after = just_after(crossing.time);
        if let Some(function) = crossing.zero {
            let mut wait = after - crossing.time;
            while wait < 1e-9 * integrator.step_size() {
                evaluate(integrator, system, after, &mut self.state, &mut self.middle);
                if self.middle[function] != 0.0 {
                    break;
                }
                wait *= 2.0;
                after = crossing.time + wait;
            }
        }
        after
    }

    /// Where a straight line would put the zero of function `i`, as a fraction of the window.
    fn fraction(&self, i: usize) -> f64 {
        self.left[i] / (self.left[i] - self.right[i])
    }
}

/// A moment later, by as little as time can resolve twice over.
pub(crate) fn just_after(time: f64) -> f64 {
    time.next_up().next_up()
}

/// True when a function that was not zero has become zero or changed sign.
fn changes(before: f64, after: f64) -> bool {
    (before > 0.0 && after <= 0.0) || (before < 0.0 && after >= 0.0)
}

/// The place, as a fraction of the window, where the parabola through three values of one sign has the other sign.
fn dip(left: f64, middle: f64, right: f64) -> Option<f64> {
    let curvature = 2.0 * (left - 2.0 * middle + right);
    let slope = -3.0 * left + 4.0 * middle - right;
    let vertex = -slope / curvature / 2.0;
    let inside = vertex > 0.0 && vertex < 1.0;
    let value = left + slope * vertex + curvature * vertex * vertex;
    (inside && changes(left, value)).then_some(vertex)
}

fn evaluate(integrator: &Integrator, system: &mut dyn System, time: f64, state: &mut [f64], values: &mut [f64]) {
    integrator.interpolate(time, state);
    system.roots(time, state, values);
}

/// Narrows a change of sign down to neighboring numbers, each with its value, by inverse quadratic interpolation safeguarded by bisection
/// (Chandrupatla 1997, doi:10.1016/S0965-9978(96)00051-8).
fn bracket(a: f64, b: f64, value_a: f64, value_b: f64, function: &mut dyn FnMut(f64) -> f64) -> [(f64, f64); 2] {
    // The change lies between x1, the latest, and x2; x3 is the end that was given up last.
    let (mut x1, mut f1, mut x2, mut f2) = (b, value_b, a, value_a);
    let mut fraction = 0.5_f64;
    let same_side = |f: f64| !changes(value_a, f);
    while f1 != 0.0 {
        let tolerance = f64::EPSILON * x1.abs().max(x2.abs());
        let narrowest = tolerance / (x2 - x1).abs();
        if narrowest >= 0.5 || narrowest.is_nan() {
            break;
        }
        let x = x1 + fraction.clamp(narrowest, 1.0 - narrowest) * (x2 - x1);
        let f = function(x);
        let (x3, f3) = if same_side(f) == same_side(f1) {
            (x1, f1)
        } else {
            let given_up = (x2, f2);
            (x2, f2) = (x1, f1);
            given_up
        };
        (x1, f1) = (x, f);
        let xi = (x1 - x2) / (x3 - x2);
        let phi = (f1 - f2) / (f3 - f2);
        fraction = if phi * phi < xi && (1.0 - phi) * (1.0 - phi) < 1.0 - xi {
            f1 / (f2 - f1) * f3 / (f2 - f3) + (x3 - x1) / (x2 - x1) * f1 / (f3 - f1) * f2 / (f3 - f2)
        } else {
            0.5
        };
    }
    let (mut before, mut after) = if same_side(f1) { ((x1, f1), (x2, f2)) } else { ((x2, f2), (x1, f1)) };
    // The last few numbers between.
    while after.1 != 0.0 {
        let middle = before.0 + 0.5 * (after.0 - before.0);
        if middle <= before.0 || middle >= after.0 {
            break;
        }
        let value = function(middle);
        if same_side(value) { before = (middle, value) } else { after = (middle, value) }
    }
    [before, after]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(a: f64, b: f64, function: impl Fn(f64) -> f64, root: f64) {
        let mut evaluations = 0;
        let [(before, _), (time, _)] = bracket(a, b, function(a), function(b), &mut |x| {
            evaluations += 1;
            function(x)
        });
        assert!(before < time, "{before} {time}");
        assert!((time - root).abs() <= 4.0 * f64::EPSILON * root.abs().max(1e-3), "{time} is not {root}");
        assert!(evaluations < 60, "{evaluations} evaluations");
    }

    #[test]
    fn a_bracket_closes_around_the_root() {
        check(0.0, 3.0, |x| x * x - 2.0, 2f64.sqrt());
        check(4.0, 5.0, |x| x - 4.5, 4.5);
        check(0.0, 100.0, |x| 1.0 - (-x).exp() - 0.5, 2f64.ln());
        // A jump has no zero, but a place.
        check(0.0, 10.0, |x| if x < 7.25 { -1.0 } else { 3.0 }, 7.25);
        check(-1.0, 1.0, |x| (x - 0.125).powi(5), 0.125);
    }

    #[test]
    fn a_root_at_a_round_number_is_met_exactly() {
        let [_, at] = bracket(3.7, 12.9, -6.3, 2.9, &mut |x| x - 10.0);
        assert_eq!(at, (10.0, 0.0));
    }

    #[test]
    fn a_parabola_that_dips_below_zero_is_noticed() {
        assert_eq!(dip(1.0, 0.5, 1.0), None);
        let vertex = dip(1.0, 0.02, 0.1).expect("the vertex is below zero");
        assert!(vertex > 0.5 && vertex < 1.0, "{vertex}");
        assert_eq!(dip(1.0, 0.5, 0.0), None);
    }
}
