//! Parameters that bring predictions close to measurements: least squares within ranges, from several starts.
//!
//! The method is Levenberg's and Marquardt's (Madsen, Nielsen & Tingleff 2004, Methods for non-linear least squares problems),
//! with steps cut back to the ranges and parameters that push against an end of theirs held there. Parameters whose range
//! is above zero are sought on a logarithmic scale.

use crate::ensemble::Uncertain;
use crate::random;
use nalgebra::{DMatrix, DVector};
use rayon::prelude::*;

/// What a set of parameters gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// Predictions less measurements, each in units of its own uncertainty.
    pub residuals: Vec<f64>,
    /// Row-major, residual x parameter: derivatives with respect to the parameters, in their own units.
    pub derivatives: Vec<f64>,
}

/// Says what a set of parameters gives; `None` when the model cannot be solved there.
pub type Evaluate<'a> = &'a (dyn Fn(&[f64]) -> Option<Evaluation> + Sync);

/// How to look for the best parameters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FitOptions {
    /// From how many places; the first are the values themselves, the others are drawn from the ranges.
    pub starts: usize,
    /// Seed of these draws.
    pub seed: u64,
    /// Evaluations from one start before it is given up.
    pub evaluations: usize,
    /// The search ends when a step would lower the sum of squares by less than this part of it.
    pub tolerance: f64,
}

impl Default for FitOptions {
    fn default() -> Self {
        Self { starts: 8, seed: 1, evaluations: 60, tolerance: 1e-6 }
    }
}

/// How a search ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SearchEnd {
    /// No step helps any more.
    Converged,
    /// The evaluations were used up.
    UsedUp,
    /// The model cannot be solved where the search began.
    NotSolved,
}

/// The end of one search.
#[derive(Debug, Clone, PartialEq)]
pub struct Search {
    /// Where it began.
    pub start: Vec<f64>,
    /// The best parameters it found.
    pub values: Vec<f64>,
    /// The sum of squares there; infinite when nothing could be solved.
    pub cost: f64,
    /// Evaluations it took.
    pub evaluations: usize,
    /// How it ended.
    pub end: SearchEnd,
}

/// The best parameters that were found.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// In the order of the parameters.
    pub values: Vec<f64>,
    /// The sum of squares of the residuals.
    pub cost: f64,
    /// What these values give.
    pub evaluation: Evaluation,
    /// All searches, in the order of their starts.
    pub searches: Vec<Search>,
}

/// Looks for the parameters with the smallest sum of squares within their ranges; `None` when the model cannot be solved from
/// any start.
///
/// The result does not depend on the number of threads. `finished` is called after each search, from any thread.
pub fn fit(
    parameters: &[Uncertain],
    evaluate: Evaluate,
    options: &FitOptions,
    finished: &(dyn Fn() + Sync),
) -> Option<Fit> {
    let searches: Vec<(Search, Option<Evaluation>)> = (0..options.starts.max(1))
        .into_par_iter()
        .map(|number| {
            let found = search(parameters, &start(parameters, options.seed, number), evaluate, options);
            finished();
            found
        })
        .collect();
    let mut best: Option<usize> = None;
    for (number, (search, evaluation)) in searches.iter().enumerate() {
        if evaluation.is_some() && best.is_none_or(|best| search.cost < searches[best].0.cost) {
            best = Some(number);
        }
    }
    let best = best?;
    let (values, cost) = (searches[best].0.values.clone(), searches[best].0.cost);
    let evaluation = searches[best].1.clone()?;
    Some(Fit { values, cost, evaluation, searches: searches.into_iter().map(|(search, _)| search).collect() })
}

fn start(parameters: &[Uncertain], seed: u64, number: usize) -> Vec<f64> {
    // Evenly over the range: a start near the value finds what the value finds.
    let draw = |it: &Uncertain| {
        let scale = Scale::of(it);
        scale.value(scale.lower + random::uniform(seed, number as u64, it.stream) * (scale.upper - scale.lower))
    };
    parameters.iter().map(|it| if number == 0 { it.value } else { draw(it) }).collect()
}

/// One parameter's place on the scale on which it is sought.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scale {
    logarithmic: bool,
    range: [f64; 2],
    pub lower: f64,
    pub upper: f64,
}

