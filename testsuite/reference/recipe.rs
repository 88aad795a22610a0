//! Networks at random, with everything in them that a biologist's model has.
//!
//! A [`Recipe`] is a handful of plain choices, which proptest can draw and make smaller; [`Recipe::draft`] turns any of
//! them into a sound model. Formulas are written as a modeler writes them. What is drawn is kept away from the edges of
//! mathematics, not of the engine: solutions stay finite (only first-order processes multiply), values stay positive
//! (nothing is consumed that is not there), and jumps happen at times, so that no solution slides along one.

use network::{
    Compartment, Draft, FunctionDefinition, Id, InitialAssignment, InitialValue, Observable, Parameter, Participant,
    Reaction, Rule, Species, Stoichiometry, parse_formula,
};
use proptest::collection::vec;
use proptest::prelude::*;
use source::Place;

/// A model, as choices.
#[derive(Debug, Clone)]
pub struct Recipe {
    compartments: Vec<CompartmentChoice>,
    species: Vec<SpeciesChoice>,
    drivers: Vec<DriverChoice>,
    modifiers: Vec<ModifierChoice>,
    reactions: Vec<ReactionChoice>,
    quantities: Vec<QuantityChoice>,
}

#[derive(Debug, Clone)]
struct CompartmentChoice {
    size: f64,
    kind: Size,
}

#[derive(Debug, Clone, Copy)]
enum Size {
    Fixed,
    /// By an initial assignment.
    Computed,
    GrowsByPart,
    Swells,
    /// By an assignment rule, with time.
    Pulsates,
}

#[derive(Debug, Clone)]
struct SpeciesChoice {
    compartment: usize,
    initial: Start,
    value: f64,
    means_amount: bool,
    kind: Kind,
    converted: bool,
}

#[derive(Debug, Clone, Copy)]
enum Start {
    Amount,
    Concentration,
    /// By an initial assignment.
    Computed,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Reacts,
    Boundary,
    BoundaryWithRateRule,
    RateRule,
    AssignmentRule,
}

/// A parameter with a rate rule.
#[derive(Debug, Clone)]
struct DriverChoice {
    formula: usize,
    start: f64,
    a: f64,
    x: usize,
}

/// A parameter with an assignment rule; never negative, never large.
#[derive(Debug, Clone)]
struct ModifierChoice {
    formula: usize,
    a: f64,
    b: f64,
    x: usize,
}

/// A parameter with an initial assignment, from what species start with.
#[derive(Debug, Clone)]
struct QuantityChoice {
    a: f64,
    x: usize,
}

#[derive(Debug, Clone)]
struct ReactionChoice {
    law: usize,
    k: f64,
    half: f64,
    exponent: f64,
    substrate: usize,
    second: usize,
    product: usize,
    modifier: Option<usize>,
    quantity: Option<usize>,
    times_size: bool,
    count: Count,
}

/// How the stoichiometry of the product is given.
#[derive(Debug, Clone, Copy)]
enum Count {
    One,
    Two,
    Broken,
    Formula,
    InitialAssignment,
    AssignmentRule,
    RateRule,
}

/// Any recipe.
pub fn recipes() -> impl Strategy<Value = Recipe> {
    (
        vec(compartment(), 1..=3),
        vec(species(), 1..=6),
        vec(driver(), 0..=2),
        vec(modifier(), 0..=4),
        vec(reaction(), 0..=6),
        vec(quantity(), 0..=2),
    )
        .prop_map(|(compartments, species, drivers, modifiers, reactions, quantities)| Recipe {
            compartments,
            species,
            drivers,
            modifiers,
            reactions,
            quantities,
        })
}

/// A number with two digits, so that it reads well.
pub fn number(least: f64, most: f64) -> impl Strategy<Value = f64> {
    let hundredths = |x: f64| (x * 100.0).round() as i32;
    (hundredths(least)..=hundredths(most)).prop_map(|n| f64::from(n) / 100.0)
}

/// Which one of a list of any length.
fn pick() -> impl Strategy<Value = usize> {
    0..100_usize
}

