//! The best steady rates of a person's own SBML model, by flux balance.

use crate::simulate::{self, SimulateRequest, Table};
use crate::{Error, Model, simulate::compile_error};
use engine::{Conflict, FluxError, FluxOutcome};
use network::{Condition, Draft, FluxBounds, Network, Quantity, Rule, SymbolKind, UnitPolicy};
use source::{Diagnostic, Diagnostics, Place, did_you_mean};

/// The most names that a message lists.
const MOST_NAMES: usize = 10;

/// The answer to a model's question of flux balance.
#[derive(Debug, Clone)]
pub struct FluxAnswer {
    /// The rate of each reaction and the value of the objective under its id, in one row: NaN when there is no best
    /// steady state. Rates are in the model's extent per time.
    pub table: Table,
    /// What deserves a look in the model, and why there is no best steady state.
    pub warnings: Diagnostics,
}

/// Makes the active objective of an SBML model best (package `fbc`).
///
/// Of the request count `variables`, which are the columns: reactions and the objective, all of them when it is empty;
/// `set`, where `R.lower_bound` and `R.upper_bound` are the limits of a reaction `R`; and `variability`. A model whose bounds
/// contradict each other, or set no end to the objective, has an answer too: NaN, and a warning that says what stands in
/// the way.
///
/// # Errors
/// [`Error::BadInput`] for what is wrong with the file, the objective or the columns; [`Error::Unsupported`] names a
/// construct that is missing here; [`Error::Failed`] says why the solver gave up.
pub fn flux_balance(source: &Model, request: &SimulateRequest) -> Result<FluxAnswer, Error> {
    let (mut draft, mut warnings) = simulate::read_draft(source)?;
    set(&mut draft, &request.set)?;
    let (network, more) = draft.check(UnitPolicy::Warn)?;
    warnings.extend(more);
    let Some(objective) = network.flux_balance().and_then(|it| it.objective()) else {
        let finding = Diagnostic::error(Place::file(&source.file.path), "the model names no active objective");
        return Err(Diagnostics::from(finding.hint(
            "flux balance needs an objective of the SBML package `fbc`; a course in time needs --end and --steps",
        ))
        .into());
    };
    let header = columns(&network, &objective.id, &request.variables)?;
    let outcome = engine::flux_balance(&network, &Condition::default()).map_err(|it| named(&network, it))?;
    let value = |column: &String| match &outcome {
        FluxOutcome::Optimal { objective, rates } => reaction(&network, column).map_or(*objective, |it| rates[it]),
        FluxOutcome::Infeasible(_) | FluxOutcome::Unbounded { .. } => f64::NAN,
    };
    let table = match &outcome {
        _ if !request.variability => Table { values: header.iter().map(value).collect(), header },
        FluxOutcome::Optimal { objective, .. } => variability(&network, header, *objective)?,
        _ => ranges(header, |_| (f64::NAN, f64::NAN)),
    };
    let place = || objective.place.clone();
    match &outcome {
        FluxOutcome::Optimal { .. } => {}
        FluxOutcome::Infeasible(conflict) => warnings.push(infeasible(&network, conflict, place())),
        FluxOutcome::Unbounded { reactions } => {
            let ids = list(reactions.iter().map(|&it| &*network.reactions()[it].id));
            let message = format!("there is no end to objective `{}`: {ids} can carry ever more", objective.id);
            warnings.push(Diagnostic::warning(place(), message).hint("give one of them a finite bound"));
        }
    }
    Ok(FluxAnswer { table, warnings })
}

/// Between which limits each rate may lie while the objective is at its best.
fn variability(network: &Network, columns: Vec<String>, best: f64) -> Result<Table, Error> {
    let reactions: Vec<usize> = columns.iter().filter_map(|it| reaction(network, it)).collect();
    let found = engine::flux_variability(network, &Condition::default(), &reactions);
    let mut found = found.map_err(|it| named(network, it))?.into_iter();
    Ok(ranges(columns, |column| match reaction(network, column) {
        Some(_) => found.next().unwrap_or((f64::NAN, f64::NAN)),
        None => (best, best),
    }))
}

/// Two columns for each: `X-minimum` and `X-maximum`.
fn ranges(columns: Vec<String>, mut range: impl FnMut(&str) -> (f64, f64)) -> Table {
    let header = columns.iter().flat_map(|it| [format!("{it}-minimum"), format!("{it}-maximum")]).collect();
    let values = columns.iter().map(|it| range(it)).flat_map(|(least, most)| [least, most]).collect();
    Table { header, values }
}

