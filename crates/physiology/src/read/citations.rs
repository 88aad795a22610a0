//! Every paper and statement that a record cites exists.

use crate::{Biology, Link, Module, Molecule, Origin, Scenario};
use evidence::Evidence;
use source::{Diagnostic, Diagnostics, Placed, did_you_mean};

/// Checks the citations of all records.
pub(super) fn check(biology: &Biology, findings: &mut Diagnostics) {
    let mut citations = Citations { evidence: &biology.evidence, findings };
    if !citations.evidence.complete {
        // What a broken file would have defined is not missing.
        return;
    }
    for module in &biology.modules {
        citations.module(module);
        module.molecules.iter().for_each(|it| citations.molecule(it));
        module.links.iter().for_each(|it| citations.link(it));
    }
    for drug in &biology.drugs {
        citations.sources(&drug.id, &drug.sources);
    }
    for subject in &biology.subjects {
        citations.sources(&subject.id, &subject.sources);
    }
    for genotype in &biology.genotypes {
        citations.sources(&genotype.id, &genotype.sources);
        citations.statements(&genotype.id, &genotype.evidence);
    }
    for hypothesis in &biology.hypotheses {
        citations.sources(&hypothesis.id, &hypothesis.sources);
        citations.statements(&hypothesis.id, &hypothesis.evidence);
    }
    for class in &biology.precision.classes {
        citations.sources(&class.id, &class.sources);
    }
    for refutation in &biology.refutations {
        citations.sources(&refutation.id, &refutation.sources);
        citations.statements(&refutation.id, &refutation.evidence);
    }
    for scenario in biology.scenarios.iter().chain(&biology.studies) {
        citations.sources(&scenario.id, &scenario.sources);
    }
}

/// Every statement stands behind a record of the model, or says why not.
pub(super) fn check_use_of_statements(biology: &Biology, findings: &mut Diagnostics) {
    if biology.evidence.complete {
        Citations { evidence: &biology.evidence, findings }.model_or_reason(biology);
    }
}

/// Checks the citations of one scenario.
pub(super) fn check_scenario(scenario: &Scenario, biology: &Biology, findings: &mut Diagnostics) {
    Citations { evidence: &biology.evidence, findings }.sources(&scenario.id, &scenario.sources);
}

struct Citations<'a> {
    evidence: &'a Evidence,
    findings: &'a mut Diagnostics,
}

impl Citations<'_> {
    fn module(&mut self, module: &Module) {
        self.sources(&module.id, &module.sources);
        if module.replica {
            // Its parameters inherit the module's sources, which were just checked.
            return module.compartments.iter().for_each(|it| self.origin(&it.id, &it.origin));
        }
        module.origins().for_each(|(id, origin)| self.origin(id, origin));
    }

    fn origin(&mut self, id: &str, origin: &Origin) {
        self.sources(id, &origin.sources);
        self.statements(id, &origin.evidence);
    }

    fn sources(&mut self, id: &str, sources: &[Placed<String>]) {
        for key in sources {
            match self.evidence.reference(key) {
                None => self.findings.push(self.evidence.unknown_reference(key, &key.place, &format!("`{id}`"))),
                Some(reference) if reference.retracted => self.findings.push(
                    Diagnostic::error(key.place.clone(), format!("`{id}` rests on a retracted paper: {}", key.value))
                        .hint("take the number from another paper, or call it assumed"),
                ),
                Some(_) => {}
            }
        }
    }

    /// What the model calls a molecule is a thing of the map.
    fn molecule(&mut self, molecule: &Molecule) {
        if self.evidence.thing(&molecule.id).is_none() {
            let message = format!("molecule `{}` is not on the map", molecule.id);
            let finding = Diagnostic::error(molecule.place.clone(), message);
            let known = self.evidence.things.iter().map(|it| it.id.as_str());
            self.findings.push(match did_you_mean(&molecule.id, known).first() {
                Some(near) => finding.hint(format!("did you mean `{near}`?")),
                None => finding.hint("add a [[signal]] with this id to a `*.evidence.toml` file"),
            });
        }
    }

    /// A link rests on statements.
    fn link(&mut self, link: &Link) {
        if link.origin.evidence.is_empty() {
            self.findings.push(
                Diagnostic::warning(link.origin.place.clone(), format!("link `{}` names no statement", link.id))
                    .hint("add `evidence = [...]` with ids of statements about it"),
            );
        }
    }

    /// A statement stands behind some record of the model, or says why none rests on it.
    fn model_or_reason(&mut self, biology: &Biology) {
        for statement in &self.evidence.statements {
            let users = biology.users_of_statement(&statement.id);
            let finding = |message: String| Diagnostic::warning(statement.place.clone(), message);
            match (&statement.not_modeled, users.first()) {
                (None, None) => self.findings.push(
                    finding(format!("no record of the model rests on statement `{}`", statement.id))
                        .hint("name it in `evidence` of a record, or say why not: `not_modeled = \"...\"`"),
                ),
                (Some(_), Some(user)) => self.findings.push(
                    finding(format!("statement `{}` says why it is not modeled, but `{user}` names it", statement.id))
                        .hint("remove `not_modeled`, or take the statement out of `evidence` of the record"),
                ),
                _ => {}
            }
        }
    }

    fn statements(&mut self, id: &str, statements: &[Placed<String>]) {
        for key in statements.iter().filter(|key| self.evidence.statement(key).is_none()) {
            let message = format!("`{id}` cites an unknown statement: `{}`", key.value);
            let finding = Diagnostic::error(key.place.clone(), message);
            let known = self.evidence.statements.iter().map(|statement| statement.id.as_str());
            self.findings.push(match did_you_mean(key, known).first() {
                Some(near) => finding.hint(format!("did you mean `{near}`?")),
                None => finding.hint("add it to a `*.evidence.toml` file"),
            });
        }
    }
}
