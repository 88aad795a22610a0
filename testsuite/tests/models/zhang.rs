//! Zhang 2016, doi:10.1002/jcph.611: burosumab and phosphate in X-linked hypophosphatemia, 70 kg.

use crate::replica::{Experiment, Replica, doses, near, times};

/// The half-effective level drifts: published at weeks 32, 72 and 80.
#[test]
fn zhang_half_level() {
    let model = Replica::open("zhang_2016");
    for (week, printed) in [(0.0, 1800.0), (32.0, 4102.0), (72.0, 5999.0), (80.0, 6098.0)] {
        let level = model.run(&Experiment::default(), &[7.0 * week], &["half_level"])[0][0];
        near(&format!("half-effective level in week {week}, ng/mL"), level, printed, 0.5);
    }
}

/// The last of several doses every 28 days: peak and trough of the level, most and least rise of phosphate.
#[test]
fn zhang_burosumab() {
    let model = Replica::open("zhang_2016");
    for (mg, number, level, phosphate) in
        [(42.0, 4, [6955.0, 3299.0], [1.15, 0.88]), (70.0, 16, [11_761.0, 5569.0], [1.01, 0.73])]
    {
        let start = 28.0 * f64::from(number - 1);
        let days: Vec<f64> = times(28.0, 0.05).iter().map(|day| start + day).collect();
        let rows = model.run(&doses("depot", 1e3 * mg, 28.0, number), &days, &["level", "phosphate_rise"]);
        let most = |column: usize| rows.iter().map(|row| row[column]).fold(f64::MIN, f64::max);
        let last = rows.last().expect("some days");
        near(&format!("peak of {mg} mg, ng/mL"), most(0), level[0], 0.5);
        near(&format!("trough of {mg} mg, ng/mL"), last[0], level[1], 0.5);
        near(&format!("most phosphate of {mg} mg, mg/dL"), most(1), phosphate[0], 5e-3);
        near(&format!("least phosphate of {mg} mg, mg/dL"), last[1], phosphate[1], 5e-3);
    }
}