/// Gives parameters and limits of rates other values.
fn set(draft: &mut Draft, settings: &[String]) -> Result<(), Error> {
    let mut findings = Diagnostics::new();
    for setting in settings {
        if let Err((message, hint)) = set_one(draft, setting) {
            findings.push(Diagnostic::error(Place::file("--set"), message).hint(hint));
        }
    }
    if findings.is_empty() { Ok(()) } else { Err(findings.into()) }
}

/// The message and the hint when it cannot be done.
fn set_one(draft: &mut Draft, setting: &str) -> Result<(), (String, String)> {
    let example = "write it as id=value, for example uptake.lower_bound=-10 for the limit of a reaction";
    let (id, value) = setting.split_once('=').ok_or_else(|| (format!("not a setting: `{setting}`"), example.into()))?;
    let (id, text) = (id.trim(), value.trim());
    let not_a_number =
        || (format!("the value of `{id}` is not a number: `{text}`"), "give a number, inf or -inf".into());
    let value = text.parse::<f64>().ok().filter(|value| !value.is_nan()).ok_or_else(not_a_number)?;
    let limit = id.rsplit_once('.').filter(|(_, side)| matches!(*side, "lower_bound" | "upper_bound"));
    let Some((reaction, side)) = limit else {
        let Some(parameter) = draft.parameters.iter_mut().find(|it| *it.id == *id) else {
            let hint = match &did_you_mean(id, draft.parameters.iter().map(|it| &*it.id))[..] {
                [] => "give a parameter, or R.lower_bound and R.upper_bound of a reaction R".to_string(),
                near => format!("did you mean {}?", near.join(" or ")),
            };
            return Err((format!("the model has no parameter `{id}`"), hint));
        };
        let ruled = draft.rules.iter().filter_map(Rule::target).any(|target| **target == *id);
        if ruled || draft.initial_assignments.iter().any(|it| *it.target == *id) {
            let message = format!("`{id}` cannot be given a value: this parameter follows from others");
            return Err((message, "set what it follows from".into()));
        }
        parameter.value = Some(value);
        return Ok(());
    };
    let Some(known) = draft.reactions.iter().find(|it| *it.id == *reaction) else {
        let hint = match &did_you_mean(reaction, draft.reactions.iter().map(|it| &*it.id))[..] {
            [] => "leave --variables out to see all reactions".to_string(),
            near => format!("did you mean {}?", near.join(" or ")),
        };
        return Err((format!("the model has no reaction `{reaction}`"), hint));
    };
    let (reaction, place) = (known.id.clone(), known.place.clone());
    let bounds = &mut draft.flux_balance.get_or_insert_default().bounds;
    let position = bounds.iter().position(|it| it.reaction == reaction).unwrap_or_else(|| {
        bounds.push(FluxBounds { reaction, lower: None, upper: None, place });
        bounds.len() - 1
    });
    let of = &mut bounds[position];
    *(if side == "lower_bound" { &mut of.lower } else { &mut of.upper }) = Some(Quantity::Number(value));
    Ok(())
}

/// True when the model asks for best rates and gives none, so that it has no course in time.
pub(crate) fn is_flux_balance_only(network: &Network) -> bool {
    let asks = network.flux_balance().is_some_and(|it| it.objective().is_some());
    asks && !network.reactions().is_empty() && network.reactions().iter().all(|it| it.rate.is_none())
}

fn reaction(network: &Network, id: &str) -> Option<usize> {
    match network.index_of(id).map(|index| network.symbol(index).kind) {
        Some(SymbolKind::Reaction(reaction)) => Some(reaction),
        _ => None,
    }
}

fn columns(network: &Network, objective: &str, variables: &[String]) -> Result<Vec<String>, Error> {
    let all = || network.reactions().iter().map(|it| &*it.id).chain([objective]);
    if variables.is_empty() {
        return Ok(all().map(str::to_string).collect());
    }
    let mut unknown = Diagnostics::new();
    let mut columns = Vec::new();
    for id in variables.iter().map(|it| it.trim()).filter(|it| !it.is_empty()) {
        if id == objective || reaction(network, id).is_some() {
            columns.push(id.to_string());
            continue;
        }
        let hint = match &did_you_mean(id, all())[..] {
            [] => "leave --variables out to see all columns".to_string(),
            near => format!("did you mean {}?", near.join(" or ")),
        };
        let message = format!("the model has no reaction and no active objective `{id}`");
        unknown.push(Diagnostic::error(Place::file("--variables"), message).hint(hint));
    }
    if unknown.is_empty() { Ok(columns) } else { Err(unknown.into()) }
}

