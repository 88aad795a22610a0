//! The reference model as SBML, at rest or as one arm of a scenario.

mod plain;
mod remarks;
#[cfg(test)]
mod tests;

use crate::biology::organism;
use crate::convert::Converted;
use crate::run::{scenario, settings};
use crate::{Biology, Error, ScenarioChoice};
use physiology::{Assembly, Organism, Question, Run, Scenario};
use sbml::Edition;
use source::{Diagnostics, did_you_mean};

/// What the model is exported as, and what happens in it.
#[derive(Debug, Clone, Default)]
pub struct ExportRequest {
    /// What happens; without it nothing does, and the model rests.
    pub scenario: Option<ScenarioChoice>,
    /// Whose body, `human` or `mouse`; without it that of the scenario, or the human.
    pub species: Option<String>,
    /// Id of an arm of the scenario; needed when it has several.
    pub arm: Option<String>,
    /// Id of a hypothesis; without it the model as it stands.
    pub hypothesis: Option<String>,
    /// Parameters with other values, as `parameter=value unit`.
    pub set: Vec<String>,
    /// Links that are switched off.
    pub off: Vec<String>,
    /// Level 3 Version 1 instead of Version 2.
    pub version_1: bool,
}

/// Writes the reference model as one flat SBML model.
///
/// Times are days. States are parameters with rate rules; everything that is computed, read-outs too, is a parameter
/// with an assignment rule. What an arm does is in the values at the start and in events. There are no functions, delays,
/// submodels or algebraic rules, and cases (`piecewise`, least and greatest values) stand in assignment rules only.
/// Every element says in its notes what it rests on, and points to databases and papers in its annotation.
///
/// # Errors
/// [`Error::BadInput`] for what was asked.
pub fn export(biology: &Biology, request: &ExportRequest) -> Result<Converted, Error> {
    let mut warnings = Diagnostics::new();
    let scenario = asked(biology, request, &mut warnings)?;
    let question = Question {
        scenario: Scenario { arms: vec![arm(&scenario, request)?], ..scenario },
        hypotheses: request.hypothesis.iter().cloned().collect(),
        set: settings(&request.set)?,
        off: request.off.clone(),
    };
    let (assembly, more) = physiology::assemble(&biology.content, &question)?;
    warnings.extend(more);
    let run = run(&assembly, request);
    let mut draft = assembly.network.draft_under(&run.condition);
    plain::make_plain(&mut draft);
    remarks::add(&mut draft, biology, &assembly, run);
    let edition = if request.version_1 { Edition::Level3Version1 } else { Edition::Level3Version2 };
    let text = sbml::write(&draft, edition).map_err(|error| Error::Unsupported(error.to_string()))?;
    Ok(Converted { text, warnings })
}

/// The run of the one arm that was assembled: as it stands, or under the hypothesis asked for.
fn run<'a>(assembly: &'a Assembly, request: &ExportRequest) -> &'a Run {
    let asked = assembly.runs.iter().find(|run| run.hypothesis == request.hypothesis);
    asked.unwrap_or(&assembly.runs[0])
}

/// The scenario asked for, or rest.
fn asked(biology: &Biology, request: &ExportRequest, warnings: &mut Diagnostics) -> Result<Scenario, Error> {
    let organism = request.species.as_deref().map(organism).transpose()?;
    let Some(choice) = &request.scenario else {
        return Ok(Scenario::rest(organism.unwrap_or(Organism::Human), 1.0));
    };
    let scenario = scenario(biology, choice, warnings)?;
    match organism {
        Some(organism) if organism != scenario.organism => Err(Error::argument(
            "--species",
            format!("`{}` happens to a {}, not to a {organism}", scenario.id, scenario.organism),
            "leave --species out",
        )),
        _ => Ok(scenario),
    }
}

/// The arm asked for, or the only one.
fn arm(scenario: &Scenario, request: &ExportRequest) -> Result<physiology::Arm, Error> {
    let ids = || scenario.arms.iter().map(|it| it.id.as_str());
    let all = || format!("arms of `{}`: {}", scenario.id, ids().collect::<Vec<_>>().join(", "));
    match (&request.arm, scenario.arms.as_slice()) {
        (None, [only]) => Ok(only.clone()),
        (None, _) => {
            let message = format!("`{}` has {} arms, and a file holds one", scenario.id, scenario.arms.len());
            Err(Error::argument("--arm", message, all()))
        }
        (Some(id), arms) => arms.iter().find(|it| it.id == *id).cloned().ok_or_else(|| {
            let hint = match did_you_mean(id, ids()).first() {
                Some(near) => format!("did you mean `{near}`?"),
                None => all(),
            };
            Error::argument("--arm", format!("`{}` has no arm `{id}`", scenario.id), hint)
        }),
    }
}
