//! All equations of a model as a page that a modeler can read.
//!
//! A line `left = right  [unit]  # remark` for each: rates of change, rates of reactions, assignments in the order in
//! which they are computed, algebraic equations, values at the start, constants, events. Formulas are written as in our
//! own files, so they can be copied.

use super::page::{Line, Page};
use network::{
    Compartment, Event, Expression, Function, InitialValue, Network, Participant, Reaction, Rule, Species,
    Stoichiometry, SymbolIndex, SymbolKind,
};
use units::Unit;

pub(super) fn page(network: &Network) -> String {
    let mut page = Page::default();
    heading(network, &mut page);
    page.section("Rates of change", "", &rates_of_change(network));
    page.section("Reaction rates", "", &reaction_rates(network));
    page.section("Fast reactions", "always in balance; the rate is only what must vanish", &fast_reactions(network));
    page.section("Algebraic equations", "hold at all times", &algebraic(network));
    page.section("Assignments", "hold at all times, in the order of computing", &assignments(network));
    page.section("Values at the start", "", &starts(network));
    page.section("Constants", "", &constants(network));
    page.section("Read-outs", "", &readouts(network));
    events(network, &mut page);
    page.finish()
}

fn heading(network: &Network, page: &mut Page) {
    let name = if network.name().trim().is_empty() || network.name() == network.id() {
        String::new()
    } else {
        format!(": {}", one_line(network.name()))
    };
    page.line(&format!("# {}{name}", network.id()));
    let units = network.units();
    let known: Vec<String> = [
        ("time", &units.time),
        ("amounts", &units.substance),
        ("extent of reactions", &units.extent),
        ("volumes", &units.volume),
        ("areas", &units.area),
        ("lengths", &units.length),
    ]
    .iter()
    .filter_map(|(what, unit)| Some(format!("{what} [{}]", unit.as_ref()?)))
    .collect();
    let known = if known.is_empty() { "the model states none".to_string() } else { known.join(", ") };
    page.line(&format!("# Units where nothing else is said: {known}"));
    let amounts = network.species().iter().filter(|it| it.only_substance).count();
    let meant = match (amounts, network.species().len() - amounts) {
        (0, 0) => return,
        (0, _) => "a species stands for its concentration",
        (_, 0) => "a species stands for its amount",
        _ => "a species stands for its concentration unless it says amount",
    };
    page.line(&format!("# In formulas {meant}"));
}

/// A text of a person on one line.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The name for people, where it says more than the id.
fn spoken<'a>(network: &'a Network, id: &str) -> &'a str {
    match network.index_of(id).map(|index| &network.symbol(index).name) {
        Some(name) if name != id => name,
        _ => "",
    }
}

fn unit_of<'a>(network: &'a Network, id: &str) -> Option<&'a Unit> {
    network.index_of(id).and_then(|index| network.symbol(index).unit.as_ref())
}

fn each(network: &Network) -> impl Iterator<Item = (SymbolIndex, &network::Symbol)> {
    network.symbols().iter().filter_map(|symbol| Some((network.index_of(&symbol.id)?, symbol)))
}

/// Everything with a rate rule, and every species that reactions change.
fn rates_of_change(network: &Network) -> Vec<Line> {
    let mut lines = Vec::new();
    for (index, symbol) in each(network) {
        let value = match (network.rule_of(index), symbol.kind) {
            (Some(Rule::Rate { value, .. }), _) => value.clone(),
            (None, SymbolKind::Species(i)) if changes(network, index) => {
                from_reactions(network, index, &network.species()[i])
            }
            _ => continue,
        };
        let per_time = symbol.unit.as_ref().zip(network.units().time.as_ref()).map(|(unit, time)| unit.divide(time));
        let mut line = Line::new(format!("d({})/dt", symbol.id), value.to_string()).unit(per_time.as_ref());
        line = line.remark(one_line(spoken(network, &symbol.id)));
        if let SymbolKind::Species(i) = symbol.kind {
            let species = &network.species()[i];
            let meaning = if species.only_substance { "amount in" } else { "in" };
            line = line.remark(format!("{meaning} {}", species.compartment));
        }
        lines.push(line);
    }
    lines
}

/// True for a species that a slow reaction changes.
fn changes(network: &Network, index: SymbolIndex) -> bool {
    network.reactions_changing(index).iter().any(|&r| !network.reactions()[r].fast)
}

