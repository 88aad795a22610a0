//! Names and formulas as nodes of the graph, at one of two moments.

use crate::delays::DelayTable;
use crate::draws::LoweredDraw;
use crate::error::CompileError;
use crate::graph::{Binary, Graph, NodeId, Unary};
use crate::lower::{Equations, Moment, Part, Slot, position_of};
use network::{Expression, Function, InitialValue, Rule, Stoichiometry, SymbolIndex, SymbolKind};
use std::collections::HashMap;

/// Avogadro's number, exact since 2019.
const AVOGADRO: f64 = 6.022_140_76e23;

/// Writes formulas into a graph; each name once.
pub(crate) struct Lowering<'e, 'n> {
    pub(crate) equations: &'e Equations<'n>,
    pub(crate) graph: Graph,
    moment: Moment,
    values: Vec<Progress>,
    rates: Vec<Progress>,
    pub(crate) draws: Vec<LoweredDraw>,
    /// The node of each draw by its number. Only looked up, never iterated.
    drawn: HashMap<u32, NodeId>,
    /// The delays met so far, shared by all readings of the formulas.
    pub(crate) delays: DelayTable,
}

#[derive(Clone, Copy)]
enum Progress {
    NotBegun,
    Begun,
    Done(NodeId),
}

impl<'e, 'n> Lowering<'e, 'n> {
    pub(crate) fn new(equations: &'e Equations<'n>, moment: Moment) -> Self {
        let untouched = vec![Progress::NotBegun; equations.network.symbols().len()];
        Self {
            equations,
            graph: Graph::default(),
            moment,
            values: untouched.clone(),
            rates: untouched,
            draws: Vec::new(),
            drawn: HashMap::new(),
            delays: DelayTable::default(),
        }
    }

    /// Writes the value that a rule gives its target. Rules come in their order of computation, so that long chains of
    /// them are not a deep recursion.
    pub(crate) fn rule(&mut self, rule: usize) -> Result<(), CompileError> {
        match self.equations.network.rules()[rule].target() {
            Some(target) => self.value(self.equations.find(target)?).map(|_| ()),
            None => Ok(()),
        }
    }

    /// The value of a symbol, in what its name means.
    pub(crate) fn value(&mut self, symbol: SymbolIndex) -> Result<NodeId, CompileError> {
        match self.values[position_of(symbol)] {
            Progress::Done(node) => return Ok(node),
            Progress::Begun => return Err(CompileError::Cycle { symbol }),
            Progress::NotBegun => self.values[position_of(symbol)] = Progress::Begun,
        }
        let node = self.new_value(symbol)?;
        self.values[position_of(symbol)] = Progress::Done(node);
        Ok(node)
    }

    fn new_value(&mut self, symbol: SymbolIndex) -> Result<NodeId, CompileError> {
        let network = self.equations.network;
        if let Some(rule) = self.equations.assignment_rule[position_of(symbol)] {
            return match &network.rules()[rule] {
                Rule::Assignment { value, .. } => self.expression(value),
                _ => Err(CompileError::Internal("an assignment rule is not one".into())),
            };
        }
        match network.symbol(symbol).kind {
            SymbolKind::Reaction(position) => match &network.reactions()[position].rate {
                Some(rate) => self.expression(rate),
                None => Err(CompileError::Unsupported {
                    construct: "reaction without a kinetic law".into(),
                    symbol: Some(symbol),
                }),
            },
            SymbolKind::Observable(position) => self.expression(&network.observables()[position].value),
            SymbolKind::Participant(reaction, participant)
                if self.equations.storage[position_of(symbol)].slot == Slot::Derived =>
            {
                self.written_stoichiometry(Part { reaction, participant, made: false })
            }
            _ => match self.moment {
                Moment::Initial | Moment::Before => self.initial_value(symbol),
                Moment::Running => self.running_value(symbol),
            },
        }
    }

