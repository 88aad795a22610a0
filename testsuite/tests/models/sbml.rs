//! The SBML files of published models beside their text.

use crate::data;
use crate::replica::{Experiment, Replica};
use engine::{CompileOptions, SolveOptions, compile, solve};
use network::{Condition, SymbolIndex};

/// Runs an SBML model, with some of its values changed, and its text and compares them over `days`, to 1e-5 of each
/// variable's largest value; `units_per_day` is how many of the SBML model's units of time a day has.
pub fn agrees(
    sbml: &str,
    changed: &[(&str, f64)],
    text: &str,
    experiment: &Experiment,
    pairs: &[(&str, &str)],
    days: f64,
    units_per_day: f64,
) {
    let Some(folder) = data::folder("biomodels") else { return };
    let network = data::network(&folder.join(format!("{sbml}.xml"))).unwrap_or_else(|message| panic!("{message}"));
    let model = compile(&network, &CompileOptions::default()).expect("a supported model");
    // Off the doses by a little: at a dose itself either side of the jump would be right.
    let times: Vec<f64> = (0..=200).map(|i| f64::from(i) / 200.0 * (days - 0.013) + 0.013).collect();
    let outputs: Vec<SymbolIndex> = pairs.iter().map(|(id, _)| network.index_of(id).expect("a species")).collect();
    let options = SolveOptions { relative_tolerance: 1e-8, ..SolveOptions::default() };
    let scaled: Vec<f64> = times.iter().map(|time| time * units_per_day).collect();
    let initial = changed.iter().map(|(id, value)| (network.index_of(id).expect("a parameter"), *value)).collect();
    let condition = Condition { initial, changes: Vec::new() };
    let theirs = solve(&model, &condition, &scaled, &outputs, &options).expect("a run");
    let names: Vec<&str> = pairs.iter().map(|(_, name)| *name).collect();
    let ours = Replica::open(text).run(experiment, &times, &names);
    for (column, (id, name)) in pairs.iter().enumerate() {
        let largest = ours.iter().map(|row| row[column].abs()).fold(0.0, f64::max);
        for (row, time) in times.iter().enumerate() {
            let (a, b) = (theirs.value(row, column), ours[row][column]);
            assert!(
                (a - b).abs() <= 1e-5 * largest,
                "{sbml}: `{id}` is {a:.9e} at day {time}, `{name}` of the text {b:.9e}"
            );
        }
    }
}