/// Sum of stoichiometry times rate; per size of the compartment, for a concentration; less what its growth dilutes.
fn from_reactions(network: &Network, index: SymbolIndex, species: &Species) -> Expression {
    let mut sum: Option<Expression> = None;
    for &r in network.reactions_changing(index) {
        let reaction = &network.reactions()[r];
        if reaction.fast {
            continue;
        }
        let sides = [(&reaction.reactants, false), (&reaction.products, true)];
        for (participants, made) in sides {
            for taking_part in participants.iter().filter(|it| it.species == species.id) {
                sum = Some(add(sum, made, times_stoichiometry(taking_part, Expression::name(&reaction.id))));
            }
        }
    }
    let mut rate = sum.unwrap_or_else(|| Expression::number(0.0));
    if let Some(factor) = &species.conversion_factor {
        rate = Expression::Call(Function::Multiply, vec![Expression::Name(factor.clone()), rate]);
    }
    if species.only_substance {
        return rate;
    }
    let size = Expression::Name(species.compartment.clone());
    let per_size = Expression::Call(Function::Divide, vec![rate, size.clone()]);
    if !grows(network, &species.compartment) {
        return per_size;
    }
    let growth = Expression::RateOf(species.compartment.clone());
    let dilution = Expression::Call(Function::Multiply, vec![Expression::Name(species.id.clone()), growth]);
    let dilution = Expression::Call(Function::Divide, vec![dilution, size]);
    Expression::Call(Function::Subtract, vec![per_size, dilution])
}

/// `sum + term` or `sum - term`.
fn add(sum: Option<Expression>, made: bool, term: Expression) -> Expression {
    match (sum, made) {
        (None, true) => term,
        (None, false) => Expression::Call(Function::Subtract, vec![term]),
        (Some(Expression::Call(Function::Add, mut terms)), true) => {
            terms.push(term);
            Expression::Call(Function::Add, terms)
        }
        (Some(sum), made) => {
            let function = if made { Function::Add } else { Function::Subtract };
            Expression::Call(function, vec![sum, term])
        }
    }
}

fn times_stoichiometry(taking_part: &Participant, rate: Expression) -> Expression {
    let count = match &taking_part.stoichiometry {
        Stoichiometry::Constant(1.0) => return rate,
        Stoichiometry::Constant(count) => Expression::number(*count),
        Stoichiometry::Expression(count) => count.clone(),
        Stoichiometry::Variable(count) => match (&taking_part.id, count) {
            (Some(id), _) => Expression::Name(id.clone()),
            (None, count) => Expression::number(count.unwrap_or(1.0)),
        },
    };
    Expression::Call(Function::Multiply, vec![count, rate])
}

/// True when a rule changes the size over time.
fn grows(network: &Network, compartment: &str) -> bool {
    network.index_of(compartment).is_some_and(|index| network.rule_of(index).is_some())
}

fn reaction_rates(network: &Network) -> Vec<Line> {
    network.reactions().iter().filter(|it| !it.fast).map(|it| reaction_line(network, it)).collect()
}

fn fast_reactions(network: &Network) -> Vec<Line> {
    network.reactions().iter().filter(|it| it.fast).map(|it| reaction_line(network, it)).collect()
}

fn reaction_line(network: &Network, it: &Reaction) -> Line {
    let rate = it.rate.as_ref().map_or_else(|| "unknown: there is no kinetic law".to_string(), ToString::to_string);
    Line::new(&*it.id, rate)
        .unit(unit_of(network, &it.id))
        .remark(reaction_equation(it))
        .remark(one_line(spoken(network, &it.id)))
}

/// `2 a + b -> c`, with `=>` where the reaction does not go back.
fn reaction_equation(it: &Reaction) -> String {
    let side = |participants: &[Participant]| {
        let terms: Vec<String> = participants
            .iter()
            .map(|it| match (&it.stoichiometry, &it.id) {
                (Stoichiometry::Constant(1.0), _) => it.species.to_string(),
                (Stoichiometry::Constant(count), _) => format!("{count} {}", it.species),
                (Stoichiometry::Expression(count), _) => format!("({count}) {}", it.species),
                (Stoichiometry::Variable(_), Some(id)) => format!("({id}) {}", it.species),
                (Stoichiometry::Variable(count), None) => format!("{} {}", count.unwrap_or(1.0), it.species),
            })
            .collect();
        terms.join(" + ")
    };
    let arrow = if it.reversible { "->" } else { "=>" };
    format!("{} {arrow} {}", side(&it.reactants), side(&it.products)).trim().to_string()
}

fn algebraic(network: &Network) -> Vec<Line> {
    let rules = network.rules().iter().filter(|it| matches!(it, Rule::Algebraic { .. }));
    rules.map(|it| Line::new("0", it.value().to_string())).collect()
}

fn assignments(network: &Network) -> Vec<Line> {
    let rules = network.assignment_order().iter().map(|&position| &network.rules()[position]);
    rules
        .filter_map(|rule| {
            let id = rule.target()?;
            let line = Line::new(&**id, rule.value().to_string()).unit(unit_of(network, id));
            Some(line.remark(one_line(spoken(network, id))))
        })
        .collect()
}

