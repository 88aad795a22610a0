//! Values and ranges of records as text.

use physiology::{Organism, PerOrganism, Value};

/// A value in one organism: a number in the record's unit, or a formula.
pub(crate) fn one_value(value: &Value) -> String {
    match value {
        Value::Number(number) => number_text(*number),
        Value::Formula(formula) => formula.text.clone(),
    }
}

/// A value in all organisms: once when it is the same, else per organism.
pub(crate) fn value_text(values: &PerOrganism<Value>) -> String {
    per_organism(values, one_value)
}

/// A range in all organisms: once when it is the same, else per organism; empty when there is none.
pub(crate) fn range_text(ranges: &PerOrganism<(f64, f64)>) -> String {
    per_organism(ranges, one_range)
}

/// `low to high`.
pub(crate) fn one_range((low, high): &(f64, f64)) -> String {
    format!("{} to {}", number_text(*low), number_text(*high))
}

/// A number of a file as a person wrote it, or in powers of ten when that is shorter.
pub(crate) fn number_text(number: f64) -> String {
    let (plain, scientific) = (number.to_string(), format!("{number:e}"));
    if plain.len() > scientific.len() + 2 { scientific } else { plain }
}

/// A number to six digits.
pub(crate) fn short(value: f64) -> String {
    number_text(format!("{value:.5e}").parse().unwrap_or(value))
}

pub(crate) fn per_organism<T>(values: &PerOrganism<T>, text: impl Fn(&T) -> String) -> String {
    let texts: Vec<(Organism, String)> = values.iter().map(|(organism, value)| (organism, text(value))).collect();
    match texts.as_slice() {
        [] => String::new(),
        [(_, first), rest @ ..] if texts.len() == Organism::ALL.len() && rest.iter().all(|(_, it)| it == first) => {
            first.clone()
        }
        _ => texts.iter().map(|(organism, it)| format!("{organism} {it}")).collect::<Vec<_>>().join("; "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_the_same_everywhere_is_said_once() {
        assert_eq!(value_text(&PerOrganism::same(Value::Number(40.0))), "40");
        let differing = PerOrganism { human: Some((20.0, 90.0)), mouse: Some((0.5, 2.0)) };
        assert_eq!(range_text(&differing), "human 20 to 90; mouse 0.5 to 2");
        let human_only = PerOrganism { human: Some((20.0, 90.0)), mouse: None };
        assert_eq!(range_text(&human_only), "human 20 to 90");
        assert_eq!(range_text(&PerOrganism::none()), "");
    }

    #[test]
    fn tiny_and_huge_numbers_are_told_in_powers_of_ten() {
        assert_eq!(number_text(0.00000032), "3.2e-7");
        assert_eq!(number_text(693.0), "693");
    }
}
