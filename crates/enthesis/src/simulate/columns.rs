//! The columns a person asks for: which symbols, and which read-out of a species.

use super::SimulateRequest;
use crate::Error;
use network::{Network, Symbol, SymbolIndex, SymbolKind};
use source::{Diagnostic, Diagnostics, Place, did_you_mean};
use std::collections::HashMap;

/// The columns of a table, and what the engine must record for them.
#[derive(Debug, Clone)]
pub(crate) struct Columns {
    columns: Vec<Column>,
    /// What the engine records: each symbol once.
    pub outputs: Vec<SymbolIndex>,
}

#[derive(Debug, Clone)]
struct Column {
    id: String,
    /// Position among the outputs.
    output: usize,
    read_out: ReadOut,
}

/// What turns the value that an id has in the model's formulas into the one asked for.
#[derive(Debug, Clone, Copy)]
enum ReadOut {
    AsIs,
    /// A concentration times the size of its compartment, an output.
    Amount(usize),
    /// An amount per size of its compartment, an output.
    Concentration(usize),
}

/// What a person asked of an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wish {
    AsNamed,
    Amount,
    Concentration,
}

impl Columns {
    /// The columns asked for; all that may change if none are.
    ///
    /// Variables come first, in their order, then amounts and concentrations that are not among them. An id in
    /// `variables` and in one of the others is one column, at its place among the variables.
    ///
    /// With the columns come warnings about amounts and concentrations of what is not a species.
    ///
    /// # Errors
    /// Every id that the model does not have, or that is asked for in two ways.
    pub fn new(network: &Network, request: &SimulateRequest) -> Result<(Self, Diagnostics), Error> {
        let lists = [
            ("--variables", Wish::AsNamed, &request.variables),
            ("--amounts", Wish::Amount, &request.amounts),
            ("--concentrations", Wish::Concentration, &request.concentrations),
        ];
        let mut findings = Diagnostics::new();
        let mut wishes: Vec<(SymbolIndex, Wish)> = Vec::new();
        let mut positions: HashMap<SymbolIndex, usize> = HashMap::new();
        for (argument, wish, ids) in lists {
            for id in ids.iter().map(|it| it.trim()).filter(|it| !it.is_empty()) {
                let Some(symbol) = network.index_of(id) else {
                    let hint = "leave --variables out to see all columns";
                    findings.push(unknown(network.symbols(), Place::file(argument), id, hint));
                    continue;
                };
                if wish != Wish::AsNamed && compartment_of(network, symbol).is_none() {
                    findings.push(no_species(network.symbol(symbol), argument, wish));
                }
                let position = *positions.entry(symbol).or_insert(wishes.len());
                match wishes.get_mut(position) {
                    None => wishes.push((symbol, wish)),
                    Some((_, before)) if *before == Wish::AsNamed => *before = wish,
                    Some((_, before)) if *before != wish => findings.push(asked_twice(id)),
                    Some(_) => {}
                }
            }
        }
        if findings.has_errors() {
            return Err(findings.into());
        }
        if wishes.is_empty() {
            wishes = everything_that_may_change(network).into_iter().map(|it| (it, Wish::AsNamed)).collect();
        }
        Ok((Self::of(network, &wishes), findings))
    }

    fn of(network: &Network, wishes: &[(SymbolIndex, Wish)]) -> Self {
        let mut outputs = Vec::new();
        let mut positions: HashMap<SymbolIndex, usize> = HashMap::new();
        let mut position_of = |symbol: SymbolIndex| {
            *positions.entry(symbol).or_insert_with(|| {
                outputs.push(symbol);
                outputs.len() - 1
            })
        };
        let columns = wishes
            .iter()
            .map(|&(symbol, wish)| {
                let output = position_of(symbol);
                let mut size = || compartment_of(network, symbol).map(&mut position_of);
                let read_out = match (wish, means_amount(network, symbol)) {
                    (Wish::Amount, false) => size().map_or(ReadOut::AsIs, ReadOut::Amount),
                    (Wish::Concentration, true) => size().map_or(ReadOut::AsIs, ReadOut::Concentration),
                    _ => ReadOut::AsIs,
                };
                Column { id: network.symbol(symbol).id.to_string(), output, read_out }
            })
            .collect();
        Self { columns, outputs }
    }

