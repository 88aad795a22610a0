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
    /// A number drawn from a distribution with these parameters, and bounds after them where there are any; see
    /// [`Distribution::arguments`]. The last is the draw's number: what has the same is the same draw. A draft has 0
    /// everywhere, checking numbers them: an argument that a function uses twice is drawn once, a function called twice
    /// draws twice.
    Draw(Distribution, Vec<Expression>, u32),
}

/// What a number may be drawn from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Distribution {
    /// Mean and standard deviation.
    Normal,
    /// Least and greatest.
    Uniform,
    /// Probability of 1 instead of 0.
    Bernoulli,
    /// Number of trials, probability of success.
    Binomial,
    /// Location (0 if left out) and scale.
    Cauchy,
    /// Degrees of freedom.
    ChiSquare,
    /// Rate.
    Exponential,
    /// Shape and scale.
    Gamma,
    /// Location (0 if left out) and scale.
    Laplace,
    /// Mean and standard deviation of the logarithm.
    LogNormal,
    /// Rate, which is the mean.
    Poisson,
    /// Scale.
    Rayleigh,
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
        self.parts(&mut |part| part.walk(visit));
    }

    /// Calls `visit` for the expressions directly below this one, in the order of writing.
    pub fn parts<'a>(&'a self, visit: &mut dyn FnMut(&'a Expression)) {
        match self {
            Self::Number(..) | Self::Name(_) | Self::Time | Self::Avogadro | Self::RateOf(_) => {}
            Self::Call(_, arguments) | Self::Defined(_, arguments) | Self::Draw(_, arguments, _) => {
                arguments.iter().for_each(visit);
            }
            Self::Piecewise(pieces, otherwise) => {
                for (value, condition) in pieces {
                    visit(value);
                    visit(condition);
                }
                otherwise.iter().for_each(|otherwise| visit(otherwise));
            }
            Self::Delay(value, duration) => {
                visit(value);
                visit(duration);
            }
        }
    }

    /// The same expression with `change` applied to the expressions directly below it.
    ///
    /// # Errors
    /// The first error of `change`.
    pub fn try_map<E>(&self, change: &mut dyn FnMut(&Self) -> Result<Self, E>) -> Result<Self, E> {
        Ok(match self {
            Self::Number(..) | Self::Name(_) | Self::Time | Self::Avogadro | Self::RateOf(_) => self.clone(),
            Self::Call(function, arguments) => {
                Self::Call(*function, arguments.iter().map(change).collect::<Result<_, E>>()?)
            }
            Self::Defined(id, arguments) => {
                Self::Defined(id.clone(), arguments.iter().map(change).collect::<Result<_, E>>()?)
            }
            Self::Draw(distribution, arguments, number) => {
                Self::Draw(*distribution, arguments.iter().map(change).collect::<Result<_, E>>()?, *number)
            }
            Self::Piecewise(pieces, otherwise) => {
                let mut changed = Vec::with_capacity(pieces.len());
                for (value, condition) in pieces {
                    changed.push((change(value)?, change(condition)?));
                }
                let otherwise = otherwise.as_ref().map(|otherwise| change(otherwise).map(Box::new)).transpose()?;
                Self::Piecewise(changed, otherwise)
            }
            Self::Delay(value, duration) => Self::Delay(Box::new(change(value)?), Box::new(change(duration)?)),
        })
    }
}
