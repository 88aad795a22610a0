//! McColl 2023, doi:10.1016/j.isci.2023.108634: leucine, insulin and protein of muscle, with 3.5 g of leucine to drink.
//!
//! Measured in people (Glynn 2010, to which the authors fitted) and here:
//!
//! | min | leucine in plasma, umol/L | in muscle, umol/L | p-Akt S473, fold | p-p70S6K, fold |
//! |---|---|---|---|---|
//! | 0 | 123; 126 | 128; 89 | 1; 1 | 1; 1 |
//! | 30 | 838; 896 | | 1.25; 1.12 | 1.47; 1.07 |
//! | 60 | 722; 855 | 204; 261 | 1.41; 1.49 | 1.77; 1.42 |
//! | 90 | 519; 630 | | 1.40; 1.64 | 1.84; 1.67 |
//! | 120 | 375; 423 | 280; 290 | 1.26; 1.58 | 1.68; 1.73 |
//! | 180 | 231; 174 | 227; 217 | 0.99; 1.19 | 1.13; 1.58 |
//!
//! The distance is the model's, not ours: an independent simulation of the printed equations gives the same numbers as here.

use crate::replica::{Experiment, Replica, check, near};
use network::Action;

const MINUTE: f64 = 1.0 / 1440.0;

/// The meal comes after 300 minutes of infusions, when leucine stops and glucose goes on.
const MEAL: f64 = 300.0 * MINUTE;

/// The man's spaces, and the state before the meal.
#[test]
fn mccoll_before_the_meal() {
    let model = Replica::open("mccoll_2023");
    let spaces = &model.run(&Experiment::default(), &[0.0], &["plasma_volume", "muscle_volume"])[0];
    near("plasma, L", spaces[0], 4.8247, 5e-5);
    near("muscle, L", spaces[1], 26.228, 5e-4);
    // In their units, with the last printed digit.
    let printed = [
        ("leucine_plasma_level", 1e6, 126.0, 0.5),
        ("leucine_muscle_level", 1e6, 89.0, 0.5),
        ("insulin_level", 1e12, 27.2, 0.05),
        ("s6k_share", 100.0, 13.0, 0.5),
        ("synthesis", 1e6 * MINUTE, 3.68, 5e-3),
        ("breakdown", 1e6 * MINUTE, 4.81, 6e-3),
        ("breakdown_by_akt", 1e6 * MINUTE, 3.82, 5e-3),
        ("breakdown_by_mtorc1", 1e6 * MINUTE, 0.99, 5e-3),
        // Measured: 20.8 from the artery into muscle, 23 oxidized.
        ("r6", 1e6 * MINUTE, 20.1, 0.05),
        ("r14", 1e6 * MINUTE, 21.0, 0.05),
    ];
    let row = &model.run(&Experiment::default(), &[MEAL], &printed.map(|(output, ..)| output))[0];
    for (ours, (output, scale, value, within)) in row.iter().zip(printed) {
        near(output, scale * ours, value, within);
    }
}

/// Three hours after 3.5 g of leucine.
#[test]
fn mccoll_leucine() {
    let model = Replica::open("mccoll_2023");
    let minutes = [0.0, 30.0, 60.0, 90.0, 120.0, 180.0];
    let outputs = ["leucine_plasma_level", "leucine_muscle_level", "akt_p473", "s6k_p", "synthesis", "breakdown"];
    let rows = model.run(&leucine(3.5), &minutes.map(|minute| MEAL + minute * MINUTE), &outputs);
    let printed = [
        [126.0, 89.0, 1.00, 1.00, 3.7, 4.8],
        [896.0, 165.0, 1.12, 1.07, 7.3, 4.1],
        [855.0, 261.0, 1.49, 1.42, 15.3, 3.3],
        [630.0, 298.0, 1.64, 1.67, 20.7, 3.2],
        [423.0, 290.0, 1.58, 1.73, 20.7, 3.5],
        [174.0, 217.0, 1.19, 1.58, 14.2, 4.5],
    ];
    let scale = [1e6, 1e6, 1.0 / rows[0][2], 1.0 / rows[0][3], 1e6 * MINUTE, 1e6 * MINUTE];
    let within = [0.6, 0.6, 5e-3, 5e-3, 0.05, 0.05];
    for (minute, (row, printed)) in minutes.iter().zip(rows.iter().zip(printed)) {
        for (i, output) in outputs.iter().enumerate() {
            near(&format!("{output} at {minute} min"), scale[i] * row[i], printed[i], within[i]);
        }
    }
}

/// Each signaling molecule only changes its form, and synthesis follows total p70S6K.
#[test]
fn mccoll_conserves_and_predicts() {
    let model = Replica::open("mccoll_2023");
    let families: [&[&str]; 9] = [
        &["ir", "ir_p", "ir_refractory"],
        &["irs1", "irs1_py", "irs1_ps", "irs1_pi3k"],
        &["pi3k", "irs1_pi3k"],
        &["pdk1", "pdk1_p"],
        &["akt", "akt_p308", "akt_p473", "akt_p308_p473"],
        &["tsc", "tsc_p"],
        &["mtorc1", "mtorc1_active"],
        &["s6k", "s6k_p"],
        &["mtorc2", "mtorc2_p"],
    ];
    for family in families {
        let rows = model.run(&leucine(3.5), &[0.0, MEAL + 180.0 * MINUTE], family);
        check(&format!("sum of {family:?}"), rows[1].iter().sum(), rows[0].iter().sum(), 1e-6);
    }
    let synthesis = |factor: f64| {
        let total = model.run(&Experiment::default(), &[0.0], &["s6k"])[0][0];
        let experiment = Experiment { initial: vec![("s6k", factor * total)], ..leucine(3.5) };
        model.run(&experiment, &[MEAL + 90.0 * MINUTE], &["synthesis"])[0][0]
    };
    let graded = [0.5, 1.0, 2.0].map(synthesis);
    assert!(graded.is_sorted(), "synthesis by total p70S6K: {graded:?}");
}

/// A drink of leucine, g.
fn leucine<'a>(grams: f64) -> Experiment<'a> {
    let changes = vec![(MEAL, "leucine_infusion", Action::Set(0.0)), (MEAL, "stomach", Action::Add(grams / 131.17))];
    Experiment { changes, ..Experiment::default() }
}
