//! Choi 2025, doi:10.3389/fphar.2025.1631034: denosumab, its target and bone density of the spine.
//!
//! | 60 mg every 4380 h, third interval | published median | here |
//! |---|---|---|
//! | peak, nM | 40.29 | 40.22 |
//! | time of the peak, h | 267 | 295 |
//! | area under the curve, nM h | 53 731 | 58 703 |
//! | density of the spine at its end, % | +6.59 | +6.74 |
//!
//! The medians are of 624 simulated people; here is the typical woman. Levels count free and bound denosumab.

use crate::replica::{Replica, check, doses, near, times};

/// Hours of a dosing interval, in days.
const INTERVAL: f64 = 4380.0 / 24.0;

#[test]
fn choi_denosumab() {
    let model = Replica::open("choi_2025");
    let treatment = doses("depot", 408.2, INTERVAL, 3);
    let days: Vec<f64> = times(INTERVAL, 0.05).iter().map(|day| 2.0 * INTERVAL + day).collect();
    let levels = model.run(&treatment, &days, &["total_level"]);
    let highest = (0..days.len()).max_by(|&a, &b| levels[a][0].total_cmp(&levels[b][0])).expect("some levels");
    check("peak of the third interval, nM", levels[highest][0], 40.22, 1e-3);
    check("peak of the third interval, published", levels[highest][0], 40.29, 3e-3);
    near("its time, h", 24.0 * (days[highest] - days[0]), 295.0, 1.0);
    let area: f64 =
        (1..days.len()).map(|i| 24.0 * (days[i] - days[i - 1]) * (levels[i][0] + levels[i - 1][0]) / 2.0).sum();
    check("area of the third interval, nM h", area, 58_705.0, 1e-3);
    // After each of three intervals, and half a year and a year without.
    for (intervals, printed) in [(1.0, 3.90), (2.0, 5.82), (3.0, 6.74), (4.0, 3.38), (5.0, 1.54)] {
        let bmd = model.run(&treatment, &[intervals * INTERVAL], &["bmd"])[0][0];
        near(&format!("density after {intervals} intervals, %"), 100.0 * (bmd / 0.76 - 1.0), printed, 6e-3);
    }
}
