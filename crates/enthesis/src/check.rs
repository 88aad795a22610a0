//! What deserves a look in a person's own biology or model, without running anything.

use crate::flux_balance::is_flux_balance_only;
use crate::{Error, Model, simulate};
use network::{Network, UnitPolicy};
use physiology::{Organism, Question, Scenario, Side};
use source::{Diagnostic, Diagnostics, Place, SourceTree};

/// What was found, and how much was looked at.
#[derive(Debug, Clone)]
pub struct Checked {
    /// Errors and warnings, in the order of the files.
    pub findings: Diagnostics,
    /// What the thing holds; one line each.
    pub summary: Vec<String>,
    /// True when the only error is a construct that is sound SBML and not supported here.
    pub unsupported: bool,
}

/// Reads a biology, assembles the model at rest for each organism and every scenario under every hypothesis.
///
/// Names, cycles and units in formulas only show when the parts are joined, so all of them are.
pub fn check_biology(files: &SourceTree) -> Checked {
    let (biology, mut findings) = match physiology::read(files) {
        Ok(read) => read,
        Err(findings) => return Checked { findings, summary: Vec::new(), unsupported: false },
    };
    let modules = &biology.modules;
    let mut summary = vec![
        format!(
            "{} modules: {} parameters, {} states, {} variables, {} links, {} read-outs",
            modules.len(),
            modules.iter().map(|it| it.parameters.len()).sum::<usize>(),
            modules.iter().map(|it| it.states.len()).sum::<usize>(),
            modules.iter().map(|it| it.variables.len()).sum::<usize>(),
            biology.links().count(),
            modules.iter().map(|it| it.readouts.len()).sum::<usize>(),
        ),
        format!(
            "{} drugs, {} subjects, {} genotypes, {} hypotheses, {} scenarios",
            biology.drugs.len(),
            biology.subjects.len(),
            biology.genotypes.len(),
            biology.hypotheses.len(),
            biology.scenarios.len(),
        ),
        measured(&biology),
        format!("{} statements, {} references", biology.evidence.statements.len(), biology.evidence.references.len()),
    ];
    let hypotheses: Vec<String> = biology.hypotheses.iter().map(|it| it.id.clone()).collect();
    let at_rest = Organism::ALL.iter().map(|organism| Scenario::rest(*organism, 1.0));
    let mut networks = Vec::new();
    for scenario in at_rest.chain(biology.scenarios.iter().cloned()) {
        let question = Question { hypotheses: hypotheses.clone(), ..Question::of(scenario) };
        match physiology::assemble(&biology, &question) {
            Ok((assembly, warnings)) => {
                let (id, organism, runs) = (&assembly.scenario.id, assembly.organism, assembly.runs.len());
                summary.push(format!("{id} ({organism}): {runs} runs"));
                findings.extend(warnings);
                if networks.iter().all(|(of, _)| *of != organism) {
                    networks.push((organism, assembly.network));
                }
            }
            Err(found) => findings.extend(found),
        }
    }
    findings.extend(check_studies(&biology, &networks));
    // The same formula is met again in every scenario.
    Checked { findings: findings.without_repeats(), summary, unsupported: false }
}

fn measured(biology: &physiology::Biology) -> String {
    let rows = &biology.measurements;
    let calibration = rows.iter().filter(|row| row.side == Side::Calibration).count();
    format!(
        "{} studies, {} measurements: {calibration} for calibration, {} for validation, {} not modeled",
        biology.studies.len(),
        rows.len(),
        rows.len() - calibration,
        rows.iter().filter(|row| row.not_modeled.is_some()).count(),
    )
}

/// What studies ask of the model, on one network per organism: a hundred of them would each take their own.
fn check_studies(biology: &physiology::Biology, networks: &[(Organism, Network)]) -> Diagnostics {
    let mut findings = Diagnostics::new();
    for (organism, network) in networks {
        for study in biology.studies.iter().filter(|it| it.organism == *organism) {
            match physiology::runs_on(biology, &Question::of(study.clone()), network) {
                Ok((_, warnings)) => findings.extend(warnings),
                Err(found) => findings.extend(found),
            }
        }
    }
    findings
}

