//! Random numbers without a state: a number is a function of where it is used.

/// A number in `[0, 1)` for one parameter of one member.
///
/// Each key passes through the finalizer of SplitMix64 (Steele, Lea & Flood 2014, doi:10.1145/2660193.2660195) before
/// the next is added, so that neighboring keys give unrelated numbers. Members may be drawn in any order, on any thread.
pub(crate) fn uniform(seed: u64, member: u64, stream: u64) -> f64 {
    let bits = mix(mix(mix(seed).wrapping_add(member)).wrapping_add(stream));
    // The upper 53 bits are all a double can hold.
    (bits >> 11) as f64 / (1u64 << 53) as f64
}

fn mix(key: u64) -> u64 {
    let mut z = key.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_finalizer_gives_the_published_stream() {
        // First outputs of SplitMix64 from seed 0, as in the reference implementation by Vigna.
        assert_eq!(mix(0), 0xe220_a839_7b1d_cdaf);
        assert_eq!(mix(0x9e37_79b9_7f4a_7c15), 0x6e78_9e6a_a1b9_65f4);
    }

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
