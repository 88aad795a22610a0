//! Mean and spread of many equally shaped results, one at a time.

/// Mean and standard deviation of each of several numbers over many runs.
///
/// Runs are added one by one (Welford 1962, doi:10.1080/00401706.1962.10490022), so that a large mean does not swallow a
/// small spread and no run has to be kept. Added in the same order, runs give the same bits.
#[derive(Debug, Clone, Default)]
pub struct Moments {
    count: u64,
    mean: Vec<f64>,
    /// Sums of squared distances from the mean.
    squares: Vec<f64>,
}

impl Moments {
    /// Adds a run; all have as many numbers as the first.
    pub fn add(&mut self, values: &[f64]) {
        if self.count == 0 {
            self.mean = vec![0.0; values.len()];
            self.squares = vec![0.0; values.len()];
        }
        self.count += 1;
        let count = self.count as f64;
        for ((mean, squares), value) in self.mean.iter_mut().zip(&mut self.squares).zip(values) {
            let distance = value - *mean;
            *mean += distance / count;
            *squares += distance * (value - *mean);
        }
    }

    /// Means, in the order of the numbers.
    pub fn means(&self) -> &[f64] {
        &self.mean
    }

    /// Sample standard deviations (over `count - 1`); not a number with fewer than two runs.
    pub fn standard_deviations(&self) -> Vec<f64> {
        let degrees = self.count as f64 - 1.0;
        self.squares.iter().map(|it| if degrees > 0.0 { (it / degrees).sqrt() } else { f64::NAN }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_those_of_the_textbook() {
        let mut moments = Moments::default();
        for value in [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0] {
            moments.add(&[value, -value]);
        }
        assert_eq!(moments.means(), [5.0, -5.0]);
        // The squared distances add up to 32.
        let expected = (32.0f64 / 7.0).sqrt();
        assert!(moments.standard_deviations().iter().all(|it| (it - expected).abs() < 1e-15));
    }

    #[test]
    fn a_small_spread_around_a_large_mean_is_kept() {
        let mut moments = Moments::default();
        for value in [1e9 + 4.0, 1e9 + 7.0, 1e9 + 13.0, 1e9 + 16.0] {
            moments.add(&[value]);
        }
        // The variance of 4, 7, 13, 16 is 30; the plain sum of squares loses it here.
        assert!((moments.standard_deviations()[0].powi(2) - 30.0).abs() < 1e-6);
    }

    #[test]
    fn one_run_has_no_spread() {
        let mut moments = Moments::default();
        moments.add(&[3.0]);
        assert!(moments.standard_deviations()[0].is_nan());
    }
}
