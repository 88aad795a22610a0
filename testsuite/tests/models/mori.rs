//! Mori 2018, doi:10.1007/s00198-018-4376-1: zoledronate, TRACP-5b and bone density.

use crate::replica::{Experiment, Replica, doses, near};

/// 5 mg at the start and after a year. Markers are held against the start, before the drift of untreated patients is put on.
#[test]
fn mori_zoledronate() {
    let model = Replica::open("mori_2018");
    let yearly = doses("depot", 5.0, 365.0, 2);
    // Off the second dose by a little, where the marker of day 365 is still that of the first.
    for (day, printed) in [(14.0, 37.5), (182.0, 44.3), (364.999, 52.1), (379.0, 35.0), (730.0, 49.4)] {
        let marker = model.run(&yearly, &[day], &["marker"])[0][0];
        near(&format!("TRACP-5b on day {day}, %"), marker / 4.0, printed, 0.05);
    }
    for (day, printed) in [(182.0, 4.35), (365.0, 6.01), (730.0, 7.81)] {
        let bmd = model.run(&yearly, &[day], &["bmd"])[0][0];
        near(&format!("density of the spine on day {day}, %"), 100.0 * (bmd / 0.677 - 1.0), printed, 5e-3);
    }
    let untreated = &model.run(&Experiment::default(), &[730.0], &["bmd", "observed_marker"])[0];
    near("density without drug, g/cm2", untreated[0], 0.677, 1e-9);
    near("TRACP-5b as observed without drug, %", untreated[1] / 4.0, 112.5, 0.05);
}
