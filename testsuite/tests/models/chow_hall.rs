//! Chow & Hall 2008, doi:10.1371/journal.pcbi.1000045: fat and lean mass.

use crate::replica::{Experiment, Replica, near};

/// From 50 kg of each, 9.2 MJ a day: the state comes to the curve of Forbes and creeps along it.
#[test]
fn chow_hall_creeps() {
    let model = Replica::open("chow_hall_2008");
    let rows = model.run(&Experiment::default(), &[3000.0, 3001.0], &["fat", "lean"]);
    near("fat, kg", rows[0][0], 28.71, 6e-3);
    near("lean, kg", rows[0][1], 44.41, 6e-3);
    near("fat lost a day, kg", rows[0][0] - rows[1][0], 8e-5, 5e-6);
    near("lean lost a day, kg", rows[0][1] - rows[1][1], 1e-5, 5e-6);
    let late = &model.run(&Experiment::default(), &[1e5], &["fat", "lean", "expenditure", "exchange"])[0];
    near("expenditure at last, MJ/day", late[2], 9.2, 1e-6);
    near("fat on the curve of Forbes, kg", late[0], 0.4 * (late[1] / 10.4).exp(), 1e-4);
}
