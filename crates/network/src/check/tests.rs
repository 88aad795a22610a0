//! Models are written one part a line; see [`model`].

use crate::{
    Compartment, Draft, Event, EventAssignment, Expression, FunctionDefinition, InitialAssignment, InitialStep,
    InitialValue, Network, Observable, Parameter, Reaction, Rule, Species, Stoichiometry, UnitPolicy, parse_equation,
    parse_formula,
};
use proptest::prelude::*;
use source::Place;
use units::{Quantity, Unit};

/// Strict check of a model in days: every finding, or nothing.
fn check(text: &str, expected: &str) {
    check_with(UnitPolicy::Strict, text, expected);
}

/// The check that SBML gets.
fn check_sbml(text: &str, expected: &str) {
    check_with(UnitPolicy::Warn, text, expected);
}

fn check_with(policy: UnitPolicy, text: &str, expected: &str) {
    let findings = match model(text).check(policy) {
        Ok((_, warnings)) => warnings,
        Err(findings) => findings,
    };
    let unindented: Vec<&str> =
        expected.trim().lines().map(|line| line.strip_prefix("        ").unwrap_or(line)).collect();
    assert_eq!(findings.to_string(), unindented.join("\n"), "model:\n{text}");
}

fn network(text: &str) -> Network {
    match model(text).check(UnitPolicy::Strict) {
        Ok((network, warnings)) if warnings.is_empty() => network,
        Ok((_, findings)) | Err(findings) => panic!("{findings}"),
    }
}

/// Reads a model from lines such as these; `?` stands for a value or a unit that is not given.
///
/// ```text
/// compartment plasma = 3 L
/// species x in plasma = 1 nmol
/// constant k = 2 1/day
/// parameter p = 1 nmol
/// start p = 2 * q
/// rule y = k * 2
/// rate z = k * x
/// reaction r: 2 x => y; k * x
/// event e: x > 1; p = 3
/// observable o [nmol/L] = x
/// function f(a, b) = a + b
/// ```
fn model(text: &str) -> Draft {
    let mut draft = Draft { id: "test".into(), ..Draft::default() };
    draft.units.time = Some(Unit::day());
    for (number, line) in text.lines().enumerate() {
        let Some((word, rest)) = line.trim().split_once(' ') else { continue };
        part(&mut draft, word, rest, Place::new("model", u32::try_from(number).unwrap(), 0));
    }
    draft
}

fn part(draft: &mut Draft, word: &str, rest: &str, place: Place) {
    let formula = |text: &str| parse_formula(text).unwrap();
    let name = String::new();
    let (left, right) = rest.split_once([';', '=']).map_or((rest, ""), |(a, b)| (a.trim(), b.trim()));
    match word {
        "compartment" => {
            let (size, unit) = quantity(right);
            let compartment =
                Compartment { id: left.into(), name, size, dimensions: 3.0, unit, constant: false, place };
            draft.compartments.push(compartment);
        }
        "species" | "boundary" => {
            let (id, compartment) = left.split_once(" in ").unwrap();
            let (amount, substance_unit) = quantity(right);
            draft.species.push(Species {
                id: id.into(),
                name,
                compartment: compartment.into(),
                initial: amount.map_or(InitialValue::Unset, InitialValue::Amount),
                substance_unit,
                only_substance: false,
                boundary: word == "boundary",
                constant: false,
                conversion_factor: None,
                place,
            });
        }
        "constant" | "parameter" => {
            let (value, unit) = quantity(right);
            let constant = word == "constant";
            draft.parameters.push(Parameter { id: left.into(), name, value, unit, constant, place });
        }
        "start" => {
            draft.initial_assignments.push(InitialAssignment { target: left.into(), value: formula(right), place })
        }
        "rule" => draft.rules.push(Rule::Assignment { target: left.into(), value: formula(right), place }),
        "rate" => draft.rules.push(Rule::Rate { target: left.into(), value: formula(right), place }),
        "algebraic" => draft.rules.push(Rule::Algebraic { value: formula(right), place }),
        "reaction" => {
            let (id, rest) = rest.split_once(':').unwrap();
            let (equation, rate) = rest.split_once(';').unwrap_or((rest, ""));
            let (reactants, products, reversible) = parse_equation(equation).unwrap();
            let rate = (!rate.trim().is_empty()).then(|| formula(rate));
            let modifiers = Vec::new();
            let id = id.into();
            draft.reactions.push(Reaction {
                id,
                name,
                reversible,
                fast: false,
                reactants,
                products,
                modifiers,
                rate,
                place,
            });
        }
        "event" => {
            let (id, rest) = rest.split_once(':').unwrap();
            let mut parts = rest.split(';');
            let trigger = formula(parts.next().unwrap());
            let assignments = parts
                .map(|part| part.split_once('=').unwrap())
                .map(|(target, value)| EventAssignment { target: target.trim().into(), value: formula(value) })
                .collect();
            draft.events.push(Event {
                id: id.into(),
                name,
                trigger,
                trigger_initially: true,
                persistent: true,
                delay: None,
                priority: None,
                use_values_from_trigger_time: true,
                assignments,
                place,
            });
        }
        "observable" => {
            let (id, unit) = left.split_once(" [").unwrap();
            let unit = Some(Unit::parse(unit.trim_end_matches(']')).unwrap());
            draft.observables.push(Observable { id: id.into(), name, value: formula(right), unit, place });
        }
        "function" => {
            let (id, arguments) = left.split_once('(').unwrap();
            let arguments = arguments.trim_end_matches(')').split(',').map(|id| id.trim().into()).collect();
            draft.functions.push(FunctionDefinition { id: id.into(), arguments, body: formula(right), place });
        }
        other => panic!("no such part: {other}"),
    }
}

