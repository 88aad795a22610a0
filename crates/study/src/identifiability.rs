//! What measurements say about parameters, and what they leave open.
//!
//! Near a fit, the derivatives of the residuals tell which directions the data see at all (their rank) and how sharply. Far
//! from it, a profile does: one parameter is held at other values while all others are fitted again, until the sum of
//! squares has risen by what chance explains (Raue et al. 2009, doi:10.1093/bioinformatics/btp358).

use crate::ensemble::Uncertain;
use crate::fit::{Evaluate, Fit, FitOptions, Scale, scaled, search_with};
use crate::random;
use nalgebra::DMatrix;
use rayon::prelude::*;

/// Singular values below this part of the largest are no information.
const NOTHING: f64 = 1e-6;

/// The 95 % quantile of chi-square with one degree of freedom.
const LIKELY: f64 = 3.841_458_820_694_124;

/// Tries to bring a profile to its threshold.
const MOST_TRIES: usize = 8;

/// A threshold is met within this part of itself.
const CLOSE: f64 = 0.05;

/// What the derivatives at a fit tell.
#[derive(Debug, Clone, PartialEq)]
pub struct Information {
    /// Singular values of the derivatives, the largest first. The scale of a parameter is logarithmic where its range is
    /// above zero.
    pub singular_values: Vec<f64>,
    /// How many combinations of parameters the data see.
    pub rank: usize,
    /// The combinations they do not see: the weight of each parameter, of which the largest is 1.
    pub unseen: Vec<Vec<f64>>,
    /// Standard error of each parameter on its scale; `None` where an unseen combination moves it.
    pub standard_errors: Vec<Option<f64>>,
}

/// How sharply the data see the parameters near a fit.
pub fn information(parameters: &[Uncertain], fit: &Fit) -> Information {
    let (values, directions) = principal(parameters, fit);
    let largest = values.first().copied().unwrap_or(0.0);
    let rank = values.iter().filter(|&&value| value > NOTHING * largest && value > 0.0).count();
    let unseen: Vec<Vec<f64>> = directions[rank..]
        .iter()
        .map(|direction| {
            let (_, strongest) = direction.iter().fold((0.0, 1.0), |(size, strongest), &weight| {
                if weight.abs() > size { (weight.abs(), weight) } else { (size, strongest) }
            });
            direction.iter().map(|weight| weight / strongest).collect()
        })
        .collect();
    let standard_errors = (0..parameters.len())
        .map(|i| {
            let moved = unseen.iter().any(|direction| direction[i].abs() > 1e-3);
            let seen = values[..rank].iter().zip(&directions);
            (!moved).then(|| seen.map(|(value, direction)| (direction[i] / value).powi(2)).sum::<f64>().sqrt())
        })
        .collect();
    Information { singular_values: values, rank, unseen, standard_errors }
}

/// Singular values of the derivatives, the largest first, with their directions in the space of the parameters.
fn principal(parameters: &[Uncertain], fit: &Fit) -> (Vec<f64>, Vec<Vec<f64>>) {
    let scales: Vec<Scale> = parameters.iter().map(Scale::of).collect();
    let jacobian = scaled(&scales, &fit.values, &fit.evaluation);
    let count = parameters.len();
    // Eigenvalues of the small product: there may be many more residuals than parameters, or fewer.
    let product: DMatrix<f64> = jacobian.transpose() * &jacobian;
    let eigen = product.symmetric_eigen();
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|&a, &b| eigen.eigenvalues[b].total_cmp(&eigen.eigenvalues[a]).then(a.cmp(&b)));
    let values = order.iter().map(|&i| eigen.eigenvalues[i].max(0.0).sqrt()).collect();
    let directions = order.iter().map(|&i| eigen.eigenvectors.column(i).iter().copied().collect()).collect();
    (values, directions)
}

/// An end of what data allow for a parameter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProfileEnd {
    /// The value.
    pub value: f64,
    /// True: the data say so. False: they do not, and it is the end of the range.
    pub from_data: bool,
}

/// What the data allow for a parameter with 95 % confidence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Profile {
    /// Below, the data fit too badly whatever the other parameters are.
    pub lower: ProfileEnd,
    /// Above, the same.
    pub upper: ProfileEnd,
}

