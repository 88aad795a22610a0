//! Puts names, units and evidence back beside the numbers.

use super::solved::Solved;
use super::{Request, measured};
use crate::Biology;
use crate::citations::{citations, keys, spaced, statement};
use crate::numbers::{number_text, one_range, one_value};
use crate::simulate::failure_text;
use engine::Trajectory;
use physiology::{Assembly, Compare, Organism, Scenario, Tissue};
use report::{
    Band, Basis, ChangeScale, Comparison, Curve, EndPoint, Findings, Group, Interval, Link, Named, OrganismFindings,
    Parameter, RunRecord, ScenarioFindings, Variable,
};
use study::Ensemble;

/// Adds the part of one scenario to the findings.
pub(super) fn add(
    findings: &mut Findings,
    biology: &Biology,
    request: &Request,
    scenario: &Scenario,
    assembly: &Assembly,
    solved: &Solved,
) {
    let organism = assembly.organism;
    let mut part = ScenarioFindings {
        named: named(&scenario.id, &scenario.name, ""),
        about: scenario.about.clone(),
        organism: organism.to_string(),
        duration_days: assembly.duration_days,
        comparison: match scenario.compare {
            Compare::Baseline => Comparison::Baseline,
            Compare::Arms => Comparison::FirstArm,
        },
        arms: scenario.arms.iter().map(|it| named(&it.id, &it.name, "")).collect(),
        hypotheses: hypotheses(biology, assembly),
        variables: variables(assembly),
        times: solved.times.clone(),
        sources: citations(&biology.content.evidence, &keys(&scenario.sources)),
        varied: solved.varied.clone(),
        joint: solved.joint.clone(),
        held: solved.held.clone(),
        ..ScenarioFindings::default()
    };
    let members = solved.ensemble.as_ref().map(Ensemble::complete);
    part.curves = curves(&part, assembly, solved, members.as_deref());
    part.end_points = end_points(&part, assembly, solved, members.as_deref());
    part.measured = measured::points(&part, &biology.content, assembly);
    part.links = links(findings, biology, assembly, &part);
    record(findings, &part, assembly, solved);
    if part.answered_arms().is_empty() {
        findings.warnings.push(format!(
            "{} compares arms but has only one: nothing can be compared; write compare = \"baseline\" or add an arm",
            part.named.id
        ));
    }
    findings.scenarios.push(part);
    if findings.organisms.iter().all(|it| it.organism != organism.word()) {
        findings.organisms.push(OrganismFindings {
            organism: organism.to_string(),
            parameters: parameters(biology, &request.set, organism),
            equations: crate::convert::equations(&assembly.network),
        });
    }
}

fn named(id: &str, name: &str, about: &str) -> Named {
    Named { id: id.to_string(), name: name.to_string(), about: about.to_string() }
}

/// The model as it stands, then the rivals in the order of the runs.
fn hypotheses(biology: &Biology, assembly: &Assembly) -> Vec<Named> {
    let mut all = vec![named("reference", "Model as it stands", "Links as the biology sets them")];
    for id in assembly.runs.iter().filter_map(|run| run.hypothesis.as_deref()) {
        if all.iter().any(|it| it.id == id) {
            continue;
        }
        let known = biology.content.hypotheses.iter().find(|it| it.id == id);
        all.push(known.map_or_else(|| named(id, id, ""), |it| named(&it.id, &it.name, &it.about)));
    }
    all
}

/// Read-outs, then links: the order of [`Solved::outputs`].
fn variables(assembly: &Assembly) -> Vec<Variable> {
    let readouts = assembly.readouts.iter().map(|it| Variable {
        id: it.id.clone(),
        name: it.name.clone(),
        group: match it.tissue {
            Tissue::Bone => Group::Bone,
            Tissue::Muscle => Group::Muscle,
            Tissue::Circulation => Group::Circulation,
        },
        unit: it.unit.to_string(),
        main: it.main,
    });
    let links = assembly.links.iter().map(|it| Variable {
        id: it.id.clone(),
        name: it.name.clone(),
        group: Group::Link,
        unit: "1".to_string(),
        main: false,
    });
    readouts.chain(links).collect()
}

/// The run of an arm under a hypothesis, both by position.
fn run_of(part: &ScenarioFindings, assembly: &Assembly, arm: usize, hypothesis: usize) -> Option<usize> {
    let (arm, hypothesis) = (&part.arms[arm].id, (hypothesis > 0).then(|| &part.hypotheses[hypothesis].id));
    assembly.runs.iter().position(|run| run.arm == *arm && run.hypothesis.as_ref() == hypothesis)
}

/// The trajectories of all runs, per member of the ensemble.
type Members<'a> = [Vec<&'a Trajectory>];