impl Scale {
    pub fn of(parameter: &Uncertain) -> Self {
        let logarithmic = parameter.lower > 0.0;
        let place = |value: f64| if logarithmic { value.ln() } else { value };
        Self {
            logarithmic,
            range: [parameter.lower, parameter.upper],
            lower: place(parameter.lower),
            upper: place(parameter.upper),
        }
    }

    pub fn place(&self, value: f64) -> f64 {
        if self.logarithmic { value.ln() } else { value }
    }

    pub fn value(&self, place: f64) -> f64 {
        if place <= self.lower {
            self.range[0]
        } else if place >= self.upper {
            self.range[1]
        } else if self.logarithmic {
            place.exp()
        } else {
            place
        }
    }

    /// How fast the value grows with the place.
    pub fn slope(&self, value: f64) -> f64 {
        if self.logarithmic { value } else { 1.0 }
    }
}

/// A search that holds no parameter.
fn search(
    parameters: &[Uncertain],
    start: &[f64],
    evaluate: Evaluate,
    options: &FitOptions,
) -> (Search, Option<Evaluation>) {
    search_with(parameters, start, None, evaluate, options)
}

/// A search from a start that may hold one parameter where it is.
pub(crate) fn search_with(
    parameters: &[Uncertain],
    start: &[f64],
    held: Option<usize>,
    evaluate: Evaluate,
    options: &FitOptions,
) -> (Search, Option<Evaluation>) {
    let scales: Vec<Scale> = parameters.iter().map(Scale::of).collect();
    let mut values = start.to_vec();
    let mut evaluations = 1;
    let Some(mut here) = evaluate(&values) else {
        let search =
            Search { start: start.to_vec(), values, cost: f64::INFINITY, evaluations, end: SearchEnd::NotSolved };
        return (search, None);
    };
    let mut cost = sum_of_squares(&here.residuals);
    let mut damping = 1e-3;
    let mut impatience = 2.0;
    let mut end = SearchEnd::UsedUp;
    while evaluations < options.evaluations {
        let Some(step) = Step::new(&scales, &values, &here, held, damping) else {
            end = SearchEnd::Converged;
            break;
        };
        if step.promised <= options.tolerance * cost {
            end = SearchEnd::Converged;
            break;
        }
        evaluations += 1;
        let there = evaluate(&step.values).map(|it| (sum_of_squares(&it.residuals), it));
        match there {
            Some((next, evaluation)) if next < cost => {
                let gain = (cost - next) / step.promised;
                damping *= (1.0 - (2.0 * gain - 1.0).powi(3)).max(1.0 / 3.0);
                impatience = 2.0;
                (values, here, cost) = (step.values, evaluation, next);
            }
            _ => {
                damping *= impatience;
                impatience *= 2.0;
                if damping > 1e12 {
                    end = SearchEnd::Converged;
                    break;
                }
            }
        }
    }
    (Search { start: start.to_vec(), values, cost, evaluations, end }, Some(here))
}

/// A step of the method.
struct Step {
    values: Vec<f64>,
    /// By how much the linear model says the sum of squares falls.
    promised: f64,
}

impl Step {
    /// `None` when every parameter is held or pushes against its range.
    fn new(scales: &[Scale], values: &[f64], here: &Evaluation, held: Option<usize>, damping: f64) -> Option<Self> {
        let jacobian = scaled(scales, values, here);
        let residuals = DVector::from_column_slice(&here.residuals);
        let gradient = jacobian.transpose() * &residuals;
        let places: Vec<f64> = scales.iter().zip(values).map(|(scale, &value)| scale.place(value)).collect();
        let free: Vec<usize> = (0..values.len())
            .filter(|&i| {
                let pushes_down = gradient[i] > 0.0 && places[i] <= scales[i].lower;
                let pushes_up = gradient[i] < 0.0 && places[i] >= scales[i].upper;
                held != Some(i) && !pushes_down && !pushes_up && gradient[i] != 0.0
            })
            .collect();
        if free.is_empty() {
            return None;
        }
        let columns = jacobian.select_columns(&free);
        let mut normal = columns.transpose() * &columns;
        for i in 0..free.len() {
            // Marquardt's scaling; a parameter that hardly matters must not run away.
            normal[(i, i)] += damping * normal[(i, i)].max(1e-12);
        }
        let downhill = DVector::from_iterator(free.len(), free.iter().map(|&i| -gradient[i]));
        let direction = normal.cholesky()?.solve(&downhill);
        let mut change = DVector::zeros(values.len());
        let mut next = values.to_vec();
        for (k, &i) in free.iter().enumerate() {
            let place = (places[i] + direction[k]).clamp(scales[i].lower, scales[i].upper);
            change[i] = place - places[i];
            next[i] = scales[i].value(place);
        }
        let linear = &residuals + &jacobian * &change;
        Some(Self { values: next, promised: residuals.norm_squared() - linear.norm_squared() })
    }
}

