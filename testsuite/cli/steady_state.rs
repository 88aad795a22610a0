//! `enthesis simulate --steady-state` and `--sensitivities`: where a model comes to rest, and what its values depend on.

use super::session::Session;
use super::simulate::{DECAY, columns};

/// Species in a compartment of size 2, and reactions `id: from -> to` at a rate; an empty name is nothing.
fn model(species: &[(&str, f64)], parameters: &[(&str, f64)], reactions: &[(&str, &str, &str, &str)]) -> Session {
    let species: String = species
        .iter()
        .map(|(id, value)| {
            format!(
                r#"<species id="{id}" compartment="c" initialConcentration="{value}" hasOnlySubstanceUnits="false"
                boundaryCondition="false" constant="false"/>"#
            )
        })
        .collect();
    let parameters: String = parameters
        .iter()
        .map(|(id, value)| format!(r#"<parameter id="{id}" value="{value}" constant="true"/>"#))
        .collect();
    let side = |list: &str, id: &str| {
        if id.is_empty() {
            return String::new();
        }
        format!(r#"<{list}><speciesReference species="{id}" stoichiometry="1" constant="true"/></{list}>"#)
    };
    let reactions: String = reactions
        .iter()
        .map(|(id, from, to, rate)| {
            let (from, to) = (side("listOfReactants", from), side("listOfProducts", to));
            format!(
                r#"<reaction id="{id}" reversible="true" fast="false">{from}{to}<kineticLaw>
                <math xmlns="http://www.w3.org/1998/Math/MathML">{rate}</math></kineticLaw></reaction>"#
            )
        })
        .collect();
    let text = format!(
        r#"<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1"><model id="m">
        <listOfCompartments><compartment id="c" size="2" constant="true"/></listOfCompartments>
        <listOfSpecies>{species}</listOfSpecies><listOfParameters>{parameters}</listOfParameters>
        <listOfReactions>{reactions}</listOfReactions></model></sbml>"#
    );
    Session::new().with("model.xml", &text)
}

/// MathML of a product of names.
fn product(names: &str) -> String {
    let names: String = names.split(' ').map(|name| format!("<ci>{name}</ci>")).collect();
    format!("<apply><times/>{names}</apply>")
}

/// a <-> b with rates k a and q b, together 3: at rest a = 3 q / (k + q) = 1 and b = 2.
fn reversible() -> Session {
    let rate = format!("<apply><minus/>{}{}</apply>", product("c k a"), product("c q b"));
    model(&[("a", 3.0), ("b", 0.0)], &[("k", 2.0), ("q", 1.0)], &[("r", "a", "b", &rate)])
}

#[track_caller]
fn near(found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len(), "{found:?}");
    let close = found.iter().zip(expected).all(|(a, b)| (a - b).abs() <= tolerance * (1.0 + b.abs()));
    assert!(close, "{found:?} is not {expected:?}");
}

#[test]
fn a_reversible_reaction_comes_to_its_equilibrium() {
    let session = reversible();
    let answer = session.type_in(&["simulate", "model.xml", "--steady-state"]);
    answer.check(0, &["steady state: stable; leading eigenvalue -3 per unit of time; residual "]);
    assert_eq!(answer.stdout.lines().next(), Some("a,b"));
    near(&columns(&answer.stdout)[0], &[1.0, 2.0], 1e-7);
    let arguments = ["simulate", "model.xml", "--steady-state", "--variables", "b,r", "--amounts", "a"];
    let answer = session.type_in(&arguments);
    assert_eq!(answer.stdout.lines().next(), Some("b,r,a"));
    near(&columns(&answer.stdout)[0], &[2.0, 0.0, 2.0], 1e-7);
    let quiet = session.type_in(&[&arguments[..], &["--quiet"]].concat());
    assert_eq!((quiet.code, quiet.stderr.as_str(), &quiet.stdout), (0, "", &answer.stdout));
}

#[test]
fn values_that_are_set_move_the_steady_state_and_totals_are_kept() {
    let answer = reversible().type_in(&["simulate", "model.xml", "--steady-state", "--set", "k=1", "--set", "b=5"]);
    near(&columns(&answer.stdout)[0], &[4.0, 4.0], 1e-7);
}

#[test]
fn sensitivities_of_a_steady_state_follow_from_its_formula() {
    let arguments = ["simulate", "model.xml", "--steady-state", "--variables", "a,b", "--sensitivities", "k,b"];
    let answer = reversible().type_in(&arguments);
    answer.check(0, &["steady state: stable"]);
    assert_eq!(answer.stdout.lines().next(), Some("a,b,da/dk,da/db,db/dk,db/db"));
    // a = T q / (k + q): da/dk = -T q / (k + q)^2, da/dT = q / (k + q).
    let third = 1.0 / 3.0;
    near(&columns(&answer.stdout)[0], &[1.0, 2.0, -third, third, third, 2.0 * third], 1e-6);
}

#[test]
fn an_oscillator_names_what_does_not_settle() {
    // Lotka and Volterra: x makes itself, y lives on x and dies.
    let [birth, meal, death] = ["c k x", "c k x y", "c k y"].map(product);
    let reactions = [("birth", "", "x", &*birth), ("eaten", "x", "", &meal), ("meal", "", "y", &meal)];
    let reactions = [&reactions[..], &[("death", "y", "", &*death)]].concat();
    let session = model(&[("x", 2.0), ("y", 1.0)], &[("k", 1.0)], &reactions);
    let answer = session.type_in(&["simulate", "model.xml", "--steady-state", "--end", "100"]);
    answer.check(1, &["error: no steady state: the run oscillates\n  at time 100\n", "farthest from rest: `"]);
    answer.check(1, &["mostly by reaction `", "hint: look at the course in time with --end and --steps"]);
    assert_eq!(answer.stdout, "");
}

#[test]
fn what_grows_for_ever_is_named_with_the_reaction_that_makes_it() {
    // y, which x uses up ever faster, moves most relative to its size.
    let (making, use_up) = (product("c k"), product("c k x y"));
    let reactions = [("making", "", "x", &*making), ("use_up", "y", "", &use_up), ("supply", "", "y", &making)];
    let session = model(&[("x", 1.0), ("y", 1.0)], &[("k", 1.0)], &reactions);
    let answer = session.type_in(&["simulate", "model.xml", "--steady-state"]);
    answer.check(1, &["no steady state: something grows without bound", "it is `x`, then "]);
    answer.check(1, &["mostly by reaction `making`", "`making` is ", "is what is made also used up?"]);
}

#[test]
fn sensitivities_of_a_decay_are_those_of_its_exponential() {
    let session = Session::new().with("model.xml", DECAY);
    let arguments = ["simulate", "model.xml", "--end", "4", "--steps", "4", "--rtol", "1e-9"];
    let answer = session.type_in(&[&arguments[..], &["--sensitivities", "k,s"]].concat());
    assert_eq!((answer.code, answer.stderr.as_str()), (0, ""));
    assert_eq!(answer.stdout.lines().next(), Some("time,s,ds/dk,ds/ds"));
    for row in columns(&answer.stdout) {
        let left = (-0.5 * row[0]).exp();
        near(&row[1..], &[8.0 * left, -row[0] * 8.0 * left, left], 1e-6);
    }
}

#[test]
fn an_amount_depends_on_the_size_of_its_compartment_too() {
    // The concentration a starts at 3 whatever c is: the amount is c a, and its derivative with respect to c is a.
    let arguments = ["simulate", "model.xml", "--end", "1", "--steps", "1", "--rtol", "1e-9", "--sensitivities", "c,k"];
    let answer = reversible().type_in(&[&arguments[..], &["--variables", "a"]].concat());
    let concentration = columns(&answer.stdout);
    let answer = reversible().type_in(&[&arguments[..], &["--amounts", "a"]].concat());
    assert_eq!(answer.stdout.lines().next(), Some("time,a,da/dc,da/dk"));
    for (row, as_concentration) in columns(&answer.stdout).iter().zip(&concentration) {
        let [_, a, by_size, by_rate] = as_concentration[..] else { panic!("{as_concentration:?}") };
        near(&row[1..], &[2.0 * a, a + 2.0 * by_size, 2.0 * by_rate], 1e-6);
    }
    near(&concentration[1][2..3], &[0.0], 1e-6);
}

#[test]
fn what_cannot_be_varied_is_told() {
    let ask = |ids: &str| {
        let arguments = ["simulate", "model.xml", "--end", "1", "--steps", "1", "--sensitivities", ids];
        model(&[("abc", 1.0)], &[("rate_k", 1.0)], &[("r", "abc", "", &product("c rate_k abc"))]).type_in(&arguments)
    };
    ask("rate_q").check(2, &["error: the model has no variable `rate_q`", "did you mean rate_k?"]);
    ask("r").check(2, &["error: `r` cannot be given a value: this reaction follows from others"]);
}

#[test]
fn chance_has_no_derivative_and_no_rest() {
    let session = Session::new().with("model.xml", DECAY).with("t.csv", "k\n1\n");
    let ask = |more: &[&str], expected: &str| {
        let arguments = ["simulate", "model.xml", "--end", "1", "--steps", "1"];
        session.type_in(&[&arguments[..], more].concat()).check(2, &[expected, "hint: "]);
    };
    let derivatives = "error: derivatives are those of ";
    ask(&["--sensitivities", "k", "--method", "ssa"], &format!("{derivatives}differential equations"));
    ask(&["--sensitivities", "k", "--runs", "5"], &format!("{derivatives}one run, not of a mean of many"));
    ask(&["--steady-state", "--method", "ssa"], "error: a steady state is one of differential equations");
    let endless = session.type_in(&["simulate", "model.xml", "--steady-state", "--end", "inf"]);
    endless.check(2, &["error: not a longest time for a run to come to rest: inf", "hint: give a time above 0"]);
    ask(&["--steady-state", "--runs", "5"], "error: a steady state is that of one run");
    ask(&["--steady-state", "--ensemble", "t.csv"], "error: members of an ensemble are plain courses in time");
    ask(&["--sensitivities", "k", "--ensemble", "t.csv"], "error: members of an ensemble are plain courses in time");
}
