//! The reference model before the judge: the equations that the engine has made of each scenario, for every run of it.
//! It is stiff, so the judge does not integrate it; it looks at the start and at points of the engine's course.

use crate::files::biology_files;
use crate::trial::Trial;
use physiology::{Question, assemble};

/// Years of daily doses take hundreds of steps a day at the judge's tolerance; the equations stay as they are.
const MANY_DOSES: usize = 100;
const FIRST_DAYS: f64 = 30.0;

#[test]
fn scenarios_agree_with_the_judge() {
    let (biology, _) = physiology::read(&biology_files()).unwrap_or_else(|findings| panic!("{findings}"));
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
