//! The reference model before the judge: the equations that the engine has made of each scenario, for every run of it.
//! It is stiff, so the judge does not integrate it; it looks at the start and at points of the engine's course.

use crate::trial::Trial;
use physiology::{Question, assemble};
use source::SourceTree;
use std::path::Path;

/// Years of daily doses take hundreds of steps a day at the judge's tolerance; the equations stay as they are.
const MANY_DOSES: usize = 100;
const FIRST_DAYS: f64 = 30.0;

#[test]
fn scenarios_agree_with_the_judge() {
    let mut files = SourceTree::new();
    add_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../biology"), "", &mut files);
    let (biology, _) = physiology::read(&files).unwrap_or_else(|findings| panic!("{findings}"));
    assert!(!biology.scenarios.is_empty(), "the biology has no scenario");
    for scenario in &biology.scenarios {
        let mut question = Question::of(scenario.clone());
        question.hypotheses = biology.hypotheses.iter().map(|hypothesis| hypothesis.id.to_string()).collect();
        let (assembly, _) = assemble(&biology, &question).unwrap_or_else(|findings| panic!("{findings}"));
        let trial = Trial::new(&assembly.network).unwrap_or_else(|message| panic!("{message}"));
        for run in &assembly.runs {
            let daily = run.condition.changes.len() > MANY_DOSES;
            let end = if daily { assembly.duration_days.min(FIRST_DAYS) } else { assembly.duration_days };
            let times = [0.0, 1.0, 0.3 * end, end];
            trial
                .solve(&run.condition, &times)
                .and_then(|trajectory| {
                    trial.compare_start(&trajectory, &run.condition)?;
                    trial.compare_points(&trajectory)
                })
                .unwrap_or_else(|message| {
                    panic!("{}, arm {}, hypothesis {:?}: {message}", scenario.id, run.arm, run.hypothesis)
                });
        }
    }
}

/// All text files below a folder, with their paths from it.
fn add_files(folder: &Path, path: &str, files: &mut SourceTree) {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries.map(|entry| entry.expect("an entry").path()) {
        let name = entry.file_name().unwrap_or_default().to_string_lossy();
        let path = if path.is_empty() { name.to_string() } else { format!("{path}/{name}") };
        if entry.is_dir() {
            add_files(&entry, &path, files);
        } else if let Ok(text) = std::fs::read_to_string(&entry) {
            files.insert(&path, &text);
        }
    }
}
