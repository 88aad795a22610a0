//! Papathanasiou 2021, doi:10.1007/s40262-021-01011-3: growth hormone and IGF-1 in adults who lack the hormone.

use crate::replica::{Experiment, Replica, doses, near, peak, times};

/// IGF-1 at rest, in ng/mL: with a person's own hormone, without any, and with more than can act.
#[test]
fn papathanasiou_rests() {
    let model = Replica::open("papathanasiou_2021");
    for (weight, hormone, printed, within) in [
        (70.0, 0.188, 79.0, 0.05),
        (85.0, 0.188, 75.3, 0.05),
        (70.0, 0.0, 36.2, 0.05),
        (70.0, 1e6, 563.0, 0.5),
        (85.0, 1e6, 613.0, 0.6),
    ] {
        let person =
            Experiment { initial: vec![("weight", weight), ("own_hormone_70", hormone)], ..Experiment::default() };
        for day in [0.0, 100.0] {
            near(&format!("IGF-1, {weight} kg"), model.run(&person, &[day], &["igf1"])[0][0], printed, within);
        }
    }
}

/// 4.2 ug/kg a day for 28 days in an adult of 80.8 kg.
#[test]
fn papathanasiou_daily() {
    let model = Replica::open("papathanasiou_2021");
    let treatment = || Experiment { initial: vec![("weight", 80.8)], ..doses("depot", 4.2 * 80.8, 1.0, 28) };
    near("peak of the hormone, ng/mL", peak(&model, &treatment(), 28.0, "level").1, 1.25, 5e-3);
    let days: Vec<f64> = std::iter::once(0.0).chain(times(1.0, 0.01).iter().map(|day| 27.0 + day)).collect();
    let igf1 = model.run(&treatment(), &days, &["igf1"]);
    near("IGF-1 at the start, ng/mL", igf1[0][0], 76.0, 0.5);
    let last = &igf1[1..];
    near("IGF-1 on the last day, ng/mL", last.iter().map(|row| row[0]).sum::<f64>() / last.len() as f64, 164.0, 0.5);
}
