//! One condition per arm and hypothesis.

use super::{Question, Run};
use crate::biology::unknown;
use crate::evaluate::Start;
use crate::settings::{internal_value, selected_links};
use crate::{Arm, Biology, Entry, Hypothesis, Setting};
use network::{Action, Change, Condition, Network, SymbolIndex};
use source::{Diagnostic, Diagnostics, Place, Placed};
use std::collections::{BTreeMap, BTreeSet};

/// What the arguments of a question mean, checked.
pub(super) struct Requests<'a> {
    hypotheses: Vec<&'a Hypothesis>,
    set: Vec<(String, f64)>,
    /// Positions of links that are off in every run.
    off: BTreeSet<usize>,
}

impl<'a> Requests<'a> {
    pub(super) fn new(biology: &'a Biology, question: &Question, findings: &mut Diagnostics) -> Self {
        let mut requests = Self { hypotheses: Vec::new(), set: Vec::new(), off: BTreeSet::new() };
        for id in &question.hypotheses {
            match biology.hypothesis(id) {
                Some(known) if requests.hypotheses.iter().any(|it| it.id == known.id) => {}
                Some(known) => requests.hypotheses.push(known),
                None => {
                    let known = biology.hypotheses.iter().map(|it| it.id.as_str());
                    findings.push(unknown("hypothesis", id, &Place::file("--hypothesis"), known));
                }
            }
        }
        for (id, quantity) in &question.set {
            let place = Place::file("--set");
            let quantity = Placed { value: quantity.clone(), place: place.clone() };
            match internal_value(biology, &Placed { value: id.clone(), place }, &quantity) {
                Ok(value) => requests.set.push((id.clone(), value)),
                Err(finding) => findings.push(finding),
            }
        }
        for selector in &question.off {
            match selected_links(selector, &Place::file("--off"), biology) {
                Ok(links) => requests.off.extend(links),
                Err(finding) => findings.push(finding),
            }
        }
        requests
    }
}

/// The runs, and for each of them which links are on.
pub(super) fn runs(
    biology: &Biology,
    question: &Question,
    requests: &Requests,
    network: &Network,
    findings: &mut Diagnostics,
) -> (Vec<Run>, Vec<Vec<bool>>) {
    let during_run = used_during_run(network);
    let scenario = &question.scenario;
    for arm in &scenario.arms {
        check_changes(arm, biology, network, &during_run, findings);
        tell_overruled(arm, biology, requests, findings);
    }
    let mut runs = Vec::new();
    let mut on = Vec::new();
    for hypothesis in std::iter::once(None).chain(requests.hypotheses.iter().map(|it| Some(*it))) {
        let switches = switches(biology, question, requests, hypothesis);
        for arm in &scenario.arms {
            let builder = Builder { biology, network, duration_days: scenario.duration_days };
            runs.push(Run {
                arm: arm.id.clone(),
                hypothesis: hypothesis.map(|hypothesis| hypothesis.id.clone()),
                condition: builder.condition(arm, hypothesis, requests, &switches, findings),
            });
            on.push(switches.clone());
        }
    }
    (runs, on)
}

/// A value from `--set` holds until the arm sets the parameter itself; silence would look like an answer.
fn tell_overruled(arm: &Arm, biology: &Biology, requests: &Requests, findings: &mut Diagnostics) {
    let genotypes = arm.genotypes.iter().filter_map(|id| biology.genotype(id));
    let by_genotype = genotypes.flat_map(|genotype| &genotype.set).map(|setting| (0.0, setting));
    let by_arm = arm.changes.iter().flat_map(|change| change.set.iter().map(|setting| (change.from_day, setting)));
    for (day, setting) in by_genotype.chain(by_arm) {
        if requests.set.iter().any(|(id, _)| *id == setting.id.value) {
            let message = format!("`--set {}` holds in arm `{}` only until day {day}", setting.id.value, arm.id);
            let finding = Diagnostic::warning(setting.id.place.clone(), message)
                .because("the arm sets the parameter itself")
                .hint("copy the scenario to a file of your own and change it there");
            findings.push(finding);
        }
    }
}

/// Defaults of the organism, then what the hypothesis turns off, then what it turns on, then `--off`.
fn switches(biology: &Biology, question: &Question, requests: &Requests, hypothesis: Option<&Hypothesis>) -> Vec<bool> {
    let organism = question.scenario.organism;
    let mut on: Vec<bool> = biology.links().map(|link| link.default.get(organism).copied().unwrap_or(false)).collect();
    let mut turn = |selectors: &[Placed<String>], to: bool| {
        for selector in selectors {
            // Selectors were checked when the biology was read.
            for link in selected_links(selector, &selector.place, biology).unwrap_or_default() {
                on[link] = to;
            }
        }
    };
    if let Some(hypothesis) = hypothesis {
        turn(&hypothesis.off, false);
        turn(&hypothesis.on, true);
    }
    requests.off.iter().for_each(|&link| on[link] = false);
    on
}

