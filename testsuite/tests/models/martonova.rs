//! Martonova 2023, doi:10.1371/journal.pone.0283544: a receptor that adapts to pulses of PTH; Modiz 2025,
//! doi:10.3389/fbioe.2025.1619276: what it does to bone cells.

use crate::replica::{Experiment, Replica, check, near};
use network::Action;

const MINUTE: f64 = 1.0 / 1440.0;

/// Pulses of PTH in health and two diseases: the activity that one pulse adds (min), the responsiveness, and the occupancy of
/// PTH receptors that either stands for in the model of Lemaire 2004, whose own value at rest is 0.019380.
///
/// In disease the two ways part: in osteoporosis the activity hardly changes and the responsiveness halves.
#[test]
fn martonova_pulses() {
    let model = Replica::open("martonova_2023");
    // PTH between pulses and what a pulse adds, minutes on and off; printed activity, responsiveness, occupancy by either.
    let printed = [
        ("health", [0.00332, 0.00276, 6.4, 4.2], (36.66, 5e-3), (0.9382, 5e-4), (0.019392, 5e-6), (0.019386, 5e-7)),
        (
            "hyperparathyroidism",
            [0.01381, 0.00977, 7.6, 3.5],
            (98.4, 0.05),
            (2.102, 5e-4),
            (0.04345, 5e-6),
            (0.05204, 5e-6),
        ),
        (
            "osteoporosis",
            [0.003321, 0.0016967, 5.2, 24.6],
            (35.2, 0.05),
            (0.4975, 5e-4),
            (0.01028, 5e-6),
            (0.01862, 5e-6),
        ),
    ];
    for (state, [low, pulse, on, off], activity, responsiveness, by_responsiveness, by_activity) in printed {
        let period = (on + off) * MINUTE;
        let changes = (0..60).flat_map(|i| {
            let start = f64::from(i) * period;
            [(start, "pth", Action::Set(low + pulse)), (start + on * MINUTE, "pth", Action::Set(low))]
        });
        let experiment = Experiment { initial: vec![("low", low), ("pulse", pulse)], changes: changes.collect() };
        // The last pulse, when all is periodic.
        let start = 59.0 * period;
        let rows = model.run(&experiment, &[start, start + on * MINUTE], &["area", "step_area"]);
        let added = (rows[1][0] - rows[0][0]) / MINUTE;
        let answer = added / (rows[0][1] / MINUTE) * added / (on + off);
        near(&format!("activity of a pulse in {state}, min"), added, activity.0, activity.1);
        near(&format!("responsiveness in {state}"), answer, responsiveness.0, responsiveness.1);
        near(
            &format!("occupancy in {state} by responsiveness"),
            0.0206686914 * answer,
            by_responsiveness.0,
            by_responsiveness.1,
        );
        near(&format!("occupancy in {state} by activity"), 5.288141739e-4 * added, by_activity.0, by_activity.1);
        if state == "health" {
            check("occupancy in health, of Lemaire 2004", 0.0206686914 * answer, 0.019380, 7e-4);
            check("occupancy in health, of Lemaire 2004", 5.288141739e-4 * added, 0.019380, 7e-4);
        }
    }
}

/// The receptor adapts: under any steady level its activity returns to the basal one.
#[test]
fn martonova_adapts() {
    let model = Replica::open("martonova_2023");
    for level in [0.001, 0.01, 0.1, 1.0] {
        let steady = Experiment { initial: vec![("pth", level)], ..Experiment::default() };
        let rows = model.run(&steady, &[5.0 * MINUTE, 1.0], &["activity", "basal_activity"]);
        assert!(rows[0][0] > 1.001 * rows[0][1], "activity soon after a step to {level}: {rows:?}");
        check(&format!("activity at last at {level}"), rows[1][0], rows[1][1], 1e-4);
    }
}