    /// What is kept, divided by the size of the compartment if that is what the name means.
    fn running_value(&mut self, symbol: SymbolIndex) -> Result<NodeId, CompileError> {
        let storage = self.equations.storage[position_of(symbol)];
        let kept = match storage.slot {
            Slot::State(index) => self.kept_state(symbol, index)?,
            Slot::Parameter(index) => self.graph.parameter(index),
            Slot::Derived => return Err(CompileError::Internal("a derived value has no rule".into())),
        };
        match storage.amount_in {
            None => Ok(kept),
            Some(compartment) => {
                let size = self.value(compartment)?;
                Ok(self.graph.divide(kept, size))
            }
        }
    }

    /// What is kept of a state, with what fast reactions have added to it.
    pub(crate) fn kept_state(&mut self, symbol: SymbolIndex, state: usize) -> Result<NodeId, CompileError> {
        let equations = self.equations;
        let mut kept = self.graph.state(state);
        if !equations.is_fast(symbol) {
            return Ok(kept);
        }
        for (extent, it) in equations.extents.iter().enumerate() {
            let change = self.change_by(symbol, it.reaction)?;
            if self.graph.constant_value(change) != Some(0.0) {
                let extent = self.graph.state(equations.state_of_extent(extent));
                let added = self.graph.multiply(change, extent);
                kept = self.graph.add(kept, added);
            }
        }
        Ok(kept)
    }

    /// The value in force before time starts: the condition's, else the initial assignment's, else the model's number.
    fn initial_value(&mut self, symbol: SymbolIndex) -> Result<NodeId, CompileError> {
        let own = self.own_initial_value(symbol)?;
        let (given, value) = self.condition(symbol);
        Ok(self.graph.select(given, value, own))
    }

    /// Whether the condition gives the symbol an initial value, and that value.
    fn condition(&mut self, symbol: SymbolIndex) -> (NodeId, NodeId) {
        let count = self.equations.network.symbols().len();
        let value = self.graph.parameter(position_of(symbol));
        (self.graph.parameter(count + position_of(symbol)), value)
    }

    fn own_initial_value(&mut self, symbol: SymbolIndex) -> Result<NodeId, CompileError> {
        let network = self.equations.network;
        if let Some(position) = self.equations.initial_assignment[position_of(symbol)] {
            return self.expression(&network.initial_assignments()[position].value);
        }
        let number = match network.symbol(symbol).kind {
            SymbolKind::Compartment(position) => network.compartments()[position].size,
            SymbolKind::Parameter(position) => network.parameters()[position].value,
            SymbolKind::Participant(reaction, participant) => {
                return self.written_stoichiometry(Part { reaction, participant, made: false });
            }
            SymbolKind::Species(position) => return self.initial_species(symbol, network.species()[position].initial),
            SymbolKind::Reaction(_) | SymbolKind::Observable(_) => None,
        };
        Ok(self.graph.constant(number.unwrap_or(f64::NAN)))
    }

    /// What the species' name means, from the amount or concentration it starts with.
    fn initial_species(&mut self, symbol: SymbolIndex, initial: InitialValue) -> Result<NodeId, CompileError> {
        let (number, is_amount) = match initial {
            InitialValue::Unset => (f64::NAN, true),
            InitialValue::Amount(amount) => (amount, true),
            InitialValue::Concentration(concentration) => (concentration, false),
        };
        let number = self.graph.constant(number);
        match (self.equations.concentration_in(symbol), is_amount) {
            (Some(compartment), true) => {
                let size = self.value(compartment)?;
                Ok(self.graph.divide(number, size))
            }
            (None, false) => {
                let compartment = self.equations.compartment[position_of(symbol)]
                    .ok_or_else(|| CompileError::Internal("a species has no compartment".into()))?;
                let size = self.value(compartment)?;
                Ok(self.graph.multiply(number, size))
            }
            _ => Ok(number),
        }
    }