fn infeasible(network: &Network, conflict: &Conflict, place: Place) -> Diagnostic {
    match conflict {
        Conflict::Bounds { reaction, lower, upper } => {
            let id = &network.reactions()[*reaction].id;
            let message = format!("no steady state: the bounds of reaction `{id}` cross: {lower} > {upper}");
            Diagnostic::warning(network.reactions()[*reaction].place.clone(), message)
        }
        Conflict::Unbalanced { species, constraints } => {
            let mut parts = Vec::new();
            if !species.is_empty() {
                let ids = list(species.iter().map(|&it| &*network.symbol(it).id));
                parts.push(format!("{ids} cannot be balanced"));
            }
            if !constraints.is_empty() {
                let all = network.flux_balance().map_or(&[][..], |it| &it.constraints);
                let ids = list(constraints.iter().map(|&it| all[it].id.as_deref().unwrap_or("one without id")));
                parts.push(format!("constraint {ids} cannot be met"));
            }
            let message = format!("no steady state: within all bounds, {}", parts.join(", and "));
            Diagnostic::warning(place, message).hint("widen the bounds of reactions around it")
        }
    }
}

/// `` `a`, `b` and 3 more``.
fn list<'a>(ids: impl ExactSizeIterator<Item = &'a str>) -> String {
    let more = ids.len().saturating_sub(MOST_NAMES);
    let shown: Vec<String> = ids.take(MOST_NAMES).map(|id| format!("`{id}`")).collect();
    let shown = shown.join(", ");
    if more > 0 { format!("{shown} and {more} more") } else { shown }
}

