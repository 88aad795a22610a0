//! Riggs 2020: FGF23, its receptor and a blocker of the receptor (ASP5878) in OpenBoneMin.
//!
//! The poster prints a figure of phosphate over time and no numbers, so the rates of change at its start are held, which an
//! independent simulation of the printed equations gives, and what follows from the equations in closed form.

use crate::replica::{Experiment, Replica, check, near, rests, times};
use network::Action;

/// At the printed start only the rounding of the constants moves anything.
#[test]
fn riggs_rests() {
    let model = Replica::open("riggs_2020");
    let balances = ["ca_balance", "phosphate_balance", "gut_ca_balance", "phos_gut_balance"];
    let rates = &model.run(&Experiment::default(), &[0.0], &balances)[0];
    // In mmol/h, with the last printed digit.
    let printed = [(3.5e-4, 5e-6), (1.1e-6, 5e-8), (-2.5e-6, 5e-8), (1.5e-5, 5e-7)];
    for ((balance, rate), (printed, within)) in balances.iter().zip(rates).zip(printed) {
        near(balance, rate / 24.0, printed, within);
    }
    let receptors: Vec<&str> =
        model.states().into_iter().filter(|id| id.contains("fgf") || id.contains("drive")).collect();
    assert_eq!(receptors.len(), 12);
    rests(&model, &receptors, &[0.0, 1.0 / 24.0], 1e-9);
}

/// The blocker's level over a day is the dose over clearance; the receptor of the kidney settles where the level holds it;
/// phosphate and FGF23 rise with the dose.
#[test]
fn riggs_blocker() {
    let model = Replica::open("riggs_2020");
    let days: Vec<f64> = times(1.0, 0.002).iter().map(|time| 27.0 + time).collect();
    let mut phosphate = Vec::new();
    for (mg, every) in [(16.0, 1.0), (32.0, 1.0), (16.0, 0.5), (32.0, 0.5)] {
        let outputs = ["blocker_level", "renal_fgfr_left", "renal_fgfr", "c_p", "fgf23"];
        let rows = model.run(&blocker(mg, every, 28.0), &days, &outputs);
        let mean = |column: usize| rows.iter().map(|row| row[column]).sum::<f64>() / rows.len() as f64;
        check(&format!("mean level under {mg} mg, ng/mL"), mean(0), 1e3 * mg / (25.2 * 24.0 * every), 2e-3);
        check(&format!("receptor under {mg} mg"), mean(2), mean(1), 2e-3);
        assert!(mean(4) > 2.0 * 45.0, "FGF23 under {mg} mg every {every} day: {} pg/mL", mean(4));
        phosphate.push(rows.iter().map(|row| row[3]).fold(f64::MIN, f64::max));
    }
    assert!(phosphate.is_sorted() && phosphate[0] > 1.2, "most phosphate by dose, mmol/L: {phosphate:?}");
}

/// `mg` of the blocker from day 0 on, each dose reaching the gut over 0.64 hours.
fn blocker<'a>(mg: f64, every: f64, days: f64) -> Experiment<'a> {
    let hours = 0.64 / 24.0;
    let doses = (0..(days / every) as u32).map(|i| f64::from(i) * every);
    let changes = doses.flat_map(|at| {
        [(at, "blocker_input", Action::Set(1e3 * mg / hours)), (at + hours, "blocker_input", Action::Set(0.0))]
    });
    Experiment { changes: changes.collect(), ..Experiment::default() }
}
