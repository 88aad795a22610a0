//! Unit definitions: from SBML's base units with exponent, scale and multiplier to [`Unit`].

use crate::context::Context;
use crate::xml::Node;
use network::{Thing, UnitDefinition};
use source::Diagnostic;
use std::collections::BTreeMap;
use units::{BaseDimension, Dimension, Unit};

/// Avogadro's number as SBML fixes it, older than the exact one of the SI; in Level 3 also a unit.
pub(crate) const AVOGADRO: f64 = 6.022_141_79e23;

/// Far more than any unit has; the text of a unit grows with each.
const MAXIMUM_PARTS: usize = 100;

/// The units a file may name: those it defines, and those its level predefines.
#[derive(Debug, Default)]
pub(crate) struct UnitTable {
    defined: BTreeMap<String, Unit>,
    /// Definitions of the file, in its order.
    pub(crate) in_order: Vec<UnitDefinition>,
    has_predefined: bool,
}

impl UnitTable {
    /// The unit of a name, or `None` when the file does not define it.
    pub(crate) fn get(&self, name: &str) -> Option<Unit> {
        self.defined
            .get(name)
            .cloned()
            .or_else(|| if self.has_predefined { predefined(name) } else { None })
            .or_else(|| base_unit(name, 0))
    }
}

/// Reads `listOfUnitDefinitions`.
pub(crate) fn read(context: &mut Context<'_>, model: Node) -> UnitTable {
    let mut table = UnitTable { has_predefined: context.level.has_defaults(), ..UnitTable::default() };
    for definition in context.items(model, "listOfUnitDefinitions", &["unitDefinition"]) {
        let Some(id) = context.identifier(definition) else { continue };
        if let Some(unit) = read_definition(context, definition) {
            context.remark(definition, Thing::Unit(id.clone()), &["name"]);
            table.in_order.push(UnitDefinition { id: id.clone(), unit: unit.clone() });
            table.defined.insert(id.to_string(), unit);
        }
    }
    table
}

fn read_definition(context: &mut Context<'_>, definition: Node) -> Option<Unit> {
    let parts = context.items(definition, "listOfUnits", &["unit"]);
    if parts.len() > MAXIMUM_PARTS {
        context.error(definition, format!("a unit made of more than {MAXIMUM_PARTS} units"));
        return None;
    }
    let mut product = Unit::dimensionless();
    for part in parts {
        product = read_part(context, part)?.in_product(product);
    }
    if !(product.factor().is_finite() && product.factor() > 0.0) {
        context.error(definition, "the unit is too large or too small for a number");
        return None;
    }
    Some(product)
}

/// One `unit` element: `(multiplier * 10^scale * kind)^exponent`.
struct Part {
    unit: Unit,
    exponent: f64,
}

impl Part {
    /// `mol` and then `L^-1` reads `mol/L`.
    fn in_product(self, product: Unit) -> Unit {
        let power = |exponent: f64| if exponent == 1.0 { self.unit.clone() } else { self.unit.power(exponent) };
        if self.exponent < 0.0 {
            product.divide(&power(-self.exponent))
        } else {
            product.multiply(&power(self.exponent))
        }
    }
}

fn read_part(context: &mut Context<'_>, part: Node) -> Option<Part> {
    let kind = context.required(part, "kind")?.to_string();
    context.wants(part, &[("exponent", "1"), ("scale", "0"), ("multiplier", "1")]);
    let exponent = context.number(part, "exponent").unwrap_or(1.0);
    let scale = context.integer(part, "scale").unwrap_or(0);
    let multiplier = context.number(part, "multiplier").unwrap_or(1.0);
    let offset = context.number(part, "offset").unwrap_or(0.0);
    let place = context.document.place(part);
    if kind == "Celsius" || kind == "celsius" || offset != 0.0 {
        context.findings.push(
            Diagnostic::warning(place, "a unit with an offset, such as degrees Celsius, is left out")
                .hint("use kelvin"),
        );
        return None;
    }
    let Some(base) = base_unit(&kind, scale) else {
        context.findings.push(
            Diagnostic::error(place, format!("`{kind}` is not a base unit of SBML"))
                .hint("base units are the SI units by their full names, for example `mole`, `litre`, `second`"),
        );
        return None;
    };
    let factor = multiplier * base.factor();
    if !(factor.is_finite() && factor > 0.0 && exponent.is_finite()) {
        context.findings.push(Diagnostic::error(place, "a unit needs a positive, finite multiplier and exponent"));
        return None;
    }
    Some(Part { unit: Unit::new(factor, *base.dimension(), &with_multiplier(multiplier, base)), exponent })
}