struct Builder<'a> {
    biology: &'a Biology,
    network: &'a Network,
    duration_days: f64,
}

/// A value that holds for a while.
struct Span {
    from: f64,
    to: f64,
    value: f64,
}

impl Builder<'_> {
    fn condition(
        &self,
        arm: &Arm,
        hypothesis: Option<&Hypothesis>,
        requests: &Requests,
        switches: &[bool],
        findings: &mut Diagnostics,
    ) -> Condition {
        let mut initial: BTreeMap<SymbolIndex, f64> = BTreeMap::new();
        let hypothesis_set = hypothesis.map_or(&[][..], |hypothesis| &hypothesis.set);
        for setting in self.biology.settings_before(arm).chain(hypothesis_set) {
            initial.extend(self.internal(setting));
        }
        initial.extend(requests.set.iter().filter_map(|(id, value)| Some((self.network.index_of(id)?, *value))));
        for (link, &on) in self.biology.links().zip(switches) {
            if let Some(switch) = self.network.index_of(&link.switch_id()) {
                initial.insert(switch, if on { 1.0 } else { 0.0 });
            }
        }
        let mut start = Start::new(self.network, &initial);
        let mut changes = self.set_changes(arm, &mut start);
        changes.extend(self.doses(arm, &mut start, findings));
        changes.sort_by(|a, b| a.time.total_cmp(&b.time));
        Condition { initial: initial.into_iter().collect(), changes }
    }

    fn internal(&self, setting: &Setting) -> Option<(SymbolIndex, f64)> {
        let value = internal_value(self.biology, &setting.id, &setting.quantity).ok()?;
        Some((self.network.index_of(&setting.id)?, value))
    }

    /// Genotype from day 0, then the arm's changes. Where several hold at once, the last written wins; where none holds,
    /// the value from before the run returns.
    fn set_changes(&self, arm: &Arm, start: &mut Start) -> Vec<Change> {
        let genotypes = arm.genotypes.iter().filter_map(|id| self.biology.genotype(id));
        let from_birth = genotypes.flat_map(|genotype| &genotype.set).map(|setting| (0.0, f64::INFINITY, setting));
        let later = arm.changes.iter().flat_map(|change| {
            let to = change.to_day.unwrap_or(f64::INFINITY);
            change.set.iter().map(move |setting| (change.from_day, to, setting))
        });
        let mut spans: BTreeMap<SymbolIndex, Vec<Span>> = BTreeMap::new();
        for (from, to, setting) in from_birth.chain(later) {
            if let Some((target, value)) = self.internal(setting) {
                spans.entry(target).or_default().push(Span { from, to, value });
            }
        }
        let mut changes = Vec::new();
        for (target, spans) in spans {
            if self.moves_by_itself(target) {
                // A state is put somewhere and then goes its own way: there is nothing to return to.
                changes.extend(spans.iter().map(|span| (span.from, target, span.value)));
                continue;
            }
            let before = start.value(target);
            let mut current = before;
            for time in boundaries(&spans) {
                let holding = spans.iter().rev().find(|span| (span.from..span.to).contains(&time));
                let value = holding.map_or(before, |span| span.value);
                if value != current {
                    changes.push((time, target, value));
                    current = value;
                }
            }
        }
        changes.retain(|(time, ..)| *time <= self.duration_days);
        changes.into_iter().map(|(time, target, value)| Change { time, target, action: Action::Set(value) }).collect()
    }

    fn moves_by_itself(&self, target: SymbolIndex) -> bool {
        let entry = self.biology.entry(&self.network.symbol(target).id);
        matches!(entry, Some((_, Entry::State(_) | Entry::Species(_))))
    }

    /// A dose adds to a state at once; an infusion sets the sum of the rates that run.
    fn doses(&self, arm: &Arm, start: &mut Start, findings: &mut Diagnostics) -> Vec<Change> {
        let mut changes = Vec::new();
        let mut flows: BTreeMap<SymbolIndex, Vec<(f64, f64)>> = BTreeMap::new();
        for dose in &arm.doses {
            let Some(drug) = self.biology.drug(&dose.drug) else { continue };
            let target = self.network.index_of(&drug.dose_into);
            let factor = self.network.index_of(&drug.dose_factor_id());
            let amount = dose.amount.value_in(&drug.dose_unit);
            let (Some(target), Some(factor), Some(amount)) = (target, factor, amount) else { continue };
            let added = amount * start.value(factor);
            if !added.is_finite() {
                let message =
                    format!("a dose of `{}` is not a finite amount of `{}`: {added}", drug.id, drug.dose_into.value);
                let finding = Diagnostic::error(dose.amount.place.clone(), message)
                    .because("its `dose_factor` divides by zero or uses what has no value before day 0");
                // Every hypothesis meets the same dose.
                if !findings.iter().any(|known| *known == finding) {
                    findings.push(finding);
                }
                continue;
            }
            let infusion = self.network.index_of(&drug.infusion_id());
            for dose_number in 0..dose.times {
                let time = dose.at_day + f64::from(dose_number) * dose.every_days.unwrap_or(0.0);
                match infusion {
                    _ if time > self.duration_days => {}
                    Some(infusion) if dose.over_days > 0.0 => {
                        let rate = added / dose.over_days;
                        let edges = flows.entry(infusion).or_default();
                        edges.extend([(time, rate), (time + dose.over_days, -rate)]);
                    }
                    _ => changes.push(Change { time, target, action: Action::Add(added) }),
                }
            }
        }
        for (target, edges) in flows {
            changes.extend(rates(target, edges, self.duration_days));
        }
        changes
    }
}

