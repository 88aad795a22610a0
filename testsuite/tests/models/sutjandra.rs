//! Sutjandra 2011, doi:10.2165/11594240-000000000-00000: denosumab and its target, as carried by Hasegawa & Duffull 2018.

use crate::replica::{Experiment, Replica, doses, near, peak};

/// 60 mg, of which 63.8 % are absorbed: the level and the target.
#[test]
fn sutjandra_denosumab() {
    let model = Replica::open("sutjandra_2011");
    let (day, level) = peak(&model, &dose(), 182.0, "level");
    near("peak, ng/mL", level, 7337.0, 0.6);
    near("day of the peak", day, 11.6, 0.1);
    let printed = [(30.0, 5511.0, 0.5), (60.0, 2821.0, 0.5), (90.0, 1289.0, 0.5), (120.0, 434.0, 0.5)];
    let later = [(150.0, 44.0, 0.5), (182.0, 0.6, 0.05)];
    for (day, printed, within) in printed.into_iter().chain(later) {
        let level = model.run(&dose(), &[day], &["level"])[0][0];
        near(&format!("level on day {day}, ng/mL"), level, printed, within);
    }
    let days: Vec<f64> = (0..=182).map(f64::from).collect();
    let target = model.run(&dose(), &days, &["target"]);
    near("least target, ng/mL", target.iter().map(|row| row[0]).fold(f64::MAX, f64::min), 117.0, 0.5);
}

/// With the binding constant ten times as large, as another public file has it, the peak stays and the end does not.
#[test]
fn sutjandra_with_weaker_binding() {
    let model = Replica::open("sutjandra_2011");
    let weaker = || Experiment { initial: vec![("half_binding", 1380.0)], ..dose() };
    near("peak, ng/mL", peak(&model, &weaker(), 182.0, "level").1, 7365.0, 0.5);
    let levels = model.run(&weaker(), &[120.0, 182.0], &["level"]);
    near("level on day 120, ng/mL", levels[0][0], 563.0, 0.6);
    near("level on day 182, ng/mL", levels[1][0], 43.0, 0.5);
}

fn dose<'a>() -> Experiment<'a> {
    doses("depot", 60e6, 1.0, 1)
}