fn curves(part: &ScenarioFindings, assembly: &Assembly, solved: &Solved, members: Option<&Members>) -> Vec<Curve> {
    let mut curves = Vec::new();
    for arm in 0..part.arms.len() {
        for hypothesis in 0..part.hypotheses.len() {
            let Some(run) = run_of(part, assembly, arm, hypothesis) else { continue };
            for (variable, it) in part.variables.iter().enumerate() {
                let values = solved.runs[run].column(variable);
                let scale = ChangeScale::for_quantity(&it.unit, values[0]);
                let change = |trajectory: &Trajectory, time: usize| {
                    scale.change(trajectory.value(0, variable), trajectory.value(time, variable))
                };
                let changes = (0..values.len()).map(|time| change(&solved.runs[run], time)).collect();
                let band_of = |of: &dyn Fn(&Trajectory, usize) -> f64| {
                    let members =
                        members.filter(|members| members.iter().all(|runs| runs[run].times.len() == values.len()));
                    members.and_then(|members| band(members, values.len(), |runs, time| of(runs[run], time)))
                };
                let change_band = band_of(&change);
                let band = band_of(&|trajectory, time| trajectory.value(time, variable));
                curves.push(Curve { arm, hypothesis, variable, values, band, changes, change_band });
            }
        }
    }
    curves
}

/// The middle 90 % of the members at each time.
fn band(members: &Members, times: usize, of: impl Fn(&[&Trajectory], usize) -> f64) -> Option<Band> {
    let (mut lower, mut upper) = (Vec::new(), Vec::new());
    for time in 0..times {
        let interval = study::interval_90(members.iter().map(|runs| of(runs, time)))?;
        lower.push(interval.lower);
        upper.push(interval.upper);
    }
    Some((lower, upper))
}

fn end_points(
    part: &ScenarioFindings,
    assembly: &Assembly,
    solved: &Solved,
    members: Option<&Members>,
) -> Vec<EndPoint> {
    let own: Vec<&Trajectory> = solved.runs.iter().collect();
    let mut end_points = Vec::new();
    for arm in part.answered_arms() {
        let Some(reference) = Compared::of(part, assembly, arm, 0) else { continue };
        for hypothesis in 0..part.hypotheses.len() {
            let Some(compared) = Compared::of(part, assembly, arm, hypothesis) else { continue };
            for (variable, it) in part.variables.iter().enumerate().filter(|(_, it)| it.group != Group::Link) {
                let (from, to) = compared.ends(&own, variable);
                let scale = ChangeScale::for_quantity(&it.unit, from);
                let change = |compared: &Compared, runs: &[&Trajectory]| {
                    let (from, to) = compared.ends(runs, variable);
                    scale.change(from, to)
                };
                let interval_of = |of: &dyn Fn(&[&Trajectory]) -> f64| {
                    let interval = study::interval_90(members?.iter().map(|runs| of(runs)))?;
                    Some(Interval { lower: interval.lower, upper: interval.upper })
                };
                let interval = interval_of(&|runs| change(&compared, runs));
                let difference = |runs: &[&Trajectory]| change(&compared, runs) - change(&reference, runs);
                let separable = (hypothesis > 0)
                    .then(|| interval_of(&difference))
                    .flatten()
                    .map(|it| difference(&own).abs() >= NEGLIGIBLE && (it.lower > 0.0 || it.upper < 0.0));
                let change = change(&compared, &own);
                end_points.push(EndPoint { variable, arm, hypothesis, from, to, scale, change, interval, separable });
            }
        }
    }
    end_points
}

/// A difference of changes below this, in percent or the read-out's unit, is told as no difference.
const NEGLIGIBLE: f64 = 0.01;

/// The run of an end point, and the run it is compared with.
struct Compared {
    run: usize,
    first: usize,
    comparison: Comparison,
}

impl Compared {
    fn of(part: &ScenarioFindings, assembly: &Assembly, arm: usize, hypothesis: usize) -> Option<Self> {
        let run = run_of(part, assembly, arm, hypothesis)?;
        let first = run_of(part, assembly, 0, hypothesis)?;
        Some(Self { run, first, comparison: part.comparison })
    }

    /// What a read-out is compared with, and what it came to, in the trajectories of all runs.
    fn ends(&self, runs: &[&Trajectory], variable: usize) -> (f64, f64) {
        let last = runs[self.run].times.len() - 1;
        let from = match self.comparison {
            Comparison::Baseline => runs[self.run].value(0, variable),
            Comparison::FirstArm => runs[self.first].value(last, variable),
        };
        (from, runs[self.run].value(last, variable))
    }
}

fn links(findings: &mut Findings, biology: &Biology, assembly: &Assembly, part: &ScenarioFindings) -> Vec<Link> {
    let mut links = Vec::new();
    for it in &assembly.links {
        let on = |hypothesis| run_of(part, assembly, 0, hypothesis).is_some_and(|run| it.on[run]);
        let note = assembly.provenance_of(it.symbol).note.as_deref().unwrap_or_default();
        links.push(Link {
            named: named(&it.id, &it.name, note),
            direction: spaced(it.direction.word()),
            kind: it.kind.to_string(),
            from: it.from.clone(),
            acts_on: spaced(&it.acts_on),
            tier: it.tier.to_string(),
            on: (0..part.hypotheses.len()).map(on).collect(),
            statements: statements(findings, biology, &it.evidence),
            sources: citations(&biology.content.evidence, &it.sources),
        });
    }
    links
}

