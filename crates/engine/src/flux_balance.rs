//! Flux balance: the steady rates within bounds that make an objective best, by linear programming.
//!
//! The rates are the unknowns; kinetic laws play no part. Bounds and stoichiometries have the values they start with, so
//! initial assignments and rules count. See [`network::FluxBalance`] for the question.

use crate::bytecode::{Layout, Program};
use crate::error::CompileError;
use crate::expressions::Lowering;
use crate::graph::NodeId;
use crate::lower::{Equations, Moment, Part, position_of, symbol_index};
use microlp::{ComparisonOp, OptimizationDirection, Problem, SolveOptions, Variable};
use network::{
    Condition, Expression, InitialStep, Network, Objective, Quantity, Sense, Stoichiometry, SymbolIndex, SymbolKind,
};
use std::collections::BTreeMap;
use std::fmt;

/// How far a rate may be beyond a bound, or a species from balance. Tighter than the solver's own 1e-7, which shows in the
/// printed digits; on models of whole genomes it costs no time.
const FEASIBILITY: f64 = 1e-9;
/// What is left over of a species that is not balanced, relative to the largest rate; below it is rounding.
const LEAST_LEFT_OVER: f64 = 1e-7;

/// What came out.
#[derive(Debug, Clone, PartialEq)]
pub enum FluxOutcome {
    /// The best value of the objective, and rates that reach it. Other rates may reach it too; which ones are given is
    /// the same every time.
    Optimal {
        /// The value of the objective.
        objective: f64,
        /// The rate of each reaction, in the order of the network, in extent per time.
        rates: Vec<f64>,
    },
    /// No rates meet all bounds at a steady state.
    Infeasible(Conflict),
    /// The objective has no end: these reactions can carry ever more.
    Unbounded {
        /// Positions in the network, in ascending order.
        reactions: Vec<usize>,
    },
}

/// Why there is no steady state.
#[derive(Debug, Clone, PartialEq)]
pub enum Conflict {
    /// The lower bound of a reaction is above its upper bound.
    Bounds {
        /// Position in the network.
        reaction: usize,
        /// Its lower bound.
        lower: f64,
        /// Its upper bound.
        upper: f64,
    },
    /// Each bound can be met, but not all together. Balanced as far as they can be, these are left over.
    Unbalanced {
        /// Species that pile up or run short.
        species: Vec<SymbolIndex>,
        /// Constraints that are broken, by their position in the question.
        constraints: Vec<usize>,
    },
}

/// Why there is no outcome.
#[derive(Debug, Clone, PartialEq)]
pub enum FluxError {
    /// The network asks no question of flux balance, or names no objective.
    NoObjective,
    /// A bound, a coefficient or a stoichiometry of this reaction or constraint has no value that is a number.
    NotANumber {
        /// The reaction, if it is one.
        reaction: Option<usize>,
    },
    /// A formula that a number rests on cannot be evaluated.
    Compile(CompileError),
    /// The solver gave up, with its own words.
    Numerical(String),
}

impl fmt::Display for FluxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoObjective => write!(f, "the model names no active objective"),
            Self::NotANumber { reaction: Some(reaction) } => {
                write!(f, "a bound, a coefficient or a stoichiometry of reaction {reaction} is not a number")
            }
            Self::NotANumber { reaction: None } => write!(f, "a number in a constraint of rates is not one"),
            Self::Compile(error) => error.fmt(f),
            Self::Numerical(message) => write!(f, "the linear program could not be solved: {message}"),
        }
    }
}

impl std::error::Error for FluxError {}

impl From<CompileError> for FluxError {
    fn from(error: CompileError) -> Self {
        Self::Compile(error)
    }
}

/// Answers the network's question of flux balance under a condition, of which only initial values matter.
///
/// The active objective is made best subject to `S v = 0` for every species that is neither boundary nor constant, to
/// the bounds of the rates `v` and to further constraints. A limit that is not given is infinite.
///
/// # Errors
/// [`FluxError`]; an infeasible or unbounded question is an outcome.
pub fn flux_balance(network: &Network, condition: &Condition) -> Result<FluxOutcome, FluxError> {
    let objective = network.flux_balance().and_then(|it| it.objective()).ok_or(FluxError::NoObjective)?;
    let program = LinearProgram::of(network, condition, objective)?;
    if let Some(conflict) = program.crossed_bounds() {
        return Ok(FluxOutcome::Infeasible(conflict));
    }
    match program.solve() {
        Ok(Some(mut rates)) => {
            let objective = program.costs.iter().zip(&rates).map(|(cost, rate)| cost * rate).sum();
            rates.truncate(network.reactions().len());
            Ok(FluxOutcome::Optimal { objective, rates })
        }
        Ok(None) => Ok(FluxOutcome::Unbounded { reactions: program.endless()? }),
        Err(microlp::Error::Infeasible) => Ok(FluxOutcome::Infeasible(program.left_over()?)),
        Err(error) => Err(FluxError::Numerical(error.to_string())),
    }
}

