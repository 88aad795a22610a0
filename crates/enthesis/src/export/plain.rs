//! A model in the words that every reader of SBML knows.
//!
//! - Read-outs become parameters with an assignment rule.
//! - `min` and `max`, which came late, become cases: `max(a, b)` is `piecewise(a, a >= b, b)`.
//! - Cases in a rate become a parameter with an assignment rule, so that rates are formulas without a break.
//! - `p ^ (a formula)` with a parameter `p` becomes `exp((a formula) * ln(p))`: to find the unit of a power, libSBML 5.21
//!   computes its exponent, and never comes back where that depends on a state whose start is a formula. The powers that
//!   are written so are those of links, whose maximum is positive.
//! - Plain numbers say that they are dimensionless, which a reader could not know.

use network::{Draft, Expression, Function, Id, Parameter, Rule, Stoichiometry};
use source::Place;
use std::collections::BTreeSet;
use std::convert::Infallible;
use units::Unit;

pub(super) fn make_plain(draft: &mut Draft) {
    observables_to_parameters(draft);
    change_all(draft, &|it| with_units(&with_exponentials(&with_cases(it))));
    cases_out_of_rates(draft);
}

fn observables_to_parameters(draft: &mut Draft) {
    for it in std::mem::take(&mut draft.observables) {
        draft.parameters.push(Parameter {
            id: it.id.clone(),
            name: it.name,
            value: None,
            unit: it.unit,
            constant: false,
            place: it.place.clone(),
        });
        draft.rules.push(Rule::Assignment { target: it.id, value: it.value, place: it.place });
    }
}

/// Replaces every expression of a model.
fn change_all(draft: &mut Draft, change: &dyn Fn(&Expression) -> Expression) {
    let each = |it: &mut Expression| *it = change(it);
    draft.functions.iter_mut().for_each(|it| each(&mut it.body));
    draft.initial_assignments.iter_mut().for_each(|it| each(&mut it.value));
    draft.rules.iter_mut().for_each(|it| each(value_of(it)));
    for reaction in &mut draft.reactions {
        reaction.rate.iter_mut().for_each(each);
        for taking_part in reaction.reactants.iter_mut().chain(&mut reaction.products) {
            if let Stoichiometry::Expression(value) = &mut taking_part.stoichiometry {
                each(value);
            }
        }
    }
    draft.constraints.iter_mut().for_each(|it| each(&mut it.condition));
    for event in &mut draft.events {
        each(&mut event.trigger);
        event.delay.iter_mut().chain(&mut event.priority).for_each(each);
        event.assignments.iter_mut().for_each(|it| each(&mut it.value));
    }
}

fn value_of(rule: &mut Rule) -> &mut Expression {
    match rule {
        Rule::Assignment { value, .. } | Rule::Rate { value, .. } | Rule::Algebraic { value, .. } => value,
    }
}

/// The same expression with `change` applied to what is directly below it.
fn below(it: &Expression, change: &mut dyn FnMut(&Expression) -> Expression) -> Expression {
    let Ok(changed) = it.try_map::<Infallible>(&mut |part| Ok(change(part)));
    changed
}

/// Least and greatest values as cases.
fn with_cases(it: &Expression) -> Expression {
    let it = below(it, &mut with_cases);
    let (relation, arguments) = match &it {
        Expression::Call(Function::Maximum, arguments) => (Function::GreaterOrEqual, arguments),
        Expression::Call(Function::Minimum, arguments) => (Function::LessOrEqual, arguments),
        _ => return it,
    };
    let Some((last, others)) = arguments.split_last() else { return it };
    let pieces = others.iter().enumerate().map(|(i, one)| {
        let beats = |other: &Expression| Expression::Call(relation, vec![one.clone(), other.clone()]);
        let mut conditions: Vec<Expression> = arguments[i + 1..].iter().map(beats).collect();
        let condition = match conditions.len() {
            1 => conditions.remove(0),
            _ => Expression::Call(Function::And, conditions),
        };
        (one.clone(), condition)
    });
    match others {
        [] => last.clone(),
        _ => Expression::Piecewise(pieces.collect(), Some(Box::new(last.clone()))),
    }
}

/// Parameters to the power of a formula as exponentials.
fn with_exponentials(it: &Expression) -> Expression {
    let it = below(it, &mut with_exponentials);
    match &it {
        Expression::Call(Function::Power, arguments) => match arguments.as_slice() {
            [base @ Expression::Name(_), exponent @ Expression::Call(function, _)]
                if *function != Function::Subtract =>
            {
                let logarithm = Expression::Call(Function::Ln, vec![base.clone()]);
                let product = Expression::Call(Function::Multiply, vec![exponent.clone(), logarithm]);
                Expression::Call(Function::Exp, vec![product])
            }
            _ => it,
        },
        _ => it,
    }
}

