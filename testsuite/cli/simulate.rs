//! `enthesis simulate`: a person's own SBML model.

use super::session::Session;

/// `s` decays from 8 at rate 0.5.
pub const DECAY: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1">
  <model id="decay">
    <listOfCompartments><compartment id="c" size="1" constant="true"/></listOfCompartments>
    <listOfSpecies>
      <species id="s" compartment="c" initialConcentration="8" hasOnlySubstanceUnits="false"
               boundaryCondition="false" constant="false"/>
    </listOfSpecies>
    <listOfParameters><parameter id="k" value="0.5" constant="true"/></listOfParameters>
    <listOfReactions>
      <reaction id="r" reversible="false" fast="false">
        <listOfReactants><speciesReference species="s" stoichiometry="1" constant="true"/></listOfReactants>
        <kineticLaw><math xmlns="http://www.w3.org/1998/Math/MathML">
          <apply><times/><ci>c</ci><ci>k</ci><ci>s</ci></apply>
        </math></kineticLaw>
      </reaction>
    </listOfReactions>
  </model>
</sbml>
"#;

const TO_4: [&str; 8] = ["simulate", "model.xml", "--start", "0", "--end", "4", "--steps", "2"];

fn session() -> Session {
    Session::new().with("model.xml", DECAY)
}

/// The model with a text replaced.
fn changed(from: &str, to: &str) -> Session {
    assert!(DECAY.contains(from), "{from:?} is not in the model");
    Session::new().with("model.xml", &DECAY.replace(from, to))
}

pub fn columns(text: &str) -> Vec<Vec<f64>> {
    let number = |field: &str| field.parse().expect("a number");
    text.lines().skip(1).map(|line| line.split(',').map(number).collect()).collect()
}

#[test]
fn a_decay_follows_its_exponential() {
    let answer = session().type_in(&[&TO_4[..], &["--rtol", "1e-9", "--atol", "1e-12"]].concat());
    assert_eq!((answer.code, answer.stderr.as_str()), (0, ""));
    assert_eq!(answer.stdout.lines().next(), Some("time,s"));
    for row in columns(&answer.stdout) {
        let exact = 8.0 * (-0.5 * row[0]).exp();
        assert!((row[1] - exact).abs() < 1e-7, "at {}: {} is not {exact}", row[0], row[1]);
    }
}

#[test]
fn the_table_has_one_row_more_than_steps_and_can_start_late() {
    let session = session();
    let arguments = ["simulate", "model.xml", "--start", "1", "--end", "4", "--steps", "3"];
    let rows = columns(&session.type_in(&arguments).stdout);
    assert_eq!(rows.iter().map(|row| row[0]).collect::<Vec<_>>(), [1.0, 2.0, 3.0, 4.0]);
    assert!((rows[0][1] - 8.0 * (-0.5f64).exp()).abs() < 1e-3, "the run begins at 0: {rows:?}");
}

#[test]
fn variables_choose_columns_in_their_order() {
    let answer = session().type_in(&[&TO_4[..], &["--variables", "k,s,r"]].concat());
    assert_eq!(answer.stdout.lines().take(2).collect::<Vec<_>>(), ["time,k,s,r", "0,0.5,8,4"]);
}

#[test]
fn the_file_holds_what_stdout_would_get() {
    let session = session();
    let on_stdout = session.type_in(&TO_4).stdout;
    session.check_data(&[&TO_4[..], &["--output", "out.csv"]].concat(), "");
    assert_eq!(std::fs::read_to_string(session.folder().join("out.csv")).expect("it was written"), on_stdout);
    assert_eq!(session.files(), ["model.xml", "out.csv"]);
}

#[test]
fn a_missing_file_is_named() {
    Session::new().check_error(
        &TO_4,
        2,
        "error: cannot read model.xml\n  likely reason: there is no such file or folder\n  hint: check the spelling \
         and the folder you are in\n",
    );
}

#[test]
fn what_is_not_supported_stops_with_77_and_its_name() {
    let package = r#"<sbml xmlns:new="http://www.sbml.org/sbml/level3/version1/new/version1" new:required="true" "#;
    let model = DECAY.replace("<sbml ", package).replace("<model id", "<model new:x=\"1\" id");
    let answer = Session::new().with("model.xml", &model).type_in(&TO_4);
    answer.check(77, &["unsupported", "the package `new`"]);
    assert_eq!(answer.stdout, "");
}

#[test]
fn nan_in_a_file_is_told_with_its_place_and_fails_the_run() {
    changed("value=\"0.5\"", "value=\"NaN\"").type_in(&TO_4).check(
        1,
        &[
            "warning: the value of parameter `k` is NaN",
            "at model.xml:9:23",
            "error: the run failed at `s`",
            "first to be not a number: `k`",
        ],
    );
}