/// Between which limits the rate of each of these reactions may lie while the objective is at its best: flux variability
/// analysis (Mahadevan & Schilling 2003, doi:10.1016/j.ymben.2003.09.002), with the whole of the best objective. Infinite
/// where there is no limit. Two linear programs for each reaction.
///
/// # Errors
/// [`FluxError`], also when there is no best objective.
pub fn flux_variability(
    network: &Network,
    condition: &Condition,
    reactions: &[usize],
) -> Result<Vec<(f64, f64)>, FluxError> {
    let objective = network.flux_balance().and_then(|it| it.objective()).ok_or(FluxError::NoObjective)?;
    let mut program = LinearProgram::of(network, condition, objective)?;
    let numerical = |error: microlp::Error| FluxError::Numerical(error.to_string());
    let best = program.solve().map_err(numerical)?;
    let best = best.ok_or_else(|| FluxError::Numerical("there is no end to the objective".into()))?;
    let best: f64 = program.costs.iter().zip(&best).map(|(cost, rate)| cost * rate).sum();
    let (lower, upper) = match program.sense {
        Sense::Maximize => (best, f64::INFINITY),
        Sense::Minimize => (f64::NEG_INFINITY, best),
    };
    let terms = added_up(program.costs.iter().copied().enumerate());
    if !terms.is_empty() {
        program.rows.push(Row { of: RowOf::Objective, terms, lower, upper });
    }
    let mut limits = Vec::new();
    for &reaction in reactions {
        let mut limit = |sense: Sense, endless: f64| {
            program.sense = sense;
            program.costs.iter_mut().enumerate().for_each(|(i, cost)| *cost = f64::from(u8::from(i == reaction)));
            let rates = program.solve().map_err(numerical)?;
            Ok::<f64, FluxError>(rates.map_or(endless, |rates| rates[reaction]))
        };
        limits.push((limit(Sense::Minimize, f64::NEG_INFINITY)?, limit(Sense::Maximize, f64::INFINITY)?));
    }
    Ok(limits)
}

/// A linear program in numbers. Variables are the rates of all reactions, then parameters that constraints leave open.
struct LinearProgram {
    sense: Sense,
    costs: Vec<f64>,
    /// Lower and upper bound of each variable.
    bounds: Vec<(f64, f64)>,
    reactions: usize,
    rows: Vec<Row>,
}

/// `lower <= sum of coefficient * variable <= upper`.
struct Row {
    of: RowOf,
    terms: Vec<(usize, f64)>,
    lower: f64,
    upper: f64,
}

#[derive(Clone, Copy)]
enum RowOf {
    Species(SymbolIndex),
    Constraint(usize),
    /// The objective, kept at its best.
    Objective,
}

