//! The functions a node of the graph may compute, and their values.

use crate::functions;

/// Functions of one argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub(crate) enum Unary {
    Negate,
    Not,
    Abs,
    Sqrt,
    Floor,
    Ceiling,
    Truncate,
    Exp,
    Ln,
    Log10,
    Sin,
    Cos,
    Tan,
    Arcsin,
    Arccos,
    Arctan,
    Sinh,
    Cosh,
    Tanh,
    Arcsinh,
    Arccosh,
    Arctanh,
    Factorial,
    /// See [`functions::integer_crossing`].
    IntegerCrossing,
}

/// Functions of two arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub(crate) enum Binary {
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
    Remainder,
    Minimum,
    Maximum,
    Less,
    LessOrEqual,
    Equal,
    NotEqual,
    And,
    Or,
}

/// 1 for true, 0 for false.
pub(crate) fn truth(holds: bool) -> f64 {
    if holds { 1.0 } else { 0.0 }
}

impl Unary {
    /// The value of the function.
    #[inline(always)]
    pub(crate) fn apply(self, x: f64) -> f64 {
        match self {
            Self::Negate => -x,
            Self::Not => truth(x == 0.0),
            Self::Abs => x.abs(),
            Self::Sqrt => x.sqrt(),
            Self::Floor => x.floor(),
            Self::Ceiling => x.ceil(),
            Self::Truncate => x.trunc(),
            Self::Exp => functions::exp(x),
            Self::Ln => functions::ln(x),
            Self::Log10 => functions::log10(x),
            Self::Sin => functions::sin(x),
            Self::Cos => functions::cos(x),
            Self::Tan => functions::tan(x),
            Self::Arcsin => functions::arcsin(x),
            Self::Arccos => functions::arccos(x),
            Self::Arctan => functions::arctan(x),
            Self::Sinh => functions::sinh(x),
            Self::Cosh => functions::cosh(x),
            Self::Tanh => functions::tanh(x),
            Self::Arcsinh => functions::arcsinh(x),
            Self::Arccosh => functions::arccosh(x),
            Self::Arctanh => functions::arctanh(x),
            Self::Factorial => functions::factorial(x),
            Self::IntegerCrossing => functions::integer_crossing(x),
        }
    }
}

impl Binary {
    /// The value of the function.
    #[inline(always)]
    pub(crate) fn apply(self, a: f64, b: f64) -> f64 {
        match self {
            Self::Add => a + b,
            Self::Subtract => a - b,
            Self::Multiply => a * b,
            Self::Divide => a / b,
            Self::Power => functions::power(a, b),
            Self::Remainder => functions::remainder(a, b),
            Self::Minimum => functions::minimum(a, b),
            Self::Maximum => functions::maximum(a, b),
            Self::Less => truth(a < b),
            Self::LessOrEqual => truth(a <= b),
            Self::Equal => truth(a == b),
            Self::NotEqual => truth(a != b),
            Self::And => truth(a != 0.0 && b != 0.0),
            Self::Or => truth(a != 0.0 || b != 0.0),
        }
    }

    /// True if the arguments may change places without a change of the result.
    pub(crate) fn commutes(self) -> bool {
        matches!(self, Self::Add | Self::Multiply | Self::Equal | Self::NotEqual | Self::And | Self::Or)
    }

    /// True for comparisons of two numbers.
    pub(crate) fn is_relation(self) -> bool {
        matches!(self, Self::Less | Self::LessOrEqual | Self::Equal | Self::NotEqual)
    }
}
