//! A published model from its text in `testsuite/models`, ready to run, and what its tests share.

use engine::{CompileOptions, CompiledModel, SolveOptions, compile, solve};
use network::{Action, Change, Condition, Network, SymbolIndex};
use physiology::Organism;
use source::SourceTree;
use std::path::Path;

/// The month of OpenBoneMin and Eudy 2015: 28 days.
pub const MONTH: f64 = 28.0;

/// A published model kept as printed.
pub struct Replica {
    pub network: Network,
    model: CompiledModel,
}

/// What is done to it: values from the start on, and changes at times in days.
#[derive(Default)]
pub struct Experiment<'a> {
    pub initial: Vec<(&'a str, f64)>,
    pub changes: Vec<(f64, &'a str, Action)>,
}

impl Replica {
    /// Reads, checks and compiles `testsuite/models/<stem>.model.toml`, in a person.
    pub fn open(stem: &str) -> Self {
        Self::open_in(stem, Organism::Human)
    }

    /// The same in another organism, for models with a set of values for each.
    pub fn open_in(stem: &str, organism: Organism) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
        let mut files = SourceTree::new();
        for name in [format!("{stem}.model.toml"), "references.bib".to_string()] {
            let text = std::fs::read_to_string(folder.join(&name)).unwrap_or_else(|error| panic!("{name}: {error}"));
            files.insert(&name, &text);
        }
        let (network, warnings) = physiology::single_module(&files, stem, organism)
            .unwrap_or_else(|findings| panic!("{stem} has errors:\n{findings}"));
        assert!(warnings.is_empty(), "{stem} has warnings:\n{warnings}");
        let model = compile(&network, &CompileOptions::default()).expect("a model without unsupported parts");
        Self { network, model }
    }

    /// Values of `outputs` at `times` (days), one row a time.
    pub fn run(&self, experiment: &Experiment, times: &[f64], outputs: &[&str]) -> Vec<Vec<f64>> {
        let mut changes: Vec<Change> = experiment
            .changes
            .iter()
            .map(|&(time, target, action)| Change { time, target: self.symbol(target), action })
            .collect();
        changes.sort_by(|a, b| a.time.total_cmp(&b.time));
        let initial = experiment.initial.iter().map(|&(id, value)| (self.symbol(id), value)).collect();
        let symbols: Vec<SymbolIndex> = outputs.iter().map(|id| self.symbol(id)).collect();
        let options = SolveOptions { relative_tolerance: 1e-8, ..SolveOptions::default() };
        let trajectory = solve(&self.model, &Condition { initial, changes }, times, &symbols, &options)
            .unwrap_or_else(|failure| panic!("{failure}"));
        (0..times.len()).map(|time| (0..symbols.len()).map(|output| trajectory.value(time, output)).collect()).collect()
    }

    /// The ids of all states: what has a rate of change.
    pub fn states(&self) -> Vec<&str> {
        self.network
            .rules()
            .iter()
            .filter_map(|rule| match rule {
                network::Rule::Rate { target, .. } => Some(&**target),
                _ => None,
            })
            .collect()
    }

    fn symbol(&self, id: &str) -> SymbolIndex {
        self.network.index_of(id).unwrap_or_else(|| panic!("no `{id}` in {}", self.network.id()))
    }
}

/// Holds a value against a printed one: within `relative` of it.
#[track_caller]
pub fn check(what: &str, ours: f64, printed: f64, relative: f64) {
    let error = (ours - printed).abs() / printed.abs();
    assert!(error <= relative, "{what}: ours {ours:.6}, printed {printed} ({:.3} % off)", 100.0 * error);
}

/// Holds a value against one printed with a given last digit.
#[track_caller]
pub fn near(what: &str, ours: f64, printed: f64, within: f64) {
    assert!((ours - printed).abs() <= within, "{what}: ours {ours:.5}, printed {printed}");
}

/// None of `states` leaves its start by more than `relative` over the given times without input.
pub fn rests(model: &Replica, states: &[&str], times: &[f64], relative: f64) {
    let rows = model.run(&Experiment::default(), times, states);
    for (i, state) in states.iter().enumerate() {
        for (row, time) in rows.iter().zip(times) {
            let (start, value) = (rows[0][i], row[i]);
            assert!(
                (value - start).abs() <= relative * start.abs(),
                "`{state}` moves from {start} to {value} by day {time}"
            );
        }
    }
}

/// `times` doses of `amount` into `target`, the first at day 0.
pub fn doses(target: &str, amount: f64, every: f64, times: u32) -> Experiment<'_> {
    let changes = (0..times).map(|i| (f64::from(i) * every, target, Action::Add(amount))).collect();
    Experiment { changes, ..Experiment::default() }
}

/// Times from 0 to `end` in steps of about `step`, in days.
pub fn times(end: f64, step: f64) -> Vec<f64> {
    let steps = (end / step).round() as u32;
    (0..=steps).map(|i| end * f64::from(i) / f64::from(steps)).collect()
}

/// Time in days and height of the highest value of `output` over `days`.
pub fn peak(model: &Replica, experiment: &Experiment, days: f64, output: &str) -> (f64, f64) {
    let times = times(days, days / 2000.0);
    let rows = model.run(experiment, &times, &[output]);
    let highest = (0..times.len()).max_by(|&a, &b| rows[a][0].total_cmp(&rows[b][0])).expect("some times");
    (times[highest], rows[highest][0])
}

/// Amount of denosumab in ng that is absorbed from a dose in mg.
pub fn denosumab(mg: f64) -> f64 {
    mg * 1e6 * 0.729
}

/// Amount of teriparatide in pmol in a dose in ug.
pub fn teriparatide(ug: f64) -> f64 {
    ug * 1e6 / 4117.8
}
