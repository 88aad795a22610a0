//! Functions defined in the model are put in place of their calls.
//!
//! A body may name its arguments only, so putting arguments in place cannot capture a name of the model. Bodies are
//! expanded innermost first; both the size and the depth of what comes out are bounded, because functions of functions
//! grow like powers of two.

use super::names::{suggestion, wrong_number};
use super::order::depth_first;
use super::sites::sites;
use crate::{Draft, Expression, Function, Id};
use source::{Diagnostic, Diagnostics, Place};
use std::collections::HashMap;

/// Of all expanded expressions of a model together.
const LARGEST: usize = 500_000;
const DEEPEST: usize = 512;

/// Replaces every call of a defined function in the model, and reports calls that cannot be. The functions themselves are
/// then needed no more.
pub(super) fn put_in_place(draft: &mut Draft, findings: &mut Diagnostics) {
    let mut budget = Budget { nodes: LARGEST, draws: 0 };
    let functions = Functions::of(draft, &mut budget, findings);
    for site in sites(draft) {
        let expression = site.expression(draft);
        if !has_call_or_draw(expression) {
            continue;
        }
        match functions.expand(expression, &mut budget, 0) {
            Ok(expanded) => site.replace(draft, expanded),
            Err(Problem { message, hint }) => {
                let message = format!("{message} in {}", site.describe(draft));
                findings.push(Diagnostic { hint, ..Diagnostic::error(site.place(draft).clone(), message) });
            }
        }
    }
    draft.functions.clear();
}

struct Problem {
    message: String,
    hint: Option<String>,
}

fn problem<T>(message: String) -> Result<T, Problem> {
    Err(Problem { message, hint: None })
}

/// How many more parts the expression that is being made may have, and how many draws there are so far.
struct Budget {
    nodes: usize,
    draws: u32,
}

impl Budget {
    fn take(&mut self, depth: usize) -> Result<(), Problem> {
        if self.nodes == 0 {
            return problem(format!("more than {LARGEST} terms once functions are put in place"));
        }
        if depth > DEEPEST {
            return problem(format!("nesting deeper than {DEEPEST} once functions are put in place"));
        }
        self.nodes -= 1;
        Ok(())
    }

    /// The number of a draw that is none of those before.
    fn new_draw(&mut self) -> u32 {
        self.draws += 1;
        self.draws
    }
}

struct Functions {
    /// Arguments, and the body with all calls expanded; `None` if that was not possible, which is reported already.
    by_id: HashMap<Id, (Vec<Id>, Option<Expression>)>,
}

impl Functions {
    fn of(draft: &Draft, budget: &mut Budget, findings: &mut Diagnostics) -> Self {
        let definitions = &draft.functions;
        let positions: HashMap<&Id, usize> = definitions.iter().enumerate().map(|(i, it)| (&it.id, i)).collect();
        let called = |i: usize| {
            let mut called = Vec::new();
            definitions[i].body.walk(&mut |part| {
                if let Expression::Defined(id, _) = part {
                    called.extend(positions.get(id).copied());
                }
            });
            called
        };
        let sorted = depth_first(definitions.len(), 0..definitions.len(), called);
        let mut recursive = vec![false; definitions.len()];
        for cycle in &sorted.cycles {
            cycle.iter().for_each(|i| recursive[*i] = true);
            let ids: Vec<&str> = cycle.iter().chain(&cycle[..1]).map(|i| &*definitions[*i].id).collect();
            let message = format!("function `{}` calls itself: {}", ids[0], ids.join(" -> "));
            findings.push(Diagnostic::error(definitions[cycle[0]].place.clone(), message));
        }
        let mut functions = Self { by_id: HashMap::new() };
        for i in sorted.order {
            let it = &definitions[i];
            let mut report = |place: &Place, problem: Problem| {
                let message = format!("{} in function `{}`", problem.message, it.id);
                findings.push(Diagnostic { hint: problem.hint, ..Diagnostic::error(place.clone(), message) });
            };
            let mut sound = !recursive[i];
            for foreign in foreign_names(&it.body, &it.arguments) {
                let message = format!("`{foreign}` is not an argument");
                report(&it.place, Problem { message, hint: suggestion(&foreign, it.arguments.iter().map(|id| &**id)) });
                sound = false;
            }
            let body = match sound.then(|| functions.expand(&it.body, budget, 0)) {
                Some(Ok(body)) => Some(body),
                Some(Err(problem)) => {
                    report(&it.place, problem);
                    None
                }
                None => None,
            };
            functions.by_id.insert(it.id.clone(), (it.arguments.clone(), body));
        }
        functions
    }