#[test]
fn two_definitions_of_one_id_name_both_places() {
    changed("id=\"k\"", "id=\"s\"").type_in(&TO_4).check(2, &["`s` is the name of two things", "at model.xml:9:23"]);
}

#[test]
fn cyclic_rules_are_named() {
    let rules = r#"<listOfRules>
      <assignmentRule variable="a"><math xmlns="http://www.w3.org/1998/Math/MathML"><ci>b</ci></math></assignmentRule>
      <assignmentRule variable="b"><math xmlns="http://www.w3.org/1998/Math/MathML"><ci>a</ci></math></assignmentRule>
    </listOfRules>
    <listOfReactions>"#;
    let parameters = r#"<parameter id="a" constant="false"/><parameter id="b" constant="false"/></listOfParameters>"#;
    let model = DECAY.replace("</listOfParameters>", parameters).replace("<listOfReactions>", rules);
    Session::new().with("model.xml", &model).type_in(&TO_4).check(2, &["error: `a` needs itself: a -> b -> a"]);
}

#[test]
fn what_is_not_xml_is_an_error() {
    Session::new().with("model.xml", "not a model").type_in(&TO_4).check(2, &["error: ", "model.xml"]);
}

#[test]
fn misspelled_variables_get_a_suggestion() {
    let model = DECAY.replace("\"s\"", "\"substrate\"").replace("<ci>s</ci>", "<ci>substrate</ci>");
    Session::new().with("model.xml", &model).check_error(
        &[&TO_4[..], &["--variables", "substrat"]].concat(),
        2,
        "error: the model has no variable `substrat`\n  at --variables\n  hint: did you mean substrate?\n",
    );
}