    /// The ids, in order.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|it| it.id.as_str())
    }

    /// The values of the columns, from those of the outputs at the same time.
    pub fn read<'a>(&'a self, outputs: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
        self.columns.iter().map(|column| {
            let value = outputs[column.output];
            match column.read_out {
                ReadOut::AsIs => value,
                ReadOut::Amount(size) => value * outputs[size],
                ReadOut::Concentration(size) => value / outputs[size],
            }
        })
    }

    /// The derivatives of the columns, from values and derivatives of the outputs: a size may depend on what is varied, too.
    pub fn slopes<'a>(&'a self, outputs: &'a [f64], slopes: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
        self.columns.iter().map(|column| {
            let (value, slope) = (outputs[column.output], slopes[column.output]);
            match column.read_out {
                ReadOut::AsIs => slope,
                ReadOut::Amount(size) => slope * outputs[size] + value * slopes[size],
                ReadOut::Concentration(size) => (slope - value / outputs[size] * slopes[size]) / outputs[size],
            }
        })
    }

    /// Says which concentration has no value because its compartment is empty space.
    ///
    /// # Errors
    /// The first one, with the time.
    pub fn check_sizes(&self, network: &Network, trajectory: &engine::Trajectory) -> Result<(), Error> {
        for column in &self.columns {
            let ReadOut::Concentration(size) = column.read_out else { continue };
            let empty = (0..trajectory.times.len()).find(|&time| trajectory.value(time, size) == 0.0);
            let Some(time) = empty else { continue };
            let compartment = &network.symbol(self.outputs[size]).id;
            let message = format!(
                "`{}` has no concentration at time {}: the size of its compartment `{compartment}` is 0 there",
                column.id, trajectory.times[time]
            );
            return Err(Error::argument("--concentrations", message, "ask for its amount with --amounts"));
        }
        Ok(())
    }
}

/// A compartment or parameter has one value only, which is shown: lists of read-outs often hold all that was measured.
fn no_species(symbol: &Symbol, argument: &str, wish: Wish) -> Diagnostic {
    let what = if wish == Wish::Amount { "amount" } else { "concentration" };
    let message = format!("`{}` has no {what}: it is a {}, not a species", symbol.id, kind_of(symbol));
    Diagnostic::warning(Place::file(argument), message).hint("its value is shown; ask for it with --variables")
}

fn asked_twice(id: &str) -> Diagnostic {
    let message = format!("`{id}` is asked for as an amount and as a concentration, but a column has one meaning");
    Diagnostic::error(Place::file("--concentrations"), message).hint("ask for them in two runs")
}

/// An id that the model does not have, with those that it may have meant.
pub(crate) fn unknown(symbols: &[Symbol], place: Place, id: &str, otherwise: &str) -> Diagnostic {
    let near = did_you_mean(id, symbols.iter().map(|symbol| &*symbol.id));
    let hint = match near.first() {
        Some(_) => format!("did you mean {}?", near.join(" or ")),
        None => otherwise.to_string(),
    };
    Diagnostic::error(place, format!("the model has no variable `{id}`")).hint(hint)
}

/// What a symbol is, in a word.
pub(crate) fn kind_of(symbol: &Symbol) -> &'static str {
    match symbol.kind {
        SymbolKind::Compartment(_) => "compartment",
        SymbolKind::Species(_) => "species",
        SymbolKind::Parameter(_) => "parameter",
        SymbolKind::Reaction(_) => "reaction",
        SymbolKind::Participant(..) => "stoichiometry",
        SymbolKind::Observable(_) => "read-out",
    }
}

fn means_amount(network: &Network, symbol: SymbolIndex) -> bool {
    matches!(network.symbol(symbol).kind, SymbolKind::Species(i) if network.species()[i].only_substance)
}

fn compartment_of(network: &Network, symbol: SymbolIndex) -> Option<SymbolIndex> {
    let SymbolKind::Species(i) = network.symbol(symbol).kind else { return None };
    network.index_of(&network.species()[i].compartment)
}

fn everything_that_may_change(network: &Network) -> Vec<SymbolIndex> {
    let changes = |kind: SymbolKind| match kind {
        SymbolKind::Species(_) => true,
        SymbolKind::Parameter(i) => !network.parameters()[i].constant,
        SymbolKind::Compartment(i) => !network.compartments()[i].constant,
        // SBML has no read-outs; those there are look at constraints.
        SymbolKind::Observable(_) | SymbolKind::Reaction(_) | SymbolKind::Participant(..) => false,
    };
    network
        .symbols()
        .iter()
        .filter(|symbol| changes(symbol.kind))
        .filter_map(|symbol| network.index_of(&symbol.id))
        .collect()
}
