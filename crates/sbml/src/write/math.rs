//! Expressions to MathML.

use super::Edition;
use super::truth::constant;
use super::units::Units;
use super::xml::{Xml, number};
use crate::mathml::element_of;
use network::{Expression, Function, Id};

const MATHML: &str = "http://www.w3.org/1998/Math/MathML";

/// Writes the `math` element of an expression; with arguments, of a function.
pub(super) fn write_math(
    xml: &mut Xml,
    units: &Units,
    edition: Edition,
    arguments: Option<&[Id]>,
    expression: &Expression,
) {
    let mut attributes = vec![("xmlns", MATHML.to_string())];
    let mut has_units = false;
    expression.walk(&mut |part| has_units |= matches!(part, Expression::Number(_, Some(_))));
    if has_units {
        attributes.push(("xmlns:sbml", edition.namespace().to_string()));
    }
    xml.open("math", &attributes);
    let mut writer = MathWriter { xml, units };
    match arguments {
        None => writer.expression(expression),
        Some(arguments) => writer.lambda(arguments, expression),
    }
    xml.close("math");
}

struct MathWriter<'w> {
    xml: &'w mut Xml,
    units: &'w Units,
}

impl MathWriter<'_> {
    fn lambda(&mut self, arguments: &[Id], body: &Expression) {
        self.xml.open("lambda", &[]);
        for id in arguments {
            self.xml.open("bvar", &[]);
            self.xml.text("ci", &[], id, None);
            self.xml.close("bvar");
        }
        self.expression(body);
        self.xml.close("lambda");
    }

    fn expression(&mut self, expression: &Expression) {
        if let Some(constant) = constant(expression) {
            return self.xml.empty(constant, &[]);
        }
        match expression {
            Expression::Number(value, unit) => {
                let unit = unit.as_ref().map(|unit| ("sbml:units", self.units.name(unit)));
                self.number(*value, unit);
            }
            Expression::Name(id) => self.xml.text("ci", &[], id, None),
            Expression::Time => self.symbol("time"),
            Expression::Avogadro => self.symbol("avogadro"),
            Expression::Call(function, arguments) => self.call(*function, arguments),
            Expression::Defined(id, arguments) => {
                self.xml.open("apply", &[]);
                self.xml.text("ci", &[], id, None);
                arguments.iter().for_each(|argument| self.expression(argument));
                self.xml.close("apply");
            }
            Expression::Piecewise(pieces, otherwise) => {
                self.xml.open("piecewise", &[]);
                for (value, condition) in pieces {
                    self.xml.open("piece", &[]);
                    self.expression(value);
                    self.expression(condition);
                    self.xml.close("piece");
                }
                if let Some(otherwise) = otherwise {
                    self.wrapped("otherwise", otherwise);
                }
                self.xml.close("piecewise");
            }
            Expression::Delay(value, duration) => {
                self.xml.open("apply", &[]);
                self.symbol("delay");
                self.expression(value);
                self.expression(duration);
                self.xml.close("apply");
            }
            Expression::Draw(distribution, arguments, _) => {
                self.xml.open("apply", &[]);
                self.symbol(&format!("distrib/{}", distribution.word()));
                arguments.iter().for_each(|argument| self.expression(argument));
                self.xml.close("apply");
            }
            Expression::RateOf(id) => {
                self.xml.open("apply", &[]);
                self.symbol("rateOf");
                self.xml.text("ci", &[], id, None);
                self.xml.close("apply");
            }
        }
    }

    fn number(&mut self, value: f64, unit: Option<(&'static str, String)>) {
        if value.is_nan() {
            return self.xml.empty("notanumber", &[]);
        }
        if value == f64::INFINITY {
            return self.xml.empty("infinity", &[]);
        }
        if value == f64::NEG_INFINITY {
            return self.call(Function::Subtract, &[Expression::number(f64::INFINITY)]);
        }
        let text = number(value);
        let mut attributes: Vec<(&str, String)> = unit.into_iter().collect();
        match text.split_once('e') {
            Some((mantissa, exponent)) => {
                attributes.insert(0, ("type", "e-notation".into()));
                self.xml.text("cn", &attributes, mantissa, Some(exponent));
            }
            None => {
                if value.fract() == 0.0 && value.abs() < f64::from(i32::MAX) {
                    attributes.insert(0, ("type", "integer".into()));
                }
                self.xml.text("cn", &attributes, &text, None);
            }
        }
    }

    fn call(&mut self, function: Function, arguments: &[Expression]) {
        self.xml.open("apply", &[]);
        self.xml.empty(element_of(function), &[]);
        match (function, arguments) {
            (Function::Root, [Expression::Number(2.0, None), argument])
            | (Function::Log, [Expression::Number(10.0, None), argument]) => self.expression(argument),
            (Function::Root, [degree, argument]) => {
                self.wrapped("degree", degree);
                self.expression(argument);
            }
            (Function::Log, [base, argument]) => {
                self.wrapped("logbase", base);
                self.expression(argument);
            }
            _ => arguments.iter().for_each(|argument| self.expression(argument)),
        }
        self.xml.close("apply");
    }

    fn wrapped(&mut self, element: &str, expression: &Expression) {
        self.xml.open(element, &[]);
        self.expression(expression);
        self.xml.close(element);
    }

    fn symbol(&mut self, name: &str) {
        let url = format!("http://www.sbml.org/sbml/symbols/{name}");
        let word = name.rsplit('/').next().unwrap_or(name);
        self.xml.text("csymbol", &[("encoding", "text".into()), ("definitionURL", url)], word, None);
    }
}