/// Positions of statements in the findings; those that are not there yet are added.
fn statements(findings: &mut Findings, biology: &Biology, ids: &[String]) -> Vec<usize> {
    let mut positions = Vec::new();
    for id in ids {
        if let Some(known) = findings.statements.iter().position(|it| it.id == *id) {
            positions.push(known);
        } else if let Some(it) = biology.content.evidence.statement(id) {
            positions.push(findings.statements.len());
            findings.statements.push(statement(&biology.content, it));
        }
    }
    positions
}

/// The work of each run, and what failed.
fn record(findings: &mut Findings, part: &ScenarioFindings, assembly: &Assembly, solved: &Solved) {
    let scenario = &part.named.id;
    for (run, trajectory) in assembly.runs.iter().zip(&solved.runs) {
        let work = &trajectory.statistics;
        findings.provenance.runs.push(RunRecord {
            scenario: scenario.clone(),
            arm: run.arm.clone(),
            hypothesis: run.hypothesis.clone().unwrap_or_else(|| "reference".to_string()),
            steps: work.steps as u64,
            rhs_evaluations: work.rhs_evaluations as u64,
            jacobians: work.jacobians as u64,
            factorizations: work.factorizations as u64,
            error_failures: work.error_failures as u64,
            newton_failures: work.newton_failures as u64,
        });
    }
    let Some(ensemble) = &solved.ensemble else { return };
    let mut failed = 0;
    for (member, run, failure) in ensemble.failures() {
        failed += 1;
        let run = &assembly.runs[run];
        let hypothesis = run.hypothesis.as_deref().unwrap_or("reference");
        let text = failure_text(&assembly.network, failure, " day");
        findings
            .provenance
            .failed_members
            .push(format!("{scenario}, {}, {hypothesis}, member {member}: {text}", run.arm));
    }
    if failed > 0 {
        findings.warnings.push(format!(
            "{failed} of {} ensemble runs of {scenario} failed and are left out of the intervals; provenance.json says why",
            ensemble.members.len() * assembly.runs.len()
        ));
    }
}

/// Every parameter of the model in one organism, and the numbers of its links; `set` are values given for a run, as
/// `parameter=value unit`.
pub(crate) fn parameters(biology: &Biology, set: &[String], organism: Organism) -> Vec<Parameter> {
    let evidence = &biology.content.evidence;
    let mut parameters = Vec::new();
    for module in biology.modules() {
        for it in &module.parameters {
            let Some(value) = it.value.get(organism) else { continue };
            parameters.push(Parameter {
                named: named(&it.id, &it.name, &note(&it.id, it.origin.note.as_deref(), set)),
                module: module.id.clone(),
                value: one_value(value),
                unit: it.unit.to_string(),
                range: it.range.get(organism).map_or_else(String::new, one_range),
                basis: basis(it.basis),
                sources: citations(evidence, &keys(&it.origin.sources)),
                place: biology.place(&it.origin.place),
            });
        }
        for it in &module.links {
            let numbers = [
                (it.maximum_id(), "maximum", &it.maximum),
                (it.potency_id(), "potency", &it.potency),
                (it.steepness_id(), "steepness", &it.steepness),
            ];
            for (id, word, number) in numbers {
                let Some(value) = number.value.get(organism) else { continue };
                parameters.push(Parameter {
                    named: named(&id, &format!("{}: {word}", it.name), &note(&id, None, set)),
                    module: module.id.clone(),
                    value: number_text(*value),
                    unit: "1".to_string(),
                    range: number.range.get(organism).map_or_else(String::new, one_range),
                    basis: basis(it.basis),
                    sources: citations(evidence, &keys(&it.origin.sources)),
                    place: biology.place(&number.place),
                });
            }
        }
    }
    parameters
}

/// The remark of a record; a value set for this run is said first.
fn note(id: &str, note: Option<&str>, set: &[String]) -> String {
    let set = set.iter().rev().find_map(|text| {
        let (set, value) = text.split_once('=')?;
        (set.trim() == id).then(|| format!("Set to {} in this run. ", value.trim()))
    });
    format!("{}{}", set.unwrap_or_default(), note.unwrap_or_default()).trim().to_string()
}

fn basis(basis: physiology::Basis) -> Basis {
    match basis {
        physiology::Basis::Measured => Basis::Measured,
        physiology::Basis::Derived => Basis::Derived,
        physiology::Basis::Fitted => Basis::Fitted,
        physiology::Basis::Assumed => Basis::Assumed,
        physiology::Basis::Published => Basis::Published,
    }
}