fn compartment() -> impl Strategy<Value = CompartmentChoice> {
    let kind = prop_oneof![
        4 => Just(Size::Fixed),
        1 => Just(Size::Computed),
        1 => Just(Size::GrowsByPart),
        1 => Just(Size::Swells),
        1 => Just(Size::Pulsates),
    ];
    (number(0.3, 3.0), kind).prop_map(|(size, kind)| CompartmentChoice { size, kind })
}

fn species() -> impl Strategy<Value = SpeciesChoice> {
    let initial = prop_oneof![
        2 => Just(Start::Concentration),
        2 => Just(Start::Amount),
        1 => Just(Start::Computed),
    ];
    let kind = prop_oneof![
        6 => Just(Kind::Reacts),
        1 => Just(Kind::Boundary),
        1 => Just(Kind::BoundaryWithRateRule),
        1 => Just(Kind::RateRule),
        1 => Just(Kind::AssignmentRule),
    ];
    (pick(), initial, number(0.0, 3.0), proptest::bool::weighted(0.3), kind, proptest::bool::weighted(0.2)).prop_map(
        |(compartment, initial, value, means_amount, kind, converted)| SpeciesChoice {
            compartment,
            initial,
            value,
            means_amount,
            kind,
            converted,
        },
    )
}

fn driver() -> impl Strategy<Value = DriverChoice> {
    (pick(), number(0.1, 2.0), number(0.1, 0.8), pick()).prop_map(|(formula, start, a, x)| DriverChoice {
        formula,
        start,
        a,
        x,
    })
}

fn modifier() -> impl Strategy<Value = ModifierChoice> {
    (pick(), number(0.1, 1.0), number(0.2, 2.0), pick()).prop_map(|(formula, a, b, x)| ModifierChoice {
        formula,
        a,
        b,
        x,
    })
}

fn quantity() -> impl Strategy<Value = QuantityChoice> {
    (number(0.1, 1.0), pick()).prop_map(|(a, x)| QuantityChoice { a, x })
}

fn reaction() -> impl Strategy<Value = ReactionChoice> {
    let count = prop_oneof![
        6 => Just(Count::One),
        2 => Just(Count::Two),
        1 => Just(Count::Broken),
        1 => Just(Count::Formula),
        1 => Just(Count::InitialAssignment),
        1 => Just(Count::AssignmentRule),
        1 => Just(Count::RateRule),
    ];
    let exponent = prop_oneof![Just(1.0), Just(2.0), Just(4.0), Just(-2.0), Just(9.0)];
    let numbers = (pick(), number(0.05, 0.6), number(0.2, 2.0), exponent);
    let species = (pick(), pick(), pick());
    let parts = (proptest::option::of(pick()), proptest::option::of(pick()), any::<bool>(), count);
    (numbers, species, parts).prop_map(
        |((law, k, half, exponent), (substrate, second, product), (modifier, quantity, times_size, count))| {
            ReactionChoice { law, k, half, exponent, substrate, second, product, modifier, quantity, times_size, count }
        },
    )
}

impl Recipe {
    /// The model, with an observable `rate_of_x` for every `x` that changes.
    pub fn draft(&self) -> Draft {
        let mut draft = Draft { id: "generated".into(), ..Draft::default() };
        parameter(&mut draft, "base", Some(0.5));
        parameter(&mut draft, "factor", Some(1.2));
        // SBML wants conversion factors constant; a condition may still give them another value.
        draft.parameters[1].constant = true;
        draft.functions.push(FunctionDefinition {
            id: "saturation".into(),
            arguments: vec!["x".into(), "half".into()],
            body: formula("x / (half + x)"),
            place: Place::nowhere(),
        });
        self.add_compartments(&mut draft);
        self.add_species(&mut draft);
        self.add_drivers(&mut draft);
        self.add_modifiers(&mut draft);
        self.add_quantities(&mut draft);
        for (i, choice) in self.reactions.iter().enumerate() {
            self.add_reaction(&mut draft, i, choice);
        }
        self.add_observables(&mut draft);
        draft
    }

