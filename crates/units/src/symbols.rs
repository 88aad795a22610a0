//! The known unit symbols and SI prefixes.

use crate::{BaseDimension, Dimension};
use BaseDimension::{Amount, Current, Item, Length, Luminosity, Mass, Temperature, Time};
use std::sync::LazyLock;

/// One symbol: its spellings, whether prefixes may stand before it, its factor to SI, and its dimension.
struct Symbol {
    spellings: &'static [&'static str],
    prefixes: bool,
    factor: f64,
    dimension: &'static [(BaseDimension, i8)],
}

const fn symbol(
    spellings: &'static [&'static str],
    prefixes: bool,
    factor: f64,
    dimension: &'static [(BaseDimension, i8)],
) -> Symbol {
    Symbol { spellings, prefixes, factor, dimension }
}

const DAY: f64 = 86_400.0;
const YEAR: f64 = 365.25 * DAY;
const JOULE: &[(BaseDimension, i8)] = &[(Mass, 1), (Length, 2), (Time, -2)];
const PASCAL: &[(BaseDimension, i8)] = &[(Mass, 1), (Length, -1), (Time, -2)];

/// Factors are to SI base units (m, kg, s, A, K, mol, cd), so a gram is 1e-3 and a molar is 1e3 mol/m^3.
const SYMBOLS: &[Symbol] = &[
    // Plain numbers.
    symbol(&["dimensionless"], false, 1.0, &[]),
    symbol(&["%", "percent"], false, 1e-2, &[]),
    symbol(&["ppm", "microstrain", "µε", "με"], false, 1e-6, &[]),
    symbol(&["rad"], false, 1.0, &[]),
    // Counted things.
    symbol(&["cell", "cells", "item", "items"], false, 1.0, &[(Item, 1)]),
    // Time. A year is the Julian year; a month is a twelfth of it.
    symbol(&["s"], true, 1.0, &[(Time, 1)]),
    symbol(&["sec", "second", "seconds"], false, 1.0, &[(Time, 1)]),
    symbol(&["min", "minute", "minutes"], false, 60.0, &[(Time, 1)]),
    symbol(&["h", "hr", "hour", "hours"], false, 3600.0, &[(Time, 1)]),
    symbol(&["day", "days", "d"], false, DAY, &[(Time, 1)]),
    symbol(&["week", "weeks", "wk"], false, 7.0 * DAY, &[(Time, 1)]),
    symbol(&["month", "months"], false, YEAR / 12.0, &[(Time, 1)]),
    symbol(&["year", "years", "yr"], false, YEAR, &[(Time, 1)]),
    symbol(&["Hz"], true, 1.0, &[(Time, -1)]),
    // Amount and concentration.
    symbol(&["mol"], true, 1.0, &[(Amount, 1)]),
    symbol(&["M", "molar"], true, 1e3, &[(Amount, 1), (Length, -3)]),
    symbol(&["kat"], true, 1.0, &[(Amount, 1), (Time, -1)]),
    symbol(&["U"], true, 1e-6 / 60.0, &[(Amount, 1), (Time, -1)]),
    // Space.
    symbol(&["m", "meter"], true, 1.0, &[(Length, 1)]),
    symbol(&["Å", "angstrom"], false, 1e-10, &[(Length, 1)]),
    symbol(&["L", "l", "liter", "litre"], true, 1e-3, &[(Length, 3)]),
    // Mass. A dalton is read as a molar mass: 1 Da = 1 g/mol.
    symbol(&["g", "gram"], true, 1e-3, &[(Mass, 1)]),
    symbol(&["Da", "dalton"], true, 1e-3, &[(Mass, 1), (Amount, -1)]),
    // Force, pressure, energy.
    symbol(&["N", "newton"], true, 1.0, &[(Mass, 1), (Length, 1), (Time, -2)]),
    symbol(&["Pa", "pascal"], true, 1.0, PASCAL),
    symbol(&["bar"], true, 1e5, PASCAL),
    symbol(&["atm"], false, 101_325.0, PASCAL),
    symbol(&["mmHg"], false, 133.322_387_415, PASCAL),
    symbol(&["J", "joule"], true, 1.0, JOULE),
    symbol(&["cal"], true, 4.184, JOULE),
    symbol(&["W", "watt"], true, 1.0, &[(Mass, 1), (Length, 2), (Time, -3)]),
    // Electricity, temperature, light.
    symbol(&["A", "ampere"], true, 1.0, &[(Current, 1)]),
    symbol(&["coulomb"], false, 1.0, &[(Current, 1), (Time, 1)]),
    symbol(&["V", "volt"], true, 1.0, &[(Mass, 1), (Length, 2), (Time, -3), (Current, -1)]),
    symbol(&["S", "siemens"], true, 1.0, &[(Mass, -1), (Length, -2), (Time, 3), (Current, 2)]),
    symbol(&["ohm", "Ω"], true, 1.0, &[(Mass, 1), (Length, 2), (Time, -3), (Current, -2)]),
    symbol(&["F", "farad"], true, 1.0, &[(Mass, -1), (Length, -2), (Time, 4), (Current, 2)]),
    symbol(&["K", "kelvin"], true, 1.0, &[(Temperature, 1)]),
    symbol(&["cd", "candela"], true, 1.0, &[(Luminosity, 1)]),
];

