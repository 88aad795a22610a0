//! Numbers under names, as comma-separated text.

use std::fmt::Write;

/// Smaller numbers are written with an exponent; `zmij` has the same bounds.
const LEAST_PLAIN: f64 = 1e-5;

/// From here on numbers are written with an exponent.
const LEAST_WITH_EXPONENT: f64 = 1e16;

/// A number with more binary places is not halfway between two texts: with n places it is at least 2^-n, and less than
/// 10^(18-n), as texts have at most 17 digits.
const MOST_BINARY_PLACES: i64 = 25;

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
///
/// The bytes are those of [`push_number_slowly`]. An ensemble can spend more time on its text than on its equations.
fn push_number(text: &mut String, value: f64) {
    let mut buffer = zmij::Buffer::new();
    let number = buffer.format(value);
    if value.is_finite() && value.abs() >= LEAST_WITH_EXPONENT {
        // `1e+23`.
        text.extend(number.split('+'));
    } else if may_be_halfway(value, number) {
        push_number_slowly(text, value);
    } else {
        // `3.0`.
        text.push_str(number.strip_suffix(".0").unwrap_or(number));
    }
}

/// Whether two texts, equally short, may be equally near: Schubfach, the algorithm of `zmij`, then takes the even one, the
/// standard library the larger one, e.g. 2097152.0004882813 for 2097152.00048828125.
///
/// Written out in full, a value whose last binary place is 2^-n has n decimals, the last a 5. So it is halfway between
/// texts of n-1 decimals and of no others. Below [`LEAST_PLAIN`] their count is not read off the text: there so few binary
/// places are rare.
fn may_be_halfway(value: f64, number: &str) -> bool {
    let bits = value.to_bits();
    let exponent = i64::from((bits >> 52) as u32 & 0x7ff);
    let significand = (bits & ((1 << 52) - 1)) | (1 << 52);
    let binary_places = 1075 - exponent - i64::from(significand.trailing_zeros());
    if !(1..=MOST_BINARY_PLACES).contains(&binary_places) {
        return false;
    }
    let decimals = number.bytes().rev().position(|it| it == b'.').unwrap_or(0);
    value.abs() < LEAST_PLAIN || binary_places == decimals as i64 + 1
}

/// [`push_number`] by the standard library.
fn push_number_slowly(text: &mut String, value: f64) {
    let size = value.abs();
    let plain = size == 0.0 || (LEAST_PLAIN..LEAST_WITH_EXPONENT).contains(&size) || !value.is_finite();
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
            (2097152.0 + 2f64.powi(-11), "2097152.0004882813"),
            (2f64.powi(-25), "2.9802322387695313e-8"),
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

    /// Bits without order, by the steps of `SplitMix64`.
    fn scattered(i: u64) -> u64 {
        let bits = i.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    #[test]
    fn numbers_have_the_bytes_of_the_standard_library() {
        let special = [0.0, 1e-5, 1e16, f64::MAX, f64::MIN_POSITIVE, f64::INFINITY, f64::NAN];
        let edges = special.into_iter().flat_map(|it| [it, it.next_up(), it.next_down()]);
        // Two binary digits, at every exponent: some lie halfway between two texts.
        let few_bits =
            (0..2048u64).flat_map(|exponent| (0..52).map(move |bit| f64::from_bits((exponent << 52) | (1 << bit))));
        let any = (0..200_000).map(scattered).flat_map(|bits| {
            let part = (bits >> 11) as f64 / (1u64 << 53) as f64;
            let subnormal = f64::from_bits(bits >> 12);
            let whole = (bits >> (bits % 64)) as f64;
            let usual = part * 10f64.powi((bits % 30) as i32 - 10);
            [f64::from_bits(bits), subnormal, whole, whole / 1024.0, whole / 1000.0, usual]
        });
        let (mut text, mut expected) = (String::new(), String::new());
        for value in edges.chain(few_bits).chain(any).flat_map(|it| [it, -it]) {
            text.clear();
            push_number(&mut text, value);
            expected.clear();
            push_number_slowly(&mut expected, value);
            assert_eq!(text, expected, "bits {:x}", value.to_bits());
        }
    }

    #[test]
    fn a_table_has_a_header_and_a_line_per_row() {
        let table = Table { header: vec!["time".into(), "a,b".into()], values: vec![0.0, 1.0, 0.5, 2.0] };
        assert_eq!(table.csv(), "time,\"a,b\"\n0,1\n0.5,2\n");
    }
}
