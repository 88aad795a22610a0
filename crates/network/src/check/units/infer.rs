//! The unit of an expression from the units of its names.

use super::difference;
use crate::check::UnitPolicy;
use crate::check::names::Names;
use crate::{Expression, Function};
use units::Unit;

/// What is known about the unit of an expression.
#[derive(Debug, Clone)]
pub(super) enum Inferred {
    /// Nothing; fits everywhere.
    Unknown,
    /// Zero, which fits every unit.
    Zero,
    /// This unit.
    Unit(Unit),
}

/// Parts of one expression whose units do not fit together.
pub(super) struct Misfit {
    pub(super) message: String,
    pub(super) reason: Option<String>,
}

pub(super) struct Inference<'a> {
    names: &'a Names,
    time: Option<&'a Unit>,
    policy: UnitPolicy,
    /// Found so far; an expression with a misfit is of unknown unit further up, so that each is told once.
    pub(super) misfits: Vec<Misfit>,
}

impl<'a> Inference<'a> {
    pub(super) fn new(names: &'a Names, time: Option<&'a Unit>, policy: UnitPolicy) -> Self {
        Self { names, time, policy, misfits: Vec::new() }
    }

    pub(super) fn infer(&mut self, expression: &Expression) -> Inferred {
        match expression {
            Expression::Number(0.0, None) => Inferred::Zero,
            Expression::Number(_, None) if self.policy == UnitPolicy::Warn => Inferred::Unknown,
            Expression::Number(_, None) | Expression::Avogadro => Inferred::Unit(Unit::dimensionless()),
            Expression::Number(_, Some(unit)) => Inferred::Unit(unit.clone()),
            Expression::Name(id) => self.of_name(id),
            Expression::Time => known(self.time.cloned()),
            Expression::RateOf(id) => match (self.of_name(id), self.time) {
                (Inferred::Unit(unit), Some(time)) => Inferred::Unit(unit.divide(time)),
                _ => Inferred::Unknown,
            },
            Expression::Delay(value, duration) => {
                let given = self.infer(duration);
                if let (Inferred::Unit(given), Some(time)) = (given, self.time) {
                    self.expect(&given, time, || "the duration of a delay".to_string());
                }
                self.infer(value)
            }
            Expression::Piecewise(pieces, otherwise) => {
                for (_, condition) in pieces {
                    self.infer(condition);
                }
                let values = pieces.iter().map(|(value, _)| value).chain(otherwise.as_deref());
                self.alike(values, "the pieces")
            }
            Expression::Call(function, arguments) => self.call(*function, arguments),
            Expression::Draw(_, arguments, _) => {
                for argument in arguments {
                    self.infer(argument);
                }
                Inferred::Unknown
            }
            // Calls that could not be put in place are reported as such.
            Expression::Defined(..) => Inferred::Unknown,
        }
    }

    fn of_name(&self, id: &str) -> Inferred {
        known(self.names.find(id).and_then(|symbol| self.names.symbols[symbol].unit.clone()))
    }

    fn call(&mut self, function: Function, arguments: &[Expression]) -> Inferred {
        use Function::*;
        match (function, arguments) {
            (Add | Subtract, _) => self.alike(arguments.iter(), "the terms"),
            (Minimum | Maximum | Remainder, _) => self.alike(arguments.iter(), "the arguments"),
            (Multiply, _) => self.product(arguments),
            (Divide | Quotient, [above, below]) => match (self.infer(above), self.infer(below)) {
                (Inferred::Zero, _) => Inferred::Zero,
                (Inferred::Unit(above), Inferred::Unit(below)) => Inferred::Unit(above.divide(&below)),
                _ => Inferred::Unknown,
            },
            (Power, [base, exponent]) => self.power(base, exponent, false),
            (Root, [degree, base]) => self.power(base, degree, true),
            (Abs | Floor | Ceiling, [x]) => self.infer(x),
            (Less | LessOrEqual | Greater | GreaterOrEqual | Equal | NotEqual, _) => {
                self.alike(arguments.iter(), "the two sides");
                Inferred::Unit(Unit::dimensionless())
            }
            (And | Or | ExclusiveOr | Not | Implies, _) => {
                for argument in arguments {
                    self.infer(argument);
                }
                Inferred::Unit(Unit::dimensionless())
            }
            // exp, ln, trigonometry and their kin are sums of powers of their argument.
            _ => {
                for argument in arguments {
                    if let Inferred::Unit(unit) = self.infer(argument) {
                        let what = || format!("the argument `{argument}` of {}", function.word());
                        self.expect(&unit, &Unit::dimensionless(), what);
                    }
                }
                Inferred::Unit(Unit::dimensionless())
            }
        }
    }

