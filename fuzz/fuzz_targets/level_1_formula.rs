//! The infix formulas of SBML Level 1, as the kinetic law of a reaction.
#![no_main]

use network::UnitPolicy;
use source::SourceFile;

libfuzzer_sys::fuzz_target!(|formula: &str| {
    let escaped: String = formula
        .chars()
        .map(|c| match c {
            '<' => "&lt;".to_string(),
            '&' => "&amp;".to_string(),
            '"' => "&quot;".to_string(),
            other => other.to_string(),
        })
        .collect();
    let text = format!(
        r#"<sbml xmlns="http://www.sbml.org/sbml/level1" level="1" version="2"><model name="m">
        <listOfCompartments><compartment name="c" volume="1"/></listOfCompartments>
        <listOfSpecies><species name="s" compartment="c" initialAmount="1"/></listOfSpecies>
        <listOfParameters><parameter name="k" value="1"/></listOfParameters>
        <listOfReactions><reaction name="r"><listOfReactants><speciesReference species="s"/></listOfReactants>
          <kineticLaw formula="{escaped}"/></reaction></listOfReactions></model></sbml>"#
    );
    if let Ok((draft, _)) = sbml::read(&SourceFile { path: "model.xml".into(), text: text.into() }) {
        let _ = draft.check(UnitPolicy::Warn);
    }
});