/// Text of a unit such as 3600 s.
fn with_multiplier(multiplier: f64, base: Unit) -> String {
    match (multiplier, base.to_string().as_str()) {
        (1.0, text) => text.to_string(),
        (60.0, "s") => "min".to_string(),
        (3600.0, "s") => "h".to_string(),
        (86_400.0, "s") => "day".to_string(),
        (604_800.0, "s") => "week".to_string(),
        (number, "1") => number.to_string(),
        (number, text) => format!("({number}*{text})"),
    }
}

/// What Level 2 calls by a plain word, unless the file redefines it.
fn predefined(name: &str) -> Option<Unit> {
    match name {
        "substance" => base_unit("mole", 0),
        "volume" => base_unit("litre", 0),
        "area" => Some(base_unit("metre", 0)?.power(2.0)),
        "length" => base_unit("metre", 0),
        "time" => base_unit("second", 0),
        _ => None,
    }
}

/// A base unit of SBML times a power of ten.
pub(crate) fn base_unit(kind: &str, scale: i32) -> Option<Unit> {
    use BaseDimension::{Amount, Current, Item, Length, Luminosity, Mass, Temperature, Time};
    // SI factor, exponents, symbol. The gram is not SI's own base, nor the liter.
    let (factor, dimension, symbol): (f64, &[(BaseDimension, f64)], &str) = match kind {
        "ampere" => (1.0, &[(Current, 1.0)], "A"),
        "avogadro" => (AVOGADRO, &[], "avogadro"),
        "becquerel" => (1.0, &[(Time, -1.0)], "Bq"),
        "candela" => (1.0, &[(Luminosity, 1.0)], "cd"),
        "coulomb" => (1.0, &[(Current, 1.0), (Time, 1.0)], "C"),
        "dimensionless" => (1.0, &[], "1"),
        "farad" => (1.0, &[(Mass, -1.0), (Length, -2.0), (Time, 4.0), (Current, 2.0)], "F"),
        "gram" => (1e-3, &[(Mass, 1.0)], "g"),
        "gray" => (1.0, &[(Length, 2.0), (Time, -2.0)], "Gy"),
        "henry" => (1.0, &[(Mass, 1.0), (Length, 2.0), (Time, -2.0), (Current, -2.0)], "H"),
        "hertz" => (1.0, &[(Time, -1.0)], "Hz"),
        "item" => (1.0, &[(Item, 1.0)], "item"),
        "joule" => (1.0, &[(Mass, 1.0), (Length, 2.0), (Time, -2.0)], "J"),
        "katal" => (1.0, &[(Amount, 1.0), (Time, -1.0)], "kat"),
        "kelvin" => (1.0, &[(Temperature, 1.0)], "K"),
        "kilogram" => (1.0, &[(Mass, 1.0)], "kg"),
        "liter" | "litre" => (1e-3, &[(Length, 3.0)], "L"),
        "lumen" => (1.0, &[(Luminosity, 1.0)], "lm"),
        "lux" => (1.0, &[(Luminosity, 1.0), (Length, -2.0)], "lx"),
        "meter" | "metre" => (1.0, &[(Length, 1.0)], "m"),
        "mole" => (1.0, &[(Amount, 1.0)], "mol"),
        "newton" => (1.0, &[(Mass, 1.0), (Length, 1.0), (Time, -2.0)], "N"),
        "ohm" => (1.0, &[(Mass, 1.0), (Length, 2.0), (Time, -3.0), (Current, -2.0)], "ohm"),
        "pascal" => (1.0, &[(Mass, 1.0), (Length, -1.0), (Time, -2.0)], "Pa"),
        "radian" => (1.0, &[], "rad"),
        "second" => (1.0, &[(Time, 1.0)], "s"),
        "siemens" => (1.0, &[(Mass, -1.0), (Length, -2.0), (Time, 3.0), (Current, 2.0)], "S"),
        "sievert" => (1.0, &[(Length, 2.0), (Time, -2.0)], "Sv"),
        "steradian" => (1.0, &[], "sr"),
        "tesla" => (1.0, &[(Mass, 1.0), (Time, -2.0), (Current, -1.0)], "T"),
        "volt" => (1.0, &[(Mass, 1.0), (Length, 2.0), (Time, -3.0), (Current, -1.0)], "V"),
        "watt" => (1.0, &[(Mass, 1.0), (Length, 2.0), (Time, -3.0)], "W"),
        "weber" => (1.0, &[(Mass, 1.0), (Length, 2.0), (Time, -2.0), (Current, -1.0)], "Wb"),
        _ => return None,
    };
    let dimension = dimension
        .iter()
        .fold(Dimension::NONE, |product, &(base, exponent)| product.multiply(&Dimension::base(base).power(exponent)));
    Some(Unit::new(factor * 10_f64.powi(scale), dimension, &scaled(symbol, scale)))
}

