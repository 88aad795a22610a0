//! Stein & Peletier 2018, doi:10.1002/psp4.12316: romosozumab into a vein.

use crate::replica::{Experiment, Replica, doses, near};

/// 10 mg/kg for 70 kg: 4667 nmol, which the text of the paper prints as 467.
#[test]
fn stein_romosozumab() {
    let model = Replica::open("stein_2018");
    for day in [0.0, 100.0] {
        let target = model.run(&Experiment::default(), &[day], &["target"])[0][0];
        near("sclerostin at rest, nM", target, 0.00709, 5e-6);
    }
    let levels = model.run(&doses("central", 4667.0, 1.0, 1), &[7.0, 14.0, 28.0, 42.0, 56.0, 70.0], &["level"]);
    for (row, (printed, within)) in
        levels.iter().zip([(540.0, 0.5), (355.0, 0.5), (166.0, 0.5), (66.0, 0.5), (17.0, 0.5), (2.4, 0.05)])
    {
        near("level, nM", row[0], printed, within);
    }
}