    /// What is kept of a symbol before time starts.
    pub(crate) fn stored(&mut self, symbol: SymbolIndex) -> Result<NodeId, CompileError> {
        let Some(compartment) = self.equations.storage[position_of(symbol)].amount_in else {
            return self.value(symbol);
        };
        let (named, size) = (self.value(symbol)?, self.value(compartment)?);
        let amount = self.graph.multiply(named, size);
        // An amount that the model states is kept to the last bit, not divided and multiplied by a size.
        match (self.equations.initial_assignment[position_of(symbol)], self.equations.network.symbol(symbol).kind) {
            (None, SymbolKind::Species(position)) => match self.equations.network.species()[position].initial {
                InitialValue::Amount(stated) => {
                    let (given, _) = self.condition(symbol);
                    let stated = self.graph.constant(stated);
                    Ok(self.graph.select(given, amount, stated))
                }
                _ => Ok(amount),
            },
            _ => Ok(amount),
        }
    }

    /// The rate of change of what is kept of a state, or what must be 0 for an algebraic one.
    pub(crate) fn right_hand_side(&mut self, state: usize) -> Result<NodeId, CompileError> {
        let equations = self.equations;
        let symbol = equations.states[state];
        if let Some(extent) = equations.extent_of(state) {
            let mut sum = self.value(symbol)?;
            for &(reaction, part) in &equations.extents[extent].dependents {
                let rate = self.value(equations.find(&equations.network.reactions()[reaction].id)?)?;
                let part = self.graph.constant(part);
                let change = self.graph.multiply(part, rate);
                sum = self.graph.add(sum, change);
            }
            return Ok(sum);
        }
        match equations.algebraic_rule[position_of(symbol)] {
            Some(rule) => self.expression(equations.network.rules()[rule].value()),
            None => self.rate_of_change(symbol),
        }
    }

    /// The rate of change of what is kept of a state.
    pub(crate) fn rate_of_change(&mut self, state: SymbolIndex) -> Result<NodeId, CompileError> {
        match self.rates[position_of(state)] {
            Progress::Done(node) => return Ok(node),
            Progress::Begun => return Err(CompileError::Cycle { symbol: state }),
            Progress::NotBegun => self.rates[position_of(state)] = Progress::Begun,
        }
        let node = match self.equations.rate_rule[position_of(state)] {
            Some(rule) => match &self.equations.network.rules()[rule] {
                Rule::Rate { value, .. } => self.expression(value)?,
                _ => return Err(CompileError::Internal("a rate rule is not one".into())),
            },
            None => self.rate_by_reactions(state)?,
        };
        self.rates[position_of(state)] = Progress::Done(node);
        Ok(node)
    }

    /// Sum over reactions of stoichiometry times rate, times the species' conversion factor.
    fn rate_by_reactions(&mut self, species: SymbolIndex) -> Result<NodeId, CompileError> {
        let equations = self.equations;
        let mut reactions: Vec<usize> = equations.parts[position_of(species)].iter().map(|it| it.reaction).collect();
        reactions.dedup();
        reactions.retain(|&reaction| !equations.network.reactions()[reaction].fast);
        let mut sum = self.graph.constant(0.0);
        for reaction in reactions {
            let net = self.net_stoichiometry(species, reaction)?;
            if self.graph.constant_value(net) == Some(0.0) {
                continue;
            }
            let rate = self.value(equations.find(&equations.network.reactions()[reaction].id)?)?;
            let change = self.graph.multiply(net, rate);
            sum = self.graph.add(sum, change);
        }
        self.converted(species, sum)
    }

    /// What one unit of extent of a reaction adds to the amount of a species.
    pub(crate) fn change_by(&mut self, species: SymbolIndex, reaction: usize) -> Result<NodeId, CompileError> {
        let net = self.net_stoichiometry(species, reaction)?;
        self.converted(species, net)
    }

    /// How many of a species a reaction makes, less those it uses up.
    fn net_stoichiometry(&mut self, species: SymbolIndex, reaction: usize) -> Result<NodeId, CompileError> {
        let parts = &self.equations.parts[position_of(species)];
        let mut net = self.graph.constant(0.0);
        for &part in parts.iter().filter(|part| part.reaction == reaction) {
            let number = self.stoichiometry(part)?;
            net = if part.made { self.graph.add(net, number) } else { self.graph.subtract(net, number) };
        }
        Ok(net)
    }

