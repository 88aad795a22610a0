//! Stiff problems with published solutions.
//!
//! Reference values are those of the Test Set for Initial Value Problem Solvers (Mazzia & Magherini 2008, release 2.4)
//! and, for Robertson at time 40, of Hairer & Wanner, Solving Ordinary Differential Equations II.

use crate::model::Model;

pub fn robertson() -> Model {
    Model::default()
        .state("a", 1.0, "-0.04 * a + 1e4 * b * c")
        .state("b", 0.0, "0.04 * a - 1e4 * b * c - 3e7 * b^2")
        .state("c", 0.0, "3e7 * b^2")
}

/// Of `a` a hundred-millionth is left at the end, so it is known to an absolute accuracy only.
#[test]
fn robertson_over_eleven_decades() {
    let at_40 = vec![0.7158270687194, 0.9185534764558e-5, 0.2841637457458];
    let at_the_end = vec![0.2083340149701255e-7, 0.8333360770334713e-13, 0.999999979166505];
    robertson().check(&[40.0, 1e11], 20.0, |t| if t == 40.0 { at_40.clone() } else { at_the_end.clone() });
}

pub fn van_der_pol() -> Model {
    Model::default().state("x", 2.0, "v").state("v", 0.0, "1000 * (1 - x^2) * v - x")
}

#[test]
fn van_der_pol_after_a_jump() {
    van_der_pol().check(&[2000.0], 500.0, |_| vec![1.706167732170483, -0.8928097010247975e-3]);
}

/// High irradiance responses of photomorphogenesis (Schäfer 1975).
pub fn hires() -> Model {
    Model::default()
        .state("y1", 1.0, "-1.71 * y1 + 0.43 * y2 + 8.32 * y3 + 0.0007")
        .state("y2", 0.0, "1.71 * y1 - 8.75 * y2")
        .state("y3", 0.0, "-10.03 * y3 + 0.43 * y4 + 0.035 * y5")
        .state("y4", 0.0, "8.32 * y2 + 1.71 * y3 - 1.12 * y4")
        .state("y5", 0.0, "-1.745 * y5 + 0.43 * y6 + 0.43 * y7")
        .state("y6", 0.0, "-280 * y6 * y8 + 0.69 * y4 + 1.71 * y5 - 0.43 * y6 + 0.69 * y7")
        .state("y7", 0.0, "280 * y6 * y8 - 1.81 * y7")
        .state("y8", 0.0057, "-280 * y6 * y8 + 1.81 * y7")
}

#[test]
fn hires_as_published() {
    hires().check(&[321.8122], 50.0, |_| {
        vec![
            0.7371312573325668e-3,
            0.1442485726316185e-3,
            0.5888729740967575e-4,
            0.1175651343283149e-2,
            0.2386356198831331e-2,
            0.6238968252742796e-2,
            0.2849998395185769e-2,
            0.2850001604814231e-2,
        ]
    });
}

/// The Oregonator, a model of the Belousov-Zhabotinskii reaction (Field & Noyes 1974).
pub fn oregonator() -> Model {
    Model::default()
        .state("x", 1.0, "77.27 * (y + x * (1 - 8.375e-6 * x - y))")
        .state("y", 2.0, "(z - (1 + x) * y) / 77.27")
        .state("z", 3.0, "0.161 * (x - z)")
}

#[test]
fn oregonator_as_published() {
    oregonator().check(&[360.0], 2000.0, |_| vec![0.1000814870318523e1, 0.1228178521549917e4, 0.1320554942846706e3]);
}
