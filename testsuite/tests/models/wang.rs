//! Wang 2023, doi:10.3389/fphar.2023.1089774: zoledronate and bone density over ten trials.

use crate::replica::{Experiment, Replica, doses, near};

/// A year of twelve months, in days.
const YEAR: f64 = 365.25;

/// 5 mg once, every year for six years, and never. Without drug density falls, because the printed tolerance cuts all formation.
#[test]
fn wang_zoledronate() {
    let model = Replica::open("wang_2023");
    let change =
        |experiment: &Experiment, years: f64| 100.0 * (model.run(experiment, &[years * YEAR], &["bmd"])[0][0] - 1.0);
    for (years, printed) in [(1.0, 4.27), (2.0, 6.68), (3.0, 7.23)] {
        near(&format!("once, year {years}, %"), change(&doses("depot", 5e6, YEAR, 1), years), printed, 5e-3);
    }
    for (years, printed) in [(1.0, 4.27), (2.0, 7.63), (3.0, 10.05), (4.0, 11.63), (5.0, 12.46), (6.0, 12.64)] {
        near(&format!("yearly, year {years}, %"), change(&doses("depot", 5e6, YEAR, 6), years), printed, 5e-3);
    }
    near("never, year 6, %", change(&Experiment::default(), 6.0), -6.94, 5e-3);
}