    /// The expression with all calls replaced.
    fn expand(&self, expression: &Expression, budget: &mut Budget, depth: usize) -> Result<Expression, Problem> {
        let Expression::Defined(id, arguments) = expression else {
            budget.take(depth)?;
            let expanded = expression.try_map(&mut |part| self.expand(part, budget, depth + 1))?;
            return Ok(match expanded {
                Expression::Draw(distribution, arguments, _) => {
                    Expression::Draw(distribution, arguments, budget.new_draw())
                }
                other => other,
            });
        };
        let Some((names, body)) = self.by_id.get(id) else {
            let hint = suggestion(id, self.known());
            return Err(Problem { message: format!("`{id}` is not a known function"), hint });
        };
        if let Some(message) = wrong_number(id, (names.len(), names.len()), arguments.len()) {
            return problem(message);
        }
        // A body that could not be expanded is reported where it is defined.
        let Some(body) = body else { return Ok(Expression::number(0.0)) };
        let mut values = HashMap::new();
        for (name, argument) in names.iter().zip(arguments) {
            values.insert(name.clone(), self.expand(argument, budget, depth + 1)?);
        }
        substitute(body, &values, &mut HashMap::new(), budget, depth)
    }

    /// Names of defined and built-in functions.
    fn known(&self) -> Vec<&str> {
        let mut known: Vec<&str> = Function::words().collect();
        known.extend(self.by_id.keys().map(|id| -> &str { id }));
        known.sort_unstable();
        known
    }
}

/// The body with values in the place of its arguments. Its own draws are new ones; `draws` says what has become of those
/// seen so far.
fn substitute(
    body: &Expression,
    values: &HashMap<Id, Expression>,
    draws: &mut HashMap<u32, u32>,
    budget: &mut Budget,
    depth: usize,
) -> Result<Expression, Problem> {
    budget.take(depth)?;
    match body {
        Expression::Name(id) => match values.get(id) {
            Some(value) => copy(value, budget, depth),
            None => Ok(body.clone()),
        },
        Expression::RateOf(id) => match values.get(id) {
            Some(Expression::Name(value)) => Ok(Expression::RateOf(value.clone())),
            Some(_) => problem("rateOf needs the name of a quantity".to_string()),
            None => Ok(body.clone()),
        },
        _ => {
            let changed = body.try_map(&mut |part| substitute(part, values, draws, budget, depth + 1))?;
            Ok(match changed {
                Expression::Draw(distribution, arguments, number) => {
                    let number = *draws.entry(number).or_insert_with(|| budget.new_draw());
                    Expression::Draw(distribution, arguments, number)
                }
                other => other,
            })
        }
    }
}

fn copy(value: &Expression, budget: &mut Budget, depth: usize) -> Result<Expression, Problem> {
    budget.take(depth)?;
    value.try_map(&mut |part| copy(part, budget, depth + 1))
}

fn has_call_or_draw(expression: &Expression) -> bool {
    let mut found = false;
    expression.walk(&mut |part| found |= matches!(part, Expression::Defined(..) | Expression::Draw(..)));
    found
}

fn foreign_names(body: &Expression, arguments: &[Id]) -> Vec<Id> {
    let mut foreign = Vec::new();
    body.walk(&mut |part| {
        if let Expression::Name(id) | Expression::RateOf(id) = part
            && !arguments.contains(id)
            && !foreign.contains(id)
        {
            foreign.push(id.clone());
        }
    });
    foreign
}