/// Numbers without a unit as dimensionless numbers. The base of a logarithm and the degree of a root have none.
fn with_units(it: &Expression) -> Expression {
    match it {
        Expression::Number(value, None) => Expression::Number(*value, Some(Unit::dimensionless())),
        Expression::Call(function @ (Function::Log | Function::Root), arguments) => {
            let arguments =
                arguments.iter().enumerate().map(|(i, it)| if i == 0 { it.clone() } else { with_units(it) });
            Expression::Call(*function, arguments.collect())
        }
        _ => below(it, &mut with_units),
    }
}

/// Gives every case within a rate a parameter of its own.
fn cases_out_of_rates(draft: &mut Draft) {
    let mut taken: BTreeSet<Id> = draft.parameters.iter().map(|it| it.id.clone()).collect();
    taken.extend(draft.species.iter().map(|it| it.id.clone()));
    taken.extend(draft.compartments.iter().map(|it| it.id.clone()));
    taken.extend(draft.reactions.iter().map(|it| it.id.clone()));
    let mut cases = Vec::new();
    for rule in &mut draft.rules {
        if let Rule::Rate { target, value, place } = rule {
            *value = without_cases(value, target, place, &mut taken, &mut cases);
        }
    }
    for reaction in &mut draft.reactions {
        if let Some(rate) = &reaction.rate {
            reaction.rate = Some(without_cases(rate, &reaction.id, &reaction.place, &mut taken, &mut cases));
        }
    }
    for (id, value, place) in cases {
        draft.parameters.push(Parameter {
            id: id.clone(),
            name: String::new(),
            value: None,
            unit: None,
            constant: false,
            place: place.clone(),
        });
        draft.rules.push(Rule::Assignment { target: id, value, place });
    }
}

/// The rate with names in place of its cases, which are added to `cases`.
fn without_cases(
    it: &Expression,
    owner: &Id,
    place: &Place,
    taken: &mut BTreeSet<Id>,
    cases: &mut Vec<(Id, Expression, Place)>,
) -> Expression {
    if !matches!(it, Expression::Piecewise(..)) {
        return below(it, &mut |part| without_cases(part, owner, place, taken, cases));
    }
    let mut number = 1;
    let id = loop {
        let id = Id::from(format!("{owner}_case_{number}"));
        if taken.insert(id.clone()) {
            break id;
        }
        number += 1;
    };
    cases.push((id.clone(), it.clone(), place.clone()));
    Expression::Name(id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use network::parse_formula;

    #[track_caller]
    fn check(formula: &str, expected: &str) {
        assert_eq!(with_cases(&parse_formula(formula).expect("a formula")).to_string(), expected);
    }

    #[test]
    fn least_and_greatest_values_become_cases() {
        check("2 * max(x, 0)", "2 * piecewise(x, x >= 0, 0)");
        check("min(x, y, z)", "piecewise(x, x <= y and x <= z, y, y <= z, z)");
        check("max(x) + ln(y)", "x + ln(y)");
        check("max(min(x, 1), y)", "piecewise(piecewise(x, x <= 1, 1), piecewise(x, x <= 1, 1) >= y, y)");
    }

    #[test]
    fn a_parameter_to_the_power_of_a_formula_becomes_an_exponential() {
        let changed = |formula: &str| with_exponentials(&parse_formula(formula).expect("a formula")).to_string();
        assert_eq!(changed("1 + m ^ (s * x)"), "1 + exp((s * x) * ln(m))");
        let left = "x ^ n + x ^ 2 + x ^ (-n) + (x / y) ^ n";
        assert_eq!(changed(left), parse_formula(left).expect("a formula").to_string());
    }

    #[test]
    fn a_case_within_a_rate_gets_a_name() {
        let value = parse_formula("k * max(x, 0) - x * max(k, x)").expect("a formula");
        let rate = Rule::Rate { target: "x".into(), value, place: Place::nowhere() };
        let mut draft = Draft { rules: vec![rate], ..Draft::default() };
        make_plain(&mut draft);
        let told: Vec<String> =
            draft.rules.iter().map(|it| format!("{} {}", it.target().expect("it has one"), it.value())).collect();
        assert_eq!(
            told,
            [
                "x k * x_case_1 - x * x_case_2",
                "x_case_1 piecewise(x, x >= 0 [1], 0 [1])",
                "x_case_2 piecewise(k, k >= x, x)"
            ]
        );
        assert_eq!(draft.parameters.len(), 2);
    }
}