/// `3 L`, `? L`, `3 ?`, `?`.
fn quantity(text: &str) -> (Option<f64>, Option<Unit>) {
    let (value, unit) = text.split_once(' ').unwrap_or((text, "1"));
    let unit = if unit == "?" { None } else { Some(Unit::parse(unit).unwrap()) };
    let value = match value {
        "?" => None,
        value => value.parse().ok().or_else(|| Quantity::parse(value).ok().map(|quantity| quantity.value)),
    };
    (value, unit)
}

const SCLEROSTIN: &str = "
    compartment plasma = 3 L
    species sclerostin_in_plasma in plasma = 0.3 nmol
    constant clearance_rate = 25 1/day
    constant release = 7.5 nmol/L/day
    reaction sclerostin_release: => sclerostin_in_plasma; plasma * release
    reaction sclerostin_clearance: sclerostin_in_plasma => ; plasma * clearance_rate * sclerostin_in_plasma
    observable sclerostin [nmol/L] = sclerostin_in_plasma";

#[test]
fn a_sound_model_passes() {
    let network = network(SCLEROSTIN);
    let unit = |id| network.symbol(network.index_of(id).unwrap()).unit.as_ref().unwrap().to_string();
    assert_eq!(unit("sclerostin_in_plasma"), "nmol/L");
    assert_eq!(unit("sclerostin_clearance"), "nmol/day");
    assert_eq!(unit("plasma"), "L");
}

#[test]
fn a_missing_factor_is_named() {
    check(
        &SCLEROSTIN.replace("plasma * clearance_rate * sclerostin", "plasma * sclerostin"),
        "
        error: kinetic law of `sclerostin_clearance` has unit nmol, expected nmol/day, a factor of 1/day
          at model:6
          likely reason: is a rate constant missing?
        ",
    );
    check(
        &SCLEROSTIN.replace("25 1/day", "1 1/h"),
        "
        error: kinetic law of `sclerostin_clearance` has unit nmol/h, expected nmol/day, a factor of 24
          at model:6
          likely reason: both measure the same thing; is a conversion missing?
        ",
    );
    check(
        &SCLEROSTIN.replace("plasma * release", "release"),
        "
        error: kinetic law of `sclerostin_release` has unit nmol/L/day, expected nmol/day, a factor of L
          at model:5
          likely reason: is the size of a compartment missing?
        ",
    );
}