    fn add_compartments(&self, draft: &mut Draft) {
        for (i, choice) in self.compartments.iter().enumerate() {
            let id = format!("v{i}");
            let size = choice.size;
            let by_number = !matches!(choice.kind, Size::Computed | Size::Pulsates);
            draft.compartments.push(Compartment {
                id: id.as_str().into(),
                name: String::new(),
                size: by_number.then_some(size),
                dimensions: 3.0,
                unit: None,
                constant: false,
                place: Place::nowhere(),
            });
            match choice.kind {
                Size::Fixed => {}
                Size::Computed => initially(draft, &id, &format!("{size} * (base + 0.3)")),
                Size::GrowsByPart => rate(draft, &id, &format!("0.1 * {id}")),
                Size::Swells => rate(draft, &id, "0.2 * exp(-time)"),
                Size::Pulsates => always(draft, &id, &format!("{size} * (1 + 0.2 * sin(2 * time))")),
            }
        }
    }

    fn add_species(&self, draft: &mut Draft) {
        for (i, choice) in self.species.iter().enumerate() {
            let id = species_name(i);
            let compartment = self.compartment_of(i);
            let ruled = matches!(choice.kind, Kind::AssignmentRule);
            draft.species.push(Species {
                id: id.as_str().into(),
                name: String::new(),
                compartment: compartment.as_str().into(),
                initial: match choice.initial {
                    _ if ruled => InitialValue::Unset,
                    Start::Amount => InitialValue::Amount(choice.value),
                    Start::Concentration => InitialValue::Concentration(choice.value),
                    Start::Computed => InitialValue::Unset,
                },
                substance_unit: None,
                only_substance: choice.means_amount,
                boundary: matches!(choice.kind, Kind::Boundary | Kind::BoundaryWithRateRule),
                constant: false,
                conversion_factor: choice.converted.then(|| "factor".into()),
                place: Place::nowhere(),
            });
            if matches!(choice.initial, Start::Computed) && !ruled {
                initially(draft, &id, &format!("{} + base * {compartment}", choice.value));
            }
            match choice.kind {
                Kind::Reacts | Kind::Boundary => {}
                Kind::BoundaryWithRateRule => rate(draft, &id, &format!("0.3 - 0.2 * {id}")),
                Kind::RateRule => rate(draft, &id, &format!("0.5 * exp(-time) - 0.4 * {id} / (1 + {id})")),
                // Of a species before it, so that there is no circle.
                Kind::AssignmentRule if i > 0 => {
                    always(draft, &id, &format!("{} * {}", choice.value, species_name(choice.compartment % i)));
                }
                Kind::AssignmentRule => always(draft, &id, &format!("{} + 0.1 * time", choice.value)),
            }
        }
    }

    fn add_drivers(&self, draft: &mut Draft) {
        for (i, choice) in self.drivers.iter().enumerate() {
            let (id, a, x) = (format!("driver{i}"), choice.a, self.any_species(choice.x));
            let fluxes = self.reactions.len();
            let formula = match choice.formula % 4 {
                0 => format!("{a}"),
                1 => format!("{a} - 0.5 * {id}"),
                2 => format!("{a} * saturation({x}, 0.7) - 0.5 * {id}"),
                // The rate of a reaction by the reaction's name.
                _ if fluxes > 0 => format!("{a} * tanh(r{}) - 0.5 * {id}", choice.x % fluxes),
                _ => format!("{a} * cos(time)"),
            };
            parameter(draft, &id, Some(choice.start));
            rate(draft, &id, &formula);
        }
    }

    fn add_modifiers(&self, draft: &mut Draft) {
        for (i, choice) in self.modifiers.iter().enumerate() {
            let (id, a, b, x) = (format!("m{i}"), choice.a, choice.b, self.any_species(choice.x));
            let ramp = if self.drivers.is_empty() { "time".to_string() } else { "driver0".to_string() };
            let formula = match choice.formula % 16 {
                0 => format!("1 / (1 + ({x} / {b})^2)"),
                1 => format!("saturation({x}, {b})"),
                2 => format!("piecewise({a}, time < {b}, 1 - 0.5 * {a})"),
                3 => format!("piecewise({x} / {b}, {x} < {b}, 1)"),
                4 => format!("exp(-{a} * time)"),
                5 => format!("0.5 * {a} * (1 + sin(time + {b}))"),
                6 => format!("min({x}, {b}) / {b}"),
                7 => format!("max({a}, 1 - {x})"),
                8 => format!("{a} / (1 + floor({b} * time))"),
                9 => format!("abs({x} - {b}) / (1 + {x})"),
                10 if i > 0 => format!("m{} * {a}", choice.x % i),
                11 => format!("piecewise({a}, time > {b} and not (time >= 2.5) or time < 0.1, 0.2)"),
                12 => format!("1 / root(3, {b} + {x}^2)"),
                13 => format!("{a} / (1 + abs({ramp}))^0.7"),
                14 => format!("log10(1 + {x} / {b}) / (1 + {x})"),
                _ => format!("piecewise({a}, time <= 1, 0.5 * {a}, 1 < time and time <= {b} + 1, rem(time, {b}) / 4)"),
            };
            parameter(draft, &id, None);
            always(draft, &id, &formula);
        }
    }

