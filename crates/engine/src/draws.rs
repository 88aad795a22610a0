//! Draws from distributions.
//!
//! A draw is a number in memory that is made before the program that reads it runs: its parameters are computed, and a
//! number is drawn with them from the run's random numbers. So nothing else has to know of chance. A draw whose
//! parameters are no parameters (a negative deviation) is not a number.

use crate::bytecode::{Layout, Program};
use crate::graph::{Graph, Node, NodeId};
use crate::random::Stream;
use network::Distribution;
use rand_distr::Distribution as _;
use rand_distr::{Binomial, Cauchy, ChiSquared, Exp1, Gamma, LogNormal, Normal, Poisson, StandardNormal};

/// Tries to draw a number between bounds before they are called out of reach.
const MOST_TRIES: usize = 1_000_000;

/// A draw with its parameters, and bounds after them where there are any; its node is [`Node::Draw`] with its position.
#[derive(Debug, Clone)]
pub(crate) struct LoweredDraw {
    pub distribution: Distribution,
    pub arguments: Vec<NodeId>,
}

/// A program with the draws it reads.
#[derive(Debug, Clone)]
pub(crate) struct DrawingProgram {
    /// In an order in which the parameters of each need earlier ones only.
    draws: Vec<Draw>,
    pub program: Program,
}

#[derive(Debug, Clone)]
struct Draw {
    distribution: Distribution,
    arguments: Program,
    to: usize,
}

impl DrawingProgram {
    /// The program that computes `results`; `draws` are those of the graph.
    pub fn new(graph: &Graph, layout: &Layout, draws: &[LoweredDraw], results: &[NodeId]) -> Self {
        let mut needed = vec![false; draws.len()];
        let read = |roots: &[NodeId], needed: &mut Vec<bool>| {
            let reached = graph.reachable(roots.iter().copied());
            for (node, _) in graph.nodes().iter().zip(reached).filter(|(_, reached)| *reached) {
                if let Node::Draw(draw) = node {
                    needed[*draw as usize] = true;
                }
            }
        };
        if !draws.is_empty() {
            read(results, &mut needed);
            // The parameters of a draw are written before it, so they read draws of lower numbers only.
            for draw in (0..draws.len()).rev() {
                if needed[draw] {
                    read(&draws[draw].arguments, &mut needed);
                }
            }
        }
        let first = layout.first_draw();
        let draws = draws.iter().enumerate().filter(|(position, _)| needed[*position]).map(|(position, draw)| Draw {
            distribution: draw.distribution,
            arguments: Program::new(graph, layout, &draw.arguments),
            to: first + position,
        });
        Self { draws: draws.collect(), program: Program::new(graph, layout, results) }
    }

    /// Number of scratch places it needs.
    pub fn scratch(&self) -> usize {
        let draws = self.draws.iter().map(|draw| draw.arguments.scratch());
        draws.max().unwrap_or(0).max(self.program.scratch())
    }

    /// Numbers of the values of the past that it reads.
    pub fn delayed(&self) -> impl Iterator<Item = usize> {
        let programs = self.draws.iter().map(|draw| &draw.arguments).chain([&self.program]);
        programs.flat_map(|program| program.delayed().iter().copied())
    }

    /// Draws, runs the program and writes its results.
    pub fn run(&self, memory: &mut [f64], random: &mut Stream, results: &mut [f64]) {
        for draw in &self.draws {
            let mut arguments = vec![0.0; draw.arguments.result_count()];
            draw.arguments.run(memory, &mut arguments);
            memory[draw.to] = drawn(draw.distribution, &arguments, random);
        }
        self.program.run(memory, results);
    }
}

/// A number from a distribution; not a number if its parameters make none, or if chance will not hit between its bounds.
///
/// Bounds belong to what may be drawn. Drawing goes on until a number lies between them, which is exact, and slow only
/// where hardly any of the distribution is left.
pub(crate) fn drawn(distribution: Distribution, arguments: &[f64], random: &mut Stream) -> f64 {
    let Some((parameters, bounds)) = distribution.arguments(arguments) else { return f64::NAN };
    let Some([&low, &high]) = bounds else { return unbounded(distribution, parameters, random) };
    if low.is_nan() || high.is_nan() || low > high {
        return f64::NAN;
    }
    for _ in 0..MOST_TRIES {
        let value = unbounded(distribution, parameters, random);
        if value.is_nan() || (low..=high).contains(&value) {
            return value;
        }
    }
    f64::NAN
}

