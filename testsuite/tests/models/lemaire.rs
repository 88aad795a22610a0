//! Lemaire 2004: RANK, RANKL and OPG in three populations of bone cells.

use crate::replica::{Experiment, Replica, check};
use crate::sbml::agrees;
use network::Action;

/// Lemaire 2004, doi:10.1016/j.jtbi.2004.03.023: inputs from day 20 to 80; cells in 1e-3 pM at day 80.
#[test]
fn lemaire_inputs() {
    let model = Replica::open("lemaire_2004");
    let cells = ["responding_osteoblasts", "active_osteoblasts", "active_osteoclasts"];
    let rest = model.run(&Experiment::default(), &[1000.0], &cells);
    for (value, printed) in rest[0].iter().zip([7.7344e-4, 7.2834e-4, 9.1275e-4]) {
        check("rest", *value, printed, 1e-4);
    }
    let inputs: [(&str, f64, [f64; 3]); 9] = [
        ("osteoblast_input", 1e-4, [1.0238, 1.3663, 1.1394]),
        ("osteoblast_input", -8.3e-5, [0.2416, 0.0184, 0.3016]),
        ("osteoclast_input", 1e-4, [1.1322, 0.8801, 1.2337]),
        ("osteoclast_input", -2.9e-4, [0.0585, 0.2124, 0.0183]),
        ("responding_input", 1e-4, [1.3479, 1.2602, 0.9220]),
        ("responding_input", -1.2e-4, [0.0336, 0.0498, 0.7693]),
        ("pth_input", 1e3, [4.0282, 1.6303, 3.6846]),
        ("opg_input", 2e5, [0.0787, 0.2405, 0.0658]),
        ("rankl_input", 1e4, [2.9277, 1.4009, 2.7178]),
    ];
    for (input, size, printed) in inputs {
        let changes = vec![(20.0, input, Action::Set(size)), (80.0, input, Action::Set(0.0))];
        let rows = model.run(&Experiment { changes, ..Experiment::default() }, &[80.0, 140.0], &cells);
        for ((cell, value), printed) in cells.iter().zip(&rows[0]).zip(printed) {
            check(&format!("{cell} under {input} = {size}"), 1e3 * value, printed, 5e-3);
        }
        for (value, rest) in rows[1].iter().zip(&rest[0]) {
            assert!((value / rest - 1.0).abs() < 0.05, "{input} = {size}: not recovered 60 days later");
        }
    }
}

/// Lemaire 2004, figure 2: OPG reverses what RANKL does.
#[test]
fn lemaire_opg_reverses_rankl() {
    let model = Replica::open("lemaire_2004");
    let changes = vec![(20.0, "rankl_input", Action::Set(1e4)), (20.0, "opg_input", Action::Set(9e4))];
    let rows = model.run(
        &Experiment { changes, ..Experiment::default() },
        &[80.0],
        &["responding_osteoblasts", "active_osteoblasts", "active_osteoclasts"],
    );
    for (value, printed) in rows[0].iter().zip([727.0, 707.1, 868.3]) {
        check("cells under RANKL with OPG, 1e-6 pM", 1e6 * value, printed, 1e-3);
    }
}

/// BIOMD0000000278: drift from the rounded start to rest, from SBML and from text.
#[test]
fn lemaire_from_sbml() {
    let pairs = [("R", "responding_osteoblasts"), ("B", "active_osteoblasts"), ("C", "active_osteoclasts")];
    agrees("BIOMD0000000278", &[], "lemaire_2004", &Experiment::default(), &pairs, 300.0, 1.0);
}
