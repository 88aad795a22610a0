//! The numbers of one scenario: every run at the model's own values, and the ensemble around them.

use super::{Counter, INTERVALS, Request, solve_options};
use engine::{CompiledModel, SolveFailure, SolveOptions, Trajectory};
use network::{Condition, SymbolIndex};
use physiology::{Assembly, Biology, Organism};
use study::{Ensemble, EnsembleOptions, JointSets, Uncertain};

/// The module of age, sex, activity and training: a scenario sets them, they are not known badly.
const SUBJECT: &str = "subject";

/// Relative tolerance of ensemble members and of the probe for rest. Intervals are told with two figures and members differ by far more than this:
/// `bed_rest` prints the same letters as with 1e-6, in two thirds of the time.
pub(crate) const ENSEMBLE_TOLERANCE: f64 = 1e-4;

/// Everything that was computed for one scenario.
pub(super) struct Solved {
    /// Days.
    pub times: Vec<f64>,
    /// Read-outs, then links; the columns of all trajectories.
    pub outputs: Vec<SymbolIndex>,
    /// One per run of the assembly.
    pub runs: Vec<Trajectory>,
    /// The same runs with other plausible parameters; absent without members.
    pub ensemble: Option<Ensemble>,
    /// Ids of the parameters that differ between members.
    pub varied: Vec<String>,
    /// Those of them whose values belong together.
    pub joint: Vec<String>,
    /// Ids of uncertain parameters that were held.
    pub held: Vec<String>,
}

pub(super) fn solve(
    biology: &Biology,
    model: &CompiledModel,
    assembly: &Assembly,
    request: &Request,
    counter: &Counter,
) -> Result<Solved, SolveFailure> {
    let last = assembly.duration_days;
    let times: Vec<f64> = (0..=INTERVALS).map(|i| last * (i as f64 / INTERVALS as f64)).collect();
    let links = assembly.links.iter().map(|it| it.symbol);
    let outputs: Vec<SymbolIndex> = assembly.readouts.iter().map(|it| it.symbol).chain(links).collect();
    let options = solve_options(request);
    let conditions: Vec<Condition> = assembly.runs.iter().map(|run| run.condition.clone()).collect();
    let runs = study::responses(model, &conditions, &times, &outputs, &options, &|| counter.finished())?;
    let mut solved =
        Solved { times, outputs, runs, ensemble: None, varied: Vec::new(), joint: Vec::new(), held: Vec::new() };
    if request.members > 0 {
        let options = SolveOptions { relative_tolerance: ENSEMBLE_TOLERANCE, ..options };
        let Varied { ids, uncertain, joint, held } = varied(biology, model, assembly, &options);
        solved.joint = joint.positions.iter().map(|&it| ids[it].clone()).collect();
        (solved.varied, solved.held) = (ids, held);
        let options = EnsembleOptions { members: request.members, seed: request.seed, joint, solve: options };
        // Interpolated values do not depend on which other times are asked for: end points are the same either way.
        let times = if request.curves { &solved.times[..] } else { &[0.0, last] };
        let outputs = &solved.outputs;
        let ensemble =
            study::ensemble(model, &conditions, &uncertain, times, outputs, &options, &|| counter.finished());
        solved.ensemble = Some(ensemble);
    }
    Ok(solved)
}

/// Every number of the model that has a range, with its id. Who the subject is, is no uncertainty.
pub(crate) fn uncertain(assembly: &Assembly) -> Vec<(String, Uncertain)> {
    let of_biology = assembly.uncertain.iter().filter(|it| assembly.provenance_of(it.symbol).module != SUBJECT);
    let named = of_biology.map(|it| {
        let id = assembly.network.symbol(it.symbol).id.to_string();
        let stream = stream(&id);
        (id, Uncertain { symbol: it.symbol, stream, value: it.value, lower: it.low, upper: it.high })
    });
    named.collect()
}

/// What differs between the members of an ensemble.
pub(crate) struct Varied {
    /// Ids of the parameters.
    pub ids: Vec<String>,
    /// The same parameters, in their order.
    pub uncertain: Vec<Uncertain>,
    /// Values of some of them that belong together.
    pub joint: JointSets,
    /// Ids of uncertain parameters that are held.
    pub held: Vec<String>,
}

/// The uncertain parameters that leave the model at rest, and those that do not.
pub(crate) fn varied(biology: &Biology, model: &CompiledModel, assembly: &Assembly, options: &SolveOptions) -> Varied {
    let (all, values): (Vec<String>, Vec<Uncertain>) = uncertain(assembly).into_iter().unzip();
    let keeps = study::rest::keeps_rest(model, &values, options);
    let (mut ids, mut uncertain, mut held) = (Vec::new(), Vec::new(), Vec::new());
    for ((id, it), keeps) in all.into_iter().zip(values).zip(keeps) {
        if keeps {
            ids.push(id);
            uncertain.push(it);
        } else {
            held.push(id);
        }
    }
    let joint = joint_sets(biology, assembly.organism, &ids);
    Varied { ids, uncertain, joint, held }
}

/// The sets of an organism that fit equally well, of the parameters that are varied; in the units of the model.
fn joint_sets(biology: &Biology, organism: Organism, varied: &[String]) -> JointSets {
    let Some(found) = biology.equally_good.iter().find(|it| it.organism == organism) else {
        return JointSets::default();
    };
    // Column of the file, position among the varied, and factor to the model's unit.
    let columns: Vec<(usize, usize, f64)> = found
        .parameters
        .iter()
        .enumerate()
        .filter_map(|(column, id)| {
            let position = varied.iter().position(|it| *it == id.value)?;
            Some((column, position, crate::calibrate::own_unit(biology, id).1))
        })
        .collect();
    JointSets {
        positions: columns.iter().map(|&(_, position, _)| position).collect(),
        sets: found
            .sets
            .iter()
            .map(|set| columns.iter().map(|&(column, _, factor)| set[column].value * factor).collect())
            .collect(),
    }
}

/// The random stream of a parameter: FNV-1a of its id, so that it stays when other parameters come and go.
fn stream(id: &str) -> u64 {
    id.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_stream_of_a_name_is_its_fnv_hash() {
        // Test vectors of the FNV reference.
        assert_eq!(super::stream(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(super::stream("a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(super::stream("foobar"), 0x8594_4171_f739_67e8);
    }
}
