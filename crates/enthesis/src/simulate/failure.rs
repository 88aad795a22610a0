//! A failed run, told to a person: when, which species, by which reaction, and what to try.

use crate::Error;
use crate::numbers::short;
use engine::{FailureKind, SolveFailure, SteadyStateFailure, SteadyStateFailureKind};
use network::{Expression, Network, Reaction, Stoichiometry, SymbolIndex, SymbolKind};
use std::fmt::Write;

/// Names of a formula shown with their values.
const MOST_VALUES: usize = 10;
/// A longer formula is cut.
const LONGEST_FORMULA: usize = 200;

/// A failed run with names put back.
pub(crate) fn solve_failure(network: &Network, failure: &SolveFailure, time_unit: &str) -> Error {
    if failure.kind == FailureKind::Interrupted {
        return Error::Interrupted;
    }
    Error::Failed(failure_report(network, failure, time_unit))
}

/// One line about a failed run: state, reason, time, step, order, work so far.
pub(crate) fn failure_text(network: &Network, failure: &SolveFailure, time_unit: &str) -> String {
    let state = failure.symbol.map_or_else(String::new, |it| format!(" at `{}`", network.symbol(it).id));
    if let FailureKind::NegativeAmount { reaction } = failure.kind {
        let (reaction, time) = (&network.symbol(reaction).id, failure.time);
        return format!(
            "the run failed{state}: a firing of reaction `{reaction}` left less than nothing at time {time}"
        );
    }
    let unnamed = SolveFailure { symbol: None, ..failure.clone() };
    let steps = failure.partial.statistics.steps;
    let unit = if time_unit.is_empty() { String::new() } else { format!("; time in{time_unit}") };
    format!("the run failed{state}: {unnamed}, {steps} steps so far{unit}")
}

/// The line of [`failure_text`], then what was going on at that moment, the likely reason and what to try.
pub(crate) fn failure_report(network: &Network, failure: &SolveFailure, time_unit: &str) -> String {
    let mut text = failure_text(network, failure, time_unit);
    let moment = Moment { network, values: &failure.values };
    let culprit = if failure.values.is_empty() { None } else { moment.describe(&mut text, failure.symbol) };
    let (reason, hint) = advice(failure.kind, culprit.map(|it| &*network.symbol(it).id));
    if let Some(reason) = reason {
        let _ = write!(text, "\n  likely reason: {reason}");
    }
    let _ = write!(text, "\n  hint: {hint}");
    text
}

/// Why there is no rest: reason, time, the state farthest from it and what moves that, and what to try.
pub(crate) fn rest_failure(network: &Network, failure: &SteadyStateFailure, time_unit: &str) -> String {
    let id = |symbol: SymbolIndex| &network.symbol(symbol).id;
    let culprit = failure.reaction.or(failure.symbol);
    let (what, hint) = rest_advice(failure.kind, culprit.map(|it| &**id(it)));
    let mut text = format!("no steady state: {what}\n  at time {}{time_unit}", short(failure.time));
    if let Some(symbol) = failure.symbol {
        let what = if failure.kind == SteadyStateFailureKind::Grows { "it is" } else { "farthest from rest:" };
        let _ = write!(text, "\n  {what} `{}`", id(symbol));
        if let Some(value) = failure.values.get(symbol.0 as usize) {
            let _ = write!(text, ", then {}", short(*value));
        }
        if failure.rate.is_finite() {
            let _ = write!(text, ", changing by {} of its size per unit of time", short(failure.rate));
        }
        if let Some(reaction) = failure.reaction {
            let _ = write!(text, ", mostly by reaction `{}`", id(reaction));
        }
    }
    if !failure.values.is_empty() {
        let moment = Moment { network, values: &failure.values };
        if let Some((culprit, formula)) = culprit.and_then(|it| Some((it, moment.formula(it)?))) {
            moment.write_formula(&mut text, culprit, formula);
        }
    }
    let _ = write!(text, "\n  hint: {hint}");
    text
}

/// The likely reason why a run does not come to rest, and what to try.
fn rest_advice(kind: SteadyStateFailureKind, culprit: Option<&str>) -> (String, String) {
    let look = culprit.map_or_else(|| "look at its equation".to_string(), |it| format!("look at `{it}`"));
    let (what, hint) = match kind {
        SteadyStateFailureKind::Oscillates => (
            "the run oscillates",
            "look at the course in time with --end and --steps; other values (--set) may let it settle".to_string(),
        ),
        SteadyStateFailureKind::Grows => {
            ("something grows without bound", format!("{look}: is what is made also used up?"))
        }
        SteadyStateFailureKind::TimeDependent => (
            "something depends on time itself, or events go on happening",
            "take time and repeated events out of the model, or look at the course in time".to_string(),
        ),
        SteadyStateFailureKind::StillMoving => (
            "the run was still moving at the end",
            "give a later --end or leave it out; a larger --rtol may do; or look at the course in time".to_string(),
        ),
        SteadyStateFailureKind::ManyRests => (
            "there is one, but it depends on more than parameters and totals, so its derivatives do not follow",
            "take the --sensitivities of a long course in time, without --steady-state".to_string(),
        ),
        SteadyStateFailureKind::Run(kind) => return (kind.to_string(), advice(kind, culprit).1),
    };
    (what.to_string(), hint)
}