    /// What is made of a species, in its own unit, from an extent of reactions.
    fn converted(&mut self, species: SymbolIndex, extent: NodeId) -> Result<NodeId, CompileError> {
        let equations = self.equations;
        let SymbolKind::Species(position) = equations.network.symbol(species).kind else {
            return Err(CompileError::Internal("only species are changed by reactions".into()));
        };
        match &equations.network.species()[position].conversion_factor {
            Some(factor) => {
                let factor = self.value(equations.find(factor)?)?;
                Ok(self.graph.multiply(factor, extent))
            }
            None => Ok(extent),
        }
    }

    /// The value of the participant's id if it has one, else what is written.
    pub(crate) fn stoichiometry(&mut self, part: Part) -> Result<NodeId, CompileError> {
        match &self.equations.participant(part).id {
            Some(id) => self.value(self.equations.find(id)?),
            None => self.written_stoichiometry(part),
        }
    }

    fn written_stoichiometry(&mut self, part: Part) -> Result<NodeId, CompileError> {
        let participant = self.equations.participant(part);
        match &participant.stoichiometry {
            Stoichiometry::Constant(number) | Stoichiometry::Variable(Some(number)) => Ok(self.graph.constant(*number)),
            Stoichiometry::Expression(expression) => self.expression(expression),
            Stoichiometry::Variable(None) => Ok(self.graph.constant(f64::NAN)),
        }
    }

    /// `rateOf`: the rate of change of what the name means.
    fn rate_of(&mut self, symbol: SymbolIndex) -> Result<NodeId, CompileError> {
        if self.moment == Moment::Before {
            // Nothing has happened yet (semantic case 01400).
            return Ok(self.graph.constant(0.0));
        }
        let storage = self.equations.storage[position_of(symbol)];
        if self.equations.is_fast(symbol) {
            return Err(CompileError::Unsupported {
                construct: "rateOf of something that fast reactions change".into(),
                symbol: Some(symbol),
            });
        }
        if self.equations.algebraic_rule[position_of(symbol)].is_some() {
            return Err(CompileError::Unsupported {
                construct: "rateOf of something determined by an algebraic rule".into(),
                symbol: Some(symbol),
            });
        }
        match storage.slot {
            Slot::Parameter(_) if storage.amount_in.is_none() => Ok(self.graph.constant(0.0)),
            Slot::Derived => Err(CompileError::Unsupported {
                construct: "rateOf of something defined by an assignment rule".into(),
                symbol: Some(symbol),
            }),
            Slot::State(_) | Slot::Parameter(_) => {
                let rate = match storage.slot {
                    Slot::State(_) => self.rate_of_change(symbol)?,
                    _ => self.graph.constant(0.0),
                };
                let Some(compartment) = storage.amount_in else { return Ok(rate) };
                // d(amount/size)/dt = (d amount/dt - concentration * d size/dt) / size
                let (size, concentration) = (self.value(compartment)?, self.value(symbol)?);
                let size_rate = self.rate_of(compartment)?;
                let dilution = match self.graph.constant_value(size_rate) {
                    Some(0.0) => size_rate,
                    _ => self.graph.multiply(concentration, size_rate),
                };
                let difference = self.graph.subtract(rate, dilution);
                Ok(self.graph.divide(difference, size))
            }
        }
    }