impl LinearProgram {
    fn of(network: &Network, condition: &Condition, objective: &Objective) -> Result<Self, FluxError> {
        let question = network.flux_balance().ok_or(FluxError::NoObjective)?;
        let equations = Equations::new(network)?;
        let mut numbers = Numbers::new(&equations)?;
        let reaction_of = |id: &str| match network.index_of(id).map(|symbol| network.symbol(symbol).kind) {
            Some(SymbolKind::Reaction(reaction)) => Some(reaction),
            _ => None,
        };
        let unbounded = (f64::NEG_INFINITY, f64::INFINITY);

        // Every number is first written as a formula; all are evaluated together.
        let mut bounds = Vec::new();
        for it in &question.bounds {
            let Some(reaction) = reaction_of(&it.reaction) else { continue };
            let of = Some(reaction);
            bounds.push((reaction, numbers.limits(&it.lower, &it.upper, of)?));
        }
        let mut costs = Vec::new();
        for term in &objective.terms {
            let Some(reaction) = reaction_of(&term.variable) else { continue };
            costs.push((reaction, numbers.quantity(&term.coefficient, Some(reaction))?));
        }
        let mut balances = Vec::new();
        for (position, parts) in equations.parts.iter().enumerate().filter(|(_, parts)| !parts.is_empty()) {
            let terms = parts.iter().map(|&part| Ok((part, numbers.stoichiometry(part)?)));
            balances.push((symbol_index(position), terms.collect::<Result<Vec<_>, FluxError>>()?));
        }
        let mut constraints = Vec::new();
        let mut open: BTreeMap<&str, usize> = BTreeMap::new();
        for it in &question.constraints {
            let mut terms = Vec::new();
            for term in &it.terms {
                let variable = reaction_of(&term.variable).unwrap_or_else(|| {
                    let next = network.reactions().len() + open.len();
                    *open.entry(&term.variable).or_insert(next)
                });
                terms.push((variable, numbers.quantity(&term.coefficient, None)?));
            }
            constraints.push((terms, numbers.limits(&it.lower, &it.upper, None)?));
        }

        let numbers = numbers.evaluate(condition)?;
        let reactions = network.reactions().len();
        let mut program = Self {
            sense: objective.sense,
            costs: vec![0.0; reactions + open.len()],
            bounds: vec![unbounded; reactions + open.len()],
            reactions,
            rows: Vec::new(),
        };
        for (reaction, (lower, upper)) in bounds {
            program.bounds[reaction] = (numbers[lower], numbers[upper]);
        }
        for (reaction, cost) in costs {
            program.costs[reaction] += numbers[cost];
        }
        for (species, terms) in balances {
            let signed = terms
                .into_iter()
                .map(|(part, number)| (part.reaction, if part.made { numbers[number] } else { -numbers[number] }));
            let terms = added_up(signed);
            program.rows.push(Row { of: RowOf::Species(species), terms, lower: 0.0, upper: 0.0 });
        }
        for (position, (terms, (lower, upper))) in constraints.into_iter().enumerate() {
            let terms = added_up(terms.into_iter().map(|(variable, number)| (variable, numbers[number])));
            let (lower, upper) = (numbers[lower], numbers[upper]);
            program.rows.push(Row { of: RowOf::Constraint(position), terms, lower, upper });
        }
        Ok(program)
    }

    fn crossed_bounds(&self) -> Option<Conflict> {
        let crossed =
            |(lower, upper): (f64, f64)| lower > upper || lower == f64::INFINITY || upper == f64::NEG_INFINITY;
        let row = self.rows.iter().find(|row| crossed((row.lower, row.upper)));
        if let Some(Row { of: RowOf::Constraint(constraint), .. }) = row {
            return Some(Conflict::Unbalanced { species: Vec::new(), constraints: vec![*constraint] });
        }
        let reaction = self.bounds.iter().position(|&bounds| crossed(bounds))?;
        let (lower, upper) = self.bounds[reaction];
        Some(Conflict::Bounds { reaction, lower, upper })
    }

