//! Martínez-Reina 2019, doi:10.1016/j.bone.2019.04.022: mineral of bone packets by age, menopause and denosumab.

use crate::replica::{Experiment, Replica, check, doses, near, peak, times};

/// Nothing moves in ten years before menopause.
#[test]
fn martinez_reina_rests() {
    let model = Replica::open("martinez_reina_2019");
    let before = Experiment { initial: vec![("menopause", 4000.0)], ..Experiment::default() };
    let states = model.states();
    let rows = model.run(&before, &[0.0, 10.0, 100.0, 3650.0], &states);
    for row in &rows {
        for ((state, value), start) in states.iter().zip(row).zip(&rows[0]) {
            near(state, *value, *start, 1e-9 * start.abs());
        }
    }
    let ash = model.run(&before, &[0.0], &["precursor_osteoblasts", "active_osteoblasts", "active_osteoclasts"]);
    for (value, printed) in ash[0].iter().zip([1e-3, 5e-4, 1e-4]) {
        check("cells at rest, pM", *value, printed, 1e-12);
    }
}

/// 60 mg of denosumab.
#[test]
fn martinez_reina_denosumab_level() {
    let model = Replica::open("martinez_reina_2019");
    let once = doses("denosumab_depot", 60.0 * MG, 1.0, 1);
    let (day, level) = peak(&model, &once, 183.0, "denosumab");
    near("peak, ng/mL", level, 10_082.0, 0.5);
    near("day of the peak", day, 15.8, 0.1);
    let levels = model.run(&once, &[60.0, 120.0, 183.0], &["denosumab"]);
    for (row, printed) in levels.iter().zip([5502.0, 1472.0, 46.0]) {
        near("level, ng/mL", row[0], printed, 0.5);
    }
}

/// A year after menopause, ten years of 60 mg every half year, and two years without: density rises for as long as it is given
/// because bone grows old (its ash fraction rises ever more slowly), and falls when it stops.
#[test]
fn martinez_reina_ten_years() {
    let model = Replica::open("martinez_reina_2019");
    let days: Vec<f64> = [1.0, 3.0, 5.0, 7.0, 9.0, 11.0, 13.0].map(|year| year * 365.0).to_vec();
    let treated = model.run(&treatment(), &days, &["bmd", "ash_fraction", "matrix"]);
    let untreated = model.run(&Experiment::default(), &days, &["bmd"]);
    let density: Vec<f64> = treated.iter().map(|row| row[0]).collect();
    assert!(density[..6].is_sorted(), "density under denosumab: {density:?}");
    assert!(density[6] < density[5], "density after denosumab: {density:?}");
    assert!(density[5] > untreated[5][0], "density after ten years: {} treated, {} not", density[5], untreated[5][0]);
    let ash: Vec<f64> = treated[..6].iter().map(|row| row[1]).collect();
    assert!(ash.is_sorted() && ash[5] - ash[3] < ash[2] - ash[0], "ash fraction: {ash:?}");
}

/// The text sums packets by stage; here is the queue of the paper, moved on by hand every day over the same cells.
#[test]
fn martinez_reina_packets() {
    let model = Replica::open("martinez_reina_2019");
    let days = times(4745.0, 1.0);
    let rows = model.run(&treatment(), &days, &["formation", "resorption", "matrix", "mineral"]);
    let (formed, resorbed, matrix) = (rows[0][0], rows[0][1], rows[0][2]);
    let mut queue = vec![0.0; 1000];
    for _ in 0..2000 {
        pass_a_day(&mut queue, formed, resorbed / matrix);
    }
    for (day, row) in rows.iter().enumerate() {
        if day % 365 == 0 {
            check(&format!("mineral on day {day}"), row[3], mineral(&queue, row[2]), 5e-3);
        }
        pass_a_day(&mut queue, row[0], row[1] / row[2]);
    }
}

/// Packets by age in days grow a day older: the mineralized ones lose a share, a new one comes.
fn pass_a_day(queue: &mut [f64], formed: f64, loss: f64) {
    for age in (1..queue.len()).rev() {
        queue[age] = queue[age - 1] * if age > 12 { 1.0 - loss } else { 1.0 };
    }
    queue[0] = formed;
}

/// Mean mineral, as a share of volume; bone that is in no packet any more has the most.
fn mineral(queue: &[f64], matrix: f64) -> f64 {
    let of_age = |age: f64| match age {
        _ if age <= 12.0 => 0.0,
        _ if age <= 22.0 => 0.121 * (age - 12.0) / 10.0,
        _ => 0.442 - (0.442 - 0.121) * (-0.007 * (age - 22.0)).exp(),
    };
    let packets: f64 = queue.iter().enumerate().map(|(age, packet)| packet * of_age(age as f64)).sum();
    (packets + (matrix - queue.iter().sum::<f64>()) * 0.442) / matrix
}

/// 60 mg every 183 days for ten years, from a year after menopause on.
fn treatment<'a>() -> Experiment<'a> {
    let mut experiment = doses("denosumab_depot", 60.0 * MG, 183.0, 20);
    experiment.changes.iter_mut().for_each(|change| change.0 += 365.0);
    experiment
}

/// A milligram in ng.
const MG: f64 = 1e6;
