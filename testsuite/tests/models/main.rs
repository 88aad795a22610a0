//! Published models, kept as printed in `testsuite/models`, reproduce the numbers that were published with them, and
//! their SBML files agree with the text. One file a model; `docs/published-models.md` lists what agrees and what does not.
//!
//! Numbers are those of the papers or, where a paper prints only curves, of an independent simulation of the printed
//! equations. Tolerances are half of the last printed digit or 0.1 %, whichever is more.

mod ahn;
mod choi;
mod chow_hall;
#[path = "../../sbml/data.rs"]
#[allow(dead_code)]
mod data;
mod eudy;
mod farhang_sardroodi;
mod graham;
mod jarrah;
mod joerg;
mod komarova;
mod lemaire;
mod martinez_reina;
mod martonova;
mod mccoll;
mod mori;
mod nelson;
mod nguyen;
mod papathanasiou;
mod peterson_riggs;
mod pivonka;
mod replica;
mod riggs;
mod sbml;
mod scheiner;
mod stein;
mod sutjandra;
mod villota_narvaez;
mod wang;
mod wojciechowski;
mod zhang;
mod zierhut;