/// The values of everything when the run failed.
struct Moment<'a> {
    network: &'a Network,
    values: &'a [f64],
}

impl Moment<'_> {
    fn value(&self, symbol: SymbolIndex) -> f64 {
        self.values[symbol.0 as usize]
    }

    fn id(&self, symbol: SymbolIndex) -> &str {
        &self.network.symbol(symbol).id
    }

    /// Writes what the state was, what changed it most and from which values; returns the reaction or rule at fault.
    fn describe(&self, text: &mut String, symbol: Option<SymbolIndex>) -> Option<SymbolIndex> {
        let symbol = symbol.or_else(|| self.fastest())?;
        let _ = write!(text, "\n  then `{}` was {}", self.id(symbol), short(self.value(symbol)));
        let largest = self.largest_change(symbol);
        if let Some((reaction, change)) = largest {
            let reaction = self.id(reaction);
            let _ = if change.is_finite() {
                write!(text, "; reaction `{reaction}` changed it most, by {} per unit of time", short(change))
            } else {
                write!(text, "; the rate of reaction `{reaction}`, which changes it, is not a number")
            };
        }
        let changing = largest.map_or(symbol, |(reaction, _)| reaction);
        let origin = self.origin(changing);
        if origin != changing && !self.value(origin).is_finite() {
            let _ = write!(text, "\n  first to be not a number: `{}`", self.id(origin));
        }
        if let Some(formula) = self.formula(origin) {
            self.write_formula(text, origin, formula);
        }
        (origin != symbol || self.formula(origin).is_some()).then_some(origin)
    }

    /// The species that reactions change fastest, relative to how much there is of it.
    fn fastest(&self) -> Option<SymbolIndex> {
        let speed = |symbol: SymbolIndex| {
            let changes = self.network.reactions_changing(symbol).iter();
            let rate: f64 = changes.map(|&reaction| self.change(symbol, reaction)).sum();
            rate.abs() / self.value(symbol).abs().max(f64::MIN_POSITIVE)
        };
        let species = self.network.symbols().iter().filter(|it| matches!(it.kind, SymbolKind::Species(_)));
        let symbols = species.filter_map(|it| self.network.index_of(&it.id));
        symbols
            .map(|it| (speed(it), it))
            .filter(|(it, _)| *it > 0.0)
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, it)| it)
    }

    /// The reaction that changes a species most, with the change of its amount; what is not a number counts most.
    fn largest_change(&self, species: SymbolIndex) -> Option<(SymbolIndex, f64)> {
        let changes = self.network.reactions_changing(species).iter().filter_map(|&reaction| {
            let symbol = self.network.index_of(&self.network.reactions()[reaction].id)?;
            Some((symbol, self.change(species, reaction)))
        });
        let size = |change: f64| if change.is_nan() { f64::INFINITY } else { change.abs() };
        changes.max_by(|a, b| size(a.1).total_cmp(&size(b.1)))
    }

    /// What a reaction adds to a species in a unit of time.
    fn change(&self, species: SymbolIndex, reaction: usize) -> f64 {
        let Reaction { id, reactants, products, .. } = &self.network.reactions()[reaction];
        let rate = self.network.index_of(id).map_or(0.0, |it| self.value(it));
        let signed = reactants.iter().map(|it| (it, -1.0)).chain(products.iter().map(|it| (it, 1.0)));
        let count: f64 = signed
            .filter(|(it, _)| *it.species == *self.id(species))
            .map(|(it, sign)| {
                let named = it.id.as_ref().and_then(|id| self.network.index_of(id)).map(|it| self.value(it));
                let written = if let Stoichiometry::Constant(number) = it.stoichiometry { number } else { 1.0 };
                sign * named.unwrap_or(written)
            })
            .sum();
        count * rate
    }

    /// Follows what is not a number to where it begins.
    fn origin(&self, symbol: SymbolIndex) -> SymbolIndex {
        let (mut here, mut seen) = (symbol, vec![symbol]);
        while !self.value(here).is_finite() {
            let needs = self.network.dependencies(here);
            let Some(next) = needs.into_iter().find(|it| !self.value(*it).is_finite() && !seen.contains(it)) else {
                break;
            };
            seen.push(next);
            here = next;
        }
        here
    }

    fn formula(&self, symbol: SymbolIndex) -> Option<&Expression> {
        match self.network.symbol(symbol).kind {
            SymbolKind::Reaction(i) => self.network.reactions()[i].rate.as_ref(),
            _ => self.network.rule_of(symbol).map(|rule| rule.value()),
        }
    }

    fn write_formula(&self, text: &mut String, symbol: SymbolIndex, formula: &Expression) {
        let mut names = Vec::new();
        formula.walk(&mut |part| {
            if let Expression::Name(id) = part
                && let Some(symbol) = self.network.index_of(id)
                && !names.contains(&symbol)
            {
                names.push(symbol);
            }
        });
        let mut written = formula.to_string();
        if written.chars().count() > LONGEST_FORMULA {
            written = written.chars().take(LONGEST_FORMULA).chain("...".chars()).collect();
        }
        let _ = write!(text, "\n  `{}` is {written}", self.id(symbol));
        let values: Vec<String> =
            names.iter().take(MOST_VALUES).map(|&it| format!("{} = {}", self.id(it), short(self.value(it)))).collect();
        if !values.is_empty() {
            let more = if names.len() > MOST_VALUES { ", ..." } else { "" };
            let _ = write!(text, "\n  with {}{more}", values.join(", "));
        }
    }
}