#[test]
fn units_of_parts_agree() {
    check(
        "
        constant x = 1 nmol/L
        constant y = 1 pmol/L
        constant n = 2 1
        constant k = 1 1/day
        parameter a = ? 1
        parameter b = ? nmol/L
        parameter c = ? 1
        parameter d = ? nmol/L
        parameter e = ? 1
        parameter f = ? nmol/L
        rule a = exp(x)
        rule b = x + y
        rule c = x^n
        rule d = max(x, 0) + piecewise(x, x > k, 0)
        rule e = n^x
        rule f = x + 1",
        "
        error: the argument `x` of exp has unit nmol/L, expected 1, a factor of L/nmol in assignment rule of `a`
          at model:11
          likely reason: is a division by a reference concentration missing?
        error: the terms `x` [nmol/L] and `y` [pmol/L] differ by a factor of 0.001 in assignment rule of `b`
          at model:12
          likely reason: both measure the same thing; is a conversion missing?
        error: `x` has unit nmol/L and the exponent `n` is not a plain number in assignment rule of `c`
          at model:13
          likely reason: is a division of the base by a reference value missing?
        error: the two sides `x` [nmol/L] and `k` [1/day] differ by a factor of nmol*day/L in assignment rule of `d`
          at model:14
          likely reason: something that measures length^-3 time amount is missing
        error: the exponent `x` has unit nmol/L, expected 1, a factor of L/nmol in assignment rule of `e`
          at model:15
          likely reason: is a division by a reference concentration missing?
        error: the terms `x` [nmol/L] and `1` [1] differ by a factor of nmol/L in assignment rule of `f`
          at model:16
          likely reason: a number in a formula has no unit; give it a name with a unit
        ",
    );
}

#[test]
fn units_of_every_place() {
    check(
        "
        compartment plasma = 1 L
        parameter state = 1 nmol
        parameter set = 1 nmol
        constant k = 1 1/day
        constant wrong = 1 kg
        rate state = k
        start set = wrong
        event e: state > set; state = wrong
        observable o [nmol] = k * time",
        "
        error: initial assignment of `set` has unit kg, expected nmol, a factor of nmol/kg
          at model:7
          likely reason: is a division by a molar mass missing?
        error: rate rule of `state` has unit 1/day, expected nmol/day, a factor of nmol
          at model:6
          likely reason: something that measures amount is missing
        error: assignment to `state` in event `e` has unit kg, expected nmol, a factor of nmol/kg
          at model:8
          likely reason: is a division by a molar mass missing?
        error: observable `o` has unit 1, expected nmol, a factor of nmol
          at model:9
          likely reason: something that measures amount is missing
        ",
    );
}

#[test]
fn roots_and_powers_have_units() {
    network(
        "
        constant area = 4 cm^2
        parameter side = ? cm
        parameter volume = ? cm^3
        parameter again = ? cm^2
        rule side = sqrt(area)
        rule volume = side^3
        rule again = volume^(2/3) + side * side - 0 + abs(-area)",
    );
}

#[test]
fn our_own_things_need_units_and_sbml_things_do_not() {
    let text = "
        compartment plasma = 3 ?
        species x in plasma = 1 ?
        parameter k = 1 ?
        reaction r: x => ; k * x * 2 + k";
    check(
        text,
        "
        error: the compartment `plasma` has no unit
          at model:1
          hint: write unit = \"1\" for a plain number
        error: the species `x` has no unit
          at model:2
          hint: write unit = \"1\" for a plain number
        error: the parameter `k` has no unit
          at model:3
          hint: write unit = \"1\" for a plain number
        ",
    );
    check_sbml(text, "");
    check_sbml(
        "
        parameter x = 1 nmol
        parameter y = ? L
        rule y = x",
        "
        warning: assignment rule of `y` has unit nmol, expected L, a factor of L/nmol
          at model:3
          likely reason: is a division by a reference concentration missing?
        ",
    );
}

#[test]
fn species_of_one_reaction_are_counted_alike() {
    check(
        "
        compartment plasma = 3 L
        species a in plasma = 1 nmol
        species b in plasma = 1 pmol
        constant k = 1 nmol/day
        reaction r: a => b; k",
        "
        error: reaction `r` converts nmol, but `b` is counted in pmol, a factor of 1000
          at model:5
          hint: give the species the same unit, or a conversion factor
        ",
    );
}

#[test]
fn unknown_names() {
    check(
        "
        compartment plasma = 3 L
        species sclerostin in plasam = 1 nmol
        constant k = 1 nmol/day
        reaction r: sclerostim => ; k
        reaction s: plasma => ; k * e
        event e: true; kk = 2",
        "
        error: `e` in kinetic law of `s` is the name of an event and has no value
          at model:5
        error: `plasam` as the compartment of `sclerostin` is not known
          at model:2
          hint: did you mean `plasma`?
        error: `sclerostim` in reaction `r` is not known
          at model:4
          hint: did you mean `sclerostin`?
        error: `plasma` in reaction `s` is a compartment, expected a species
          at model:5
        error: `kk`, which event `e` sets, is not known
          at model:6
          hint: did you mean `k`?
        ",
    );
}

