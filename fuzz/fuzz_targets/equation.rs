//! Reaction equations.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    let _ = network::parse_equation(text);
});
