//! Figures as SVG: curves over time in small panels, and end points with intervals.
//!
//! The module is our own because a report needs two kinds of figure only, with legends that never cover data and the
//! same bytes on every machine.

mod axis;
mod canvas;
mod curves;
mod end_points;

pub(crate) use canvas::escape;
pub use curves::curves;
pub use end_points::end_points;

/// How the i-th line of a figure looks. Colors are Okabe and Ito's, told apart by people with any color vision; the
/// dashes differ too, so that a gray print still works.
pub(crate) struct Style {
    pub color: &'static str,
    pub dash: &'static str,
}

const STYLES: [Style; 7] = [
    Style { color: "#0072b2", dash: "" },
    Style { color: "#d55e00", dash: "7 4" },
    Style { color: "#009e73", dash: "2 3" },
    Style { color: "#cc79a7", dash: "9 3 2 3" },
    Style { color: "#e69f00", dash: "4 2" },
    Style { color: "#56b4e9", dash: "12 4" },
    Style { color: "#333333", dash: "1 2" },
];

pub(crate) fn style(i: usize) -> &'static Style {
    &STYLES[i % STYLES.len()]
}
