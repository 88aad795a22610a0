//! Where a figure's axis begins, ends and has its ticks.

/// A stretch of numbers shown along a length of the page.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Axis {
    /// First number shown.
    pub lower: f64,
    /// Last number shown.
    pub upper: f64,
    /// Numbers that are written.
    pub ticks: Vec<f64>,
    /// Decimals of the written numbers.
    decimals: usize,
}

impl Axis {
    /// An axis that holds all finite values, with about `count` ticks at round numbers. Values that hardly differ get
    /// an axis of at least `least_span`, so that rounding errors do not look like a result.
    pub fn around(values: impl Iterator<Item = f64>, count: usize, least_span: f64) -> Self {
        let (mut lower, mut upper) = values
            .filter(|value| value.is_finite())
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(lower, upper), value| (lower.min(value), upper.max(value)));
        if lower > upper {
            (lower, upper) = (0.0, 1.0);
        }
        let span = (upper - lower).max(least_span).max(f64::MIN_POSITIVE);
        let middle = (upper + lower) / 2.0;
        (lower, upper) = (lower.min(middle - span / 2.0), upper.max(middle + span / 2.0));
        let step = round_step((upper - lower) / count as f64);
        let (first, last) = ((lower / step + 1e-9).floor(), (upper / step - 1e-9).ceil());
        let ticks = (0..=(last - first) as usize).map(|i| (first + i as f64) * step).collect();
        let decimals = usize::try_from(-step.log10().floor() as i64).unwrap_or(0);
        Self { lower: first * step, upper: last * step, ticks, decimals }
    }

    /// The axis of time from 0 to `last`, which is where it ends.
    pub fn of_time(last: f64) -> Self {
        let mut axis = Self::around([0.0, last].into_iter(), 4, 0.0);
        axis.upper = last;
        axis.ticks.retain(|tick| *tick <= last * (1.0 + 1e-9));
        axis
    }

    /// How far along the axis a value lies, 0 to 1.
    pub fn fraction(&self, value: f64) -> f64 {
        (value - self.lower) / (self.upper - self.lower)
    }

    /// A tick as text.
    pub fn label(&self, tick: f64) -> String {
        let largest = self.lower.abs().max(self.upper.abs());
        if largest >= 1e6 || self.decimals > 5 {
            return if tick == 0.0 { "0".into() } else { format!("{tick:.1e}") };
        }
        let text = format!("{tick:.*}", self.decimals);
        if text.trim_start_matches('-').chars().all(|c| c == '0' || c == '.') { "0".into() } else { text }
    }
}

/// The nearest of 1, 2, 2.5 and 5 times a power of ten that is not smaller.
fn round_step(step: f64) -> f64 {
    let power = 10f64.powf(step.log10().floor());
    let mantissa = step / power;
    let round = [1.0, 2.0, 5.0, 10.0].into_iter().find(|it| mantissa <= it * (1.0 + 1e-9)).unwrap_or(10.0);
    round * power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(axis: &Axis, expected: &[&str]) {
        let labels: Vec<String> = axis.ticks.iter().map(|tick| axis.label(*tick)).collect();
        assert_eq!(labels, expected);
    }

    #[test]
    fn ticks_are_round_and_hold_all_values() {
        check(&Axis::around([0.932, 1.0].into_iter(), 4, 0.0), &["0.92", "0.94", "0.96", "0.98", "1.00"]);
        check(&Axis::around([-14.0, 3.0].into_iter(), 4, 0.0), &["-15", "-10", "-5", "0", "5"]);
        check(&Axis::around([2_000_000.0, 3_000_000.0].into_iter(), 2, 0.0), &["2.0e6", "2.5e6", "3.0e6"]);
    }

    #[test]
    fn time_ends_where_the_run_ends() {
        let axis = Axis::of_time(365.0);
        check(&axis, &["0", "100", "200", "300"]);
        assert_eq!(axis.fraction(365.0), 1.0);
    }

    #[test]
    fn a_flat_line_is_not_blown_up() {
        let axis = Axis::around([1.0, 1.0 + 1e-12].into_iter(), 4, 0.02);
        assert!(axis.lower <= 0.99 && axis.upper >= 1.01, "{axis:?}");
    }

    #[test]
    fn nothing_to_show_still_gives_an_axis() {
        check(&Axis::around([f64::NAN].into_iter(), 2, 0.0), &["0", "0.5", "1.0"]);
    }
}
