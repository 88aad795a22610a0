//! Percentiles of a sample.

/// The middle 90 % of a sample: its 5th and 95th percentile.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// 5th percentile.
    pub lower: f64,
    /// 95th percentile.
    pub upper: f64,
}

/// The middle 90 % of the finite values of a sample; `None` with fewer than two.
///
/// Percentiles between two values are interpolated linearly (type 7 of Hyndman & Fan 1996,
/// doi:10.1080/00031305.1996.10473566).
pub fn interval_90(values: impl IntoIterator<Item = f64>) -> Option<Interval> {
    let mut sorted: Vec<f64> = values.into_iter().filter(|value| value.is_finite()).collect();
    if sorted.len() < 2 {
        return None;
    }
    sorted.sort_unstable_by(f64::total_cmp);
    Some(Interval { lower: percentile(&sorted, 0.05), upper: percentile(&sorted, 0.95) })
}

fn percentile(sorted: &[f64], fraction: f64) -> f64 {
    let position = fraction * (sorted.len() - 1) as f64;
    let below = position.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (position - below as f64) * (sorted[above] - sorted[below])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_to_a_hundred_and_one_span_6_to_96() {
        let interval = interval_90((1..=101).rev().map(f64::from)).expect("enough values");
        assert_eq!((interval.lower, interval.upper), (6.0, 96.0));
    }

    #[test]
    fn between_values_the_line_counts() {
        let interval = interval_90([0.0, 10.0]).expect("enough values");
        assert_eq!((interval.lower, interval.upper), (0.5, 9.5));
    }

    #[test]
    fn failed_members_do_not_count() {
        assert_eq!(interval_90([1.0, f64::NAN]), None);
        let interval = interval_90([2.0, f64::INFINITY, 2.0]).expect("enough values");
        assert_eq!((interval.lower, interval.upper), (2.0, 2.0));
    }
}