/// The likely reason and what to try; `culprit` is the reaction or rule that changed the failing state most.
fn advice(kind: FailureKind, culprit: Option<&str>) -> (Option<String>, String) {
    let at = culprit.map_or_else(String::new, |it| format!(" in `{it}`"));
    let look = culprit.map_or_else(|| "look at its equation".to_string(), |it| format!("look at `{it}`"));
    match kind {
        FailureKind::StepTooSmall => (
            Some("the solution goes to infinity there, or changes faster than time can be told apart".to_string()),
            format!("{look}: a sign, a unit or a parameter may be wrong; if all is meant, end the run before"),
        ),
        FailureKind::NotFinite => (
            Some(format!("a division by zero, or a root, logarithm or power of a negative number{at}")),
            format!("{look} and the values in it; start from values above zero, or try a smaller --atol"),
        ),
        FailureKind::TooManySteps => (
            Some("something changes very fast compared with the time between two outputs".to_string()),
            format!("{look}: its unit of time may be wrong; a larger --rtol or more --steps let it go on"),
        ),
        FailureKind::NewtonFailed | FailureKind::SingularMatrix => (
            Some(format!("the equations have no single solution near this point, often at a jump or a pole{at}")),
            format!("{look}; try a smaller --rtol"),
        ),
        FailureKind::Inconsistent => (
            Some("the rules contradict each other or have no solution at these values".to_string()),
            "start what the rules determine nearer to its solution, or look for a sign or a value that is wrong"
                .to_string(),
        ),
        FailureKind::InconsistentSingular => (
            Some("a rule no longer depends on what it is to determine, or two rules say the same".to_string()),
            "give each rule a variable of its own that it depends on at all times".to_string(),
        ),
        FailureKind::NoDerivatives(_) => (None, "compare runs with slightly different values instead".to_string()),
        FailureKind::NoGradient(_) => (None, "take sensitivities instead".to_string()),
        FailureKind::NoRest(_) => (None, "run the model for a long time instead".to_string()),
        FailureKind::EndlessEvents => (
            Some("an event makes the trigger of another true, and that one the first".to_string()),
            "let the trigger of one of them depend on what the other changes".to_string(),
        ),
        FailureKind::InvalidDelay => (None, "give the event a delay of 0 or more".to_string()),
        FailureKind::NegativeDuration => {
            (None, "look at the durations of `delay`: each must be 0 or more at all times".to_string())
        }
        FailureKind::NotSettable => (None, "set what it follows from instead".to_string()),
        FailureKind::InvalidOutputTimes | FailureKind::InvalidTolerance => (None, "give other values".to_string()),
        FailureKind::NegativePropensity => (
            Some(
                "a reversible reaction written as one difference, or more partners than there are molecules"
                    .to_string(),
            ),
            format!("{look}: write it as two reactions whose rates are never negative, or use --method ode"),
        ),
        FailureKind::NegativeAmount { .. } => (
            Some(
                "a rate that does not vanish with what it uses up, or amounts that are no whole molecules".to_string(),
            ),
            "let the rate name what it uses up, give amounts in molecules, or use --method ode".to_string(),
        ),
        FailureKind::NotForJumps(_) => (None, "use --method ode".to_string()),
        FailureKind::Interrupted | FailureKind::Internal => {
            (None, "please report it, with the model and the command".to_string())
        }
    }
}
