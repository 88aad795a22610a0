//! A published model from its text in `testsuite/models`, ready to run; shared by the tests of published models.

use engine::{CompileOptions, CompiledModel, SolveOptions, compile, solve};
use network::{Action, Change, Condition, Network, SymbolIndex};
use physiology::Organism;
use source::SourceTree;
use std::path::Path;

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
    /// Reads, checks and compiles `testsuite/models/<stem>.model.toml`.
    pub fn open(stem: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
        let mut files = SourceTree::new();
        for name in [format!("{stem}.model.toml"), "references.bib".to_string()] {
            let text = std::fs::read_to_string(folder.join(&name)).unwrap_or_else(|error| panic!("{name}: {error}"));
            files.insert(&name, &text);
        }
        let (network, warnings) = physiology::single_module(&files, stem, Organism::Human)
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