/// Derivatives of the residuals with respect to the places of the parameters on their scales.
pub(crate) fn scaled(scales: &[Scale], values: &[f64], here: &Evaluation) -> DMatrix<f64> {
    let mut jacobian = DMatrix::from_row_slice(here.residuals.len(), values.len(), &here.derivatives);
    for (i, (scale, &value)) in scales.iter().zip(values).enumerate() {
        jacobian.column_mut(i).scale_mut(scale.slope(value));
    }
    jacobian
}

pub(crate) fn sum_of_squares(residuals: &[f64]) -> f64 {
    let sum: f64 = residuals.iter().map(|it| it * it).sum();
    if sum.is_nan() { f64::INFINITY } else { sum }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub fn parameter(value: f64, lower: f64, upper: f64) -> Uncertain {
        Uncertain { symbol: network::SymbolIndex(0), stream: value.to_bits(), value, lower, upper }
    }

    /// `a exp(-k t)` at ten times, against the values for a = 3 and k = 0.7 with an uncertainty of 0.1 each.
    pub fn decay(values: &[f64]) -> Option<Evaluation> {
        let (a, k) = (values[0], values[1]);
        let mut evaluation = Evaluation { residuals: Vec::new(), derivatives: Vec::new() };
        for i in 0..10 {
            let t = 0.4 * f64::from(i);
            let decayed = (-k * t).exp();
            evaluation.residuals.push((a * decayed - 3.0 * (-0.7 * t).exp()) / 0.1);
            evaluation.derivatives.extend([decayed / 0.1, -a * t * decayed / 0.1]);
        }
        Some(evaluation)
    }

    fn check(parameters: &[Uncertain], evaluate: Evaluate, expected: &[f64]) -> Fit {
        let fit = fit(parameters, evaluate, &FitOptions::default(), &|| {}).expect("the model can be solved");
        for (found, expected) in fit.values.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-4 * expected.abs().max(1e-3), "{:?}", fit.values);
        }
        fit
    }

    #[test]
    fn finds_the_parameters_that_made_the_data() {
        let fit = check(&[parameter(1.0, 0.1, 10.0), parameter(0.1, 0.01, 5.0)], &decay, &[3.0, 0.7]);
        assert!(fit.cost < 1e-8, "{}", fit.cost);
        assert_eq!(fit.searches.len(), 8);
        assert_eq!(fit.searches[0].start, [1.0, 0.1]);
    }

    #[test]
    fn the_end_of_a_range_is_an_answer() {
        // The best k above 1 is 1; a then follows.
        let fit = fit(&[parameter(1.0, 0.1, 10.0), parameter(2.0, 1.0, 5.0)], &decay, &FitOptions::default(), &|| {})
            .expect("the model can be solved");
        assert!((fit.values[1] - 1.0).abs() < 1e-9, "{:?}", fit.values);
        assert!(fit.values[0] > 3.0, "{:?}", fit.values);
    }

    #[test]
    fn of_several_valleys_the_deepest_counts() {
        // (x² - 1)² + 0.1 (x + 1)²: a valley at 1 and a deeper one at -1, on the other side of the start.
        let valleys = |values: &[f64]| {
            let x = values[0];
            let deep = 0.1_f64.sqrt();
            Some(Evaluation { residuals: vec![x * x - 1.0, deep * (x + 1.0)], derivatives: vec![2.0 * x, deep] })
        };
        check(&[parameter(0.9, -3.0, 3.0)], &valleys, &[-1.0]);
    }

    #[test]
    fn where_the_model_cannot_be_solved_the_step_is_shorter() {
        let only_small = |values: &[f64]| if values[0] > 4.0 { None } else { decay(values) };
        check(&[parameter(1.0, 0.1, 10.0), parameter(0.1, 0.01, 5.0)], &only_small, &[3.0, 0.7]);
        assert!(fit(&[parameter(5.0, 4.5, 10.0)], &|_| None, &FitOptions::default(), &|| {}).is_none());
    }
}
