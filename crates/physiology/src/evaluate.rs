//! The value of formulas before time starts: what a dose adds, what a parameter returns to.

use network::{Expression, Function, InitialValue, Network, Rule, SymbolIndex, SymbolKind};
use std::collections::BTreeMap;

/// The value of an expression at time 0, given the values of names. NaN when a name has none, and for what only means
/// something during a run (delays, rates of change).
fn evaluate(expression: &Expression, value_of: &mut dyn FnMut(&str) -> f64) -> f64 {
    match expression {
        Expression::Number(value, _) => *value,
        Expression::Name(id) => value_of(id),
        Expression::Time => 0.0,
        Expression::Avogadro => 6.022_140_76e23,
        Expression::Call(function, arguments) => {
            let values: Vec<f64> = arguments.iter().map(|argument| evaluate(argument, value_of)).collect();
            apply(*function, &values)
        }
        Expression::Piecewise(pieces, otherwise) => {
            for (value, condition) in pieces {
                if evaluate(condition, value_of) != 0.0 {
                    return evaluate(value, value_of);
                }
            }
            otherwise.as_ref().map_or(f64::NAN, |otherwise| evaluate(otherwise, value_of))
        }
        Expression::Defined(..) | Expression::Delay(..) | Expression::RateOf(_) | Expression::Draw(..) => f64::NAN,
    }
}

/// Functions that biology files use; NaN for the rarer ones of SBML.
fn apply(function: Function, values: &[f64]) -> f64 {
    let truth = |yes: bool| if yes { 1.0 } else { 0.0 };
    let ordered = |holds: fn(&f64, &f64) -> bool| truth(values.windows(2).all(|pair| holds(&pair[0], &pair[1])));
    match (function, values) {
        (Function::Add, _) => values.iter().sum(),
        (Function::Multiply, _) => values.iter().product(),
        (Function::Subtract, [a]) => -a,
        (Function::Subtract, [a, b]) => a - b,
        (Function::Divide, [a, b]) => a / b,
        (Function::Power, [a, b]) => a.powf(*b),
        (Function::Root, [degree, x]) if *degree == 2.0 => x.sqrt(),
        (Function::Root, [degree, x]) => x.powf(1.0 / degree),
        (Function::Exp, [x]) => x.exp(),
        (Function::Ln, [x]) => x.ln(),
        (Function::Log, [base, x]) if *base == 10.0 => x.log10(),
        (Function::Log, [base, x]) => x.ln() / base.ln(),
        (Function::Abs, [x]) => x.abs(),
        (Function::Floor, [x]) => x.floor(),
        (Function::Ceiling, [x]) => x.ceil(),
        (Function::Tanh, [x]) => x.tanh(),
        (Function::Sin, [x]) => x.sin(),
        (Function::Cos, [x]) => x.cos(),
        (Function::Minimum, _) => values.iter().copied().fold(f64::INFINITY, f64::min),
        (Function::Maximum, _) => values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        (Function::Less, _) => ordered(|a, b| a < b),
        (Function::LessOrEqual, _) => ordered(|a, b| a <= b),
        (Function::Greater, _) => ordered(|a, b| a > b),
        (Function::GreaterOrEqual, _) => ordered(|a, b| a >= b),
        (Function::Equal, _) => ordered(|a, b| a == b),
        (Function::NotEqual, [a, b]) => truth(a != b),
        (Function::And, _) => truth(values.iter().all(|x| *x != 0.0)),
        (Function::Or, _) => truth(values.iter().any(|x| *x != 0.0)),
        (Function::Not, [x]) => truth(*x == 0.0),
        _ => f64::NAN,
    }
}

/// The values of a network's symbols at time 0 under a condition, computed as they are asked for.
pub(crate) struct Start<'a> {
    network: &'a Network,
    known: BTreeMap<SymbolIndex, f64>,
}

impl<'a> Start<'a> {
    /// `set` replaces values and initial assignments.
    pub(crate) fn new(network: &'a Network, set: &BTreeMap<SymbolIndex, f64>) -> Self {
        Self { network, known: set.clone() }
    }

    /// The value of a symbol; its dependencies have no cycle, because the network was checked.
    pub(crate) fn value(&mut self, index: SymbolIndex) -> f64 {
        if let Some(value) = self.known.get(&index) {
            return *value;
        }
        let network = self.network;
        let rule = match network.rule_of(index) {
            Some(Rule::Assignment { value, .. }) => Some(value),
            _ => None,
        };
        let formula = rule.or_else(|| network.initial_assignment_of(index).map(|initial| &initial.value));
        let value = match (formula, network.symbol(index).kind) {
            (Some(formula), _) => self.evaluate(formula),
            (None, SymbolKind::Parameter(i)) => network.parameters()[i].value.unwrap_or(f64::NAN),
            (None, SymbolKind::Compartment(i)) => network.compartments()[i].size.unwrap_or(f64::NAN),
            (None, SymbolKind::Species(i)) => match network.species()[i].initial {
                // The assembler writes amounts for species whose name means the amount, else concentrations.
                InitialValue::Amount(value) | InitialValue::Concentration(value) => value,
                InitialValue::Unset => f64::NAN,
            },
            (None, SymbolKind::Reaction(i)) => {
                network.reactions()[i].rate.as_ref().map_or(f64::NAN, |rate| self.evaluate(rate))
            }
            (None, SymbolKind::Observable(i)) => self.evaluate(&network.observables()[i].value),
            (None, SymbolKind::Participant(..)) => f64::NAN,
        };
        self.known.insert(index, value);
        value
    }

    fn evaluate(&mut self, expression: &Expression) -> f64 {
        let network = self.network;
        evaluate(expression, &mut |id| network.index_of(id).map_or(f64::NAN, |index| self.value(index)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(formula: &str, expected: f64) {
        let expression = network::parse_formula(formula).expect("a formula");
        let value = evaluate(&expression, &mut |id| if id == "x" { 4.0 } else { f64::NAN });
        assert!((value - expected).abs() < 1e-12, "{formula} = {value}, expected {expected}");
    }

    #[test]
    fn formulas_mean_what_they_say() {
        check("2 * x^2 - 1", 31.0);
        check("ln(2) / (x / 24)", 24.0 * 2.0_f64.ln() / 4.0);
        check("piecewise(1, x < 3, 2, x < 5, 3)", 2.0);
        check("max(x, 7) + min(x, 7) - sqrt(x)", 9.0);
        check("-x^2 + time", -16.0);
    }

    #[test]
    fn an_unknown_name_gives_no_number() {
        let expression = network::parse_formula("y + 1").expect("a formula");
        assert!(evaluate(&expression, &mut |_| f64::NAN).is_nan());
    }
}