    /// A formula.
    pub(crate) fn expression(&mut self, expression: &Expression) -> Result<NodeId, CompileError> {
        match expression {
            Expression::Number(value, _) => Ok(self.graph.constant(*value)),
            Expression::Name(id) => self.value(self.equations.find(id)?),
            Expression::Time => Ok(self.graph.time()),
            Expression::Avogadro => Ok(self.graph.constant(AVOGADRO)),
            Expression::Call(function, arguments) => {
                let arguments =
                    arguments.iter().map(|argument| self.expression(argument)).collect::<Result<Vec<_>, _>>()?;
                self.call(*function, &arguments)
            }
            Expression::Defined(id, _) => {
                Err(CompileError::Internal(format!("the call of the function `{id}` was not put in place")))
            }
            Expression::Piecewise(pieces, otherwise) => {
                let mut value = match otherwise {
                    Some(otherwise) => self.expression(otherwise)?,
                    None => self.graph.constant(f64::NAN),
                };
                for (piece, condition) in pieces.iter().rev() {
                    let (piece, condition) = (self.expression(piece)?, self.expression(condition)?);
                    value = self.graph.select(condition, piece, value);
                }
                Ok(value)
            }
            Expression::Delay(value, duration) => Ok(self.graph.delayed(self.delays.number(value, duration))),
            Expression::RateOf(id) => self.rate_of(self.equations.find(id)?),
            Expression::Draw(..) if self.moment == Moment::Before => Err(CompileError::Unsupported {
                construct: "delay of what is drawn from a distribution".into(),
                symbol: None,
            }),
            Expression::Draw(distribution, arguments, number) => {
                let arguments =
                    arguments.iter().map(|argument| self.expression(argument)).collect::<Result<Vec<_>, _>>()?;
                if let Some(&node) = self.drawn.get(number) {
                    return Ok(node);
                }
                let node = self.graph.draw(self.draws.len());
                self.draws.push(LoweredDraw { distribution: *distribution, arguments });
                self.drawn.insert(*number, node);
                Ok(node)
            }
        }
    }

    fn call(&mut self, function: Function, arguments: &[NodeId]) -> Result<NodeId, CompileError> {
        let graph = &mut self.graph;
        Ok(match (function, arguments) {
            (Function::Add, _) => graph.fold(Binary::Add, 0.0, arguments),
            (Function::Multiply, _) => graph.fold(Binary::Multiply, 1.0, arguments),
            (Function::And, _) => graph.fold(Binary::And, 1.0, arguments),
            (Function::Or, _) => graph.fold(Binary::Or, 0.0, arguments),
            (Function::Minimum, [_, ..]) => graph.fold(Binary::Minimum, f64::INFINITY, arguments),
            (Function::Maximum, [_, ..]) => graph.fold(Binary::Maximum, f64::NEG_INFINITY, arguments),
            (Function::ExclusiveOr, _) => {
                let no = graph.constant(0.0);
                arguments.iter().fold(no, |odd, &argument| {
                    let truth = graph.binary(Binary::NotEqual, argument, no);
                    graph.binary(Binary::NotEqual, odd, truth)
                })
            }
            (Function::Less, _) => graph.chain(arguments, |graph, a, b| graph.binary(Binary::Less, a, b)),
            (Function::LessOrEqual, _) => graph.chain(arguments, |graph, a, b| graph.binary(Binary::LessOrEqual, a, b)),
            (Function::Greater, _) => graph.chain(arguments, |graph, a, b| graph.binary(Binary::Less, b, a)),
            (Function::GreaterOrEqual, _) => {
                graph.chain(arguments, |graph, a, b| graph.binary(Binary::LessOrEqual, b, a))
            }
            (Function::Equal, _) => graph.chain(arguments, |graph, a, b| graph.binary(Binary::Equal, a, b)),
            (Function::NotEqual, _) => graph.chain(arguments, |graph, a, b| graph.binary(Binary::NotEqual, a, b)),
            (_, &[x]) => return self.call_one(function, x),
            (_, &[a, b]) => return self.call_two(function, a, b),
            _ => return Err(wrong_count(function, arguments.len())),
        })
    }