fn unbounded(distribution: Distribution, parameters: &[f64], random: &mut Stream) -> f64 {
    let sound = |holds: bool, value: f64| if holds { value } else { f64::NAN };
    // What may be left out is the location, which then is 0.
    let (first, last) = match parameters {
        [only] => (0.0, *only),
        [first, last] => (*first, *last),
        _ => return f64::NAN,
    };
    let or_nothing = |value: Option<f64>| value.unwrap_or(f64::NAN);
    match distribution {
        Distribution::Normal => {
            let deviations: f64 = StandardNormal.sample(random);
            sound(last >= 0.0, Normal::new(first, last).map_or(f64::NAN, |it| it.from_zscore(deviations)))
        }
        Distribution::LogNormal => {
            sound(last >= 0.0, or_nothing(LogNormal::new(first, last).ok().map(|it| it.sample(random))))
        }
        Distribution::Uniform => sound(first <= last, first + (last - first) * random.uniform()),
        Distribution::Bernoulli => sound((0.0..=1.0).contains(&last), if random.uniform() < last { 1.0 } else { 0.0 }),
        Distribution::Binomial => {
            let whole = first >= 0.0 && first.fract() == 0.0 && first < 1e18;
            sound(whole, or_nothing(Binomial::new(first as u64, last).ok().map(|it| it.sample(random) as f64)))
        }
        Distribution::Cauchy => or_nothing(Cauchy::new(first, last).ok().map(|it| it.sample(random))),
        Distribution::ChiSquare => or_nothing(ChiSquared::new(last).ok().map(|it| it.sample(random))),
        Distribution::Exponential => {
            let waiting: f64 = Exp1.sample(random);
            sound(last > 0.0, waiting / last)
        }
        Distribution::Gamma => or_nothing(Gamma::new(first, last).ok().map(|it| it.sample(random))),
        Distribution::Laplace => {
            let size: f64 = Exp1.sample(random);
            let sign = if random.bits() >> 63 == 0 { 1.0 } else { -1.0 };
            sound(last >= 0.0, first + sign * last * size)
        }
        Distribution::Poisson if last == 0.0 => 0.0,
        Distribution::Poisson => or_nothing(Poisson::new(last).ok().map(|it| it.sample(random))),
        Distribution::Rayleigh => {
            let half_square: f64 = Exp1.sample(random);
            sound(last >= 0.0, last * (2.0 * half_square).sqrt())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_models::{TestModel, symbol};
    use crate::{Backend, SolveOptions, solve};
    use network::Condition;

    /// Mean and standard deviation of 20 000 draws; within 5 standard errors of what theory says, the deviation within
    /// what holds for tails no heavier than those here.
    fn check(formula: &str, mean: f64, sd: f64) {
        let Ok(network::Expression::Draw(distribution, arguments, _)) = network::parse_formula(formula) else {
            panic!("{formula} is no draw")
        };
        let arguments: Vec<f64> = arguments.iter().map(|it| it.to_string().parse().expect("a number")).collect();
        let mut random = Stream::new(5, 0);
        let values: Vec<f64> = (0..20_000).map(|_| drawn(distribution, &arguments, &mut random)).collect();
        let count = values.len() as f64;
        let found = values.iter().sum::<f64>() / count;
        let deviation = (values.iter().map(|x| (x - found) * (x - found)).sum::<f64>() / count).sqrt();
        assert!((found - mean).abs() < 5.0 * sd / count.sqrt(), "{formula}: mean {found}, not {mean}");
        assert!((deviation / sd - 1.0).abs() < 0.05, "{formula}: deviation {deviation}, not {sd}");
    }

    #[test]
    fn means_and_deviations_are_those_of_the_books() {
        check("normal(3, 2)", 3.0, 2.0);
        check("uniform(-1, 5)", 2.0, 3f64.sqrt());
        check("bernoulli(0.3)", 0.3, 0.21f64.sqrt());
        check("binomial(40, 0.25)", 10.0, 7.5f64.sqrt());
        check("chisquare(3)", 3.0, 6f64.sqrt());
        check("exponential(4)", 0.25, 0.25);
        check("gamma(3, 2)", 6.0, 12f64.sqrt());
        check("laplace(1, 2)", 1.0, 8f64.sqrt());
        check("laplace(2)", 0.0, 8f64.sqrt());
        check("lognormal(0, 0.5)", 0.125f64.exp(), (0.25f64.exp() * (0.25f64.exp() - 1.0)).sqrt());
        check("poisson(7)", 7.0, 7f64.sqrt());
        check("rayleigh(2)", (2.0 * std::f64::consts::PI).sqrt(), ((4.0 - std::f64::consts::PI) * 2.0).sqrt());
        // A standard normal cut to its upper half.
        check("normal(0, 1, 0, inf)", (2.0 / std::f64::consts::PI).sqrt(), (1.0 - 2.0 / std::f64::consts::PI).sqrt());
        // Half of a Cauchy distribution lies within its scale, and there its mean is its location; the variance of the
        // standard one between -1 and 1 is 4/pi - 1.
        check("cauchy(2, 3, -1, 5)", 2.0, 3.0 * (4.0 / std::f64::consts::PI - 1.0).sqrt());
    }

    #[test]
    fn bounds_belong_to_what_is_drawn() {
        let mut random = Stream::new(1, 0);
        let mut draw = |arguments: &[f64]| drawn(Distribution::Poisson, arguments, &mut random);
        assert_eq!(draw(&[2.0, 3.0, 3.0]), 3.0);
        assert!(draw(&[2.0, 3.5, 3.9]).is_nan(), "no whole number lies there");
        assert!(draw(&[2.0, 4.0, 3.0]).is_nan() && draw(&[-1.0]).is_nan());
    }

    #[test]
    fn each_draw_is_its_own_and_each_run_draws_anew() {
        let model = TestModel::new().parameter("a", 0.0).parameter("b", 0.0).parameter("later", 0.0);
        let model = model.initially("a", "uniform(0, 1)").initially("b", "normal(a, 0) + uniform(0, 1)").event(
            "draw",
            "time >= 1",
            &[("later", "uniform(2, 3) - uniform(2, 3)")],
        );
        let (network, model) = model.compile(Backend::Automatic).expect("the model compiles");
        let outputs = ["a", "b", "later"].map(|id| symbol(&network, id));
        let run = |run| {
            let options = SolveOptions { run, ..SolveOptions::default() };
            solve(&model, &Condition::default(), &[0.0, 2.0], &outputs, &options).expect("the run succeeds").values
        };
        let first = run(0);
        assert!(first[0] > 0.0 && first[1] > first[0] && first[1] != 2.0 * first[0], "{first:?}");
        assert!(first[5] != 0.0 && first[5].abs() < 1.0, "{first:?}");
        assert_eq!(first, run(0));
        assert_ne!(first, run(1));
    }
}