/// An error with names put back.
fn named(network: &Network, error: FluxError) -> Error {
    match error {
        FluxError::NotANumber { reaction: Some(reaction) } => {
            let reaction = &network.reactions()[reaction];
            let message =
                format!("a bound, a coefficient or a stoichiometry of reaction `{}` is not a number", reaction.id);
            let finding = Diagnostic::error(reaction.place.clone(), message);
            Diagnostics::from(finding.hint("give its parameters values")).into()
        }
        FluxError::Compile(error) => compile_error(network, error),
        other => Error::Failed(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use source::SourceFile;

    /// Glucose is taken up and burnt, both within bounds.
    fn model(uptake: (&str, &str), burning: (&str, &str)) -> Model {
        let reaction = |id: &str, bounds: (&str, &str), inside: &str| {
            format!(
                r#"<reaction id="{id}" reversible="false" fbc:lowerFluxBound="{}" fbc:upperFluxBound="{}">{inside}</reaction>
"#,
                bounds.0, bounds.1
            )
        };
        let takes_part = r#"<speciesReference species="glucose" stoichiometry="1" constant="true"/>"#;
        let text = format!(
            r#"<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2"
 xmlns:fbc="http://www.sbml.org/sbml/level3/version1/fbc/version2" fbc:required="false"><model id="m" fbc:strict="true">
<listOfCompartments><compartment id="cell" size="1" constant="true"/></listOfCompartments>
<listOfSpecies><species id="glucose" compartment="cell" initialAmount="0" hasOnlySubstanceUnits="false"
  boundaryCondition="false" constant="false"/></listOfSpecies>
<listOfParameters><parameter id="none" value="0" constant="true"/><parameter id="two" value="2" constant="true"/>
<parameter id="five" value="5" constant="true"/><parameter id="any" value="INF" constant="true"/></listOfParameters>
<listOfReactions>
{}{}</listOfReactions>
<fbc:listOfObjectives fbc:activeObjective="heat"><fbc:objective fbc:id="heat" fbc:type="maximize">
<fbc:listOfFluxObjectives><fbc:fluxObjective fbc:reaction="burning" fbc:coefficient="3"/></fbc:listOfFluxObjectives>
</fbc:objective></fbc:listOfObjectives></model></sbml>"#,
            reaction("uptake", uptake, &format!("<listOfProducts>{takes_part}</listOfProducts>")),
            reaction("burning", burning, &format!("<listOfReactants>{takes_part}</listOfReactants>")),
        );
        SourceFile { path: "model.xml".into(), text: text.into() }.into()
    }

    fn answer(file: &Model, variables: &[&str]) -> (String, String) {
        ask(file, variables, &[], false)
    }

    fn ask(file: &Model, variables: &[&str], set: &[&str], variability: bool) -> (String, String) {
        let texts = |list: &[&str]| list.iter().map(|it| it.to_string()).collect();
        let request =
            SimulateRequest { variables: texts(variables), set: texts(set), variability, ..SimulateRequest::default() };
        match flux_balance(file, &request) {
            Ok(answer) => (answer.table.csv(), answer.warnings.to_string()),
            Err(error) => (String::new(), error.to_string()),
        }
    }

    #[test]
    fn the_table_has_all_rates_and_the_objective_or_what_was_asked_for() {
        let file = model(("none", "five"), ("none", "any"));
        assert_eq!(answer(&file, &[]), ("uptake,burning,heat\n5,5,15\n".into(), String::new()));
        assert_eq!(answer(&file, &["heat", "uptake"]).0, "heat,uptake\n15,5\n");
        assert_eq!(
            answer(&file, &["heat", "burnin"]).1,
            "error: the model has no reaction and no active objective `burnin`\n  at --variables\n  hint: did you mean burning?"
        );
    }

    #[test]
    fn limits_and_parameters_may_be_set() {
        let file = model(("none", "five"), ("none", "any"));
        assert_eq!(ask(&file, &["heat"], &["uptake.upper_bound=4"], false).0, "heat\n12\n");
        assert_eq!(ask(&file, &["heat"], &["five=3", "burning.upper_bound=inf"], false).0, "heat\n9\n");
        assert_eq!(
            ask(&file, &[], &["uptak.upper_bound=4", "fife=1", "uptake.lower_bound=x", "5"], false).1,
            "error: the model has no reaction `uptak`\n  at --set\n  hint: did you mean uptake?\n\
             error: the model has no parameter `fife`\n  at --set\n  hint: did you mean five?\n\
             error: the value of `uptake.lower_bound` is not a number: `x`\n  at --set\n  hint: give a number, inf or -inf\n\
             error: not a setting: `5`\n  at --set\n  hint: write it as id=value, for example uptake.lower_bound=-10 for \
             the limit of a reaction"
        );
    }

    #[test]
    fn variability_is_the_range_of_each_rate_at_the_best_objective() {
        let file = model(("none", "five"), ("none", "any"));
        assert_eq!(
            ask(&file, &["uptake", "heat"], &[], true).0,
            "uptake-minimum,uptake-maximum,heat-minimum,heat-maximum\n5,5,15,15\n"
        );
        let (table, _) = ask(&model(("none", "two"), ("five", "any")), &["uptake"], &[], true);
        assert_eq!(table, "uptake-minimum,uptake-maximum\nNaN,NaN\n");
    }

    #[test]
    fn without_a_best_steady_state_all_is_nan_and_the_reason_is_told() {
        let (table, warnings) = answer(&model(("none", "two"), ("five", "any")), &[]);
        assert_eq!(table, "uptake,burning,heat\nNaN,NaN,NaN\n");
        assert_eq!(
            warnings,
            "warning: no steady state: within all bounds, `glucose` cannot be balanced\n  at model.xml:12:50\n  \
             hint: widen the bounds of reactions around it"
        );
        let (_, warnings) = answer(&model(("five", "two"), ("none", "any")), &[]);
        assert!(
            warnings.ends_with(
                "warning: no steady state: the bounds of reaction `uptake` cross: 5 > 2\n  at model.xml:9:1"
            ),
            "{warnings}"
        );
        let (_, warnings) = answer(&model(("none", "any"), ("none", "any")), &[]);
        assert_eq!(
            warnings,
            "warning: there is no end to objective `heat`: `uptake`, `burning` can carry ever more\n  at model.xml:12:50\n  \
             hint: give one of them a finite bound"
        );
    }

    #[test]
    fn a_model_without_an_objective_says_so() {
        let text =
            r#"<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2"><model/></sbml>"#;
        let file: Model = SourceFile { path: "model.xml".into(), text: text.into() }.into();
        assert_eq!(
            answer(&file, &[]).1,
            "error: the model names no active objective\n  at model.xml\n  \
             hint: flux balance needs an objective of the SBML package `fbc`; a course in time needs --end and --steps"
        );
    }

    #[test]
    fn a_time_course_of_a_model_without_kinetic_laws_points_here() {
        let file = model(("none", "five"), ("none", "any"));
        let request = crate::SimulateRequest { end: 1.0, steps: 1, ..Default::default() };
        let told = crate::simulate(&file, &request, &|_, _| ())
            .map(|_| ())
            .expect_err("there are no kinetic laws")
            .to_string();
        assert_eq!(
            told,
            "error: the model has an objective of flux balance and no kinetic laws, so there is no course in time\n  \
             at model.xml\n  hint: ask for its best steady rates with --method fba"
        );
    }
}
