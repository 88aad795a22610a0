//! Eudy 2015: osteocytes and sclerostin in the model of Peterson & Riggs.

use crate::replica::{MONTH, Replica, check, denosumab, doses, near, peak, rests, teriparatide};

/// Eudy 2015, doi:10.1002/psp4.12013: rest, and romosozumab 210 mg every 28 days.
#[test]
fn eudy_romosozumab() {
    let model = Replica::open("eudy_2015");
    rests(&model, &model.states(), &[0.0, 364.0], 1e-3);
    let months = [0.25, 0.5, 1.0, 3.0, 6.0, 9.0, 12.0];
    let rows = model.run(
        &doses("ab_depot", romosozumab(210.0), MONTH, 12),
        &months.map(|month| month * MONTH),
        &["p1np", "ctx", "bmd_scl_ls", "bmd_scl_th", "bmd_scl_fn"],
    );
    // At month 12 a thirteenth dose is not given, so the last column is before any dose.
    let p1np = [163.0, 192.0, 182.0, 154.0, 135.0, 127.0, 123.0];
    let ctx = [74.9, 62.0, 85.9, 88.7, 82.9, 79.1, 77.8];
    let spine = [100.05, 100.30, 101.22, 105.39, 108.76, 110.13, 110.63];
    let hip = [f64::NAN, f64::NAN, 100.47, 101.77, 102.94, 103.58, 103.94];
    let neck = [f64::NAN, f64::NAN, 100.35, 101.20, 102.00, 102.51, 102.85];
    for (i, row) in rows.iter().enumerate() {
        let at = |what: &str| format!("{what} at month {}", months[i]);
        near(&at("P1NP"), row[0], p1np[i], 0.6);
        near(&at("CTX"), row[1], ctx[i], 0.06);
        near(&at("spine"), 100.0 * row[2], spine[i], 0.006);
        if i >= 2 {
            near(&at("hip"), 100.0 * row[3], hip[i], 0.006);
            near(&at("neck"), 100.0 * row[4], neck[i], 0.006);
        }
    }
    let one = model.run(&doses("ab_depot", romosozumab(210.0), 1.0, 1), &[5.3, 11.3, 28.0], &["ab_c", "sclerostin"]);
    check("peak antibody, nM", one[0][0], 139.7, 1e-3);
    check("peak total sclerostin, nM", one[1][1], 12.4, 4e-3);
    check("antibody at day 28, nM", one[2][0], 24.9, 3e-3);
}

/// Eudy 2015: one dose of romosozumab, 70, 140 and 210 mg.
#[test]
fn eudy_romosozumab_doses() {
    let model = Replica::open("eudy_2015");
    for (mg, highest, day, later, within) in
        [(70.0, 5.1, 4.3, 0.05, 5e-3), (140.0, 12.6, 5.0, 2.6, 0.05), (210.0, 20.3, 5.3, 24.9, 0.05)]
    {
        let once = doses("ab_depot", romosozumab(mg), 1.0, 1);
        let (at, level) = peak(&model, &once, 28.0, "ab_c");
        near(&format!("peak of {mg} mg, ug/mL"), 0.145 * level, highest, 0.06);
        near(&format!("day of the peak of {mg} mg"), at, day, 0.06);
        near(&format!("level on day 28 after {mg} mg, nM"), model.run(&once, &[28.0], &["ab_c"])[0][0], later, within);
    }
}

/// Eudy 2015: teriparatide, denosumab and both, twelve months.
#[test]
fn eudy_other_drugs() {
    let model = Replica::open("eudy_2015");
    let year = [12.0 * MONTH];
    let teriparatide = doses("teriparatide", 0.95 * teriparatide(20.0), 1.0, 336);
    let row = &model.run(&teriparatide, &year, &["p1np", "ctx", "bmd_teri_ls"])[0];
    near("P1NP under teriparatide", row[0], 201.0, 2.0);
    near("CTX under teriparatide", row[1], 164.0, 2.0);
    near("spine change under teriparatide", 100.0 * (row[2] - 1.0), 8.0, 0.06);
    let denosumab = doses("den_depot", denosumab(60.0), 6.0 * MONTH, 2);
    let row = &model.run(&denosumab, &year, &["ctx", "bmd_den_ls"])[0];
    near("CTX under denosumab", row[0], 18.8, 0.1);
    near("spine change under denosumab", 100.0 * (row[1] - 1.0), 4.37, 0.01);
    let mut both = teriparatide;
    both.changes.extend(denosumab.changes);
    let row = &model.run(&both, &year, &["bmd_both_ls"])[0];
    near("spine change under both", 100.0 * (row[0] - 1.0), 9.6, 0.06);
}

/// Amount of romosozumab in nmol that is absorbed from a dose in mg.
fn romosozumab(mg: f64) -> f64 {
    mg / 0.145 * 0.904
}
