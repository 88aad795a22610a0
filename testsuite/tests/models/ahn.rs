//! Ahn 2014, doi:10.4196/kjpp.2014.18.3.217: calcium by mouth and PTH.

use crate::replica::{Experiment, Replica, doses, near, times};

/// 400 mg of calcium as spring water, and as carbonate, of which 1.98 times as much is absorbed.
#[test]
fn ahn_calcium() {
    let model = Replica::open("ahn_2014");
    for day in [0.0, 10.0] {
        let rest = &model.run(&Experiment::default(), &[day], &["pth", "calcium"])[0];
        near("PTH at rest, pg/mL", rest[0], 25.44, 5e-3);
        near("calcium at rest, mmol/L", rest[1], 1.191, 5e-4);
    }
    for (bioavailability, lowest, percent, hour) in [(1.0, 16.7, -34.0, 1.9), (1.98, 13.2, -48.0, 2.1)] {
        let days = times(0.4, 0.0005);
        let experiment =
            Experiment { initial: vec![("bioavailability", bioavailability)], ..doses("depot", 1.0, 1.0, 1) };
        let pth = model.run(&experiment, &days, &["pth"]);
        let at = (0..days.len()).min_by(|&a, &b| pth[a][0].total_cmp(&pth[b][0])).expect("some times");
        near("lowest PTH, pg/mL", pth[at][0], lowest, 0.05);
        near("lowest PTH, %", 100.0 * (pth[at][0] / pth[0][0] - 1.0), percent, 0.5);
        near("its time, h", 24.0 * days[at], hour, 0.05);
    }
}
