//! Mathematical expressions over the names of a model.

use crate::Id;
use units::Unit;

/// An expression as written: names are not resolved, functions of the model are not yet put in place.
///
/// A name means: for a species its concentration, or its amount if it has only substance units; for a compartment its
/// size; for a parameter its value; for a reaction its rate; for a participant's id its stoichiometry.
#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    /// A number; without a unit it is taken to be dimensionless in our own files, of unknown unit in SBML.
    Number(f64, Option<Unit>),
    /// The value of a named thing.
    Name(Id),
    /// Simulated time, in the model's unit of time.
    Time,
    /// Avogadro's number.
    Avogadro,
    /// A built-in function or operator of its arguments.
    Call(Function, Vec<Expression>),
    /// A function defined in the model.
    Defined(Id, Vec<Expression>),
    /// The value of the first piece whose condition holds, else the last expression (absent: undefined).
    Piecewise(Vec<(Expression, Expression)>, Option<Box<Expression>>),
    /// The value of an expression a duration ago.
    Delay(Box<Expression>, Box<Expression>),
    /// The rate of change of a named thing.
    RateOf(Id),
}

/// Operators and built-in functions. Relations and logic give 1 for true and 0 for false.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Function {
    /// Sum of any number of arguments.
    Add,
    /// Difference of two arguments, or the negative of one.
    Subtract,
    /// Product of any number of arguments.
    Multiply,
    Divide,
    Power,
    /// `root(degree, x)`.
    Root,
    Exp,
    /// Natural logarithm.
    Ln,
    /// `log(base, x)`.
    Log,
    Abs,
    Floor,
    Ceiling,
    Factorial,
    Sin,
    Cos,
    Tan,
    Sec,
    Csc,
    Cot,
    Sinh,
    Cosh,
    Tanh,
    Sech,
    Csch,
    Coth,
    Arcsin,
    Arccos,
    Arctan,
    Arcsec,
    Arccsc,
    Arccot,
    Arcsinh,
    Arccosh,
    Arctanh,
    Arcsech,
    Arccsch,
    Arccoth,
    Minimum,
    Maximum,
    /// Integer part of a quotient, rounded towards zero.
    Quotient,
    /// Remainder of that quotient.
    Remainder,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
    And,
    Or,
    ExclusiveOr,
    Not,
    Implies,
}

impl Expression {
    /// A dimensionless number.
    pub fn number(value: f64) -> Self {
        Self::Number(value, None)
    }

    /// The value of a named thing.
    pub fn name(id: &str) -> Self {
        Self::Name(Id::from(id))
    }

    /// Calls `visit` for this expression and all below it, outermost first.
    pub fn walk(&self, visit: &mut impl FnMut(&Expression)) {
        visit(self);
        match self {
            Self::Number(..) | Self::Name(_) | Self::Time | Self::Avogadro | Self::RateOf(_) => {}
            Self::Call(_, arguments) | Self::Defined(_, arguments) => {
                arguments.iter().for_each(|argument| argument.walk(visit));
            }
            Self::Piecewise(pieces, otherwise) => {
                for (value, condition) in pieces {
                    value.walk(visit);
                    condition.walk(visit);
                }
                if let Some(otherwise) = otherwise {
                    otherwise.walk(visit);
                }
            }
            Self::Delay(value, duration) => {
                value.walk(visit);
                duration.walk(visit);
            }
        }
    }
}
