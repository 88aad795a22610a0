//! Numbers under names, as comma-separated text.

use std::fmt::Write;

/// Numbers under named columns.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// Names of the columns.
    pub header: Vec<String>,
    /// Row-major: row x column.
    pub values: Vec<f64>,
}

impl Table {
    /// The rows, in order.
    pub fn rows(&self) -> impl Iterator<Item = &[f64]> {
        self.values.chunks_exact(self.header.len().max(1))
    }

    /// The header and one line per row; numbers read back to the same bits.
    pub fn csv(&self) -> String {
        let mut text = header_line(&self.header);
        for row in self.rows() {
            push_row(&mut text, row);
        }
        text
    }
}

pub(crate) fn header_line(header: &[String]) -> String {
    let fields: Vec<_> = header.iter().map(|id| report::csv_field(id).to_string()).collect();
    fields.join(",") + "\n"
}

/// Adds one line of numbers.
pub(crate) fn push_row(text: &mut String, row: &[f64]) {
    for (i, value) in row.iter().enumerate() {
        if i > 0 {
            text.push(',');
        }
        push_number(text, *value);
    }
    text.push('\n');
}

/// The shortest text that reads back to the same bits; with an exponent where it would be all zeros without.
fn push_number(text: &mut String, value: f64) {
    let size = value.abs();
    let plain = size == 0.0 || (1e-5..1e16).contains(&size) || !value.is_finite();
    // Writing to a string cannot fail.
    let _ = if plain { write!(text, "{value}") } else { write!(text, "{value:e}") };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_read_back_to_the_same_bits() {
        for (value, expected) in [
            (0.1, "0.1"),
            (-3.0, "-3"),
            (1e-7, "1e-7"),
            (6.02214076e23, "6.02214076e23"),
            (1.0 / 3.0, "0.3333333333333333"),
            (5e-324, "5e-324"),
            (f64::INFINITY, "inf"),
            (f64::NAN, "NaN"),
        ] {
            let mut text = String::new();
            push_number(&mut text, value);
            assert_eq!(text, expected);
            let back: f64 = text.parse().expect("a number");
            assert!(back.to_bits() == value.to_bits() || value.is_nan());
        }
    }

    #[test]
    fn a_table_has_a_header_and_a_line_per_row() {
        let table = Table { header: vec!["time".into(), "a,b".into()], values: vec![0.0, 1.0, 0.5, 2.0] };
        assert_eq!(table.csv(), "time,\"a,b\"\n0,1\n0.5,2\n");
    }
}
