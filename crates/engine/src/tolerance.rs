//! How large an error of each state may be.

/// States are followed with relative accuracy down to this fraction of the largest value they have had; below, with
/// the absolute accuracy they had there.
///
/// A population that crashes and regrows starts again from what is left, so what is left must be right: with 1e-3 the
/// infected cells of BIOMD0000000758 come back 0.7 % too high, with 1e-6 they are right to five digits, for 7 % more steps
/// over the models of the test data; an oscillation through zero pays most (van der Pol: a quarter more). For states that
/// fall further and return, give an absolute tolerance.
const TRACE: f64 = 1e-6;

/// Tolerances for all states: `relative * |y_i| + absolute_i`.
///
/// One absolute tolerance cannot serve states that span ten decades, so by default each has its own, from its own
/// magnitude.
pub(crate) struct Tolerances {
    relative: f64,
    floor: f64,
    scale_by_magnitude: bool,
    /// Largest absolute value of each state so far.
    magnitudes: Vec<f64>,
    /// Largest of them.
    largest: f64,
    inverse_weights: Vec<f64>,
}

impl Tolerances {
    /// `floor` is the absolute tolerance of a state that has always been 0, and the least for any other. When the
    /// states are scaled by their magnitude and all are below 1, it is in units of the largest of them.
    pub fn new(dimension: usize, relative: f64, floor: f64, scale_by_magnitude: bool) -> Self {
        Self {
            relative,
            floor,
            scale_by_magnitude,
            magnitudes: vec![0.0; dimension],
            largest: 0.0,
            inverse_weights: vec![0.0; dimension],
        }
    }

    /// Remembers how large the states are.
    pub fn observe(&mut self, y: &[f64]) {
        for (magnitude, value) in self.magnitudes.iter_mut().zip(y) {
            *magnitude = larger(value.abs(), *magnitude);
        }
        self.largest = self.magnitudes.iter().fold(self.largest, |largest, &magnitude| larger(magnitude, largest));
    }

    /// Sets the weights of the norm for a step from `y` to about `predicted`.
    ///
    /// The larger of both counts: a state that starts at 0 is judged by where it goes.
    pub fn weigh(&mut self, y: &[f64], predicted: &[f64]) {
        let (trace, floor) = if self.scale_by_magnitude {
            let shrink = if self.largest > 0.0 { self.largest.min(1.0) } else { 1.0 };
            (self.relative * TRACE, self.floor * shrink)
        } else {
            (0.0, self.floor)
        };
        let states = y.iter().zip(predicted).zip(&self.magnitudes);
        for (weight, ((y, predicted), magnitude)) in self.inverse_weights.iter_mut().zip(states) {
            let size = larger(y.abs(), predicted.abs());
            // Never 0, so that a state that is and stays 0 under a floor of 0 does not divide 0 by 0.
            let allowed = self.relative * size + trace * magnitude + floor + f64::MIN_POSITIVE;
            *weight = 1.0 / allowed;
        }
    }

    /// Root mean square of `values` in units of what is allowed.
    pub fn norm(&self, values: &[f64]) -> f64 {
        if values.is_empty() {
            return 0.0;
        }
        // Eight sums side by side, which a processor adds at once, in the same order on every machine.
        let mut sums = [0.0; 8];
        let (values, rest) = values.as_chunks::<8>();
        let (weights, weights_of_rest) = self.inverse_weights.as_chunks::<8>();
        for (values, weights) in values.iter().zip(weights) {
            for lane in 0..8 {
                sums[lane] += (values[lane] * weights[lane]) * (values[lane] * weights[lane]);
            }
        }
        for (sum, (value, weight)) in sums.iter_mut().zip(rest.iter().zip(weights_of_rest)) {
            *sum += (value * weight) * (value * weight);
        }
        let [a, b, c, d, e, f, g, h] = sums;
        let sum = ((a + e) + (c + g)) + ((b + f) + (d + h));
        (sum / self.inverse_weights.len() as f64).sqrt()
    }

    /// Allowed error relative to the state.
    pub fn relative(&self) -> f64 {
        self.relative
    }

    /// The error allowed of a state.
    pub fn allowed(&self, state: usize) -> f64 {
        1.0 / self.inverse_weights[state]
    }

    /// The state with the largest value in units of what is allowed.
    pub fn worst(&self, values: &[f64]) -> Option<usize> {
        let size = |i: usize| (values[i] * self.inverse_weights[i]).abs();
        (0..values.len()).max_by(|&a, &b| size(a).total_cmp(&size(b)))
    }
}

/// The larger number; the second where the first is none. One instruction, unlike [`f64::max`].
fn larger(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is allowed of states at rest that have been as large as `magnitudes`.
    fn allowed(tolerances: &mut Tolerances, magnitudes: &[f64], y: &[f64]) -> Vec<f64> {
        tolerances.observe(magnitudes);
        tolerances.weigh(y, y);
        (0..y.len()).map(|state| tolerances.allowed(state)).collect()
    }

    fn check(found: &[f64], expected: &[f64]) {
        for (found, expected) in found.iter().zip(expected) {
            assert!((found / expected - 1.0).abs() < 1e-9, "{found:e} is not {expected:e}");
        }
    }

    #[test]
    fn each_state_is_judged_by_its_own_magnitude() {
        let mut tolerances = Tolerances::new(3, 1e-6, 0.0, true);
        let found = allowed(&mut tolerances, &[1e5, 1.0, 1e-5], &[1e5, 0.0, 1e-6]);
        check(&found, &[1.000001e-1, 1e-12, 1.00001e-12]);
    }

    #[test]
    fn the_floor_is_for_states_that_have_always_been_zero() {
        let mut tolerances = Tolerances::new(2, 1e-6, 1e-12, true);
        check(&allowed(&mut tolerances, &[5.0, 0.0], &[0.0, 0.0]), &[6e-12, 1e-12]);
        // A model in moles per liter has no state near 1; the floor is in units of the largest.
        let mut tolerances = Tolerances::new(2, 1e-6, 1e-12, true);
        check(&allowed(&mut tolerances, &[1e-6, 0.0], &[1e-6, 0.0]), &[1.000001e-12 + 1e-18, 1e-18]);
    }

    #[test]
    fn one_absolute_tolerance_for_all_can_be_had() {
        let mut tolerances = Tolerances::new(2, 1e-6, 1e-9, false);
        check(&allowed(&mut tolerances, &[5.0, 1e-6], &[5.0, 0.0]), &[5.001e-6, 1e-9]);
    }

    #[test]
    fn the_norm_is_the_root_mean_square_in_units_of_what_is_allowed() {
        let mut tolerances = Tolerances::new(2, 1e-3, 0.0, false);
        tolerances.weigh(&[1.0, 10.0], &[1.0, 10.0]);
        check(&[tolerances.norm(&[3e-3, 4e-2])], &[12.5_f64.sqrt()]);
        assert_eq!(tolerances.worst(&[3e-3, 4e-2]), Some(1));
    }
}
