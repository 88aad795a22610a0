//! Numbers as people read them: few figures, never more than are known.

/// A change, with its sign and two significant figures: `-3.1`, `+12`, `+130`, `0`.
///
/// Below 0.01 the change is told as `0`: no read-out of the model means that much.
pub fn signed(value: f64) -> String {
    if !value.is_finite() {
        return "not finite".into();
    }
    if value.abs() < 0.01 {
        return "0".into();
    }
    let text = significant(value, 2);
    if value > 0.0 { format!("+{text}") } else { text }
}

/// A value with three significant figures.
pub fn plain(value: f64) -> String {
    significant(value, 3)
}

/// A value with `figures` significant figures, in powers of ten when it is very large or small.
pub fn significant(value: f64, figures: usize) -> String {
    if !value.is_finite() {
        return "not finite".into();
    }
    if value == 0.0 {
        return "0".into();
    }
    // Formatting in powers of ten rounds first, so that 9.96 has the exponent of 10.
    let scientific = format!("{value:.*e}", figures - 1);
    let exponent: i32 = scientific.split('e').nth(1).and_then(|text| text.parse().ok()).unwrap_or(0);
    if !(-4..7).contains(&exponent) {
        return scientific;
    }
    let decimals = usize::try_from(figures as i32 - 1 - exponent).unwrap_or(0);
    if decimals > 0 {
        return format!("{value:.decimals$}");
    }
    let unit = 10f64.powi(exponent + 1 - figures as i32);
    format!("{:.0}", (value / unit).round() * unit)
}

/// A count that is usually whole, with one decimal if it is not.
pub fn trimmed(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").unwrap_or(&text).to_string()
}

/// A length of time in the unit a person would use, from days.
pub fn duration(days: f64) -> String {
    let (value, word) = if days >= 730.0 { (days / 365.25, "year") } else { (days, "day") };
    let text = trimmed(value);
    if text == "1" { format!("1 {word}") } else { format!("{text} {word}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: f64, expected_change: &str, expected_value: &str) {
        assert_eq!(signed(value), expected_change);
        assert_eq!(plain(value), expected_value);
    }

    #[test]
    fn changes_have_two_figures_and_values_three() {
        check(-3.1372, "-3.1", "-3.14");
        check(12.34, "+12", "12.3");
        check(128.0, "+130", "128");
        check(1284.0, "+1300", "1280");
        check(9.96, "+10", "9.96");
        check(0.0456, "+0.046", "0.0456");
        check(0.0, "0", "0");
    }

    #[test]
    fn nothing_is_read_into_rounding_errors() {
        assert_eq!(signed(3e-9), "0");
        assert_eq!(signed(-0.004), "0");
    }

    #[test]
    fn extreme_values_use_powers_of_ten() {
        assert_eq!(plain(1.5e9), "1.50e9");
        assert_eq!(plain(2.5e-7), "2.50e-7");
    }

    #[test]
    fn a_value_that_is_not_a_number_is_said_to_be_none() {
        assert_eq!(plain(f64::NAN), "not finite");
        assert_eq!(signed(f64::INFINITY), "not finite");
    }

    #[test]
    fn long_runs_are_told_in_years() {
        assert_eq!(duration(60.0), "60 days");
        assert_eq!(duration(1.0), "1 day");
        assert_eq!(duration(3652.5), "10 years");
    }
}
