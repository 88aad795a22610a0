//! Graham 2013, doi:10.1371/journal.pone.0063884: osteocytes in targeted remodeling; Cook 2021,
//! doi:10.1101/2021.06.12.448204: Wnt-10b in the same model.

use crate::replica::{Experiment, Replica, check, near, peak, times};
use network::Action;

/// One remodeling event: peaks of the cells and their days, and the bone that is left.
#[test]
fn graham_single_event() {
    let model = Replica::open("graham_2013");
    for (cells, most, day) in
        [("preosteoblasts", 192.4, 1.38), ("osteoclasts", 12.67, 1.44), ("osteoblasts", 494.4, 4.19)]
    {
        let (at, height) = peak(&model, &Experiment::default(), 10.0, cells);
        check(cells, height, most, 5e-4);
        // The peaks are flat.
        near(&format!("day of the peak of {cells}"), at, day, 0.03);
    }
    let event = |resorption: f64| {
        let experiment = Experiment { initial: vec![("resorption", resorption)], ..Experiment::default() };
        let rows = model.run(&experiment, &times(100.0, 0.01), &["bone", "osteocytes"]);
        let least = rows.iter().map(|row| row[0]).fold(f64::MAX, f64::min);
        (least, rows[10_000][0], rows[10_000][1])
    };
    let (least, end, osteocytes) = event(0.7);
    near("least bone, %", least, 86.19, 5e-3);
    near("bone on day 100, %", end, 99.751, 5e-4);
    near("osteocytes on day 100", osteocytes, 199.999_999, 1e-6);
    let (least, end, _) = event(0.698_331);
    near("least bone with balanced resorption, %", least, 86.26, 5e-3);
    near("bone on day 100 with balanced resorption, %", end, 100.0, 5e-4);
}

/// Cook 2021: bone volume after cycles of 100 days, each begun by a loss of osteocytes.
///
/// | Wnt-10b | cycles | measured in mice, % | here, % |
/// |---|---|---|---|
/// | none | 4; 6 | -29.7; -41.9 | -22.1; -33.1 |
/// | 5 fold | 6 | +69.2 | +81.1 |
/// | 50 fold | 12 | +339 | +338.1 |
#[test]
fn cook_wnt10b() {
    let model = Replica::open("cook_2021");
    for (wnt10b, cycles, printed) in
        [(0.0, 6, 0.0), (-1.0, 4, -22.1), (-1.0, 6, -33.1), (5.0, 6, 81.1), (50.0, 12, 338.0), (1.8, 6, 40.1)]
    {
        // At the end of a cycle fewer than one of the other cells is left, which is set to none.
        let starts = (1..cycles).map(|cycle| 100.0 * f64::from(cycle));
        let changes = starts.flat_map(|day| {
            [("osteocytes", 180.0), ("preosteoblasts", 0.0), ("osteoblasts", 0.0), ("osteoclasts", 0.0)]
                .map(|(cells, number)| (day, cells, Action::Set(number)))
        });
        let experiment = Experiment { initial: vec![("wnt10b", wnt10b)], changes: changes.collect() };
        let bone = model.run(&experiment, &[100.0 * f64::from(cycles)], &["bone"])[0][0];
        near(&format!("bone with Wnt-10b {wnt10b} after {cycles} cycles, %"), bone - 100.0, printed, 0.1);
    }
}
