//! `enthesis convert`: a person's own SBML model in another form.

use super::session::Session;
use super::simulate::DECAY;

fn session() -> Session {
    Session::new().with("model.xml", DECAY)
}

#[test]
fn equations_are_a_page_to_read() {
    session().check_data(
        &["convert", "model.xml", "--to", "equations"],
        "\
# decay
# Units where nothing else is said: the model states none
# In formulas a species stands for its concentration

## Rates of change (1)
d(s)/dt = -r / c  # in c

## Reaction rates (1)
r = c * k * s  # s =>

## Values at the start (1)
s(0) = 8

## Constants (2)
c = 1  # compartment
k = 0.5
",
    );
}

#[test]
fn what_is_written_simulates_the_same() {
    let session = session();
    let simulate = |model: &str| {
        session.type_in(&["simulate", model, "--start", "0", "--end", "4", "--steps", "8", "--quiet"]).stdout
    };
    for form in ["l3v2", "l3v1", "flat"] {
        session.check_data(&["convert", "model.xml", "--to", form, "--output", "new.xml"], "");
        let text = std::fs::read_to_string(session.folder().join("new.xml")).expect("it was written");
        let version = if form == "l3v1" { "1" } else { "2" };
        assert!(text.contains(&format!("level=\"3\" version=\"{version}\"")), "{form}: {text}");
        assert_eq!(simulate("new.xml"), simulate("model.xml"), "{form}");
    }
    assert_eq!(session.files(), ["model.xml", "new.xml"]);
}

#[test]
fn submodels_are_written_flat_only() {
    let hierarchy = r#"<?xml version="1.0" encoding="UTF-8"?>
<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1"
      xmlns:comp="http://www.sbml.org/sbml/level3/version1/comp/version1" comp:required="true">
  <model id="body"><comp:listOfSubmodels><comp:submodel comp:id="leg" comp:modelRef="muscle"/></comp:listOfSubmodels></model>
  <comp:listOfModelDefinitions><comp:modelDefinition id="muscle"><listOfParameters>
    <parameter id="force" value="3" constant="true"/></listOfParameters></comp:modelDefinition>
  </comp:listOfModelDefinitions>
</sbml>"#;
    let session = Session::new().with("model.xml", hierarchy);
    session.check_error(
        &["convert", "model.xml", "--to", "l3v1"],
        77,
        "error: the model is made of submodels, whose hierarchy is not written\n  at model.xml\n  hint: --to flat \
         writes the one model that they make\n",
    );
    let answer = session.type_in(&["convert", "model.xml", "--to", "flat"]);
    assert!(answer.stdout.contains(r#"<parameter id="leg__force" value="3" constant="true"/>"#), "{}", answer.stdout);
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let answer = session().type_in(&["convert", "model.xml", "--to", "flat", "--output", "no/new.xml"]);
    answer.check(1, &["cannot write no/new.xml", "the folder it should go into does not exist"]);
}

#[test]
fn unknown_forms_are_listed() {
    session().type_in(&["convert", "model.xml", "--to", "l2v4"]).check(2, &["l3v2", "l3v1", "flat", "equations"]);
}
