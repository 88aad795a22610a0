//! Units and quantities: the text of a unit reads back as the same unit.
#![no_main]

use units::{Quantity, Unit};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let _ = Quantity::parse(text);
    if let Ok(unit) = Unit::parse(text) {
        assert_eq!(Unit::parse(&unit.to_string()).as_ref(), Ok(&unit), "{text:?}");
    }
});
