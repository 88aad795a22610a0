//! Whole SBML files: what reads and checks is written, and what is written reads and checks.
#![no_main]

use network::UnitPolicy;
use sbml::Edition;
use source::SourceFile;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let file = |text: &str| SourceFile { path: "model.xml".into(), text: text.into() };
    let Ok((draft, _)) = sbml::read(&file(text)) else { return };
    let Ok((network, _)) = draft.clone().check(UnitPolicy::Warn) else { return };
    for model in [&draft, network.draft()] {
        for edition in [Edition::Level3Version1, Edition::Level3Version2] {
            let Ok(written) = sbml::write(model, edition) else { continue };
            match sbml::read(&file(&written)) {
                Ok((again, _)) => {
                    if let Err(findings) = again.check(UnitPolicy::Warn) {
                        panic!("what was written does not check: {findings}\n{written}");
                    }
                }
                Err(error) => panic!("what was written does not read: {error}\n{written}"),
            }
        }
    }
});