/// `s` decays in a compartment of size 2 that shrinks at 0.5; `n` is a species whose name means its amount.
fn two_species() -> Session {
    let model = DECAY
        .replace(r#"size="1" constant="true""#, r#"size="2" constant="false""#)
        .replace(
            "</listOfSpecies>",
            r#"<species id="n" compartment="c" initialAmount="6" hasOnlySubstanceUnits="true"
               boundaryCondition="false" constant="false"/></listOfSpecies>"#,
        )
        .replace(
            "<listOfReactions>",
            r#"<listOfRules><rateRule variable="c"><math xmlns="http://www.w3.org/1998/Math/MathML">
                 <apply><times/><cn>-0.5</cn><ci>c</ci></apply></math></rateRule></listOfRules><listOfReactions>"#,
        );
    Session::new().with("model.xml", &model)
}

#[test]
fn a_species_is_read_out_as_amount_or_concentration() {
    let session = two_species();
    let ask = |arguments: &[&str]| {
        let answer = session.type_in(&[&TO_4[..], arguments].concat());
        assert_eq!((answer.code, answer.stderr.as_str()), (0, ""));
        answer.stdout
    };
    let first = |text: &str| text.lines().take(2).map(str::to_string).collect::<Vec<_>>();
    assert_eq!(first(&ask(&["--amounts", "s,n"])), ["time,s,n", "0,16,6"]);
    assert_eq!(first(&ask(&["--concentrations", "s,n"])), ["time,s,n", "0,8,3"]);
    // Variables first; one that is a list of its own meaning keeps its place among them.
    assert_eq!(
        first(&ask(&["--variables", "n,c,s", "--amounts", "s", "--concentrations", "n"])),
        ["time,n,c,s", "0,3,2,16"]
    );
    assert_eq!(
        first(&ask(&["--amounts", "s", "--concentrations", "n", "--variables", "r"])),
        ["time,r,s,n", "0,8,16,3"]
    );
    // The compartment at the same time counts: its size falls to 2 exp(-0.5 t), and `n` is 6 all along.
    for row in columns(&ask(&["--concentrations", "n"])) {
        let exact = 3.0 * (0.5 * row[0]).exp();
        assert!((row[1] - exact).abs() < 1e-4 * exact, "at {}: {} is not {exact}", row[0], row[1]);
    }
}

#[test]
fn what_has_no_such_read_out_is_named() {
    let of_parameter = session().type_in(&[&TO_4[..], &["--amounts", "k"]].concat());
    assert_eq!(of_parameter.stdout.lines().nth(1), Some("0,0.5"));
    assert_eq!(
        of_parameter.stderr,
        "warning: `k` has no amount: it is a parameter, not a species\n  at --amounts\n  hint: its value is shown; ask \
         for it with --variables\n"
    );
    let session = two_species();
    session
        .type_in(&[&TO_4[..], &["--amounts", "s,n", "--concentrations", "n"]].concat())
        .check(2, &["error: `n` is asked for as an amount and as a concentration", "hint: ask for them in two runs"]);
    let empty = session.edit("model.xml", "size=\"2\"", "size=\"0\"").edit("model.xml", "<ci>s</ci>", "<ci>n</ci>");
    empty.type_in(&[&TO_4[..], &["--concentrations", "n"]].concat()).check(
        2,
        &[
            "error: `n` has no concentration at time 0: the size of its compartment `c` is 0 there",
            "hint: ask for its amount with --amounts",
        ],
    );
}

#[test]
fn values_are_set_before_time_starts() {
    let session = session();
    let set = |settings: &[&str]| {
        let settings: Vec<&str> = settings.iter().flat_map(|it| ["--set", it]).collect();
        session.type_in(&[&TO_4[..], &["--variables", "k,s,r"], &settings].concat())
    };
    let answer = set(&["k=2", "s = 3e0"]);
    assert_eq!(answer.stdout.lines().nth(1), Some("0,2,3,6"), "{}", answer.stderr);
    set(&["k"]).check(2, &["error: not a setting: `k`", "at --set", "hint: write it as id=value"]);
    set(&["k=fast"]).check(2, &["error: the value of `k` is not a number: `fast`"]);
    set(&["q=1"]).check(2, &["error: the model has no variable `q`"]);
    set(&["r=1"]).check(2, &["error: `r` cannot be given a value: this reaction follows from others", "for example"]);
}

#[test]
fn times_and_tolerances_are_checked() {
    let session = session();
    let check = |start: &str, end: &str, steps: &str, more: &[&str], expected: &str| {
        let arguments = ["simulate", "model.xml", "--start", start, "--end", end, "--steps", steps];
        session.type_in(&[&arguments[..], more].concat()).check(2, &[expected, "hint: "]);
    };
    check("-1", "4", "2", &[], "error: a run begins at 0: -1");
    check("5", "4", "2", &[], "error: the end lies before the start: 4 < 5");
    check("0", "4", "0", &[], "error: not a useful number of steps: 0");
    check("0", "inf", "2", &[], "error: the end");
    check("0", "4", "2", &["--rtol", "2"], "error: not a relative tolerance: 2");
    check("0", "4", "2", &["--atol", "0"], "error: not an absolute tolerance: 0");
}

/// A body whose muscle is a model in another file, which takes its fiber from a third one in a folder beside it.
fn body() -> Session {
    let file = |definition: &str, model: &str| {
        format!(
            r#"<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1"
 xmlns:comp="http://www.sbml.org/sbml/level3/version1/comp/version1" comp:required="true">
 <model id="m">{model}</model>
 <comp:listOfExternalModelDefinitions>
  {definition}
 </comp:listOfExternalModelDefinitions></sbml>"#
        )
    };
    let named = |source: &str| format!(r#"<comp:externalModelDefinition comp:id="part" comp:source="{source}"/>"#);
    let takes = |id: &str| {
        format!(r#"<comp:listOfSubmodels><comp:submodel comp:id="{id}" comp:modelRef="part"/></comp:listOfSubmodels>"#)
    };
    let fiber = r#"<listOfParameters><parameter id="size" value="2" constant="false"/></listOfParameters>"#;
    Session::new()
        .with("models/body.xml", &file(&named("parts/muscle.xml"), &takes("muscle")))
        .with("models/parts/muscle.xml", &file(&named("../cells/fiber.xml"), &takes("fiber")))
        .with("models/cells/fiber.xml", &file("", fiber))
}

#[test]
fn a_model_may_take_its_parts_from_other_files() {
    let arguments = ["simulate", "models/body.xml", "--end", "1", "--steps", "1"];
    body().check_data(&arguments, "time,muscle__fiber__size\n0,2\n1,2\n");
    body().type_in(&["check", "models/body.xml"]).check(0, &["1 parameters"]);
}

#[test]
fn a_part_that_is_missing_or_on_the_web_is_named_with_its_place() {
    let arguments = ["simulate", "models/body.xml", "--end", "1", "--steps", "1"];
    let session = body();
    std::fs::remove_file(session.folder().join("models/cells/fiber.xml")).expect("it was there");
    session.check_error(
        &arguments,
        2,
        "error: the file with the external model is missing: models/cells/fiber.xml\n  \
         at models/parts/muscle.xml:5:3\n  hint: put it where this file looks for it, or correct `source`\n",
    );
    let session = body().edit("models/body.xml", "parts/muscle.xml", "https://example.org/muscle.xml");
    session.check_error(
        &arguments,
        2,
        "error: the model is not in a file beside this one: https://example.org/muscle.xml\n  \
         at models/body.xml:5:3\n  hint: save it beside this file and write its file name\n",
    );
    let session = body().edit("models/body.xml", "parts/muscle.xml", "body.xml");
    session.type_in(&arguments).check(2, &["contains itself"]);
}
