//! How far the answers spread when uncertain parameters take other plausible values.

use crate::{random, response};
use engine::{CompiledModel, SolveFailure, SolveOptions, Trajectory};
use network::{Condition, SymbolIndex};
use rayon::prelude::*;

/// A parameter whose value is known only within a range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Uncertain {
    /// The parameter.
    pub symbol: SymbolIndex,
    /// Names the random stream, for example a hash of the parameter's id. A parameter keeps its draws when others join
    /// or leave the list.
    pub stream: u64,
    /// The value it is thought to have, in the symbol's unit and within the range.
    pub value: f64,
    /// Lower end of the range, in the symbol's unit.
    pub lower: f64,
    /// Upper end of the range, in the symbol's unit.
    pub upper: f64,
}

impl Uncertain {
    /// The value below which a `fraction` of the members lies.
    ///
    /// A range says what is plausible, its value what is most plausible: half of the members lie on either side of the
    /// value, and their density falls linearly to nothing at the ends of the range. The scale is logarithmic, because
    /// ranges of rates and potencies are factors; linear when the range touches or crosses zero.
    pub fn at(&self, fraction: f64) -> f64 {
        // A fraction `u` of a triangle lies within `sqrt(u)` of its sharp end, which is the end of the range.
        let (end, from_end) = if fraction < 0.5 {
            (self.lower, (2.0 * fraction).sqrt())
        } else {
            (self.upper, (2.0 * (1.0 - fraction)).sqrt())
        };
        if from_end <= 0.0 {
            end
        } else if self.lower > 0.0 && self.upper > 0.0 {
            end * (self.value / end).powf(from_end)
        } else {
            end + from_end * (self.value - end)
        }
    }
}

/// Values of some parameters that belong together, because measurements fit equally well with each set of them.
///
/// Empty, every parameter is drawn by itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct JointSets {
    /// Positions in the list of uncertain parameters.
    pub positions: Vec<usize>,
    /// Each has one value per position, in the unit of its symbol.
    pub sets: Vec<Vec<f64>>,
}

/// Size and seed of an ensemble, and how to solve it.
#[derive(Debug, Clone)]
pub struct EnsembleOptions {
    /// Number of members.
    pub members: usize,
    /// Seed of all random streams.
    pub seed: u64,
    /// Values that are taken together.
    pub joint: JointSets,
    /// How to solve each run.
    pub solve: SolveOptions,
}

/// The same runs under many plausible sets of parameters.
#[derive(Debug, Clone)]
pub struct Ensemble {
    /// In the order of their index, whatever thread finished first.
    pub members: Vec<Member>,
}

/// One plausible set of parameters and what it gives.
#[derive(Debug, Clone)]
pub struct Member {
    /// One value per uncertain parameter.
    pub draws: Vec<f64>,
    /// One per condition; a failed run is kept with its reason.
    pub runs: Vec<Result<Trajectory, SolveFailure>>,
}

/// Solves every condition for every member, on all cores.
///
/// A member has the same parameters in all conditions, so that differences between conditions are differences within
/// a member. What a condition sets itself is not uncertain and keeps its value. `finished` is called after each run,
/// from any thread. The result does not depend on the number of threads.
pub fn ensemble(
    model: &CompiledModel,
    conditions: &[Condition],
    uncertain: &[Uncertain],
    times: &[f64],
    outputs: &[SymbolIndex],
    options: &EnsembleOptions,
    finished: &(dyn Fn() + Sync),
) -> Ensemble {
    let draws: Vec<Vec<f64>> =
        (0..options.members).map(|member| draw(uncertain, &options.joint, options.seed, member)).collect();
    let tasks: Vec<(usize, usize)> =
        (0..options.members).flat_map(|member| (0..conditions.len()).map(move |run| (member, run))).collect();
    let solved: Vec<Result<Trajectory, SolveFailure>> = tasks
        .par_iter()
        .map(|&(member, run)| {
            let condition = drawn(&conditions[run], uncertain, &draws[member]);
            let result = response(model, &condition, times, outputs, &options.solve);
            finished();
            result
        })
        .collect();
    let mut solved = solved.into_iter();
    let members = draws
        .into_iter()
        .map(|draws| Member { draws, runs: solved.by_ref().take(conditions.len()).collect() })
        .collect();
    Ensemble { members }
}

/// The parameters of one member: those of one joint set, the sets in turn, and all others drawn by themselves.
pub fn draw(uncertain: &[Uncertain], joint: &JointSets, seed: u64, member: usize) -> Vec<f64> {
    let mut values: Vec<f64> =
        uncertain.iter().map(|it| it.at(random::uniform(seed, member as u64, it.stream))).collect();
    if !joint.sets.is_empty() {
        let set = &joint.sets[member % joint.sets.len()];
        for (&position, &value) in joint.positions.iter().zip(set) {
            values[position] = value;
        }
    }
    values
}

/// A condition with the values of a member put in front: what the condition says itself comes later and wins.
pub fn drawn(condition: &Condition, uncertain: &[Uncertain], values: &[f64]) -> Condition {
    let fixed = |symbol: SymbolIndex| condition.initial.iter().any(|(it, _)| *it == symbol);
    let mut initial: Vec<(SymbolIndex, f64)> = uncertain
        .iter()
        .zip(values)
        .filter(|(it, _)| !fixed(it.symbol))
        .map(|(it, value)| (it.symbol, *value))
        .collect();
    initial.extend(&condition.initial);
    Condition { initial, changes: condition.changes.clone() }
}

impl Ensemble {
    /// The trajectories of all conditions, per member; members in which any of them failed are left out.
    pub fn complete(&self) -> Vec<Vec<&Trajectory>> {
        self.members.iter().filter_map(|member| member.runs.iter().map(|run| run.as_ref().ok()).collect()).collect()
    }

    /// Failed runs as member, condition and reason, in order.
    pub fn failures(&self) -> impl Iterator<Item = (usize, usize, &SolveFailure)> {
        self.members.iter().enumerate().flat_map(|(i, member)| {
            member.runs.iter().enumerate().filter_map(move |(run, result)| Some((i, run, result.as_ref().err()?)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_take_joint_sets_in_turn_and_draw_the_rest() {
        let parameter = |stream| Uncertain { symbol: SymbolIndex(0), stream, value: 1.0, lower: 0.5, upper: 2.0 };
        let parameters = [parameter(1), parameter(2), parameter(3)];
        let joint = JointSets { positions: vec![2, 0], sets: vec![vec![0.7, 1.7], vec![0.8, 1.8]] };
        for (member, set) in [(0, [1.7, 0.7]), (1, [1.8, 0.8]), (2, [1.7, 0.7]), (5, [1.8, 0.8])] {
            let alone = draw(&parameters, &JointSets::default(), 4, member);
            assert_eq!(draw(&parameters, &joint, 4, member), [set[0], alone[1], set[1]], "member {member}");
        }
    }
}