/// The rate that holds from each edge on: the sum of all that started and did not end.
fn rates(target: SymbolIndex, mut edges: Vec<(f64, f64)>, duration_days: f64) -> Vec<Change> {
    edges.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut changes, mut rate, mut running) = (Vec::<Change>::new(), 0.0, 0_i64);
    for (time, step) in edges.into_iter().filter(|(time, _)| *time <= duration_days) {
        running += if step > 0.0 { 1 } else { -1 };
        // Without an infusion there is none; a sum would keep its rounding.
        rate = if running == 0 { 0.0 } else { rate + step };
        if changes.last().is_some_and(|last| last.time == time) {
            changes.pop();
        }
        changes.push(Change { time, target, action: Action::Set(rate) });
    }
    changes
}

/// Every time at which a span starts or ends, once each, in order.
fn boundaries(spans: &[Span]) -> Vec<f64> {
    let mut times: Vec<f64> =
        spans.iter().flat_map(|span| [span.from, span.to]).filter(|time| time.is_finite()).collect();
    times.sort_by(f64::total_cmp);
    times.dedup();
    times
}

/// Changes during the run that would do nothing, or whose end has no meaning.
fn check_changes(
    arm: &Arm,
    biology: &Biology,
    network: &Network,
    during_run: &BTreeSet<SymbolIndex>,
    findings: &mut Diagnostics,
) {
    let genotypes = arm.genotypes.iter().filter_map(|id| biology.genotype(id));
    let from_birth = genotypes.flat_map(|genotype| &genotype.set).map(|setting| (false, setting));
    let later = arm.changes.iter().flat_map(|change| change.set.iter().map(|it| (change.to_day.is_some(), it)));
    for (ends, setting) in from_birth.chain(later) {
        let Some(index) = network.index_of(&setting.id) else { continue };
        let id = &setting.id;
        let moves = matches!(biology.entry(id), Some((_, Entry::State(_) | Entry::Species(_))));
        if !moves && !during_run.contains(&index) {
            findings.push(
                Diagnostic::error(id.place.clone(), format!("changing `{}` during a run does nothing", id.value))
                    .because("only derived parameters or starting values use it, and they are computed before day 0")
                    .hint("put it into `set` of the arm, or change what is derived from it"),
            );
        }
        if moves && ends {
            let message = format!("`{}` moves by itself and has no value to return to", id.value);
            findings.push(Diagnostic::error(id.place.clone(), message).hint("leave `to` out"));
        }
    }
}

/// Symbols that something needs while time runs: rules, kinetic laws, observables, events.
fn used_during_run(network: &Network) -> BTreeSet<SymbolIndex> {
    let count = u32::try_from(network.symbols().len()).unwrap_or(u32::MAX);
    let mut used: BTreeSet<SymbolIndex> = (0..count).flat_map(|i| network.dependencies(SymbolIndex(i))).collect();
    for event in network.events() {
        let assigned = event.assignments.iter().map(|assignment| &assignment.value);
        for expression in std::iter::once(&event.trigger).chain(assigned) {
            expression.walk(&mut |part| {
                if let network::Expression::Name(id) = part {
                    used.extend(network.index_of(id));
                }
            });
        }
    }
    used
}