#[test]
fn names_are_unique() {
    check(
        "
        constant x = 1 1
        constant x = 2 1
        function x(a) = a",
        "
        error: `x` is the name of two things: this parameter and the parameter at model:1
          at model:2
          hint: give one of them another id
        error: `x` is the name of two things: this function and the parameter at model:1
          at model:3
          hint: give one of them another id
        ",
    );
}

#[test]
fn numbers_make_sense() {
    let text = "
        compartment plasma = -3 L
        species x in plasma = -1 nmol
        constant p = NaN 1
        constant negative = -1 1";
    check(
        text,
        "
        error: size of `plasma` is negative: -3
          at model:1
        error: initial amount of `x` is negative: -1
          at model:2
        error: value of `p` is not a finite number: NaN
          at model:3
        ",
    );
    check_sbml(
        text,
        "
        warning: size of `plasma` is negative: -3
          at model:1
        warning: initial amount of `x` is negative: -1
          at model:2
        warning: value of `p` is not a finite number: NaN
          at model:3
        ",
    );
}

#[test]
fn every_value_is_given() {
    let text = "
        parameter used = ? 1
        parameter unused = ? 1
        parameter y = ? 1
        rule y = used + 1";
    check(
        text,
        "
        error: nothing gives the parameter `used` a value
          at model:1
          hint: give it a number, an initial assignment or an assignment rule
        error: nothing gives the parameter `unused` a value
          at model:2
          hint: give it a number, an initial assignment or an assignment rule
        ",
    );
    check_sbml(
        text,
        "
        warning: nothing gives the parameter `used` a value
          at model:1
          hint: give it a number, an initial assignment or an assignment rule
        ",
    );
    check_sbml(&format!("{text}\nalgebraic 0 = used - 2"), "");
}

#[test]
fn a_reaction_needs_a_kinetic_law() {
    check_sbml(
        "
        compartment plasma = 3 L
        species x in plasma = 1 nmol
        reaction r: x =>",
        "
        warning: reaction `r` has no kinetic law
          at model:3
        ",
    );
}

#[test]
fn one_definition_for_each() {
    check(
        "
        compartment plasma = 3 L
        species x in plasma = 1 nmol
        constant k = 1 nmol/day
        constant c = 1 nmol/L
        parameter p = 1 nmol/L
        rate x = k / plasma
        reaction r: x => ; k
        rule p = c
        rate p = k / plasma
        start p = c
        rule c = p
        rule r = k
        event e: true; p = c; x = c; x = c",
        "
        error: `p` has two rules: this one and the one at model:8
          at model:9
          hint: keep one of them
        error: an assignment rule changes `c`, which is constant
          at model:11
          hint: say that it is not constant
        error: an assignment rule cannot set `r`, which is the name of a reaction
          at model:12
        error: `p` has an initial assignment and an assignment rule at model:8
          at model:10
          likely reason: the rule holds at the start, too
          hint: keep one of them
        error: reaction `r` changes `x`, which has a rule at model:6
          at model:7
          hint: make the species a boundary species, or drop the rule
        error: event `e` changes `p`, which has an assignment rule at model:8
          at model:13
        error: event `e` assigns `x` twice
          at model:13
        ",
    );
}

#[test]
fn what_sbml_allows_passes() {
    check_sbml(
        "
        compartment c = 1 L
        boundary b in c = 1 nmol
        species x in c = 1 nmol
        constant k = 1 ?
        parameter p = ? ?
        rule b = p
        start p = 2 * k
        rate c = k
        reaction r: b + x => 2 b; k * b
        event e: x > b; x = k; c = k
        parameter y = ? ?
        rule y = delay(x, k) + k * rateOf(x)
        algebraic 0 = x + y",
        "",
    );
}