    /// The best variables; `None` when there is no end to the objective.
    fn solve(&self) -> Result<Option<Vec<f64>>, microlp::Error> {
        let direction = match self.sense {
            Sense::Maximize => OptimizationDirection::Maximize,
            Sense::Minimize => OptimizationDirection::Minimize,
        };
        let mut problem = Problem::new(direction);
        let variables = self.bounds.iter().zip(&self.costs).map(|(&bounds, &cost)| problem.add_var(cost, bounds));
        let variables: Vec<Variable> = variables.collect();
        for row in &self.rows {
            let terms = row.terms.iter().map(|&(variable, number)| (variables[variable], number)).collect();
            add_row(&mut problem, terms, row.lower, row.upper);
        }
        match values(&problem, &variables) {
            Ok(values) => Ok(Some(values)),
            Err(microlp::Error::Unbounded) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The reactions of a direction without end: what stays at zero where a bound is finite, moves at most by 1
    /// elsewhere, keeps the balance and makes the objective better.
    fn endless(&self) -> Result<Vec<usize>, FluxError> {
        let direction = |bound: f64, side: f64| if bound.is_finite() { 0.0 } else { side };
        let cone = Self {
            sense: self.sense,
            costs: self.costs.clone(),
            bounds: self.bounds.iter().map(|&(lower, upper)| (direction(lower, -1.0), direction(upper, 1.0))).collect(),
            reactions: self.reactions,
            rows: self
                .rows
                .iter()
                .map(|row| Row {
                    terms: row.terms.clone(),
                    lower: direction(row.lower, f64::NEG_INFINITY),
                    upper: direction(row.upper, f64::INFINITY),
                    ..*row
                })
                .collect(),
        };
        let moving = cone.solve().map_err(|error| FluxError::Numerical(error.to_string()))?.unwrap_or_default();
        Ok((0..self.reactions).filter(|&it| moving.get(it).is_some_and(|it| it.abs() > LEAST_LEFT_OVER)).collect())
    }

    /// What cannot be balanced: every row may be missed, and is missed by as little in sum as can be.
    fn left_over(&self) -> Result<Conflict, FluxError> {
        let mut problem = Problem::new(OptimizationDirection::Minimize);
        let variables = self.bounds.iter().map(|&bounds| problem.add_var(0.0, bounds)).collect::<Vec<_>>();
        let mut misses = Vec::new();
        for row in &self.rows {
            let [over, under] = [(); 2].map(|()| problem.add_var(1.0, (0.0, f64::INFINITY)));
            let mut terms: Vec<_> = row.terms.iter().map(|&(variable, number)| (variables[variable], number)).collect();
            terms.extend([(over, -1.0), (under, 1.0)]);
            add_row(&mut problem, terms, row.lower, row.upper);
            misses.extend([over, under]);
        }
        let all: Vec<Variable> = variables.into_iter().chain(misses).collect();
        let all = values(&problem, &all).map_err(|error| FluxError::Numerical(error.to_string()))?;
        let (rates, misses) = all.split_at(self.costs.len());
        let largest = rates.iter().fold(1.0_f64, |largest, rate| largest.max(rate.abs()));
        let (mut species, mut constraints) = (Vec::new(), Vec::new());
        for (row, miss) in self.rows.iter().zip(misses.chunks_exact(2)) {
            if miss[0].max(miss[1]) > LEAST_LEFT_OVER * largest {
                match row.of {
                    RowOf::Species(symbol) => species.push(symbol),
                    RowOf::Constraint(position) => constraints.push(position),
                    RowOf::Objective => {}
                }
            }
        }
        Ok(Conflict::Unbalanced { species, constraints })
    }
}

fn add_row(problem: &mut Problem, terms: Vec<(Variable, f64)>, lower: f64, upper: f64) {
    if lower == upper {
        problem.add_constraint(terms, ComparisonOp::Eq, lower);
        return;
    }
    if lower.is_finite() {
        problem.add_constraint(terms.clone(), ComparisonOp::Ge, lower);
    }
    if upper.is_finite() {
        problem.add_constraint(terms, ComparisonOp::Le, upper);
    }
}

fn values(problem: &Problem, variables: &[Variable]) -> Result<Vec<f64>, microlp::Error> {
    let mut options = SolveOptions::default();
    options.tolerances.feasibility = FEASIBILITY;
    let outcome = problem.solve_with(options)?;
    let Ok(solution) = outcome.into_solution() else {
        return Err(microlp::Error::InternalError("it stopped before the end".into()));
    };
    // Adding 0 turns -0 into 0.
    Ok(variables.iter().map(|&variable| solution.var_value(variable) + 0.0).collect())
}

/// One term for each variable, in ascending order, without those that are zero.
fn added_up(terms: impl Iterator<Item = (usize, f64)>) -> Vec<(usize, f64)> {
    let mut sums: BTreeMap<usize, f64> = BTreeMap::new();
    for (variable, number) in terms {
        *sums.entry(variable).or_insert(0.0) += number;
    }
    sums.into_iter().filter(|&(_, number)| number != 0.0).collect()
}

/// Numbers of the question as formulas at the start; what is handed out are positions among their values.
struct Numbers<'e, 'n> {
    lowering: Lowering<'e, 'n>,
    nodes: Vec<NodeId>,
    /// For each number, the reaction it belongs to and whether it must be finite.
    of: Vec<(Option<usize>, bool)>,
}

impl<'e, 'n> Numbers<'e, 'n> {
    /// What the numbers rest on is written first, in the order of computation, so that long chains are not a deep
    /// recursion; what they do not rest on may hold anything.
    fn new(equations: &'e Equations<'n>) -> Result<Self, FluxError> {
        let network = equations.network;
        let needed = needed(network);
        let mut lowering = Lowering::new(equations, Moment::Initial);
        for &step in network.initial_steps() {
            let target = match step {
                InitialStep::Initial(position) => Some(&network.initial_assignments()[position].target),
                InitialStep::Assignment(rule) => network.rules()[rule].target(),
            };
            if let Some(symbol) = target.and_then(|id| network.index_of(id)).filter(|&it| needed[position_of(it)]) {
                lowering.value(symbol)?;
            }
        }
        Ok(Self { lowering, nodes: Vec::new(), of: Vec::new() })
    }

    fn push(&mut self, node: NodeId, reaction: Option<usize>, finite: bool) -> usize {
        self.nodes.push(node);
        self.of.push((reaction, finite));
        self.nodes.len() - 1
    }

    fn quantity_node(&mut self, quantity: &Quantity) -> Result<NodeId, FluxError> {
        Ok(match quantity {
            Quantity::Number(number) => self.lowering.graph.constant(*number),
            Quantity::Parameter(id) => self.lowering.value(self.lowering.equations.find(id)?)?,
        })
    }

    fn quantity(&mut self, quantity: &Quantity, reaction: Option<usize>) -> Result<usize, FluxError> {
        let node = self.quantity_node(quantity)?;
        Ok(self.push(node, reaction, true))
    }

    fn stoichiometry(&mut self, part: Part) -> Result<usize, FluxError> {
        let node = self.lowering.stoichiometry(part)?;
        Ok(self.push(node, Some(part.reaction), true))
    }

    fn limits(
        &mut self,
        lower: &Option<Quantity>,
        upper: &Option<Quantity>,
        reaction: Option<usize>,
    ) -> Result<(usize, usize), FluxError> {
        let mut limit = |quantity: &Option<Quantity>, absent: f64| {
            let node = self.quantity_node(quantity.as_ref().unwrap_or(&Quantity::Number(absent)))?;
            Ok::<usize, FluxError>(self.push(node, reaction, false))
        };
        Ok((limit(lower, f64::NEG_INFINITY)?, limit(upper, f64::INFINITY)?))
    }

    /// The values of all numbers handed out so far.
    fn evaluate(self, condition: &Condition) -> Result<Vec<f64>, FluxError> {
        let count = self.lowering.equations.network.symbols().len();
        let graph = self.lowering.graph;
        let layout = Layout::new(&graph, 0, 2 * count, &[]);
        let program = Program::new(&graph, &layout, &self.nodes);
        let mut memory = layout.memory(program.scratch());
        let (values, in_force) = layout.parameters(&mut memory).split_at_mut(count);
        in_force.fill(0.0);
        for &(symbol, value) in &condition.initial {
            values[position_of(symbol)] = value;
            in_force[position_of(symbol)] = 1.0;
        }
        layout.set_point(&mut memory, 0.0, &[]);
        let mut numbers = vec![0.0; program.result_count()];
        program.run(&mut memory, &mut numbers);
        for (number, (reaction, finite)) in numbers.iter().zip(self.of) {
            if number.is_nan() || (finite && !number.is_finite()) {
                return Err(FluxError::NotANumber { reaction });
            }
        }
        Ok(numbers)
    }
}

/// Which symbols the numbers of the question rest on at the start.
fn needed(network: &Network) -> Vec<bool> {
    let mut needed = vec![false; network.symbols().len()];
    let mut open: Vec<SymbolIndex> = Vec::new();
    let names = |expression: &Expression, open: &mut Vec<SymbolIndex>| {
        expression.walk(&mut |part| {
            if let Expression::Name(id) | Expression::RateOf(id) = part {
                open.extend(network.index_of(id));
            }
        });
    };
    for participant in network.reactions().iter().flat_map(|it| it.reactants.iter().chain(&it.products)) {
        open.extend(participant.id.as_ref().and_then(|id| network.index_of(id)));
        if let Stoichiometry::Expression(expression) = &participant.stoichiometry {
            names(expression, &mut open);
        }
    }
    if let Some(question) = network.flux_balance() {
        let limits = question.bounds.iter().flat_map(|it| [it.lower.as_ref(), it.upper.as_ref()]);
        let limits = limits.chain(question.constraints.iter().flat_map(|it| [it.lower.as_ref(), it.upper.as_ref()]));
        let terms = question.constraints.iter().flat_map(|it| &it.terms).map(|it| Some(&it.coefficient));
        let parameters = limits.chain(terms).flatten().filter_map(Quantity::parameter);
        open.extend(parameters.filter_map(|id| network.index_of(id)));
    }
    while let Some(symbol) = open.pop() {
        if std::mem::replace(&mut needed[position_of(symbol)], true) {
            continue;
        }
        if let Some(assignment) = network.initial_assignment_of(symbol) {
            names(&assignment.value, &mut open);
        }
        if let Some(rule) = network.rule_of(symbol) {
            names(rule.value(), &mut open);
        }
        if let SymbolKind::Species(species) = network.symbol(symbol).kind {
            open.extend(network.index_of(&network.species()[species].compartment));
        }
    }
    needed
}

#[cfg(test)]
mod tests;