/// `mmol` for a mole scaled by -3.
fn scaled(symbol: &str, scale: i32) -> String {
    let prefix = match scale {
        0 => return symbol.to_string(),
        _ if matches!(symbol, "1" | "item" | "avogadro" | "kg") => None,
        -15 => Some("f"),
        -12 => Some("p"),
        -9 => Some("n"),
        -6 => Some("u"),
        -3 => Some("m"),
        3 => Some("k"),
        6 => Some("M"),
        _ => None,
    };
    match prefix {
        Some(prefix) => format!("{prefix}{symbol}"),
        None if symbol == "1" => format!("1e{scale}"),
        None => format!("(1e{scale}*{symbol})"),
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::read_l2;
    use units::Unit;

    /// A unit definition, the text it gets and the unit it must equal.
    fn check(parts: &str, text: &str, expected: Unit) {
        let draft = read_l2(&format!(
            r#"<listOfUnitDefinitions><unitDefinition id="u"><listOfUnits>{parts}</listOfUnits></unitDefinition>
               </listOfUnitDefinitions>
               <listOfParameters><parameter id="p" value="1" units="u"/></listOfParameters>"#
        ));
        let unit = draft.parameters[0].unit.clone().expect("the parameter has a unit");
        assert_eq!(unit.to_string(), text);
        assert_eq!(unit, expected);
    }

    fn unit(text: &str) -> Unit {
        Unit::parse(text).expect("a unit")
    }

    #[test]
    fn scale_gives_a_prefix() {
        check(r#"<unit kind="mole" scale="-9"/>"#, "nmol", unit("nmol"));
        check(r#"<unit kind="dimensionless" scale="-2"/>"#, "1e-2", unit("%"));
    }

    #[test]
    fn parts_multiply() {
        check(
            r#"<unit kind="mole" scale="-3"/><unit kind="litre" exponent="-1"/>
               <unit kind="second" multiplier="86400" exponent="-1"/>"#,
            "mmol/L/day",
            unit("mmol/L/day"),
        );
        check(r#"<unit kind="metre" scale="-3" exponent="2"/>"#, "mm^2", unit("mm^2"));
        check(r#"<unit kind="second" multiplier="3600" exponent="-1"/>"#, "1/h", unit("1/h"));
    }

    #[test]
    fn multiplier_and_scale_are_raised_to_the_exponent() {
        // (2 * 10^-1 m)^3 = 0.008 m^3 = 8 L
        let unit_in_liters = read_l2(
            r#"<listOfUnitDefinitions><unitDefinition id="u"><listOfUnits>
                 <unit kind="metre" multiplier="2" scale="-1" exponent="3"/>
               </listOfUnits></unitDefinition></listOfUnitDefinitions>
               <listOfParameters><parameter id="p" value="1" units="u"/></listOfParameters>"#,
        )
        .parameters[0]
            .unit
            .as_ref()
            .and_then(|u| u.factor_to(&unit("L")))
            .expect("a volume");
        assert!((unit_in_liters - 8.0).abs() < 1e-12, "{unit_in_liters}");
    }

    #[test]
    fn level_2_predefines_units_and_lets_a_file_redefine_them() {
        let draft = read_l2("");
        assert_eq!(draft.units.substance, Some(unit("mol")));
        assert_eq!(draft.units.volume, Some(unit("L")));
        assert_eq!(draft.units.time, Some(unit("s")));
        let draft = read_l2(
            r#"<listOfUnitDefinitions><unitDefinition id="time"><listOfUnits>
                 <unit kind="second" multiplier="3600"/></listOfUnits></unitDefinition></listOfUnitDefinitions>"#,
        );
        assert_eq!(draft.units.time, Some(unit("h")));
    }
}
