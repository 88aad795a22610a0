//! Peterson & Riggs: mineral and bone, in the form of 2010 and in the public form of 2012, OpenBoneMin.

use crate::replica::{Experiment, MONTH, Replica, check, denosumab, doses, near, rests, teriparatide};
use crate::sbml::agrees;
use network::Action;

/// OpenBoneMin (Peterson & Riggs 2012, doi:10.1038/psp.2012.15): ten years without input.
///
/// Only rounding of the printed constants moves it: exchangeable bone calcium by 0.11 %, everything else less.
#[test]
fn openbonemin_rests() {
    let model = Replica::open("openbonemin");
    rests(&model, &model.states(), &(0..=20).map(|i| f64::from(i) * 182.625).collect::<Vec<_>>(), 1.2e-3);
    let drift = model.run(&Experiment::default(), &[0.0, 3652.5], &["q"]);
    check("exchangeable bone calcium after ten years", drift[1][0] / drift[0][0], 1.0011, 2e-4);
}

/// OpenBoneMin: denosumab 60 mg every 6 months, four times, then nothing. Percent of baseline; Ca in mM, PTH in pM.
#[test]
fn openbonemin_denosumab() {
    let model = Replica::open("openbonemin");
    let months = [0.25, 1.0, 3.0, 6.0, 12.0, 24.0, 30.0, 36.0, 48.0];
    let rows = model.run(
        &doses("den_depot", denosumab(60.0), 6.0 * MONTH, 4),
        &months.map(|month| month * MONTH),
        &["ctx", "bsap", "bmd_ls_den", "c_ca", "c_pth"],
    );
    let printed: [[f64; 9]; 5] = [
        [14.6, 11.2, 11.2, 19.0, 18.8, 20.0, 154.7, 173.3, 132.5],
        [97.8, 81.4, 54.8, 41.7, 38.8, 45.9, 127.7, 145.6, 122.8],
        [0.14, 1.04, 2.77, 4.00, 5.21, 6.80, 3.71, 1.63, 0.16],
        [2.206, 2.246, 2.293, 2.321, 2.324, 2.317, 2.383, 2.382, 2.363],
        [7.15, 5.95, 4.84, 4.30, 4.24, 4.36, 3.48, 3.54, 3.75],
    ];
    for (month, row) in rows.iter().enumerate() {
        let at = |marker: &str| format!("{marker} at month {}", months[month]);
        near(&at("sCTx"), row[0], printed[0][month], 0.06);
        near(&at("BSAP"), row[1], printed[1][month], 0.06);
        near(&at("spine BMD change"), 100.0 * (row[2] - 1.0), printed[2][month], 0.006);
        near(&at("Ca"), row[3], printed[3][month], 6e-4);
        near(&at("PTH"), row[4], printed[4][month], 6e-3);
    }
    let level = model.run(&doses("den_depot", denosumab(60.0), 1.0, 1), &[14.0], &["den_c"]);
    check("denosumab at day 14, ng/mL", level[0][0], 8532.0, 1e-3);
}

/// OpenBoneMin: the same with larger and smaller doses.
#[test]
fn openbonemin_denosumab_doses() {
    let model = Replica::open("openbonemin");
    let at = |mg: f64, month: f64, output: &str| {
        model.run(&doses("den_depot", denosumab(mg), 6.0 * MONTH, 4), &[month * MONTH], &[output])[0][0]
    };
    for month in [1.0, 6.0, 12.0, 18.0] {
        near(&format!("sCTx at month {month}, 210 mg"), at(210.0, month, "ctx"), 11.0, 0.6);
    }
    near("spine change at month 24, 210 mg", 100.0 * (at(210.0, 24.0, "bmd_ls_den") - 1.0), 7.1, 0.06);
    near("sCTx at month 36, 210 mg", at(210.0, 36.0, "ctx"), 183.0, 0.6);
    near("sCTx at month 6, 10 mg", at(10.0, 6.0, "ctx"), 60.0, 0.6);
    near("spine change at month 24, 10 mg", 100.0 * (at(10.0, 24.0, "bmd_ls_den") - 1.0), 4.2, 0.06);
}

/// OpenBoneMin: teriparatide 20 ug, once and daily for six months.
#[test]
fn openbonemin_teriparatide() {
    let model = Replica::open("openbonemin");
    let hours = [0.5, 4.25];
    let once =
        model.run(&doses("teriparatide", teriparatide(20.0), 1.0, 1), &hours.map(|h| h / 24.0), &["c_pth", "c_ca"]);
    check("PTH half an hour later, pM", once[0][0], 28.2, 2e-3);
    check("Ca 4.25 hours later, mM", once[1][1], 2.379, 3e-4);
    let daily = model.run(&doses("teriparatide", teriparatide(20.0), 1.0, 168), &[6.0 * MONTH], &["bsap", "ctx"]);
    check("BSAP after six months, %", daily[0][0], 139.0, 5e-3);
    check("sCTx after six months, %", daily[0][1], 158.0, 5e-3);
}

/// OpenBoneMin: the menopause transition (a year of this model has 8736 hours and the model starts at 41).
#[test]
fn openbonemin_menopause() {
    let model = Replica::open("openbonemin");
    let ages = [49.0, 51.0, 56.0, 66.0];
    let rows = model.run(
        &Experiment { initial: vec![("est_on", 1.0)], changes: Vec::new() },
        &ages.map(|age| (age - 41.0) * 364.0),
        &["est", "ctx", "bmd_fn"],
    );
    let printed = [[0.66, 124.0, 0.988], [0.30, 171.0, 0.979], [0.18, 182.0, 0.948], [0.12, 198.0, 0.900]];
    for (row, (age, printed)) in rows.iter().zip(ages.iter().zip(printed)) {
        near(&format!("estrogen at {age}"), row[0], printed[0], 0.006);
        near(&format!("sCTx at {age}"), row[1], printed[1], 0.6);
        near(&format!("femoral-neck BMD at {age}"), row[2], printed[2], 6e-4);
    }
}

/// BIOMD0000000613, in hours: rest with three doses of teriparatide at 12, 36 and 60 hours.
#[test]
fn peterson_riggs_from_sbml() {
    let pairs = [
        ("PTH", "pth"),
        ("P", "ca"),
        ("ECCPhos", "phosphate"),
        ("T", "gut_ca"),
        ("B", "calcitriol"),
        ("OC", "oc"),
        ("OBfast", "obf"),
        ("OBslow", "obs"),
        ("ROB1", "rob"),
        ("L", "l"),
        ("O", "o"),
        ("M", "m"),
        ("N", "n"),
        ("TGFBact", "tgfb_act"),
        ("RX2", "rx2"),
        ("CREB", "creb"),
        ("BCL2", "bcl2"),
        ("Qbone", "qbone"),
        ("TERISC", "teriparatide"),
    ];
    let dose = Action::Add(teriparatide(20.0));
    let changes = [12.0, 36.0, 60.0].map(|hour| (hour / 24.0, "teriparatide", dose)).to_vec();
    let experiment = Experiment { changes, ..Experiment::default() };
    agrees("BIOMD0000000613", &[], "peterson_riggs_2010", &experiment, &pairs, 30.0, 24.0);
}