    fn product(&mut self, arguments: &[Expression]) -> Inferred {
        let mut product = Inferred::Unit(Unit::dimensionless());
        for argument in arguments {
            product = match (product, self.infer(argument)) {
                (Inferred::Zero, _) | (_, Inferred::Zero) => Inferred::Zero,
                (Inferred::Unit(a), Inferred::Unit(b)) => Inferred::Unit(a.multiply(&b)),
                _ => Inferred::Unknown,
            };
        }
        product
    }

    /// `base ^ exponent`, or for a root `base ^ (1 / exponent)`.
    fn power(&mut self, base: &Expression, exponent: &Expression, root: bool) -> Inferred {
        if let Inferred::Unit(unit) = self.infer(exponent) {
            self.expect(&unit, &Unit::dimensionless(), || format!("the exponent `{exponent}`"));
        }
        let unit = match self.infer(base) {
            Inferred::Unit(unit) => unit,
            other => return other,
        };
        if unit.same_as(&Unit::dimensionless()) {
            return Inferred::Unit(unit);
        }
        if let Some(value) = literal(exponent) {
            let power = unit.power(if root { 1.0 / value } else { value });
            return if power.factor().is_normal() { Inferred::Unit(power) } else { Inferred::Unknown };
        }
        let message = format!("`{base}` has unit {unit} and the exponent `{exponent}` is not a plain number");
        let reason = Some("is a division of the base by a reference value missing?".to_string());
        self.misfits.push(Misfit { message, reason });
        Inferred::Unknown
    }

    /// The common unit of expressions that must have the same.
    fn alike<'e>(&mut self, arguments: impl Iterator<Item = &'e Expression>, what: &str) -> Inferred {
        let mut common: Option<(Unit, &Expression)> = None;
        let mut all_zero = true;
        let mut misfit = false;
        for argument in arguments {
            let unit = match self.infer(argument) {
                Inferred::Zero => continue,
                Inferred::Unknown => {
                    all_zero = false;
                    continue;
                }
                Inferred::Unit(unit) => unit,
            };
            all_zero = false;
            match &common {
                None => common = Some((unit, argument)),
                Some((first, _)) if first.same_as(&unit) => {}
                Some((first, it)) => {
                    misfit = true;
                    let difference = difference(&unit, first);
                    let message =
                        format!("{what} `{it}` [{first}] and `{argument}` [{unit}] differ by {}", difference.text);
                    let number = [*it, argument].into_iter().any(|side| literal(side).is_some());
                    let reason = match number && self.policy == UnitPolicy::Strict {
                        true => Some("a number in a formula has no unit; give it a name with a unit".to_string()),
                        false => difference.reason,
                    };
                    self.misfits.push(Misfit { message, reason });
                }
            }
        }
        match common {
            _ if misfit => Inferred::Unknown,
            Some((unit, _)) => Inferred::Unit(unit),
            None if all_zero => Inferred::Zero,
            None => Inferred::Unknown,
        }
    }

    fn expect(&mut self, found: &Unit, expected: &Unit, what: impl Fn() -> String) {
        if !found.same_as(expected) {
            let difference = difference(found, expected);
            let message = format!("{} has unit {found}, expected {expected}, {}", what(), difference.text);
            self.misfits.push(Misfit { message, reason: difference.reason });
        }
    }
}

fn known(unit: Option<Unit>) -> Inferred {
    unit.map_or(Inferred::Unknown, Inferred::Unit)
}

/// The value of a number that is written out: `2`, `-1`, `1 / 2`.
fn literal(expression: &Expression) -> Option<f64> {
    match expression {
        Expression::Number(value, _) => Some(*value),
        Expression::Call(Function::Subtract, arguments) => match arguments.as_slice() {
            [x] => literal(x).map(|value| -value),
            _ => None,
        },
        Expression::Call(Function::Divide, arguments) => match arguments.as_slice() {
            [above, below] => Some(literal(above)? / literal(below)?),
            _ => None,
        },
        _ => None,
    }
}