/// `da` stands before `d` so that the longer prefix is tried first.
const PREFIXES: &[(&str, f64)] = &[
    ("Y", 1e24),
    ("Z", 1e21),
    ("E", 1e18),
    ("P", 1e15),
    ("T", 1e12),
    ("G", 1e9),
    ("M", 1e6),
    ("k", 1e3),
    ("h", 1e2),
    ("da", 1e1),
    ("d", 1e-1),
    ("c", 1e-2),
    ("m", 1e-3),
    ("u", 1e-6),
    ("µ", 1e-6),
    ("μ", 1e-6),
    ("n", 1e-9),
    ("p", 1e-12),
    ("f", 1e-15),
    ("a", 1e-18),
    ("z", 1e-21),
    ("y", 1e-24),
];

/// Factor and dimension of a symbol with or without prefix. A whole symbol wins over prefix and symbol: `min` is the
/// minute, `cd` the candela.
pub(crate) fn look_up(word: &str) -> Option<(f64, Dimension)> {
    let whole = SYMBOLS.iter().find(|symbol| symbol.spellings.contains(&word));
    if let Some(symbol) = whole {
        return Some((symbol.factor, dimension(symbol)));
    }
    PREFIXES.iter().find_map(|(prefix, scale)| {
        let rest = word.strip_prefix(prefix)?;
        let symbol = SYMBOLS.iter().find(|symbol| symbol.prefixes && symbol.spellings.contains(&rest))?;
        Some((scale * symbol.factor, dimension(symbol)))
    })
}

/// Every spelling, plain and with the usual prefixes, with its small letters. Made once: files may hold many misspelled
/// units.
static SPELLINGS: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let plain = SYMBOLS.iter().flat_map(|symbol| symbol.spellings).map(|spelling| (*spelling).to_string());
    let usual = ["k", "d", "c", "m", "u", "n", "p", "f"];
    let prefixed = SYMBOLS.iter().filter(|symbol| symbol.prefixes).flat_map(|symbol| {
        let first = symbol.spellings[0];
        usual.iter().map(move |prefix| format!("{prefix}{first}"))
    });
    plain.chain(prefixed).map(|spelling| (spelling.to_lowercase(), spelling)).collect()
});
/// No spelling is longer, so nothing is near to longer words.
const LONGEST_MISSPELLING: usize = 24;

/// The known symbols nearest to a misspelled one, best first, at most two.
pub(crate) fn nearest(word: &str) -> Vec<String> {
    if word.len() > LONGEST_MISSPELLING {
        return Vec::new();
    }
    let lower = word.to_lowercase();
    let mut scored: Vec<(f64, &str)> = SPELLINGS
        .iter()
        .map(|(candidate_lower, candidate)| {
            let same_letters = *candidate_lower == lower;
            (if same_letters { 1.0 } else { strsim::jaro_winkler(word, candidate) }, &**candidate)
        })
        .filter(|(score, _)| *score > 0.8)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    if scored.first().is_some_and(|(score, _)| *score == 1.0) {
        scored.truncate(1);
    }
    scored.into_iter().take(2).map(|(_, candidate)| candidate.to_string()).collect()
}

fn dimension(symbol: &Symbol) -> Dimension {
    symbol.dimension.iter().fold(Dimension::NONE, |product, (base, exponent)| {
        product.multiply(&Dimension::base(*base).power(f64::from(*exponent)))
    })
}
