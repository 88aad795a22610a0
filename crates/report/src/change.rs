//! How far a value is from the one it is compared with.

/// The scale on which a change is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeScale {
    /// Percent of the value compared with.
    Percent,
    /// The difference, in the unit of the quantity.
    Difference,
}

impl ChangeScale {
    /// Percent, unless the quantity is itself a percentage or the value compared with is zero.
    pub fn for_quantity(unit: &str, from: f64) -> Self {
        if unit == "%" || from == 0.0 { Self::Difference } else { Self::Percent }
    }

    /// The change from one value to another on this scale.
    pub fn change(self, from: f64, to: f64) -> f64 {
        match self {
            Self::Percent => 100.0 * (to - from) / from.abs(),
            Self::Difference => to - from,
        }
    }

    /// The unit of the change for a quantity with this unit.
    pub fn unit(self, unit: &str) -> &str {
        match self {
            Self::Percent => "%",
            Self::Difference if unit == "%" => "points",
            Self::Difference => unit,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenth_less_is_minus_ten_percent() {
        let scale = ChangeScale::for_quantity("g/cm^2", 1.0);
        assert_eq!(scale.change(1.0, 0.9).round(), -10.0);
        assert_eq!(scale.unit("g/cm^2"), "%");
    }

    #[test]
    fn a_negative_start_keeps_the_sign_of_the_change() {
        assert_eq!(ChangeScale::Percent.change(-2.0, -1.0), 50.0);
    }

    #[test]
    fn percentages_and_zero_starts_change_by_difference() {
        let scale = ChangeScale::for_quantity("%", 40.0);
        assert_eq!((scale.change(40.0, 30.0), scale.unit("%")), (-10.0, "points"));
        let scale = ChangeScale::for_quantity("mg/L", 0.0);
        assert_eq!((scale.change(0.0, 3.0), scale.unit("mg/L")), (3.0, "mg/L"));
    }
}