    fn call_one(&mut self, function: Function, x: NodeId) -> Result<NodeId, CompileError> {
        let graph = &mut self.graph;
        let one = graph.constant(1.0);
        let unary = match function {
            Function::Subtract => Unary::Negate,
            Function::Not => Unary::Not,
            Function::Exp => Unary::Exp,
            Function::Ln => Unary::Ln,
            Function::Abs => Unary::Abs,
            Function::Floor => Unary::Floor,
            Function::Ceiling => Unary::Ceiling,
            Function::Factorial => Unary::Factorial,
            Function::Sin => Unary::Sin,
            Function::Cos => Unary::Cos,
            Function::Tan => Unary::Tan,
            Function::Sinh => Unary::Sinh,
            Function::Cosh => Unary::Cosh,
            Function::Tanh => Unary::Tanh,
            Function::Arcsin => Unary::Arcsin,
            Function::Arccos => Unary::Arccos,
            Function::Arctan => Unary::Arctan,
            Function::Arcsinh => Unary::Arcsinh,
            Function::Arccosh => Unary::Arccosh,
            Function::Arctanh => Unary::Arctanh,
            Function::Sec => return Ok(graph.reciprocal_of(Unary::Cos, x)),
            Function::Csc => return Ok(graph.reciprocal_of(Unary::Sin, x)),
            Function::Cot => return Ok(graph.reciprocal_of(Unary::Tan, x)),
            Function::Sech => return Ok(graph.reciprocal_of(Unary::Cosh, x)),
            Function::Csch => return Ok(graph.reciprocal_of(Unary::Sinh, x)),
            Function::Coth => return Ok(graph.reciprocal_of(Unary::Tanh, x)),
            Function::Arcsec | Function::Arccsc | Function::Arccot => {
                let inverse = graph.divide(one, x);
                return Ok(graph.unary(
                    match function {
                        Function::Arcsec => Unary::Arccos,
                        Function::Arccsc => Unary::Arcsin,
                        _ => Unary::Arctan,
                    },
                    inverse,
                ));
            }
            Function::Arcsech | Function::Arccsch | Function::Arccoth => {
                let inverse = graph.divide(one, x);
                return Ok(graph.unary(
                    match function {
                        Function::Arcsech => Unary::Arccosh,
                        Function::Arccsch => Unary::Arcsinh,
                        _ => Unary::Arctanh,
                    },
                    inverse,
                ));
            }
            _ => return Err(wrong_count(function, 1)),
        };
        Ok(graph.unary(unary, x))
    }

    fn call_two(&mut self, function: Function, a: NodeId, b: NodeId) -> Result<NodeId, CompileError> {
        let graph = &mut self.graph;
        Ok(match function {
            Function::Subtract => graph.subtract(a, b),
            Function::Divide => graph.divide(a, b),
            Function::Power => graph.power(a, b),
            // root(degree, x)
            Function::Root => {
                let one = graph.constant(1.0);
                let exponent = graph.divide(one, a);
                graph.power(b, exponent)
            }
            // log(base, x)
            Function::Log if graph.constant_value(a) == Some(10.0) => graph.unary(Unary::Log10, b),
            Function::Log => {
                let (base, x) = (graph.unary(Unary::Ln, a), graph.unary(Unary::Ln, b));
                graph.divide(x, base)
            }
            Function::Quotient => {
                let quotient = graph.divide(a, b);
                graph.unary(Unary::Truncate, quotient)
            }
            Function::Remainder => graph.binary(Binary::Remainder, a, b),
            Function::Implies => {
                let not = graph.unary(Unary::Not, a);
                graph.binary(Binary::Or, not, b)
            }
            _ => return Err(wrong_count(function, 2)),
        })
    }
}

impl Graph {
    /// The function of all arguments from left to right; `none` if there are none.
    fn fold(&mut self, function: Binary, none: f64, arguments: &[NodeId]) -> NodeId {
        match arguments {
            [] => self.constant(none),
            [first, rest @ ..] => rest.iter().fold(*first, |value, &argument| self.binary(function, value, argument)),
        }
    }

    /// `a < b < c` means `a < b and b < c`.
    fn chain(&mut self, arguments: &[NodeId], mut relation: impl FnMut(&mut Self, NodeId, NodeId) -> NodeId) -> NodeId {
        let links: Vec<NodeId> = arguments.windows(2).map(|pair| relation(self, pair[0], pair[1])).collect();
        self.fold(Binary::And, 1.0, &links)
    }

    fn reciprocal_of(&mut self, function: Unary, x: NodeId) -> NodeId {
        let (one, value) = (self.constant(1.0), self.unary(function, x));
        self.divide(one, value)
    }
}

fn wrong_count(function: Function, count: usize) -> CompileError {
    CompileError::Internal(format!("{function:?} was called with {count} arguments"))
}
