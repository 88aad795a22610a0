//! How well numbers that a model predicts agree with numbers that were published.
//!
//! Everything is an effect in percent: 0 is no effect. A prediction is judged with three yardsticks of the quantity: the
//! change that can be detected in one subject, the difference between group means that counts, and the share by which
//! studies that did the same differ.

use crate::Interval;

/// What a published number says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Only -1, 0 or 1 was published.
    Sign,
    /// The size of an effect.
    Effect,
    /// A level; its effect is how far the prediction lies from it.
    Level,
}

/// How finely a quantity can be told, in percent, and how much studies differ, as a share of the effect.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Yardstick {
    /// Least change that can be detected in one subject, with 95 % confidence.
    pub detectable: f64,
    /// A difference of group means that is too small to matter.
    pub group_detectable: f64,
    /// A predicted effect below this has no sign.
    pub no_effect_below: f64,
    /// Spread between studies that did the same.
    pub spread: f64,
}

/// A published number beside a predicted one, both as effects in percent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    #[allow(missing_docs)]
    pub kind: Kind,
    /// For [`Kind::Sign`] -1, 0 or 1; for [`Kind::Level`] 0.
    pub observed: f64,
    /// Published 95 % interval.
    pub interval: Option<(f64, f64)>,
    #[allow(missing_docs)]
    pub predicted: f64,
    /// 90 % interval of the prediction.
    pub predicted_interval: Option<Interval>,
    #[allow(missing_docs)]
    pub yardstick: Yardstick,
    /// 1, or less when the number is not fully trusted.
    pub weight: f64,
}

/// How good a prediction is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// As close as the study could tell.
    Good,
    /// As close as two studies are to each other.
    Acceptable,
    /// Too large, too small, or an effect where none was found, or none where one was.
    Wrong,
    /// An effect in the opposite direction.
    SignWrong,
}

impl Verdict {
    /// Good or acceptable.
    pub fn passes(self) -> bool {
        self <= Self::Acceptable
    }
}

impl Comparison {
    /// The verdict.
    ///
    /// 1. A sign must be the same; a predicted effect below `no_effect_below` has none.
    /// 2. With a published interval: good inside it, acceptable inside it when it is widened on either side by the spread
    ///    between studies.
    /// 3. Else the sign must be the same and the size within a factor of 2, or the difference below
    ///    `group_detectable`; it is good when it is below the spread between studies, or below half of `group_detectable`.
    /// 4. A level without an interval must be within `detectable`, and is good within `group_detectable`.
    pub fn verdict(&self) -> Verdict {
        let Self { observed, predicted, yardstick, .. } = *self;
        if !predicted.is_finite() {
            return Verdict::Wrong;
        }
        let opposite = observed * predicted < 0.0 && predicted.abs() >= yardstick.no_effect_below;
        let failed = if opposite && self.kind != Kind::Level { Verdict::SignWrong } else { Verdict::Wrong };
        let judge = |good: bool, acceptable: bool| match (good, acceptable) {
            (true, _) => Verdict::Good,
            (_, true) => Verdict::Acceptable,
            _ => failed,
        };
        let difference = (predicted - observed).abs();
        match (self.kind, self.interval) {
            (Kind::Sign, _) => judge(self.predicted_sign() == observed, false),
            (_, Some((low, high))) => {
                // The spread of a level is a share of the level, which is 100 %.
                let size = if self.kind == Kind::Level { 100.0 } else { observed.abs() };
                let wider = yardstick.spread * size;
                let inside = |low: f64, high: f64| (low..=high).contains(&predicted);
                judge(inside(low, high), inside(low - wider, high + wider))
            }
            (Kind::Level, None) => judge(difference <= yardstick.group_detectable, difference <= yardstick.detectable),
            (Kind::Effect, None) => {
                let ratio = predicted / observed;
                let good = difference <= (yardstick.spread * observed.abs()).max(yardstick.group_detectable / 2.0);
                let near = difference <= yardstick.group_detectable;
                judge(good && (ratio > 0.0 || near), near || (0.5..=2.0).contains(&ratio))
            }
        }
    }

