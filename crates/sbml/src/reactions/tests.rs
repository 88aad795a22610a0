use crate::testing::{error_text, level_2, read_l2, read_l3};
use network::{Draft, Stoichiometry};

fn rate(draft: &Draft) -> String {
    draft.reactions[0].rate.as_ref().expect("a rate").to_string()
}

#[test]
fn a_reaction_of_level_2() {
    let draft = read_l2(
        r#"<listOfReactions><reaction id="j" reversible="false" fast="true">
             <listOfReactants><speciesReference species="a"/></listOfReactants>
             <listOfProducts><speciesReference species="b" stoichiometry="2.5"/></listOfProducts>
             <listOfModifiers><modifierSpeciesReference species="e"/></listOfModifiers>
             <kineticLaw><math><apply><times/><ci>k</ci><ci>a</ci></apply></math></kineticLaw>
           </reaction></listOfReactions>"#,
    );
    let j = &draft.reactions[0];
    assert_eq!((j.reversible, j.fast, rate(&draft).as_str()), (false, true, "k * a"));
    assert_eq!((&*j.reactants[0].species, &j.reactants[0].stoichiometry), ("a", &Stoichiometry::Constant(1.0)));
    assert_eq!((&*j.products[0].species, &j.products[0].stoichiometry), ("b", &Stoichiometry::Constant(2.5)));
    assert_eq!(&*j.modifiers[0], "e");
}

#[test]
fn local_parameters_hide_what_has_their_name_in_their_law_alone() {
    let draft = read_l2(
        r#"<listOfParameters><parameter id="k" value="1"/><parameter id="j_s" value="3"/></listOfParameters>
           <listOfReactions>
             <reaction id="j"><kineticLaw>
               <math><apply><plus/><ci>k</ci><ci>s</ci><ci>other</ci></apply></math>
               <listOfParameters><parameter id="k" value="2"/><parameter id="s" value="4"/></listOfParameters>
             </kineticLaw></reaction>
             <reaction id="i"><kineticLaw><math><ci>k</ci></math></kineticLaw></reaction>
           </listOfReactions>"#,
    );
    assert_eq!(rate(&draft), "j_k + j_s_2 + other");
    assert_eq!(draft.reactions[1].rate.as_ref().unwrap().to_string(), "k");
    let values: Vec<_> = draft.parameters.iter().map(|p| (&*p.id, p.name.as_str(), p.value)).collect();
    assert_eq!(
        values,
        [("k", "k", Some(1.0)), ("j_s", "j_s", Some(3.0)), ("j_k", "k", Some(2.0)), ("j_s_2", "s", Some(4.0))]
    );
}

#[test]
fn local_parameters_of_level_3() {
    let draft = read_l3(
        r#"<listOfReactions><reaction id="j" reversible="false"><kineticLaw><math><ci>k</ci></math>
             <listOfLocalParameters><localParameter id="k" value="2"/></listOfLocalParameters>
           </kineticLaw></reaction></listOfReactions>"#,
    );
    assert_eq!(
        (rate(&draft).as_str(), draft.parameters[0].value, draft.parameters[0].constant),
        ("j_k", Some(2.0), true)
    );
}

/// A product with these attributes and content, and rules beside the reaction, and the stoichiometry they make.
fn check_stoichiometry(attributes: &str, content: &str, rules: &str, expected: &Stoichiometry) {
    let draft = read_l2(&format!(
        r#"{rules}<listOfReactions><reaction id="j"><listOfProducts>
             <speciesReference species="a" {attributes}>{content}</speciesReference>
           </listOfProducts></reaction></listOfReactions>"#
    ));
    assert_eq!(&draft.reactions[0].products[0].stoichiometry, expected);
}

#[test]
fn stoichiometry_is_a_number_an_expression_or_a_variable() {
    check_stoichiometry("", "", "", &Stoichiometry::Constant(1.0));
    check_stoichiometry("id=\"n\" stoichiometry=\"3\"", "", "", &Stoichiometry::Constant(3.0));
    let math = "<stoichiometryMath><math><apply><times/><ci>p</ci><cn>2</cn></apply></math></stoichiometryMath>";
    let product = network::parse_formula("p * 2").unwrap();
    check_stoichiometry("", math, "", &Stoichiometry::Expression(product));
    let number = "<stoichiometryMath><math><cn type=\"rational\">3<sep/>2</cn></math></stoichiometryMath>";
    check_stoichiometry("", number, "", &Stoichiometry::Constant(1.5));
    let rule = "<listOfRules><rateRule variable=\"n\"><math><cn>1</cn></math></rateRule></listOfRules>";
    check_stoichiometry("id=\"n\" stoichiometry=\"3\"", "", rule, &Stoichiometry::Variable(Some(3.0)));
    check_stoichiometry("id=\"n\"", "", rule, &Stoichiometry::Variable(None));
    check_stoichiometry("id=\"n\" stoichiometry=\"3\" constant=\"false\"", "", "", &Stoichiometry::Variable(Some(3.0)));
}

#[test]
fn errors_in_a_kinetic_law() {
    assert_eq!(
        error_text(&level_2(
            r#"<listOfReactions><reaction id="j"><kineticLaw><math><ci>k</ci></math>
<listOfParameters><parameter id="k" value="1"/><parameter id="k" value="NaN"/></listOfParameters>
</kineticLaw></reaction></listOfReactions>"#
        )),
        "warning: the value of local parameter `k` is NaN
  at model.xml:3:48
  likely reason: the program that wrote the file did not know the value
  hint: write a number, or give it by an initial assignment or a rule
error: `k` is defined twice in this kinetic law
  at model.xml:3:48"
    );
}
