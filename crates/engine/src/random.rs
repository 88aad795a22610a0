//! Random numbers without hidden state: a number is a function of a seed, a stream and a count.
//!
//! The generator is SplitMix64 (Steele, Lea & Flood 2014, doi:10.1145/2660193.2660195): the count times an odd constant,
//! passed through a finalizer. Any number of a stream can be had without those before it, and streams are unrelated, so
//! work may be divided among threads in any way without a change of the result.

/// The increment of SplitMix64: the golden ratio in 64 bits.
const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

/// The step of SplitMix64: neighboring keys give unrelated numbers.
pub fn mix(key: u64) -> u64 {
    let mut z = key.wrapping_add(GAMMA);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A number in `[0, 1)` from 64 random bits: the upper 53 are all a double can hold.
pub fn unit(bits: u64) -> f64 {
    (bits >> 11) as f64 / (1u64 << 53) as f64
}

/// One of the unrelated streams of a seed, and how far it has been used.
#[derive(Debug, Clone)]
pub struct Stream {
    key: u64,
    drawn: u64,
}

impl Stream {
    /// The stream of this number, from its beginning.
    pub fn new(seed: u64, stream: u64) -> Self {
        Self { key: mix(mix(seed).wrapping_add(stream)), drawn: 0 }
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        let bits = mix(self.key.wrapping_add(self.drawn.wrapping_mul(GAMMA)));
        self.drawn += 1;
        bits
    }

    /// A number in `[0, 1)`.
    pub fn uniform(&mut self) -> f64 {
        unit(self.bits())
    }

    /// A whole number below `count`, which is not 0; each equally likely to within `count` parts of 2^64.
    pub fn below(&mut self, count: usize) -> usize {
        ((u128::from(self.bits()) * count as u128) >> 64) as usize
    }
}

impl rand_core::TryRng for Stream {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        Ok((self.bits() >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        Ok(self.bits())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        for part in bytes.chunks_mut(8) {
            part.copy_from_slice(&self.bits().to_le_bytes()[..part.len()]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_finalizer_gives_the_published_stream() {
        // First outputs of SplitMix64 from seed 0, as in the reference implementation by Vigna.
        assert_eq!(mix(0), 0xe220_a839_7b1d_cdaf);
        assert_eq!(mix(GAMMA), 0x6e78_9e6a_a1b9_65f4);
    }

    #[test]
    fn a_stream_is_the_same_each_time_and_unlike_its_neighbors() {
        let draw = |seed, stream| {
            let mut stream = Stream::new(seed, stream);
            [stream.bits(), stream.bits(), stream.bits()]
        };
        assert_eq!(draw(7, 1), draw(7, 1));
        for other in [draw(7, 2), draw(8, 1)] {
            assert!(draw(7, 1).iter().zip(other).all(|(&one, other)| one != other));
        }
    }

    #[test]
    fn whole_numbers_are_equally_likely() {
        let mut stream = Stream::new(0, 0);
        let mut counts = [0; 6];
        (0..6000).for_each(|_| counts[stream.below(6)] += 1);
        // 1000 are expected of each; 5 standard deviations are 145.
        assert!(counts.iter().all(|count| (855..1145).contains(count)), "{counts:?}");
    }
}
