//! MathML, as the rule of a parameter `z` in a model with `x`, `y`, a species `s` in `c`, a reaction `r` and a function.
#![no_main]

use network::UnitPolicy;
use source::SourceFile;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let text = format!(
        r#"<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2"><model>
        <listOfFunctionDefinitions><functionDefinition id="f"><math xmlns="http://www.w3.org/1998/Math/MathML"><lambda>
          <bvar><ci>a</ci></bvar><apply><times/><ci>a</ci><ci>a</ci></apply></lambda></math></functionDefinition>
        </listOfFunctionDefinitions>
        <listOfCompartments><compartment id="c" size="1" constant="true"/></listOfCompartments>
        <listOfSpecies><species id="s" compartment="c" initialAmount="1" hasOnlySubstanceUnits="false"
          boundaryCondition="false" constant="false"/></listOfSpecies>
        <listOfParameters><parameter id="x" value="1" constant="true"/><parameter id="y" value="2" constant="true"/>
          <parameter id="z" constant="false"/></listOfParameters>
        <listOfRules><assignmentRule variable="z"><math xmlns="http://www.w3.org/1998/Math/MathML"
          xmlns:sbml="http://www.sbml.org/sbml/level3/version2/core">{text}</math></assignmentRule></listOfRules>
        </model></sbml>"#
    );
    if let Ok((draft, _)) = sbml::read(&SourceFile { path: "model.xml".into(), text: text.into() }) {
        let _ = draft.check(UnitPolicy::Warn);
    }
});
