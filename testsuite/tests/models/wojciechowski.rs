//! Wojciechowski 2022, doi:10.1002/cpt.2747: domagrozumab and total myostatin.

use crate::replica::{Experiment, Replica, doses, near, peak};

/// 10 and 40 mg/kg into a vein of an adult of 76.9 kg; myostatin in multiples of the start.
#[test]
fn wojciechowski_adult() {
    let model = Replica::open("wojciechowski_2022");
    let dose = |mg_per_kg: f64| doses("central", mg_per_kg * 76.9, 1.0, 1);
    let (_, level) = peak(&model, &dose(10.0), 1.0, "level");
    near("peak, nM", level, 1662.0, 0.5);
    let row = &model.run(&dose(10.0), &[28.0], &["level", "coverage"])[0];
    near("level on day 28, nM", row[0], 292.0, 0.5);
    near("myostatin bound on day 28, %", 100.0 * row[1], 97.4, 0.05);
    let (day, myostatin) = peak(&model, &dose(10.0), 100.0, "myostatin");
    near("most myostatin", myostatin / 0.156, 4.86, 5e-3);
    near("its day", day, 23.0, 0.5);
    near("most myostatin, 40 mg/kg", peak(&model, &dose(40.0), 100.0, "myostatin").1 / 0.156, 5.18, 5e-3);
}

/// 40 mg/kg every four weeks, four times, in a boy of 28.9 kg with Duchenne dystrophy, whose myostatin turns over ten times as
/// slowly: it still rises on day 174.
#[test]
fn wojciechowski_boy() {
    let model = Replica::open("wojciechowski_2022");
    let rest = 0.156 * 0.359;
    let boy = || Experiment {
        initial: vec![
            ("weight", 28.9),
            ("myostatin_at_rest", rest),
            ("myostatin_loss", 24.0 * 0.0381 * 0.10),
            ("complex_loss", 24.0 * 0.00716 * 0.10),
        ],
        ..doses("central", 40.0 * 28.9, 28.0, 4)
    };
    near("most myostatin bound, %", 100.0 * peak(&model, &boy(), 112.0, "coverage").1, 99.9, 0.05);
    let rows = model.run(&boy(), &[173.0, 174.0], &["myostatin"]);
    near("myostatin on day 174", rows[1][0] / rest, 4.96, 5e-3);
    assert!(rows[1][0] > rows[0][0], "myostatin on days 173 and 174: {rows:?}");
}