/// The profiles of all parameters at a fit, on all cores. `finished` is called after each, from any thread.
///
/// Expects residuals in units of their standard deviations.
pub fn profiles(
    parameters: &[Uncertain],
    fit: &Fit,
    evaluate: Evaluate,
    options: &FitOptions,
    finished: &(dyn Fn() + Sync),
) -> Vec<Profile> {
    let errors = information(parameters, fit).standard_errors;
    (0..parameters.len())
        .into_par_iter()
        .map(|i| {
            let end = |up| profile_end(parameters, fit, i, errors[i], up, evaluate, options);
            let profile = Profile { lower: end(false), upper: end(true) };
            finished();
            profile
        })
        .collect()
}

fn profile_end(
    parameters: &[Uncertain],
    fit: &Fit,
    i: usize,
    error: Option<f64>,
    up: bool,
    evaluate: Evaluate,
    options: &FitOptions,
) -> ProfileEnd {
    let scale = Scale::of(&parameters[i]);
    let best = scale.place(fit.values[i]);
    let limit = if up { scale.upper } else { scale.lower };
    let room = (limit - best).abs();
    let sign = if up { 1.0 } else { -1.0 };
    // The farthest place that is still likely, and the nearest that is not.
    let (mut likely, mut unlikely) = (0.0, None::<f64>);
    let mut distance = (error.unwrap_or(room) * LIKELY.sqrt()).min(room);
    let mut start = fit.values.clone();
    for _ in 0..MOST_TRIES {
        start[i] = scale.value(best + sign * distance);
        let (search, solved) = search_with(parameters, &start, Some(i), evaluate, options);
        let rise = if solved.is_some() { search.cost - fit.cost } else { f64::INFINITY };
        if rise <= LIKELY {
            likely = distance;
            start = search.values;
            if distance >= room {
                return ProfileEnd { value: scale.value(limit), from_data: false };
            }
        } else {
            unlikely = Some(distance);
        }
        if (rise / LIKELY - 1.0).abs() < CLOSE {
            break;
        }
        // The sum of squares rises about with the square of the distance.
        let guess = if rise > 0.0 && rise.is_finite() { distance * (LIKELY / rise).sqrt() } else { 4.0 * distance };
        distance = match unlikely {
            None => guess.clamp(1.2 * likely, 4.0 * likely.max(1e-3 * room)).min(room),
            Some(unlikely) => {
                let inner = likely + 0.05 * (unlikely - likely);
                let outer = likely + 0.95 * (unlikely - likely);
                if guess > inner && guess < outer { guess } else { 0.5 * (likely + unlikely) }
            }
        };
    }
    ProfileEnd { value: scale.value(best + sign * unlikely.unwrap_or(likely)), from_data: true }
}

/// Sets of parameters that fit as well as chance allows: each within the 95 % region of the sum of squares around the fit.
///
/// Drawn along the directions that the data see, as far as they allow, and along those they do not see as far as the
/// ranges allow; a set that fits too badly is drawn nearer. The same seed gives the same sets on any number of threads.
pub fn equally_good(parameters: &[Uncertain], fit: &Fit, evaluate: Evaluate, count: usize, seed: u64) -> Vec<Vec<f64>> {
    let scales: Vec<Scale> = parameters.iter().map(Scale::of).collect();
    let (values, directions) = principal(parameters, fit);
    let most = fit.cost + chi_square_95(parameters.len());
    let widest = |direction: &[f64]| {
        let room = scales.iter().zip(direction).map(|(scale, weight)| (scale.upper - scale.lower) * weight.abs());
        room.fold(0.0, f64::max)
    };
    (0..count)
        .into_par_iter()
        .map(|member| {
            let mut shift = vec![0.0; parameters.len()];
            for (number, (value, direction)) in values.iter().zip(&directions).enumerate() {
                let width = (1.0 / value).min(0.5 * widest(direction));
                let distance = width * normal(seed, member as u64, number as u64);
                shift.iter_mut().zip(direction).for_each(|(shift, weight)| *shift += distance * weight);
            }
            for nearer in 0..MOST_TRIES {
                let part = 0.7_f64.powi(nearer as i32);
                let places = scales.iter().zip(&fit.values).zip(&shift);
                let candidate: Vec<f64> = places
                    .map(|((scale, &value), shift)| {
                        scale.value((scale.place(value) + part * shift).clamp(scale.lower, scale.upper))
                    })
                    .collect();
                let cost = evaluate(&candidate).map(|it| crate::fit::sum_of_squares(&it.residuals));
                if cost.is_some_and(|cost| cost <= most) {
                    return candidate;
                }
            }
            fit.values.clone()
        })
        .collect()
}