    /// -1, 0 or 1.
    fn predicted_sign(&self) -> f64 {
        if self.predicted.abs() < self.yardstick.no_effect_below { 0.0 } else { self.predicted.signum() }
    }

    /// Whether the direction is right; a level has none.
    pub fn sign_right(&self) -> Option<bool> {
        match self.kind {
            Kind::Level => None,
            Kind::Sign => Some(self.predicted_sign() == self.observed),
            Kind::Effect => {
                let near = (self.predicted - self.observed).abs() <= self.yardstick.group_detectable;
                Some(near || self.predicted * self.observed > 0.0)
            }
        }
    }

    /// Distance in least detectable changes; a sign has none.
    pub fn error(&self) -> Option<f64> {
        (self.kind != Kind::Sign).then(|| (self.predicted - self.observed).abs() / self.yardstick.detectable)
    }

    /// Whether the published number lies in the interval of the prediction.
    pub fn covered(&self) -> Option<bool> {
        let interval = self.predicted_interval.filter(|_| self.kind != Kind::Sign)?;
        Some((interval.lower..=interval.upper).contains(&self.observed))
    }
}

/// A study passes when at least this share of its rows, by weight, does.
const STUDY_PASSES: f64 = 2.0 / 3.0;

/// How well many studies are predicted. What nothing can be said of is absent.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Score {
    /// Studies with at least one comparison.
    pub studies: usize,
    /// Comparisons.
    pub rows: usize,
    /// Share of studies, by weight, of which at least two thirds of the rows are good or acceptable.
    pub acceptable: Option<f64>,
    /// Share of rows that are good or acceptable.
    pub rows_acceptable: Option<f64>,
    /// Share of rows with the right direction.
    pub sign: Option<f64>,
    /// Median distance in least detectable changes.
    pub median_error: Option<f64>,
    /// Slope of observed on predicted effects through the origin, in least detectable changes.
    pub slope: Option<f64>,
    /// Share of published numbers inside the 90 % interval of the prediction.
    pub coverage: Option<f64>,
}

/// The score of several studies, each a list of comparisons.
///
/// Studies count alike, however many rows they report: the weights of a study's rows add up to the mean of their weights.
pub fn score(studies: &[Vec<Comparison>]) -> Score {
    let studies: Vec<&Vec<Comparison>> = studies.iter().filter(|rows| !rows.is_empty()).collect();
    let rows: Vec<(f64, &Comparison)> =
        studies.iter().flat_map(|rows| rows.iter().map(|row| (row.weight / rows.len() as f64, row))).collect();
    let passes = |row: &Comparison| row.verdict().passes();
    let share = |of: &dyn Fn(&Comparison) -> Option<bool>| {
        mean(rows.iter().filter_map(|(weight, row)| Some((*weight, f64::from(u8::from(of(row)?))))))
    };
    let study_passes = |rows: &&Vec<Comparison>| {
        let all: f64 = rows.iter().map(|row| row.weight).sum();
        let good: f64 = rows.iter().filter(|row| passes(row)).map(|row| row.weight).sum();
        // Two of three rows is two thirds, whatever the rounding.
        (all / rows.len() as f64, f64::from(u8::from(good >= STUDY_PASSES * all * (1.0 - 1e-9))))
    };
    let effects = || rows.iter().filter(|(_, row)| row.kind == Kind::Effect && row.predicted.is_finite());
    let product = |of: &dyn Fn(&Comparison) -> f64| -> f64 {
        effects().map(|(weight, row)| weight * of(row) / row.yardstick.detectable.powi(2)).sum()
    };
    let squares = product(&|row| row.predicted * row.predicted);
    Score {
        studies: studies.len(),
        rows: rows.len(),
        acceptable: mean(studies.iter().map(study_passes)),
        rows_acceptable: share(&|row| Some(passes(row))),
        sign: share(&Comparison::sign_right),
        median_error: median(rows.iter().filter_map(|(weight, row)| Some((*weight, row.error()?))).collect()),
        slope: (squares > 0.0).then(|| product(&|row| row.predicted * row.observed) / squares),
        coverage: share(&Comparison::covered),
    }
}

