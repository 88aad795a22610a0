//! Zierhut 2008: osteoprotegerin on an antibody stem, and NTX in urine. Only the constants and the rest are printed.

use crate::replica::{Experiment, Replica, check, doses, near};

#[test]
fn zierhut_osteoprotegerin() {
    let model = Replica::open("zierhut_2008");
    for day in [0.0, 100.0] {
        near("NTX at rest", model.run(&Experiment::default(), &[day], &["ntx"])[0][0], 42.35, 5e-3);
    }
    near("share absorbed", model.run(&Experiment::default(), &[0.0], &["bioavailability"])[0][0], 0.0671, 5e-5);
    // All that is absorbed of 100 mg is eliminated in the end, and NTX is lowest in between.
    let rows = model.run(&doses("depot", 1e8, 1.0, 1), &[7.0, 2000.0], &["ntx", "eliminated"]);
    check("eliminated, ng", rows[1][1], 1e8 * 0.0719 / 1.0719, 1e-4);
    assert!(rows[0][0] < 10.0 && (rows[1][0] - 42.35).abs() < 5e-3, "NTX: {rows:?}");
}
