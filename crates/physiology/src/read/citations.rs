//! Every paper and statement that a record cites exists.

use crate::{Biology, Module, Origin, Scenario};
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
    }
    for drug in &biology.drugs {
        citations.sources(&drug.id, &drug.sources);
    }
    for genotype in &biology.genotypes {
        citations.sources(&genotype.id, &genotype.sources);
        citations.statements(&genotype.id, &genotype.evidence);
    }
    for hypothesis in &biology.hypotheses {
        citations.sources(&hypothesis.id, &hypothesis.sources);
        citations.statements(&hypothesis.id, &hypothesis.evidence);
    }
    for scenario in &biology.scenarios {
        citations.sources(&scenario.id, &scenario.sources);
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
        module.compartments.iter().for_each(|it| self.origin(&it.id, &it.origin));
        if module.replica {
            // Its parameters inherit the module's sources, which were just checked.
            return;
        }
        module.parameters.iter().for_each(|it| self.origin(&it.id, &it.origin));
        module.states.iter().for_each(|it| self.origin(&it.id, &it.origin));
        module.species.iter().for_each(|it| self.origin(&it.id, &it.origin));
        module.reactions.iter().for_each(|it| self.origin(&it.id, &it.origin));
        module.variables.iter().for_each(|it| self.origin(&it.id, &it.origin));
        module.links.iter().for_each(|it| self.origin(&it.id, &it.origin));
        module.events.iter().for_each(|it| self.origin(&it.id, &it.origin));
        module.readouts.iter().for_each(|it| self.origin(&it.id, &it.origin));
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