    fn add_quantities(&self, draft: &mut Draft) {
        for (i, choice) in self.quantities.iter().enumerate() {
            let id = format!("q{i}");
            let modifier = match self.modifiers.len() {
                0 => "base".to_string(),
                count => format!("m{}", choice.x % count),
            };
            let x = self.any_species(choice.x);
            parameter(draft, &id, None);
            initially(draft, &id, &format!("{} + 0.3 * {modifier} + saturation({x}, base)", choice.a));
        }
    }

    fn add_reaction(&self, draft: &mut Draft, i: usize, choice: &ReactionChoice) {
        let changeable: Vec<usize> = (0..self.species.len())
            .filter(|&s| matches!(self.species[s].kind, Kind::Reacts | Kind::Boundary | Kind::BoundaryWithRateRule))
            .collect();
        if changeable.is_empty() {
            return self.add_bare_reaction(draft, i, choice);
        }
        let one = |pick: usize| species_name(changeable[pick % changeable.len()]);
        let (s, t, p) = (one(choice.substrate), one(choice.second), one(choice.product));
        let enzyme = self.any_species(choice.second);
        let (k, half, n) = (choice.k, choice.half, choice.exponent);
        let (reactants, products, law) = match choice.law % 8 {
            0 => (vec![], vec![&p], format!("{k}")),
            1 => (vec![&s], vec![], format!("{k} * {s}")),
            2 => (vec![&s], vec![&p], format!("{k} * {s}")),
            3 => (vec![&s], vec![&p], format!("{k} * {s} - {half} * {p}")),
            // Binding: two make one, so that nothing multiplies faster than in proportion to itself.
            4 => (vec![&s, &t], vec![&p], format!("{k} * {s} * {t}")),
            // Michaelis-Menten, with an enzyme that is an actor only.
            5 => (vec![&s], vec![&p], format!("{k} * saturation({enzyme}, 1) * {s} / ({half} + {s})")),
            // Hill.
            6 if n > 0.0 => (vec![&s], vec![&p], format!("{k} * {s}^{n} / ({half}^{n} + {s}^{n})")),
            _ => (vec![&s], vec![&p, &s], format!("{k} * {s} / (1 + ({half} * (1 + {enzyme}))^{n})")),
        };
        let mut law = law;
        if let (Some(pick), false) = (choice.modifier, self.modifiers.is_empty()) {
            law = format!("({law}) * m{}", pick % self.modifiers.len());
        }
        if let (Some(pick), false) = (choice.quantity, self.quantities.is_empty()) {
            law = format!("({law}) * tanh(q{})", pick % self.quantities.len());
        }
        if choice.times_size {
            law = format!("{} * ({law})", self.compartment_of(changeable[choice.substrate % changeable.len()]));
        }
        let plain = |species: &String| Participant {
            id: None,
            species: species.as_str().into(),
            stoichiometry: Stoichiometry::Constant(1.0),
        };
        let mut products: Vec<Participant> = products.into_iter().map(plain).collect();
        if !reactants.is_empty()
            && reactants.len() < 2
            && let Some(first) = products.first_mut()
        {
            count_product(draft, i, choice, first);
        }
        let reactants = reactants.into_iter().map(plain).collect();
        push_reaction(draft, i, reactants, products, &law);
    }

    /// A rate without participants, for a model in which nothing can react.
    fn add_bare_reaction(&self, draft: &mut Draft, i: usize, choice: &ReactionChoice) {
        push_reaction(draft, i, Vec::new(), Vec::new(), &format!("{} * {}", choice.k, self.any_species(choice.second)));
    }