#[test]
fn cycles_are_named() {
    check(
        "
        parameter a = ? 1
        parameter b = ? 1
        parameter c = ? 1
        parameter d = ? 1
        parameter e = ? 1
        rule a = b + 1
        rule b = 2 * c
        rule c = a
        rule d = d
        start e = e + a",
        "
        error: `a` needs itself: a -> b -> c -> a
          at model:6
          hint: break the cycle, for example by making one of them a state with a rate rule
        error: `d` needs itself: d -> d
          at model:9
          hint: break the cycle, for example by making one of them a state with a rate rule
        error: at the start `e` needs itself: e -> e
          at model:10
          hint: break the cycle, for example by making one of them a state with a rate rule
        ",
    );
    check(
        "
        compartment plasma = 3 L
        species x in plasma = 1 nmol
        constant k = 1 1/day
        parameter flux = ? nmol/day
        rule flux = r * 2
        reaction r: x => ; k * x * plasma + flux",
        "
        error: `flux` needs itself: flux -> r -> flux
          at model:5
          hint: break the cycle, for example by making one of them a state with a rate rule
        ",
    );
}

#[test]
fn rates_of_change_are_values_too() {
    check(
        "
        parameter x = 1 1
        parameter speed = ? 1/day
        constant k = 1 1/day
        rate x = k + speed
        rule speed = rateOf(x)",
        "
        error: `speed` needs itself: speed -> rateOf(x) -> speed
          at model:5
          hint: break the cycle, for example by making one of them a state with a rate rule
        ",
    );
}

#[test]
fn each_is_computed_after_what_it_needs() {
    let network = network(
        "
        parameter a = ? 1
        parameter b = ? 1
        parameter c = ? 1
        parameter d = ? 1
        parameter p = ? 1
        rule a = b + c
        rule b = c * 2
        rule c = p
        rule d = 2
        start p = d",
    );
    assert_eq!(network.assignment_order(), [2, 1, 0, 3], "c, b, a, d");
    assert_eq!(network.initial_order(), [0]);
    use InitialStep::{Assignment, Initial};
    let steps = [Assignment(3), Initial(0), Assignment(2), Assignment(1), Assignment(0)];
    assert_eq!(network.initial_steps(), steps, "d, p, c, b, a");
}

