//! Komarova 2003: osteoclasts and osteoblasts of one remodeling site.

use crate::replica::{Experiment, Replica, check};
use crate::sbml::agrees;

/// Komarova 2003, doi:10.1016/S8756-3282(03)00157-1, figure 2A: one remodeling cycle.
#[test]
fn komarova_single_cycle() {
    let model = Replica::open("komarova_2003");
    let rest = model.run(&Experiment::default(), &[0.0], &["osteoclasts_at_rest", "osteoblasts_at_rest"]);
    check("osteoclasts at rest", rest[0][0], 1.06066017, 1e-8);
    check("osteoblasts at rest", rest[0][1], 212.132034, 1e-8);

    let times: Vec<f64> = (0..=3000).map(|i| f64::from(i) * 0.1).collect();
    let cycle = model.run(&Experiment::default(), &times, &["osteoblasts", "bone_mass"]);
    let most = cycle.iter().map(|row| row[0]).fold(f64::MIN, f64::max);
    let least = cycle.iter().map(|row| row[1]).fold(f64::MAX, f64::min);
    check("most osteoblasts", most, 395.8, 1e-3);
    check("least bone mass, %", least, 89.84, 1e-4);
    check("bone mass after the cycle, %", cycle[3000][1], 99.97, 1e-4);
}

/// Komarova 2003, figure 2B: with g11 = 1.1 the cells oscillate with a period of 278 days.
#[test]
fn komarova_oscillates() {
    let model = Replica::open("komarova_2003");
    let oscillating = Experiment {
        initial: vec![
            ("osteoclast_autocrine", 1.1),
            ("resorption_rate", 0.093),
            ("formation_rate", 0.0008),
            ("osteoclasts_at_start", 11.06),
            ("osteoblasts_at_start", 212.13),
        ],
        changes: Vec::new(),
    };
    let times: Vec<f64> = (0..=11_200).map(|i| f64::from(i) * 0.1).collect();
    let rows = model.run(&oscillating, &times, &["osteoclasts", "osteoblasts", "osteoclasts_at_rest"]);
    check("osteoclasts at rest", rows[0][2], 1.158619, 1e-6);
    let peaks: Vec<usize> =
        (1..times.len() - 1).filter(|&i| rows[i][0] > rows[i - 1][0] && rows[i][0] >= rows[i + 1][0]).collect();
    check("period, days", times[peaks[2]] - times[peaks[1]], 278.0, 2e-3);
    check("osteoclast peak", rows[peaks[1]][0], 12.27, 1e-3);
    let most = rows.iter().map(|row| row[1]).fold(f64::MIN, f64::max);
    check("osteoblast peak", most, 794.0, 1e-3);
}

/// BIOMD0000000148: one remodeling cycle from SBML and from text.
///
/// The file switches resorption on by an event whose trigger already holds at time 0. In Level 2 such an event does not
/// fire, so as deposited the file never resorbs bone in its first cycle: the cells agree with the paper, the bone mass
/// (100.00 % instead of 99.97 % at the end) only when the flag starts at 1.
#[test]
fn komarova_from_sbml() {
    let cells = [("x1", "osteoclasts"), ("x2", "osteoblasts")];
    agrees("BIOMD0000000148", &[], "komarova_2003", &Experiment::default(), &cells, 300.0, 1.0);
    let all = [("x1", "osteoclasts"), ("x2", "osteoblasts"), ("z", "bone_mass")];
    agrees("BIOMD0000000148", &[("flag_resorption", 1.0)], "komarova_2003", &Experiment::default(), &all, 300.0, 1.0);
}
