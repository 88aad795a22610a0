//! Villota-Narváez 2021, doi:10.1016/j.biosystems.2021.104355: IGF-1, Akt, FoxO, mTOR and the size of a muscle; the slower
//! growth of Devold 2025, doi:10.5281/zenodo.17902802.
//!
//! The papers say +11 % after 25 days of daily training, and half of the gain lost after stopping. From the listed constants
//! neither follows: it is +18 %, and the muscle goes on growing. Eight weeks of three bouts a week under the slower growth give
//! +9.1 %, where +9.6 % was measured.

use crate::replica::{Experiment, Replica, near, rests};
use network::Action;

const HOUR: f64 = 1.0 / 24.0;

#[test]
fn villota_narvaez_rests() {
    let model = Replica::open("villota_narvaez_2021");
    rests(&model, &model.states(), &[0.0, 30.0], 1e-9);
    let rest = &model.run(&Experiment::default(), &[0.0], &["igf1", "akt", "foxo", "mtor"])[0];
    for (ours, printed) in rest.iter().zip([0.045, 1.000614, 0.4339386, 0.4689853]) {
        near("rest", *ours, printed, 5e-8);
    }
}

/// Bouts of an hour every so many days, for 25 days, with the growth of either paper (1/h).
#[test]
fn villota_narvaez_training() {
    let model = Replica::open("villota_narvaez_2021");
    for (growth, sizes) in [(0.025, [1.179, 1.092, 1.063, 1.040]), (0.010, [1.072, 1.037, 1.025, 1.016])] {
        for (every, size) in [1.0, 2.0, 3.0, 5.0].into_iter().zip(sizes) {
            let bouts: Vec<f64> = (0..25).map(|i| f64::from(i) * every).filter(|day| *day < 25.0).collect();
            let ours = model.run(&training(growth, &bouts), &[25.0], &["myofibrils"])[0][0];
            near(&format!("size after a bout every {every} days"), ours, size, 6e-4);
        }
        // Monday, Wednesday and Friday for eight weeks.
        let bouts: Vec<f64> = (0..8).flat_map(|week| [0.0, 2.0, 4.0].map(|day| 7.0 * f64::from(week) + day)).collect();
        let ours = model.run(&training(growth, &bouts), &[56.0], &["myofibrils"])[0][0];
        near("size after eight weeks", ours, if growth > 0.02 { 1.228 } else { 1.091 }, 6e-4);
    }
    let daily: Vec<f64> = (0..25).map(f64::from).collect();
    let after = model.run(&training(0.025, &daily), &[35.0, 75.0], &["myofibrils"]);
    near("size ten days after the last of 25 days", after[0][0], 1.247, 6e-4);
    near("size fifty days after", after[1][0], 1.281, 6e-4);
}

/// Bouts at the given days: each drives Akt by its own clock, and IGF-1 for an hour that begins twelve hours later.
fn training<'a>(growth_per_hour: f64, bouts: &[f64]) -> Experiment<'a> {
    let changes = bouts.iter().flat_map(|&day| {
        [
            (day, "last_bout", Action::Set(day)),
            (day + 12.0 * HOUR, "igf1_drive", Action::Set(4.8 / HOUR)),
            (day + 13.0 * HOUR, "igf1_drive", Action::Set(0.09 / HOUR)),
        ]
    });
    Experiment { initial: vec![("growth", growth_per_hour / HOUR)], changes: changes.collect() }
}
