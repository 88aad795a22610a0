//! Units to unit definitions.

use super::expressions::expressions;
use super::xml::number;
use crate::unit_definitions::base_unit;
use network::{Draft, Expression};
use std::collections::{BTreeMap, BTreeSet};
use units::{BaseDimension, Unit};

/// Base units that a part of a unit is looked for among, common ones first.
const KINDS: &[&str] = &[
    "dimensionless",
    "mole",
    "litre",
    "second",
    "metre",
    "gram",
    "item",
    "kelvin",
    "ampere",
    "candela",
    "hertz",
    "newton",
    "pascal",
    "joule",
    "watt",
    "volt",
    "siemens",
    "ohm",
    "farad",
    "coulomb",
    "katal",
];
/// Base units of the SI, in the order of [`BaseDimension::ALL`].
const SI: [&str; 8] = ["metre", "kilogram", "second", "ampere", "kelvin", "mole", "candela", "item"];

/// The units of a model with the names they have in the file.
pub(super) struct Units {
    named: Vec<Named>,
    /// Positions in `named` of the units of one text; units of equal size may be written in several ways.
    by_text: BTreeMap<String, Vec<usize>>,
    ids: BTreeSet<String>,
}

struct Named {
    unit: Unit,
    id: String,
    /// Empty for base units, which need no definition.
    parts: Vec<Part>,
}

/// `(multiplier * 10^scale * kind)^exponent`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Part {
    kind: &'static str,
    exponent: f64,
    scale: i32,
    multiplier: f64,
}

impl Part {
    /// Of the element `unit`.
    pub(super) fn attributes(&self) -> [(&'static str, String); 4] {
        [
            ("kind", self.kind.to_string()),
            ("exponent", number(self.exponent)),
            ("scale", self.scale.to_string()),
            ("multiplier", number(self.multiplier)),
        ]
    }
}

impl Units {
    /// All units that the model defines or mentions.
    pub(super) fn of(draft: &Draft) -> Self {
        let mut units = Self { named: Vec::new(), by_text: BTreeMap::new(), ids: BTreeSet::new() };
        draft.unit_definitions.iter().for_each(|it| units.define(&it.id, &it.unit));
        let model = &draft.units;
        let of_model = [&model.substance, &model.time, &model.volume, &model.area, &model.length, &model.extent];
        of_model.into_iter().flatten().for_each(|unit| units.add(unit));
        draft.compartments.iter().filter_map(|it| it.unit.as_ref()).for_each(|unit| units.add(unit));
        draft.species.iter().filter_map(|it| it.substance_unit.as_ref()).for_each(|unit| units.add(unit));
        draft.parameters.iter().filter_map(|it| it.unit.as_ref()).for_each(|unit| units.add(unit));
        draft.observables.iter().filter_map(|it| it.unit.as_ref()).for_each(|unit| units.add(unit));
        for expression in expressions(draft) {
            expression.walk(&mut |part| {
                if let Expression::Number(_, Some(unit)) = part {
                    units.add(unit);
                }
            });
        }
        units
    }

    /// The name of a unit of the model.
    pub(super) fn name(&self, unit: &Unit) -> String {
        self.find(unit).map_or("dimensionless", |named| &named.id).to_string()
    }

    /// Names and parts of all units that need a definition.
    pub(super) fn definitions(&self) -> Vec<(String, Vec<Part>)> {
        let defined = self.named.iter().filter(|named| !named.parts.is_empty());
        defined.map(|named| (named.id.clone(), named.parts.clone())).collect()
    }

    fn find(&self, unit: &Unit) -> Option<&Named> {
        let same_text = self.by_text.get(&unit.to_string())?;
        same_text.iter().map(|&position| &self.named[position]).find(|named| named.unit == *unit)
    }

    fn add(&mut self, unit: &Unit) {
        if self.find(unit).is_some() {
            return;
        }
        let base = KINDS.iter().find(|kind| base_unit(kind, 0).is_some_and(|base| base == *unit));
        let (id, parts) = match base {
            Some(kind) => (kind.to_string(), Vec::new()),
            None => (self.fresh_id(&identifier(&unit.to_string())), parts(unit)),
        };
        self.push(unit, id, parts);
    }