    fn add_observables(&self, draft: &mut Draft) {
        let total: Vec<String> = (0..self.species.len()).map(species_name).collect();
        observable(draft, "total", &total.join(" + "));
        let by_rule = draft.rules.iter().filter_map(|rule| match rule {
            Rule::Rate { target, .. } => Some(target.clone()),
            _ => None,
        });
        let free = |species: &&Species| {
            !draft.rules.iter().any(|rule| rule.target() == Some(&species.id)) && {
                // The engine does not differentiate assignment rules, so it refuses these.
                let pulsating = matches!(rule_of(draft, &species.compartment), Some(Rule::Assignment { .. }));
                species.only_substance || !pulsating
            }
        };
        let by_reactions = draft.species.iter().filter(free).map(|species| species.id.clone());
        let changing: Vec<Id> = by_rule.chain(by_reactions).collect();
        for id in changing {
            observable(draft, &format!("rate_of_{id}"), &format!("rateOf({id})"));
        }
    }

    fn compartment_of(&self, species: usize) -> String {
        format!("v{}", self.species[species].compartment % self.compartments.len())
    }

    fn any_species(&self, pick: usize) -> String {
        species_name(pick % self.species.len())
    }
}

fn species_name(i: usize) -> String {
    format!("s{i}")
}

/// Gives the product its stoichiometry, in one of the ways that SBML has.
fn count_product(draft: &mut Draft, reaction: usize, choice: &ReactionChoice, product: &mut Participant) {
    let id = format!("n{reaction}");
    let mut named = |start: Option<f64>| {
        product.id = Some(id.as_str().into());
        product.stoichiometry = Stoichiometry::Variable(start);
    };
    match choice.count {
        Count::One => {}
        Count::Two => product.stoichiometry = Stoichiometry::Constant(2.0),
        Count::Broken => product.stoichiometry = Stoichiometry::Constant(0.5),
        Count::Formula => product.stoichiometry = Stoichiometry::Expression(formula("1 + base * sin(time)")),
        Count::InitialAssignment => {
            named(None);
            initially(draft, &id, "1 + base");
        }
        Count::AssignmentRule => {
            named(None);
            always(draft, &id, "2 - exp(-base * time)");
        }
        Count::RateRule => {
            named(Some(0.4));
            rate(draft, &id, "base - 0.2 * time");
        }
    }
}

fn rule_of<'d>(draft: &'d Draft, id: &Id) -> Option<&'d Rule> {
    draft.rules.iter().find(|rule| rule.target() == Some(id))
}

fn push_reaction(draft: &mut Draft, i: usize, reactants: Vec<Participant>, products: Vec<Participant>, law: &str) {
    draft.reactions.push(Reaction {
        id: format!("r{i}").as_str().into(),
        name: String::new(),
        reversible: true,
        fast: false,
        reactants,
        products,
        modifiers: Vec::new(),
        rate: Some(formula(law)),
        place: Place::nowhere(),
    });
}

pub fn parameter(draft: &mut Draft, id: &str, value: Option<f64>) {
    draft.parameters.push(Parameter {
        id: id.into(),
        name: String::new(),
        value,
        unit: None,
        constant: false,
        place: Place::nowhere(),
    });
}

fn initially(draft: &mut Draft, target: &str, value: &str) {
    let place = Place::nowhere();
    draft.initial_assignments.push(InitialAssignment { target: target.into(), value: formula(value), place });
}

pub fn always(draft: &mut Draft, target: &str, value: &str) {
    draft.rules.push(Rule::Assignment { target: target.into(), value: formula(value), place: Place::nowhere() });
}

pub fn rate(draft: &mut Draft, target: &str, value: &str) {
    draft.rules.push(Rule::Rate { target: target.into(), value: formula(value), place: Place::nowhere() });
}

pub fn observable(draft: &mut Draft, id: &str, value: &str) {
    draft.observables.push(Observable {
        id: id.into(),
        name: String::new(),
        value: formula(value),
        unit: None,
        place: Place::nowhere(),
    });
}

fn formula(text: &str) -> network::Expression {
    parse_formula(text).unwrap_or_else(|error| panic!("the recipe's formula `{text}`: {error}"))
}