/// What changes and is not an assignment at all times, with its value at the start; and constants that a formula gives.
fn starts(network: &Network) -> Vec<Line> {
    let mut lines = Vec::new();
    for (index, symbol) in each(network) {
        let is_assigned = matches!(network.rule_of(index), Some(Rule::Assignment { .. }));
        let formula = network.initial_assignment_of(index).map(|it| it.value.to_string());
        if is_assigned || (formula.is_none() && is_constant(network, symbol.kind)) {
            continue;
        }
        let value = match (formula, symbol.kind) {
            (Some(formula), _) => formula,
            (None, SymbolKind::Compartment(i)) => plain(network.compartments()[i].size),
            (None, SymbolKind::Species(i)) => species_start(&network.species()[i]),
            (None, SymbolKind::Parameter(i)) => plain(network.parameters()[i].value),
            (None, SymbolKind::Participant(r, p)) => {
                let reaction = &network.reactions()[r];
                match reaction.reactants.iter().chain(&reaction.products).nth(p).map(|it| &it.stoichiometry) {
                    Some(Stoichiometry::Variable(count)) => plain(*count),
                    _ => continue,
                }
            }
            (None, SymbolKind::Reaction(_) | SymbolKind::Observable(_)) => continue,
        };
        let remark = one_line(spoken(network, &symbol.id));
        lines.push(Line::new(format!("{}(0)", symbol.id), value).unit(symbol.unit.as_ref()).remark(remark));
    }
    lines
}

/// What a species starts with, in the meaning of its name.
fn species_start(it: &Species) -> String {
    let size = Expression::Name(it.compartment.clone());
    let (value, function) = match (it.initial, it.only_substance) {
        (InitialValue::Unset, _) => return plain(None),
        (InitialValue::Amount(value), true) | (InitialValue::Concentration(value), false) => return plain(Some(value)),
        (InitialValue::Amount(value), false) => (value, Function::Divide),
        (InitialValue::Concentration(value), true) => (value, Function::Multiply),
    };
    Expression::Call(function, vec![Expression::number(value), size]).to_string()
}

/// A number as formulas write it.
fn plain(value: Option<f64>) -> String {
    value.map_or_else(|| "unknown: nothing gives it a value".to_string(), |it| Expression::number(it).to_string())
}

fn is_constant(network: &Network, kind: SymbolKind) -> bool {
    match kind {
        SymbolKind::Compartment(i) => network.compartments()[i].constant,
        SymbolKind::Parameter(i) => network.parameters()[i].constant,
        SymbolKind::Species(i) => network.species()[i].constant,
        SymbolKind::Participant(..) => false,
        SymbolKind::Reaction(_) | SymbolKind::Observable(_) => true,
    }
}

/// Constants that are plain numbers.
fn constants(network: &Network) -> Vec<Line> {
    let mut lines = Vec::new();
    for (index, symbol) in each(network) {
        if !is_constant(network, symbol.kind) || network.initial_assignment_of(index).is_some() {
            continue;
        }
        let (value, remark) = match symbol.kind {
            SymbolKind::Compartment(i) => {
                let it = &network.compartments()[i];
                (plain(it.size), about_compartment(it))
            }
            SymbolKind::Parameter(i) => (plain(network.parameters()[i].value), String::new()),
            SymbolKind::Species(i) => {
                let it = &network.species()[i];
                (species_start(it), format!("species in {}", it.compartment))
            }
            _ => continue,
        };
        let line = Line::new(&*symbol.id, value).unit(symbol.unit.as_ref());
        lines.push(line.remark(one_line(spoken(network, &symbol.id))).remark(remark));
    }
    lines
}

fn about_compartment(it: &Compartment) -> String {
    match it.dimensions {
        3.0 => "compartment".to_string(),
        dimensions => format!("compartment of {dimensions} dimensions"),
    }
}

fn readouts(network: &Network) -> Vec<Line> {
    let line = |it: &network::Observable| {
        let line = Line::new(&*it.id, it.value.to_string()).unit(it.unit.as_ref());
        line.remark(one_line(spoken(network, &it.id)))
    };
    network.observables().iter().map(line).collect()
}

fn events(network: &Network, page: &mut Page) {
    if network.events().is_empty() {
        return;
    }
    page.line("");
    page.line(&format!("## Events ({}): happen when their condition turns from false to true", network.events().len()));
    network.events().iter().for_each(|it| event(network, it, page));
}

fn event(network: &Network, it: &Event, page: &mut Page) {
    let name =
        if it.name.is_empty() || *it.name == *it.id { String::new() } else { format!("  # {}", one_line(&it.name)) };
    page.line(&format!("{}{name}", it.id));
    page.wrapped(&format!("  when      {}", it.trigger), 14);
    if !it.trigger_initially {
        page.line("            also when it is true from the start");
    }
    if let Some(delay) = &it.delay {
        let unit = network.units().time.as_ref().map_or_else(String::new, |unit| format!("  [{unit}]"));
        page.wrapped(&format!("  after     {delay}{unit}"), 14);
        let computed =
            if it.use_values_from_trigger_time { "when the condition turns true" } else { "after the delay" };
        page.line(&format!("  computed  {computed}"));
    }
    if !it.persistent {
        page.line("  unless    the condition turns false again first");
    }
    if let Some(priority) = &it.priority {
        page.wrapped(&format!("  priority  {priority}"), 14);
    }
    for assignment in &it.assignments {
        let unit = unit_of(network, &assignment.target).map_or_else(String::new, |unit| format!("  [{unit}]"));
        page.wrapped(&format!("  set       {} = {}{unit}", assignment.target, assignment.value), 14);
    }
}
