//! Constraints of a model: whether they hold, at every output time.

use engine::Trajectory;
use network::{Constraint, Draft, Expression, Id, Network, Observable, SymbolIndex};
use source::{Diagnostic, Diagnostics};

/// A constraint with the read-out that tells whether it holds.
pub(crate) struct Watched {
    constraint: Constraint,
    symbol: SymbolIndex,
}

/// Takes the constraints out of a draft and puts read-outs in their place: 1 while one holds, 0 while it does not. No
/// identifier of SBML has a blank, so their names hide nothing.
pub(crate) fn observe(draft: &mut Draft) -> Vec<(Id, Constraint)> {
    let mut observed = Vec::new();
    for (i, constraint) in std::mem::take(&mut draft.constraints).into_iter().enumerate() {
        let id = Id::from(format!("constraint {}", i + 1));
        let holds = vec![(Expression::number(1.0), constraint.condition.clone())];
        draft.observables.push(Observable {
            id: id.clone(),
            name: id.to_string(),
            value: Expression::Piecewise(holds, Some(Box::new(Expression::number(0.0)))),
            unit: None,
            place: constraint.place.clone(),
        });
        observed.push((id, constraint));
    }
    observed
}

/// The read-outs of [`observe`] in the checked network.
pub(crate) fn watched(network: &Network, observed: Vec<(Id, Constraint)>) -> Vec<Watched> {
    let of = |(id, constraint): (Id, Constraint)| Some(Watched { symbol: network.index_of(&id)?, constraint });
    observed.into_iter().filter_map(of).collect()
}

impl Watched {
    pub(crate) fn symbol(&self) -> SymbolIndex {
        self.symbol
    }
}

/// A warning for each constraint that is violated at an output time; the read-outs are the last of the trajectory's
/// outputs.
pub(crate) fn violations(watched: &[Watched], trajectory: &Trajectory, time_unit: &str) -> Diagnostics {
    let mut findings = Diagnostics::new();
    let first_output = trajectory.outputs.len() - watched.len();
    for (i, it) in watched.iter().enumerate() {
        let is_violated = |&time: &usize| trajectory.value(time, first_output + i) == 0.0;
        let mut times = (0..trajectory.times.len()).filter(is_violated);
        let Some(first) = times.next() else { continue };
        let (violated, all) = (1 + times.count(), trajectory.times.len());
        let said = it.constraint.message.as_deref().map(sbml::plain_text).filter(|said| !said.is_empty());
        let said = said.map_or_else(String::new, |said| format!(": {said}"));
        let time = trajectory.times[first];
        let message = format!(
            "constraint {} is violated at time {time}{time_unit}, and at {violated} of {all} output times in all{said}",
            i + 1
        );
        findings.push(
            Diagnostic::warning(it.constraint.place.clone(), message)
                .because("the model is outside the conditions that it is meant for"),
        );
    }
    findings
}

#[cfg(test)]
mod tests {
    use crate::{Model, SimulateRequest, simulate};
    use source::SourceFile;

    fn model(constraint: &str, message: &str) -> Model {
        let text = format!(
            r#"<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2"><model>
<listOfParameters><parameter id="x" value="4" constant="false"/></listOfParameters>
<listOfRules><rateRule variable="x"><math xmlns="http://www.w3.org/1998/Math/MathML"><cn>-1</cn></math></rateRule></listOfRules>
<listOfConstraints><constraint><math xmlns="http://www.w3.org/1998/Math/MathML">{constraint}</math>{message}</constraint>
</listOfConstraints></model></sbml>"#
        );
        SourceFile { path: "model.xml".into(), text: text.into() }.into()
    }

    fn run(model: &Model) -> (String, String) {
        let request = SimulateRequest { end: 4.0, steps: 4, ..SimulateRequest::default() };
        let simulation = simulate(model, &request, &|_, _| ()).expect("it runs");
        (simulation.table.csv(), simulation.warnings.to_string())
    }

    const ABOVE_TWO: &str = "<apply><gt/><ci>x</ci><cn>1.5</cn></apply>";

    #[test]
    fn a_violated_constraint_is_told_with_its_time_and_message() {
        let message = r#"<message><p xmlns="http://www.w3.org/1999/xhtml">x &lt; 1.5
          is <b>too</b> little</p></message>"#;
        let (table, warnings) = run(&model(ABOVE_TWO, message));
        assert_eq!(
            warnings,
            "warning: constraint 1 is violated at time 3, and at 2 of 5 output times in all: x < 1.5 is too little\n  \
             at model.xml:4:20\n  likely reason: the model is outside the conditions that it is meant for"
        );
        // The read-out of the constraint is no column.
        assert!(table.starts_with("time,x\n0,4\n"), "{table}");
    }

    #[test]
    fn a_constraint_that_holds_says_nothing() {
        assert_eq!(run(&model("<apply><gt/><ci>x</ci><cn>-1</cn></apply>", "")).1, "");
    }
}