#[test]
fn what_determines_a_symbol() {
    let network = network(&format!("{SCLEROSTIN}\nparameter r = ? nmol/day\nrule r = sclerostin_clearance / 2"));
    let dependencies = |id: &str| {
        let found = network.dependencies(network.index_of(id).unwrap());
        found.iter().map(|index| network.symbol(*index).id.to_string()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(dependencies("sclerostin_in_plasma"), "sclerostin_release sclerostin_clearance");
    assert_eq!(dependencies("sclerostin_clearance"), "plasma sclerostin_in_plasma clearance_rate");
    assert_eq!(dependencies("sclerostin"), "sclerostin_in_plasma");
    assert_eq!(dependencies("r"), "sclerostin_clearance");
    assert_eq!(dependencies("clearance_rate"), "");
}

#[test]
fn functions_are_put_in_place() {
    let network = network(
        "
        constant x = 1 1
        constant y = 1 1
        parameter z = ? 1
        function swap(x, y) = y - 2 * x
        function twice(a) = swap(a, swap(a, a))
        rule z = swap(y, x + 1) + twice(3)",
    );
    let Rule::Assignment { value, .. } = &network.rules()[0] else { panic!() };
    assert_eq!(value.to_string(), "x + 1 - 2 * y + (3 - 2 * 3 - 2 * 3)", "arguments are put in place at once");
}

#[test]
fn functions_that_cannot_be_put_in_place() {
    check(
        "
        constant x = 1 1
        parameter z = ? 1
        function hill(a, k) = a / (a + k)
        function foreign(a) = a + x
        function loop(a) = pool(a)
        function pool(a) = loop(a)
        rule z = hil(x, 1) + hill(x)",
        "
        error: function `loop` calls itself: loop -> pool -> loop
          at model:5
        error: `x` is not an argument in function `foreign`
          at model:4
        error: `hil` is not a known function in assignment rule of `z`
          at model:7
          hint: did you mean `hill`?
        ",
    );
    check(
        "
        constant x = 1 1
        parameter y = ? 1
        parameter z = ? 1
        function hill(a, k) = a / (a + k)
        rule y = hill(x)
        rule z = exp(x, 1)",
        "
        error: `hill` takes 2 arguments, but has 1 in assignment rule of `y`
          at model:5
        error: `exp` takes 1 argument, but has 2 in assignment rule of `z`
          at model:6
        ",
    );
}

#[test]
fn functions_of_functions_are_bounded() {
    let mut text = String::from("\nconstant x = 1 1\nfunction f0(a) = a + a\n");
    for i in 1..40 {
        text += &format!("function f{i}(a) = f{0}(f{0}(a))\n", i - 1);
    }
    text += "parameter z = ? 1\nrule z = f39(x)";
    let findings = model(&text).check(UnitPolicy::Strict).unwrap_err().to_string();
    assert!(
        findings.starts_with("error: more than 500000 terms once functions are put in place in function"),
        "{findings}"
    );
}

#[test]
fn stoichiometries_can_be_set_by_name() {
    let with = |stoichiometry: Stoichiometry| {
        let mut draft = model(
            "
            compartment plasma = 3 L
            species x in plasma = 1 nmol
            constant k = 1 nmol/day
            constant two = 2 1
            reaction r: x => ; k
            rule many = two",
        );
        draft.reactions[0].reactants[0].id = Some("many".into());
        draft.reactions[0].reactants[0].stoichiometry = stoichiometry;
        draft.check(UnitPolicy::Strict)
    };
    let (network, _) = with(Stoichiometry::Variable(None)).unwrap();
    assert!(network.index_of("many").is_some());
    assert_eq!(
        with(Stoichiometry::Constant(1.0)).unwrap_err().to_string(),
        "error: an assignment rule sets the stoichiometry `many`, which is fixed\n  at model:6"
    );
}

#[test]
fn large_models_are_checked_quickly() {
    let mut text = String::from("\ncompartment c = 1 L\nconstant k = 1 1/day\n");
    for i in 0..10_000 {
        text += &format!("species s{i} in c = 1 nmol\n");
    }
    for i in 0..9_999 {
        text += &format!("reaction r{i}: s{i} => s{}; c * k * s{i}\n", i + 1);
    }
    // A chain as long as the model: nothing may recurse along it.
    text += "parameter p0 = 1 1\n";
    for i in 1..10_000 {
        text += &format!("parameter p{i} = ? 1\nrule p{i} = p{}\n", i - 1);
    }
    let draft = model(&text);
    let start = std::time::Instant::now();
    let (network, _) = draft.check(UnitPolicy::Strict).unwrap();
    let taken = start.elapsed();
    assert_eq!(network.assignment_order().len(), 9_999);
    assert!(taken.as_secs_f64() < 5.0, "{taken:?}");
}

#[test]
fn observables_stay_outside_the_equations() {
    check(
        "
        constant x = 1 1
        parameter y = ? 1
        observable o [1] = x
        rule y = o",
        "
        error: assignment rule of `y` uses the observable `o`
          at model:4
          hint: make it an assignment rule, which equations can use
        ",
    );
}

#[test]
fn expressions_hold_no_calls_after_the_check() {
    let network = network(
        "
        constant x = 1 1
        parameter z = ? 1
        function f(a) = a + 1
        rule z = piecewise(f(x), f(x) > f(2), f(f(x)))",
    );
    network.rules()[0].value().walk(&mut |part| assert!(!matches!(part, Expression::Defined(..))));
}

/// Sums and products of `a` to `e`, `time` and numbers.
fn right_sides() -> impl Strategy<Value = String> {
    let leaf = "[a-e]|time|rateOf\\([a-e]\\)|[0-3]";
    leaf.prop_recursive(3, 8, 2, |inner| {
        (inner.clone(), "[*/+<-]|\\^", inner).prop_map(|(a, operator, b)| format!("({a}) {operator} ({b})"))
    })
}

proptest! {
    #[test]
    fn any_rules_are_checked_and_come_in_order(rules in proptest::collection::vec(right_sides(), 1..5)) {
        let mut text = String::from("\nparameter e = 1 nmol/L\n");
        for (id, rule) in ["a", "b", "c", "d"].iter().zip(&rules) {
            text += &format!("parameter {id} = 1 1/day\nrule {id} = {rule}\n");
        }
        let draft = model(&text);
        for policy in [UnitPolicy::Strict, UnitPolicy::Warn] {
            let Ok((network, _)) = draft.clone().check(policy) else { continue };
            let mut known: Vec<&str> = vec!["e"];
            for rule in network.assignment_order().iter().map(|i| &network.rules()[*i]) {
                rule.value().walk(&mut |part| {
                    if let Expression::Name(id) = part {
                        let computed = network.rule_of(network.index_of(id).unwrap()).is_some();
                        assert!(!computed || known.contains(&&**id), "{id} is used too early in\n{text}");
                    }
                });
                known.push(rule.target().unwrap());
            }
        }
    }
}
