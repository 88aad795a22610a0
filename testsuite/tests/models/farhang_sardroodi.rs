//! Farhang-Sardroodi 2020, doi:10.3390/jcm9072029: satellite cells, muscle and a wasting tumor in mice.

use crate::replica::{Experiment, Replica, check, near, rests};

/// The size that muscle holds by itself.
#[test]
fn farhang_sardroodi_rests() {
    let model = Replica::open("farhang_sardroodi_2020");
    rests(&model, &model.states(), &[0.0, 1000.0], 1e-9);
    let rest = &model.run(&Experiment::default(), &[0.0], &["muscle", "satellites", "division"])[0];
    for (ours, (printed, within)) in rest.iter().zip([(5333.33, 5e-3), (274.974, 5e-4), (0.96979, 5e-6)]) {
        near("rest", *ours, printed, within);
    }
}

/// Growth of a young mouse, and healing: the days on which satellite cells are back at 99 % after a share of all cells is lost.
#[test]
fn farhang_sardroodi_grows_and_heals() {
    let model = Replica::open("farhang_sardroodi_2020");
    let growth = model.run(&start(112.6, 2139.4), &[30.0, 60.0, 100.0], &["muscle"]);
    for (row, printed) in growth.iter().zip([4597.0, 5207.0, 5325.0]) {
        near("muscle of a growing mouse, mm^3", row[0], printed, 0.5);
    }
    let rest = &model.run(&Experiment::default(), &[0.0], &["satellites", "muscle"])[0];
    for (loss, day) in [(0.05, 47.0), (0.10, 67.0), (0.15, 77.0), (0.20, 83.0), (0.25, 87.0), (0.30, 89.0)] {
        let left = 1.0 - loss;
        let healed = model.run(&start(left * rest[0], left * rest[1]), &[day], &["satellites"]);
        near(&format!("satellite cells after a loss of {loss}"), healed[0][0] / rest[0], 0.990, 5e-4);
    }
}

/// A tumor to day 21, untreated and with ActRIIB-Fc from day 5 on.
///
/// The independent simulation gives 73.7 mm^3 of satellite cells and 3542 of muscle untreated; here 73.8 and 3543.
#[test]
fn farhang_sardroodi_tumor() {
    let model = Replica::open("farhang_sardroodi_2020");
    let outputs = ["satellites", "muscle", "tumor"];
    let mut untreated = start(252.5, 4797.08);
    untreated.initial.push(("tumor_at_start", 6.86));
    let row = &model.run(&untreated, &[21.0], &outputs)[0];
    check("satellite cells", row[0], 73.7, 2e-3);
    check("muscle", row[1], 3542.0, 1e-3);
    check("tumor", row[2], 1114.0, 1e-3);
    near("muscle, % of day 0", 100.0 * (row[1] / 4797.08 - 1.0), -26.0, 0.5);

    let mut treated = start(184.98, 4691.31);
    treated.initial.extend([
        ("tumor_at_start", 22.68),
        ("tumor_growth", 0.239141),
        ("tumor_capacity", 1008.25),
        ("tumor_steepness", 4.560124),
        ("division_share", 0.0),
        ("satellite_share", 0.89),
        ("muscle_share", 0.4),
    ]);
    let row = &model.run(&treated, &[21.0 - 5.0], &outputs)[0];
    check("satellite cells, treated", row[0], 71.4, 1e-3);
    check("muscle, treated", row[1], 5033.0, 1e-3);
    check("tumor, treated", row[2], 1000.0, 1e-3);
    near("muscle, % of day 5", 100.0 * (row[1] / 4691.31 - 1.0), 7.0, 0.5);
}

fn start<'a>(satellites: f64, muscle: f64) -> Experiment<'a> {
    let initial = vec![("satellites_at_start", satellites), ("muscle_at_start", muscle)];
    Experiment { initial, ..Experiment::default() }
}
