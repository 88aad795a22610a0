//! Pivonka 2008: model structure and control of bone remodeling.

use crate::replica::{Experiment, Replica, check};

/// Pivonka 2008, doi:10.1016/j.bone.2008.03.025: rest, and 100 days of a sustained change.
#[test]
fn pivonka_responses() {
    let model = Replica::open("pivonka_2008");
    let outputs = ["precursor_osteoblasts", "active_osteoblasts", "active_osteoclasts", "bone_volume"];
    let ligands = model.run(&Experiment::default(), &[0.0], &["pth", "opg", "rankl", "differentiation_by_rankl"]);
    for (value, printed) in ligands[0].iter().zip([2.9070, 18435.9, 0.55223, 0.040554]) {
        check("ligand at rest", *value, printed, 2e-5);
    }
    let rest = model.run(&Experiment::default(), &[3650.0], &outputs);
    for (value, printed) in rest[0].iter().zip([6.196390627918603e-4, 5.583931899482344e-4, 8.06963526273193e-4]) {
        check("cells after ten years at rest", *value, printed, 1e-6);
    }
    let changes: [(&str, f64, [f64; 3], f64); 6] = [
        ("pth_input", 1000.0, [14.010, 9.444, 15.557], -0.0247),
        ("opg_input", 2e5, [0.556, 0.768, 0.901], 0.0057),
        ("rankl_input", 1e3, [16.887, 10.514, 18.015], -0.0366),
        ("osteoclast_differentiation", 2.1e-3 * std::f64::consts::E, [10.801, 8.068, 12.658], -0.0131),
        ("progenitor_differentiation", 1.4e-3, [9.867, 9.487, 6.676], 0.0706),
        ("precursor_differentiation", 2.0 * 0.2674077909527713, [2.612, 4.945, 7.004], 0.0041),
    ];
    for (parameter, value, cells, volume) in changes {
        let row =
            &model.run(&Experiment { initial: vec![(parameter, value)], changes: Vec::new() }, &[100.0], &outputs)[0];
        for (value, printed) in row.iter().zip(cells) {
            check(&format!("cells under {parameter}"), 1e4 * value, printed, 1e-3);
        }
        let change = row[3] - 100.0;
        assert!((change - volume).abs() < 6e-5, "{parameter}: volume {change:.5} %, printed {volume} %");
    }
}
