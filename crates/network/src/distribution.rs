//! The distributions an expression may draw from, with their words and numbers of parameters.

use crate::Distribution;
use crate::Distribution::*;

/// A distribution, the word for it, the numbers of parameters it may have, and whether two bounds may follow them.
type Entry = (Distribution, &'static str, &'static [usize], bool);

/// Words, parameters and bounds are those of the SBML package for distributions, version 1 (section 3.4;
/// doi:10.1515/jib-2020-0018).
const DISTRIBUTIONS: &[Entry] = &[
    (Normal, "normal", &[2], true),
    (Uniform, "uniform", &[2], false),
    (Bernoulli, "bernoulli", &[1], false),
    (Binomial, "binomial", &[2], true),
    (Cauchy, "cauchy", &[1, 2], true),
    (ChiSquare, "chisquare", &[1], true),
    (Exponential, "exponential", &[1], true),
    (Gamma, "gamma", &[2], true),
    (Laplace, "laplace", &[1, 2], true),
    (LogNormal, "lognormal", &[2], true),
    (Poisson, "poisson", &[1], true),
    (Rayleigh, "rayleigh", &[1], true),
];

impl Distribution {
    /// The distribution a word means.
    pub fn from_word(word: &str) -> Option<Self> {
        DISTRIBUTIONS.iter().find(|entry| entry.1 == word).map(|entry| entry.0)
    }

    /// The word for this distribution.
    pub fn word(self) -> &'static str {
        self.entry().1
    }

    /// All words, for suggestions.
    pub(crate) fn words() -> impl Iterator<Item = &'static str> {
        DISTRIBUTIONS.iter().map(|entry| entry.1)
    }

    /// Takes its arguments apart: parameters, and the bounds that cut it off if there are any. `None` when it does not
    /// take so many.
    ///
    /// Bounds come in twos, so their presence shows in the number of arguments; where both readings are possible
    /// (`cauchy(a, b)` has no bounds) there are none.
    pub fn arguments<T>(self, arguments: &[T]) -> Option<(&[T], Option<[&T; 2]>)> {
        let (_, _, counts, bounded) = self.entry();
        if counts.contains(&arguments.len()) {
            return Some((arguments, None));
        }
        let (parameters, [low, high]) = arguments.split_last_chunk()?;
        let longest = counts.iter().max() == Some(&parameters.len());
        (*bounded && longest).then_some((parameters, Some([low, high])))
    }

    /// How many arguments it takes, in words: `1, 2 or 4`.
    pub fn argument_counts(self) -> String {
        let (_, _, counts, bounded) = self.entry();
        let mut counts: Vec<usize> = counts.to_vec();
        if *bounded {
            counts.extend(counts.iter().max().map(|most| most + 2));
        }
        let words: Vec<String> = counts.iter().map(ToString::to_string).collect();
        match words.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
            _ => words.concat(),
        }
    }

    fn entry(self) -> &'static Entry {
        &DISTRIBUTIONS[self as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_holds_every_distribution_once_and_in_order() {
        for (i, entry) in DISTRIBUTIONS.iter().enumerate() {
            assert_eq!(entry.0 as usize, i, "{}", entry.1);
            assert_eq!(Distribution::from_word(entry.1), Some(entry.0));
            assert_eq!(crate::Function::from_word(entry.1), None, "a word means one thing");
        }
    }

    #[test]
    fn bounds_follow_parameters() {
        assert_eq!(Normal.arguments(&[0, 1]), Some((&[0, 1][..], None)));
        assert_eq!(Normal.arguments(&[0, 1, 2, 3]), Some((&[0, 1][..], Some([&2, &3]))));
        assert_eq!(Cauchy.arguments(&[5]), Some((&[5][..], None)));
        assert_eq!(Cauchy.arguments(&[5, 6, 7]), None);
        assert_eq!(Uniform.arguments(&[0, 1, 2, 3]), None);
        assert_eq!(Laplace.argument_counts(), "1, 2 or 4");
        assert_eq!(Bernoulli.argument_counts(), "1");
    }
}