/// A normal deviate (Box & Muller 1958, doi:10.1214/aoms/1177706645).
fn normal(seed: u64, member: u64, number: u64) -> f64 {
    let radius = (-2.0 * (1.0 - random::uniform(seed, member, 2 * number)).ln()).sqrt();
    radius * (std::f64::consts::TAU * random::uniform(seed, member, 2 * number + 1)).cos()
}

/// The 95 % quantile of chi-square (Wilson & Hilferty 1931, doi:10.1073/pnas.17.12.684), within 1 % from 1 degree on.
fn chi_square_95(degrees: usize) -> f64 {
    let k = degrees.max(1) as f64;
    k * (1.0 - 2.0 / (9.0 * k) + 1.644_853_626_951_472 * (2.0 / (9.0 * k)).sqrt()).powi(3)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fit::tests::{decay, parameter};
    use crate::fit::{Evaluation, fit};

    fn fitted(parameters: &[Uncertain], evaluate: Evaluate) -> Fit {
        fit(parameters, evaluate, &FitOptions::default(), &|| {}).expect("the model can be solved")
    }

    /// Only the product of the first two parameters matters.
    fn product(values: &[f64]) -> Option<Evaluation> {
        let (a, b) = (values[0], values[1]);
        Some(Evaluation { residuals: vec![(a * b - 6.0) / 0.1], derivatives: vec![b / 0.1, a / 0.1] })
    }

    #[test]
    fn data_that_see_everything() {
        let parameters = [parameter(1.0, 0.1, 10.0), parameter(0.1, 0.01, 5.0)];
        let fit = fitted(&parameters, &decay);
        let found = information(&parameters, &fit);
        assert_eq!((found.rank, found.unseen.len()), (2, 0));
        let profiles = profiles(&parameters, &fit, &decay, &FitOptions::default(), &|| {});
        for ((profile, error), value) in profiles.iter().zip(&found.standard_errors).zip([3.0_f64, 0.7]) {
            // The problem is nearly linear within a few percent, so the profile agrees with the standard error.
            let half = 1.96 * error.expect("seen");
            assert!(profile.lower.from_data && profile.upper.from_data, "{profile:?}");
            assert!(((value / profile.lower.value).ln() / half - 1.0).abs() < 0.1, "{profile:?} {half}");
            assert!(((profile.upper.value / value).ln() / half - 1.0).abs() < 0.1, "{profile:?} {half}");
        }
    }

    #[test]
    fn a_product_says_nothing_about_its_factors() {
        let parameters = [parameter(1.0, 0.5, 20.0), parameter(1.0, 0.1, 20.0)];
        let fit = fitted(&parameters, &product);
        let found = information(&parameters, &fit);
        assert_eq!(found.rank, 1);
        // ln a - ln b is free.
        assert!((found.unseen[0][0] + found.unseen[0][1]).abs() < 1e-6, "{:?}", found.unseen);
        assert_eq!(found.standard_errors, [None, None]);
        let profile = profiles(&parameters, &fit, &product, &FitOptions::default(), &|| {})[0];
        assert_eq!((profile.lower.value, profile.lower.from_data), (0.5, false));
        assert_eq!((profile.upper.value, profile.upper.from_data), (20.0, false));
    }

    #[test]
    fn sets_that_fit_equally_well_spread_where_the_data_are_blind() {
        let parameters = [parameter(1.0, 0.5, 20.0), parameter(1.0, 0.1, 20.0)];
        let fit = fitted(&parameters, &product);
        let sets = equally_good(&parameters, &fit, &product, 50, 3);
        assert_eq!(sets, equally_good(&parameters, &fit, &product, 50, 3));
        let products: Vec<f64> = sets.iter().map(|set| set[0] * set[1]).collect();
        assert!(products.iter().all(|product| (product - 6.0).abs() < 0.3), "{products:?}");
        let (lowest, highest) = sets.iter().fold((f64::MAX, 0.0_f64), |(l, h), set| (l.min(set[0]), h.max(set[0])));
        assert!(highest / lowest > 3.0, "{lowest} {highest}");
    }

    #[test]
    fn quantiles_are_those_of_the_table() {
        for (degrees, expected) in [(1, 3.841), (5, 11.07), (20, 31.41)] {
            assert!((chi_square_95(degrees) / expected - 1.0).abs() < 0.03, "{degrees}: {}", chi_square_95(degrees));
        }
    }
}