    /// A unit that has a name already, which it keeps where it can.
    fn define(&mut self, id: &str, unit: &Unit) {
        let id = self.fresh_id(id);
        let mut parts = parts(unit);
        if parts.is_empty() {
            parts.push(Part { kind: "dimensionless", exponent: 1.0, scale: 0, multiplier: 1.0 });
        }
        self.push(unit, id, parts);
    }

    fn push(&mut self, unit: &Unit, id: String, parts: Vec<Part>) {
        self.by_text.entry(unit.to_string()).or_default().push(self.named.len());
        self.named.push(Named { unit: unit.clone(), id, parts });
    }

    /// The wish, if need be with `_2`, `_3`, ... after it.
    fn fresh_id(&mut self, wish: &str) -> String {
        let mut id = wish.to_string();
        let mut count = 1;
        while base_unit(&id, 0).is_some() || !self.ids.insert(id.clone()) {
            count += 1;
            id = format!("{wish}_{count}");
        }
        id
    }
}

/// `nmol/L/day` becomes `nmol_per_L_per_day`.
fn identifier(text: &str) -> String {
    let mut id = String::new();
    for c in text.chars() {
        match c {
            '/' => id.push_str("_per_"),
            'µ' | 'μ' => id.push('u'),
            '-' => id.push_str("minus_"),
            c if c.is_ascii_alphanumeric() => id.push(c),
            _ if id.ends_with('_') || id.is_empty() => {}
            _ => id.push('_'),
        }
    }
    let id = id.trim_end_matches('_');
    if id.starts_with(|c: char| c.is_ascii_alphabetic()) { id.to_string() } else { format!("unit_{id}") }
}

/// The parts a person would write, read off the unit's text; else its factor and the base units of the SI.
fn parts(unit: &Unit) -> Vec<Part> {
    let written = as_written(&unit.to_string());
    if let Some(parts) = written.filter(|parts| product(parts).is_some_and(|product| product == *unit)) {
        return parts;
    }
    let mut parts = vec![Part { kind: "dimensionless", exponent: 1.0, scale: 0, multiplier: unit.factor() }];
    for (base, kind) in BaseDimension::ALL.into_iter().zip(SI) {
        let exponent = unit.dimension().exponent(base);
        if exponent.abs() > 1e-9 {
            parts.push(Part { kind, exponent, scale: 0, multiplier: 1.0 });
        }
    }
    parts
}

/// The parts of a text such as `nmol/L/day` or `mm^2`; nothing when it has parentheses or words that are no unit.
fn as_written(text: &str) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    for (i, divisor) in text.split('/').enumerate() {
        for (j, factor) in divisor.split('*').enumerate() {
            let (symbol, exponent) = match factor.split_once('^') {
                Some((symbol, exponent)) => (symbol, exponent.parse().ok()?),
                None => (factor, 1.0),
            };
            // `a/b*c` is `a/b` times `c`.
            let exponent: f64 = if i > 0 && j == 0 { -exponent } else { exponent };
            if symbol != "1" {
                parts.push(part(&Unit::parse(symbol).ok()?, exponent)?);
            }
        }
    }
    Some(parts)
}

fn part(unit: &Unit, exponent: f64) -> Option<Part> {
    let (kind, multiplier) = KINDS.iter().find_map(|kind| Some((*kind, unit.factor_to(&base_unit(kind, 0)?)?)))?;
    let power = multiplier.log10().round();
    let is_power_of_ten = (multiplier / 10_f64.powf(power) - 1.0).abs() < 1e-12;
    Some(match is_power_of_ten {
        #[allow(clippy::cast_possible_truncation, reason = "logarithms of finite numbers are below 400")]
        true => Part { kind, exponent, scale: power as i32, multiplier: 1.0 },
        false => Part { kind, exponent, scale: 0, multiplier },
    })
}

fn product(parts: &[Part]) -> Option<Unit> {
    let mut product = Unit::dimensionless();
    for part in parts {
        let base = base_unit(part.kind, part.scale)?;
        let unit = Unit::new(part.multiplier * base.factor(), *base.dimension(), "part");
        product = product.multiply(&unit.power(part.exponent));
    }
    Some(product)
}
