//! The words for built-in functions, and how many arguments each takes.

use crate::Function::*;
use crate::{Distribution, Function};

/// A function, the words for it (the first is printed), and its smallest and largest number of arguments.
type Entry = (Function, &'static [&'static str], usize, usize);

const ANY: usize = Function::ANY_NUMBER;

/// Words follow the infix formulas of SBML Level 3. `log10(x)` and `sqrt(x)` are read and printed for `log(10, x)` and
/// `root(2, x)`.
const FUNCTIONS: &[Entry] = &[
    (Add, &["plus"], 0, ANY),
    (Subtract, &["minus"], 1, 2),
    (Multiply, &["times"], 0, ANY),
    (Divide, &["divide"], 2, 2),
    (Power, &["power", "pow"], 2, 2),
    (Root, &["root"], 2, 2),
    (Exp, &["exp"], 1, 1),
    (Ln, &["ln"], 1, 1),
    (Log, &["log"], 2, 2),
    (Abs, &["abs"], 1, 1),
    (Floor, &["floor"], 1, 1),
    (Ceiling, &["ceil", "ceiling"], 1, 1),
    (Factorial, &["factorial"], 1, 1),
    (Sin, &["sin"], 1, 1),
    (Cos, &["cos"], 1, 1),
    (Tan, &["tan"], 1, 1),
    (Sec, &["sec"], 1, 1),
    (Csc, &["csc"], 1, 1),
    (Cot, &["cot"], 1, 1),
    (Sinh, &["sinh"], 1, 1),
    (Cosh, &["cosh"], 1, 1),
    (Tanh, &["tanh"], 1, 1),
    (Sech, &["sech"], 1, 1),
    (Csch, &["csch"], 1, 1),
    (Coth, &["coth"], 1, 1),
    (Arcsin, &["arcsin", "asin"], 1, 1),
    (Arccos, &["arccos", "acos"], 1, 1),
    (Arctan, &["arctan", "atan"], 1, 1),
    (Arcsec, &["arcsec", "asec"], 1, 1),
    (Arccsc, &["arccsc", "acsc"], 1, 1),
    (Arccot, &["arccot", "acot"], 1, 1),
    (Arcsinh, &["arcsinh", "asinh"], 1, 1),
    (Arccosh, &["arccosh", "acosh"], 1, 1),
    (Arctanh, &["arctanh", "atanh"], 1, 1),
    (Arcsech, &["arcsech", "asech"], 1, 1),
    (Arccsch, &["arccsch", "acsch"], 1, 1),
    (Arccoth, &["arccoth", "acoth"], 1, 1),
    (Minimum, &["min"], 1, ANY),
    (Maximum, &["max"], 1, ANY),
    (Quotient, &["quotient"], 2, 2),
    (Remainder, &["rem"], 2, 2),
    (Less, &["lt"], 2, ANY),
    (LessOrEqual, &["leq"], 2, ANY),
    (Greater, &["gt"], 2, ANY),
    (GreaterOrEqual, &["geq"], 2, ANY),
    (Equal, &["eq"], 2, ANY),
    (NotEqual, &["neq"], 2, 2),
    (And, &["and"], 0, ANY),
    (Or, &["or"], 0, ANY),
    (ExclusiveOr, &["xor"], 0, ANY),
    (Not, &["not"], 1, 1),
    (Implies, &["implies"], 2, 2),
];

/// Words that formulas use for other things than built-in functions of plain arguments.
pub(crate) const OTHER_WORDS: &[&str] = &["log10", "sqrt", "piecewise", "delay", "rateOf"];

impl Function {
    /// As a largest number of arguments: there is no limit.
    pub const ANY_NUMBER: usize = usize::MAX;

    /// The function a word of a formula means: `exp`, `arcsin` or `asin`, `plus`.
    pub fn from_word(word: &str) -> Option<Self> {
        FUNCTIONS.iter().find(|entry| entry.1.contains(&word)).map(|entry| entry.0)
    }

    /// The word for this function.
    pub fn word(self) -> &'static str {
        self.entry().1[0]
    }

    /// Smallest and largest number of arguments.
    pub fn arity(self) -> (usize, usize) {
        let entry = self.entry();
        (entry.2, entry.3)
    }

    /// True for relations and logic, whose value is 1 for true and 0 for false.
    pub fn is_boolean(self) -> bool {
        self.is_relation() || matches!(self, And | Or | ExclusiveOr | Not | Implies)
    }

    /// True for comparisons of numbers.
    pub fn is_relation(self) -> bool {
        matches!(self, Less | LessOrEqual | Greater | GreaterOrEqual | Equal | NotEqual)
    }

    /// All words of functions, for suggestions.
    pub(crate) fn words() -> impl Iterator<Item = &'static str> {
        FUNCTIONS
            .iter()
            .flat_map(|entry| entry.1.iter().copied())
            .chain(OTHER_WORDS.iter().copied())
            .chain(Distribution::words())
    }

    fn entry(self) -> &'static Entry {
        &FUNCTIONS[self as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::FUNCTIONS;
    use crate::Function;

    #[test]
    fn the_table_holds_every_function_once_and_in_order() {
        for (i, entry) in FUNCTIONS.iter().enumerate() {
            assert_eq!(entry.0 as usize, i, "{}", entry.1[0]);
        }
        assert_eq!(FUNCTIONS.len(), Function::Implies as usize + 1);
    }

    #[test]
    fn no_word_means_two_functions() {
        let words: Vec<&str> = Function::words().collect();
        let unique: std::collections::BTreeSet<&str> = words.iter().copied().collect();
        assert_eq!(words.len(), unique.len());
    }
}
