//! Our own formulas: what is read is printed so that it reads back the same.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    let Ok(expression) = network::parse_formula(text) else { return };
    let printed = expression.to_string();
    match network::parse_formula(&printed) {
        // NaN is not itself.
        Ok(again) if format!("{again:?}") == format!("{expression:?}") => {}
        other => panic!("{text:?} prints as {printed:?}, which reads as {other:?}, not as {expression:?}"),
    }
});