/// Weighted mean; nothing without weight.
fn mean(values: impl Iterator<Item = (f64, f64)>) -> Option<f64> {
    let (mut weights, mut sum) = (0.0, 0.0);
    for (weight, value) in values {
        weights += weight;
        sum += weight * value;
    }
    (weights > 0.0).then(|| sum / weights)
}

/// Weighted median: half of the weight lies on either side. What is no number counts as infinitely far.
fn median(mut values: Vec<(f64, f64)>) -> Option<f64> {
    for (_, value) in &mut values {
        if value.is_nan() {
            *value = f64::INFINITY;
        }
    }
    values.sort_by(|a, b| a.1.total_cmp(&b.1));
    let half = values.iter().map(|(weight, _)| weight).sum::<f64>() / 2.0;
    let mut below = 0.0;
    for (i, (weight, value)) in values.iter().enumerate() {
        below += weight;
        if (below - half).abs() < 1e-12 * half
            && let Some((_, next)) = values.get(i + 1)
        {
            return Some(f64::midpoint(*value, *next));
        }
        if below > half {
            return Some(*value);
        }
    }
    None
}

/// Of all pairs of effects that studies told apart, the share that is predicted in the same order; pairs as positions in
/// `rows`. Told apart: the observed effects differ by more than `group_detectable` of either.
pub fn in_order(rows: &[Comparison], pairs: &[(usize, usize)]) -> Option<f64> {
    let told_apart = pairs.iter().filter_map(|&(a, b)| {
        let (a, b) = (&rows[a], &rows[b]);
        let least = a.yardstick.group_detectable.max(b.yardstick.group_detectable);
        let observed = a.observed - b.observed;
        let same_order = observed * (a.predicted - b.predicted) > 0.0;
        (observed.abs() > least).then_some((a.weight * b.weight, f64::from(u8::from(same_order))))
    });
    mean(told_apart)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BMD: Yardstick = Yardstick { detectable: 2.5, group_detectable: 1.0, no_effect_below: 1.25, spread: 0.2 };

    fn effect(observed: f64, predicted: f64) -> Comparison {
        Comparison {
            kind: Kind::Effect,
            observed,
            interval: None,
            predicted,
            predicted_interval: None,
            yardstick: BMD,
            weight: 1.0,
        }
    }

    fn sign(observed: f64, predicted: f64) -> Comparison {
        Comparison { kind: Kind::Sign, ..effect(observed, predicted) }
    }

    #[track_caller]
    fn check(comparison: Comparison, expected: Verdict) {
        assert_eq!(comparison.verdict(), expected, "{comparison:?}");
    }

    #[test]
    fn a_sign_must_be_the_same_and_small_effects_have_none() {
        check(sign(1.0, 1.3), Verdict::Good);
        check(sign(1.0, 1.2), Verdict::Wrong);
        check(sign(1.0, -1.3), Verdict::SignWrong);
        check(sign(0.0, -1.2), Verdict::Good);
        check(sign(0.0, -1.3), Verdict::Wrong);
    }

    #[test]
    fn a_published_interval_is_the_measure_where_there_is_one() {
        let within = |predicted| Comparison { interval: Some((8.0, 12.0)), ..effect(10.0, predicted) };
        check(within(8.0), Verdict::Good);
        check(within(13.9), Verdict::Acceptable);
        check(within(6.1), Verdict::Acceptable);
        check(within(14.1), Verdict::Wrong);
        check(within(-3.0), Verdict::SignWrong);
    }

    #[test]
    fn without_an_interval_a_factor_of_two_or_a_small_difference_counts() {
        check(effect(10.0, 11.9), Verdict::Good);
        check(effect(10.0, 5.0), Verdict::Acceptable);
        check(effect(10.0, 4.9), Verdict::Wrong);
        check(effect(-10.0, -20.0), Verdict::Acceptable);
        check(effect(-10.0, -20.1), Verdict::Wrong);
        check(effect(10.0, -2.0), Verdict::SignWrong);
        // Below one percentage point bone density does not differ.
        check(effect(0.3, -0.1), Verdict::Good);
        check(effect(0.3, -0.6), Verdict::Acceptable);
        check(effect(0.3, -0.8), Verdict::Wrong);
    }

    #[test]
    fn a_level_is_near_or_not() {
        let level = |predicted| Comparison { kind: Kind::Level, ..effect(0.0, predicted) };
        check(level(-1.0), Verdict::Good);
        check(level(2.5), Verdict::Acceptable);
        check(level(-2.6), Verdict::Wrong);
        assert_eq!(level(1.0).sign_right(), None);
    }

    #[test]
    fn what_could_not_be_solved_is_wrong() {
        check(effect(10.0, f64::NAN), Verdict::Wrong);
        let score = score(&[vec![effect(10.0, f64::NAN)]]);
        assert_eq!((score.acceptable, score.median_error, score.slope), (Some(0.0), Some(f64::INFINITY), None));
    }

    #[test]
    fn studies_count_alike_and_recalled_rows_half() {
        let long = vec![effect(10.0, 10.0); 8];
        let short = vec![effect(10.0, -10.0)];
        let both = score(&[long.clone(), short.clone(), Vec::new()]);
        assert_eq!((both.studies, both.rows), (2, 9));
        assert_eq!((both.acceptable, both.rows_acceptable, both.sign), (Some(0.5), Some(0.5), Some(0.5)));
        let recalled = vec![Comparison { weight: 0.5, ..short[0] }];
        assert_eq!(score(&[long, recalled]).acceptable, Some(2.0 / 3.0));
    }

    #[test]
    fn a_study_passes_with_two_thirds_of_its_rows() {
        let (right, wrong) = (effect(10.0, 10.0), effect(10.0, 0.0));
        assert_eq!(score(&[vec![right, right, wrong]]).acceptable, Some(1.0));
        assert_eq!(score(&[vec![right, wrong]]).acceptable, Some(0.0));
    }

    #[test]
    fn errors_and_slopes_are_in_detectable_changes() {
        let score = score(&[vec![effect(10.0, 5.0), effect(5.0, 2.5), effect(-2.5, -1.25)]]);
        assert_eq!((score.median_error, score.slope), (Some(1.0), Some(2.0)));
        let nothing = super::score(&[vec![effect(10.0, 0.0)]]);
        assert_eq!(nothing.slope, None);
    }

    #[test]
    fn coverage_counts_published_numbers_inside() {
        let predicted = |lower, upper| Comparison {
            predicted_interval: Some(Interval { lower, upper }),
            ..effect(10.0, f64::midpoint(lower, upper))
        };
        let score = score(&[vec![predicted(8.0, 12.0), predicted(11.0, 12.0), effect(10.0, 10.0)]]);
        assert_eq!(score.coverage, Some(0.5));
    }

    #[test]
    fn order_is_judged_where_the_studies_told_apart() {
        let rows = [effect(13.0, 9.0), effect(7.0, 10.0), effect(4.0, 5.0), effect(4.5, 1.0)];
        let pairs = [(0, 1), (0, 2), (1, 2), (2, 3)];
        assert_eq!(in_order(&rows, &pairs), Some(2.0 / 3.0));
        assert_eq!(in_order(&rows, &[(2, 3)]), None);
    }
}
