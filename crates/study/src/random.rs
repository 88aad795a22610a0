//! Random numbers without a state: a number is a function of where it is used.

use engine::random::{mix, unit};

/// A number in `[0, 1)` for one parameter of one member.
///
/// Each key passes through [`mix`] before the next is added, so that neighboring keys give unrelated numbers. Members may
/// be drawn in any order, on any thread.
pub fn uniform(seed: u64, member: u64, stream: u64) -> f64 {
    unit(mix(mix(mix(seed).wrapping_add(member)).wrapping_add(stream)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_fill_the_unit_interval_evenly() {
        let mut counts = [0; 10];
        for member in 0..1000 {
            for stream in 0..10 {
                counts[(uniform(7, member, stream) * 10.0) as usize] += 1;
            }
        }
        // 1000 are expected in each tenth; 5 standard deviations are 150.
        assert!(counts.iter().all(|count| (850..1150).contains(count)), "{counts:?}");
    }

    #[test]
    fn members_and_parameters_are_unrelated() {
        let count = 4000;
        let mean = |of: &dyn Fn(u64) -> f64| (0..count).map(of).sum::<f64>() / count as f64;
        let by_member = mean(&|i| (uniform(1, i, 0) - 0.5) * (uniform(1, i + 1, 0) - 0.5));
        let by_stream = mean(&|i| (uniform(1, i, 0) - 0.5) * (uniform(1, i, 1) - 0.5));
        // A covariance of 1/12 would be perfect correlation; the standard error here is 0.0013.
        assert!(by_member.abs() < 0.007 && by_stream.abs() < 0.007, "{by_member} {by_stream}");
    }
}
