//! A person's own scenario, beside the biology of the program; what reads is assembled.
#![no_main]

mod biology;

use biology::BIOLOGY;
use physiology::Question;
use source::SourceFile;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let file = SourceFile { path: "mine.toml".into(), text: text.into() };
    if let Ok((scenario, _)) = physiology::read_scenario(&file, &BIOLOGY) {
        let _ = physiology::assemble(&BIOLOGY, &Question::of(scenario));
    }
});
