//! Jarrah 2014: damage, immune cells and regeneration of muscle in mdx mice.

use crate::replica::{Experiment, Replica, check, near, peak, times};

const WEEK: f64 = 7.0;

#[test]
fn jarrah_mdx() {
    let model = Replica::open("jarrah_2014");
    let (day, macrophages) = peak(&model, &Experiment::default(), 15.0 * WEEK, "macrophages");
    check("most macrophages, 1/mm3", macrophages, 104_200.0, 5e-4);
    near("week of most macrophages", day / WEEK, 3.95, 0.02);
    let (day, damaged) = peak(&model, &Experiment::default(), 15.0 * WEEK, "damaged");
    near("most damaged fibers, %", damaged, 3.9, 0.05);
    near("week of most damaged fibers", day / WEEK, 2.8, 0.05);
    let fibers = ["normal", "damaged", "regenerating"];
    for (week, printed) in [(4.0, 18.6), (8.0, 26.8), (12.0, 40.9), (15.0, 34.7)] {
        let row = &model.run(&Experiment::default(), &[week * WEEK], &fibers)[0];
        near(&format!("normal fibers in week {week}, %"), row[0], printed, 0.06);
        if week == 4.0 {
            near("regenerating fibers in week 4, %", row[2], 80.0, 1.0);
        }
    }
    for row in model.run(&Experiment::default(), &times(30.0 * WEEK, WEEK), &fibers) {
        near("all fibers, %", row.iter().sum(), 100.0, 1e-4);
    }
}
