//! Which uncertain parameters leave the undisturbed model at rest.
//!
//! A change from day 0 means something only if the model would stay where it is by itself. Links are 1 at the
//! reference state whatever their strength, and balancing constants are derived from the parameters around them, so
//! most parameters may move alone; one whose other values start a drift would be mistaken for an effect.

use crate::ensemble::{Uncertain, drawn};
use engine::{CompiledModel, SolveOptions, solve};
use network::{Condition, SymbolIndex};

/// The time over which the undisturbed model is watched, in the model's unit of time.
const WATCH: f64 = 1.0;

/// The largest relative change of a state within that time that counts as rest.
const STILL: f64 = 1e-6;

/// For each uncertain parameter, whether every state stays where it is when the parameter takes either end of its
/// range in the undisturbed model.
///
/// All are tried at once, and halved only when something moves, because most parameters keep the rest.
pub fn keeps_rest(model: &CompiledModel, uncertain: &[Uncertain], options: &SolveOptions) -> Vec<bool> {
    let states: Vec<SymbolIndex> = (0..model.state_count()).map(|state| model.state_symbol(state)).collect();
    if !is_still(model, &states, &[], options) {
        // The undisturbed model moves by itself: no parameter can be judged.
        return vec![false; uncertain.len()];
    }
    judge(model, &states, uncertain, options)
}

fn judge(model: &CompiledModel, states: &[SymbolIndex], group: &[Uncertain], options: &SolveOptions) -> Vec<bool> {
    if is_still(model, states, group, options) {
        return vec![true; group.len()];
    }
    if group.len() == 1 {
        return vec![false];
    }
    let (left, right) = group.split_at(group.len() / 2);
    let (mut judged, right) =
        rayon::join(|| judge(model, states, left, options), || judge(model, states, right, options));
    judged.extend(right);
    judged
}

/// True when nothing moves with the whole group at the lower ends, nor at the upper ends.
fn is_still(model: &CompiledModel, states: &[SymbolIndex], group: &[Uncertain], options: &SolveOptions) -> bool {
    [0.0, 1.0].into_iter().all(|end| {
        if group.is_empty() && end > 0.0 {
            return true;
        }
        let values: Vec<f64> = group.iter().map(|it| it.at(end)).collect();
        let condition = drawn(&Condition::default(), group, &values);
        let Ok(trajectory) = solve(model, &condition, &[0.0, WATCH], states, options) else {
            return false;
        };
        (0..states.len()).all(|state| {
            let (start, end) = (trajectory.value(0, state), trajectory.value(1, state));
            (end - start).abs() <= STILL * start.abs() + f64::MIN_POSITIVE
        })
    })
}