/// Reads, checks and compiles an SBML model, and looks for what is sound but hardly meant.
///
/// Findings come in the order of the text. A construct that is not supported is an error of its own kind: see
/// [`Checked::unsupported`].
pub fn check_model(source: &Model) -> Checked {
    let unsupported = |mut findings: Diagnostics, place: Place, construct: String| {
        let message = format!("unsupported SBML construct: {construct}");
        findings.push(Diagnostic::error(place, message).hint("what comes after it may not have been looked at"));
        findings
    };
    let of = |findings: Diagnostics, summary: Vec<String>, unsupported: bool| Checked {
        findings: findings.in_order_of_places(),
        summary,
        unsupported,
    };
    let (draft, mut findings) = match sbml::read_with(&source.file, &source.others) {
        Ok(read) => read,
        Err(sbml::ReadError::Invalid(findings)) => return of(findings, Vec::new(), false),
        Err(sbml::ReadError::Unsupported { construct, place }) => {
            return of(unsupported(Diagnostics::new(), place, construct), Vec::new(), true);
        }
    };
    let network = match draft.check(UnitPolicy::Warn) {
        Ok((network, more)) => {
            findings.extend(more);
            network
        }
        Err(more) => {
            findings.extend(more);
            return of(findings, Vec::new(), false);
        }
    };
    findings.extend(network.doubts());
    let summary = format!(
        "{} compartments, {} species, {} parameters, {} reactions, {} rules, {} events",
        network.compartments().len(),
        network.species().len(),
        network.parameters().len(),
        network.reactions().len(),
        network.rules().len(),
        network.events().len(),
    );
    if is_flux_balance_only(&network) {
        return of(findings, vec![summary], false);
    }
    match engine::compile(&network, &engine::CompileOptions::default())
        .map_err(|it| simulate::compile_error(&network, it))
    {
        Ok(_) => of(findings, vec![summary], false),
        Err(Error::Unsupported(construct)) => {
            of(unsupported(findings, Place::file(&source.file.path), construct), vec![summary], true)
        }
        Err(error) => {
            findings.push(Diagnostic::error(Place::file(&source.file.path), error.to_string()));
            of(findings, vec![summary], false)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use source::SourceFile;

    fn model(text: &str) -> Model {
        SourceFile { path: "model.xml".into(), text: text.into() }.into()
    }

    #[test]
    fn a_model_is_counted() {
        let text = r#"<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2"><model>
          <listOfParameters><parameter id="k" value="1" constant="false"/></listOfParameters>
          <listOfRules><algebraicRule><math xmlns="http://www.w3.org/1998/Math/MathML"><ci>k</ci></math></algebraicRule></listOfRules>
        </model></sbml>"#;
        let checked = check_model(&model(text));
        assert_eq!(checked.summary, ["0 compartments, 0 species, 1 parameters, 0 reactions, 1 rules, 0 events"]);
        assert!(!checked.findings.has_errors(), "{}", checked.findings);
    }

    #[test]
    fn a_construct_that_is_not_supported_is_named() {
        let text = r#"<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2"
          xmlns:spatial="http://www.sbml.org/sbml/level3/version1/spatial/version1" spatial:required="true"><model>
          <spatial:geometry/></model></sbml>"#;
        let checked = check_model(&model(text));
        assert!(checked.unsupported);
        let told = checked.findings.to_string();
        assert!(told.contains("unsupported SBML construct: the package `spatial`"), "{told}");
    }

    #[test]
    fn findings_come_in_the_order_of_the_text() {
        let text = r#"<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2"><model>
          <listOfCompartments><compartment id="c" size="-1" constant="true"/></listOfCompartments>
          <listOfSpecies><species id="s" compartment="c" initialAmount="1" hasOnlySubstanceUnits="true"
            boundaryCondition="false" constant="false"/></listOfSpecies>
          <listOfParameters><parameter id="k" value="1" constant="true"/></listOfParameters></model></sbml>"#;
        let checked = check_model(&model(text));
        let places: Vec<(u32, u32)> = checked.findings.iter().map(|it| (it.place.line, it.place.column)).collect();
        assert_eq!(places, [(2, 31), (3, 26), (3, 26), (5, 29)], "{}", checked.findings);
        assert_eq!((checked.findings.counts(), checked.unsupported), ((0, 4), false));
    }

    #[test]
    fn what_is_no_model_is_an_error() {
        assert!(check_model(&model("hello")).findings.has_errors());
    }

    #[test]
    fn the_biology_inside_the_program_has_no_findings() {
        let (biology, _) = crate::Biology::embedded().expect("it reads");
        let checked = check_biology(&biology.files);
        assert!(checked.findings.is_empty(), "{}", checked.findings);
        assert!(checked.summary.iter().any(|line| line.starts_with("bed_rest (human)")), "{:?}", checked.summary);
    }
}
