//! Texts made to do harm: an error or a bounded cost, never a crash.
//!
//! The large ones measure: `cargo test --release -p sbml --test hostile -- --ignored --nocapture`.

use network::{Draft, UnitPolicy};
use source::SourceFile;
use std::fmt::Write;
use std::time::Instant;

const MATH: &str = r#"<math xmlns="http://www.w3.org/1998/Math/MathML">"#;

fn model(body: &str) -> String {
    format!(
        r#"<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2"><model>{body}</model></sbml>"#
    )
}

/// Everything said about a text that is read and checked; the draft when there is one.
fn read(text: &str) -> (Option<Draft>, String) {
    let file = SourceFile { path: "model.xml".into(), text: text.into() };
    match sbml::read(&file) {
        Err(error) => (None, error.to_string()),
        Ok((draft, warnings)) => match draft.clone().check(UnitPolicy::Warn) {
            Ok((network, more)) => (Some(draft), format!("{warnings}{more}{}", network.doubts())),
            Err(findings) => (None, findings.to_string()),
        },
    }
}

/// The text is refused, and told why.
#[track_caller]
fn refused(text: &str, expected: &str) {
    let (draft, said) = read(text);
    assert!(draft.is_none(), "it was read");
    assert!(said.contains(expected), "{expected:?} is missing from:\n{}", &said[..said.len().min(2000)]);
}

fn repeated(count: usize, each: impl Fn(usize) -> String) -> String {
    (0..count).fold(String::new(), |mut text, i| {
        let _ = write!(text, "{}", each(i));
        text
    })
}

fn parameters(count: usize) -> String {
    let each = |i| format!(r#"<parameter id="p{i}" value="1" constant="false"/>"#);
    format!("<listOfParameters>{}</listOfParameters>", repeated(count, each))
}

fn rules(count: usize, value: impl Fn(usize) -> String) -> String {
    let each = |i| format!(r#"<assignmentRule variable="p{i}">{MATH}{}</math></assignmentRule>"#, value(i));
    format!("<listOfRules>{}</listOfRules>", repeated(count, each))
}

#[test]
fn entities_are_not_expanded() {
    let entities =
        repeated(9, |i| format!(r#"<!ENTITY e{} "&e{i};&e{i};&e{i};&e{i};&e{i};&e{i};&e{i};&e{i};">"#, i + 1));
    let bomb = |inside: &str| format!(r#"<!DOCTYPE sbml [<!ENTITY e0 "boom">{entities}]>{}"#, model(inside));
    refused(&bomb(&format!("{}{}", parameters(1), rules(1, |_| "<ci>&e9;</ci>".into()))), "e9");
    refused(&bomb(r#"<listOfParameters><parameter id="&e9;" value="1" constant="true"/></listOfParameters>"#), "e9");
    refused(
        &format!(
            r#"<!DOCTYPE sbml [<!ENTITY e SYSTEM "file:///etc/passwd">]>{}"#,
            model(&rules(1, |_| "<ci>&e;</ci>".into()))
        ),
        "e",
    );
}

#[test]
fn deep_nesting_is_refused() {
    let nest =
        |tag: &str, depth: usize| format!("{}{}", format!("<{tag}>").repeat(depth), format!("</{tag}>").repeat(depth));
    refused(&nest("a", 100_000), "nest deeper than 256");
    let formula = |depth: usize| {
        let inside = format!("{}<ci>p0</ci>{}", "<apply><minus/>".repeat(depth), "</apply>".repeat(depth));
        model(&format!("{}{}", parameters(2), rules(1, |_| inside.replace("p0", "p1"))))
    };
    refused(&formula(10_000), "nest deeper than 256");
    // As deep as is allowed: every later pass recurses, on a small stack.
    let (draft, said) = std::thread::Builder::new()
        .stack_size(1 << 20)
        .spawn(move || {
            let (draft, said) = read(&formula(240));
            let written = draft.as_ref().map(|draft| sbml::write(draft, sbml::Edition::Level3Version1).is_ok());
            (written, said)
        })
        .expect("a thread")
        .join()
        .expect("no overflow");
    assert_eq!(draft, Some(true), "{said}");
    // Notes are kept, but not at any depth.
    let (draft, said) = read(&model(&format!("<notes>{}</notes>", nest("p", 10_000))));
    assert!(draft.is_some_and(|draft| draft.remarks.is_empty()), "{said}");
    assert!(said.contains("`notes` is left out: elements nest deeper than 256"), "{said}");
}

/// Notes and annotations that would make a file which nobody can read, or a very large one.
#[test]
fn notes_and_annotations_come_out_well_formed_or_not_at_all() {
    let written = |notes: &str| {
        let (draft, said) = read(&model(&format!("<annotation>{notes}</annotation>")));
        let text = sbml::write(&draft.expect(&said), sbml::Edition::Level3Version2).expect("it can be written");
        assert!(read(&text).0.is_some(), "{text}");
        (text, said)
    };
    for (inside, reason) in [
        (r#"<t:a/>"#, "the prefix `t` is not declared"),
        (r#"<a b="1" b="2"/>"#, "the attributes of `a` are not well-formed"),
        (r#"<a b="&boom;"/>"#, "the value of `b` is not well-formed"),
        (r#"<1/>"#, "`1` is not a name of XML"),
        (&format!("<a {}/>", repeated(101, |i| format!(" b{i}=\"\""))), "the attributes of `a` are not well-formed"),
    ] {
        let (text, said) = written(inside);
        assert!(said.contains(&format!("`annotation` is left out: {reason}")), "{said}");
        assert!(!text.contains("annotation"), "{text}");
    }
    let (text, _) = written("<a xmlns=\"urn:a\">&boom; &#1; \u{1} ]]&gt; <![CDATA[<b>]]></a>");
    assert!(text.contains("&amp;boom; \u{fffd} \u{fffd} ]]&gt; &lt;b&gt;</a>"), "{text}");
    // An entity of the file's own is not expanded, however often it is named.
    let bomb = format!(
        r#"<!DOCTYPE sbml [<!ENTITY e "{}">]>{}"#,
        "boom".repeat(1000),
        model(&format!(r#"<notes><p xmlns="http://www.w3.org/1999/xhtml">{}</p></notes>"#, "&e;".repeat(1000)))
    );
    let (draft, said) = read(&bomb);
    let text = sbml::write(&draft.expect(&said), sbml::Edition::Level3Version2).expect("it can be written");
    assert!(text.len() < 20_000, "{}", text.len());
    // A large annotation in a submodel that is used many times.
    let definition = |i: usize| {
        let inner = |id: &str| format!(r#"<comp:submodel comp:id="{id}" comp:modelRef="m{}"/>"#, i.max(1) - 1);
        let both = format!("<comp:listOfSubmodels>{}{}</comp:listOfSubmodels>", inner("a"), inner("b"));
        let large = format!(r##"<annotation><a xmlns="urn:a" b="{}"/></annotation>"##, "x".repeat(100_000));
        let parameter = format!(r#"<parameter id="p" metaid="_p" value="1" constant="true">{large}</parameter>"#);
        let body = if i == 0 { format!("<listOfParameters>{parameter}</listOfParameters>") } else { both };
        format!(r#"<comp:modelDefinition id="m{i}">{body}</comp:modelDefinition>"#)
    };
    let doubling = format!(
        r#"<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1"
        xmlns:comp="http://www.sbml.org/sbml/level3/version1/comp/version1" comp:required="true"><model>
        <comp:listOfSubmodels><comp:submodel comp:id="a" comp:modelRef="m12"/></comp:listOfSubmodels></model>
        <comp:listOfModelDefinitions>{}</comp:listOfModelDefinitions></sbml>"#,
        repeated(13, definition)
    );
    refused(&doubling, "the annotations of submodels together have more than");
}

#[test]
fn definitions_in_a_circle_are_named() {
    let next = |i: usize| format!("<ci>p{}</ci>", (i + 1) % 3);
    refused(&model(&format!("{}{}", parameters(3), rules(3, next))), "`p0` needs itself: p0 -> p1 -> p2 -> p0");
    let assign = |i: usize| format!(r#"<initialAssignment symbol="p{i}">{MATH}{}</math></initialAssignment>"#, next(i));
    let initial = format!("<listOfInitialAssignments>{}</listOfInitialAssignments>", repeated(3, assign));
    refused(&model(&format!("{}{initial}", parameters(3))), "at the start `p0` needs itself");
    let function = |i: usize| {
        let call = format!("<apply><ci>f{}</ci><ci>x</ci></apply>", (i + 1) % 3);
        format!(
            r#"<functionDefinition id="f{i}">{MATH}<lambda><bvar><ci>x</ci></bvar>{call}</lambda></math></functionDefinition>"#
        )
    };
    let functions = format!("<listOfFunctionDefinitions>{}</listOfFunctionDefinitions>", repeated(3, function));
    refused(&model(&functions), "calls itself");
    let submodels = r#"<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1"
        xmlns:comp="http://www.sbml.org/sbml/level3/version1/comp/version1" comp:required="true"><model>
        <comp:listOfSubmodels><comp:submodel comp:id="a" comp:modelRef="m"/></comp:listOfSubmodels></model>
        <comp:listOfModelDefinitions><comp:modelDefinition id="m">
        <comp:listOfSubmodels><comp:submodel comp:id="a" comp:modelRef="m"/></comp:listOfSubmodels>
        </comp:modelDefinition></comp:listOfModelDefinitions></sbml>"#;
    refused(submodels, "the model `m` contains itself");
}

/// Each function calls the one before twice; each submodel holds the one before twice.
#[test]
fn definitions_that_double_are_bounded() {
    let function = |i: usize| {
        let inner =
            if i == 0 { "<ci>x</ci>".to_string() } else { format!("<apply><ci>f{}</ci><ci>x</ci></apply>", i - 1) };
        format!(
            r#"<functionDefinition id="f{i}">{MATH}<lambda><bvar><ci>x</ci></bvar><apply><plus/>{inner}{inner}</apply></lambda></math></functionDefinition>"#
        )
    };
    let functions = format!("<listOfFunctionDefinitions>{}</listOfFunctionDefinitions>", repeated(60, function));
    refused(&model(&functions), "once functions are put in place");
    let definition = |i: usize| {
        let inner = |id: &str| format!(r#"<comp:submodel comp:id="{id}" comp:modelRef="m{}"/>"#, i.max(1) - 1);
        let both = if i == 0 {
            String::new()
        } else {
            format!("<comp:listOfSubmodels>{}{}</comp:listOfSubmodels>", inner("a"), inner("b"))
        };
        format!(r#"<comp:modelDefinition id="m{i}">{both}</comp:modelDefinition>"#)
    };
    let doubling = format!(
        r#"<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1"
        xmlns:comp="http://www.sbml.org/sbml/level3/version1/comp/version1" comp:required="true"><model>
        <comp:listOfSubmodels><comp:submodel comp:id="a" comp:modelRef="m40"/></comp:listOfSubmodels></model>
        <comp:listOfModelDefinitions>{}</comp:listOfModelDefinitions></sbml>"#,
        repeated(41, definition)
    );
    refused(&doubling, "more than 1000000 elements");
}

#[test]
fn numbers_of_any_size() {
    let value = |text: &str| {
        model(&format!(r#"<listOfParameters><parameter id="p0" value="{text}" constant="true"/></listOfParameters>"#))
    };
    for text in
        ["1e999999999999", "-1e400", "1e-999999999999", &"9".repeat(10_000), &format!("0.{}1", "0".repeat(10_000))]
    {
        let (draft, said) = read(&value(text));
        assert!(draft.is_some(), "{said}");
    }
    refused(&value("1e"), "`value` is not a number");
    let unit = |attributes: &str| {
        model(&format!(
            r#"<listOfUnitDefinitions><unitDefinition id="u"><listOfUnits><unit kind="mole" {attributes}/></listOfUnits></unitDefinition></listOfUnitDefinitions>"#
        ))
    };
    for attributes in [
        r#"exponent="1" scale="2147483647" multiplier="1""#,
        r#"exponent="1" scale="-2147483648" multiplier="1""#,
        r#"exponent="1e308" scale="1" multiplier="1e308""#,
        r#"exponent="INF" scale="0" multiplier="1""#,
        r#"exponent="1" scale="0" multiplier="0""#,
    ] {
        let (draft, said) = read(&unit(attributes));
        assert!(draft.is_none() && said.contains("unit"), "{attributes}: {said}");
    }
}

#[test]
fn names_of_any_length_and_many_of_one_name() {
    let long = "x".repeat(1_000_000);
    let (draft, _) = read(&model(&format!(
        r#"<listOfParameters><parameter id="{long}" name="{long}" value="1" constant="true"/></listOfParameters>"#
    )));
    assert_eq!(draft.map(|draft| draft.parameters[0].id.len()), Some(1_000_000));
    let twice = parameters(1)
        .replace("</listOfParameters>", r#"<parameter id="p0" value="2" constant="true"/></listOfParameters>"#);
    refused(&model(&twice), "`p0` is the name of two things");
    let attributes = repeated(200, |i| format!(" a{i}=\"1\""));
    refused(&model(&format!("<listOfParameters{attributes}/>")), "attributes");
}

#[test]
fn strange_bytes() {
    let good = model(&parameters(1));
    let (draft, said) = read(&format!("\u{feff}{good}"));
    assert!(draft.is_some(), "a byte order mark is no harm: {said}");
    refused(&good.replace("p0", "p\u{0}"), "not an identifier");
    refused("\u{0}\u{0}\u{0}", "");
    // UTF-16 read as if it were UTF-8.
    let wide: String = good.chars().flat_map(|c| [c, '\u{0}']).collect();
    refused(&wide, "");
    let (_, _) = read(&good.replace("<model>", "<model>\u{fffd}\u{202e}"));
}

#[test]
fn every_cut_of_a_file_is_an_error() {
    let whole =
        model(&format!("{}{}", parameters(2), rules(1, |_| "<apply><plus/><ci>p1</ci><cn>1</cn></apply>".into())));
    for end in 0..whole.len() {
        let (draft, said) = read(&whole[..end]);
        assert!(draft.is_none() && !said.is_empty(), "{end}: {said}");
    }
}

/// Twice the size costs about twice the time; figures for the status page.
#[test]
#[ignore = "large: run it in release mode by itself"]
fn cost_grows_with_the_size() {
    let measure = |what: &str, text: String| {
        let start = Instant::now();
        let (draft, said) = read(&text);
        let time = start.elapsed().as_secs_f64();
        let outcome = if draft.is_some() { "read" } else { said.lines().next().unwrap_or("") };
        println!("{what}: {:.1} MB in {time:.2} s: {}", text.len() as f64 / 1e6, &outcome[..outcome.len().min(90)]);
        time
    };
    let species = |count: usize| {
        let each = |i| {
            format!(
                r#"<species id="s{i}" compartment="c" initialAmount="1" hasOnlySubstanceUnits="true" boundaryCondition="false" constant="false"/>"#
            )
        };
        model(&format!(
            r#"<listOfCompartments><compartment id="c" size="1" constant="true"/></listOfCompartments><listOfSpecies>{}</listOfSpecies>"#,
            repeated(count, each)
        ))
    };
    let same = |count| {
        model(&format!(
            "<listOfParameters>{}</listOfParameters>",
            r#"<parameter id="p" value="1" constant="true"/>"#.repeat(count)
        ))
    };
    let unknown = |count| model(&format!("{}{}", parameters(count), rules(count, |i| format!("<ci>q{i}</ci>"))));
    let chain =
        |count: usize| model(&format!("{}{}", parameters(count + 1), rules(count, |i| format!("<ci>p{}</ci>", i + 1))));
    let sum = |count: usize| {
        model(&format!(
            "{}{}",
            parameters(2),
            rules(1, |_| format!("<apply><plus/>{}</apply>", "<ci>p1</ci>".repeat(count)))
        ))
    };
    let units = |count: usize| {
        let each = |i| format!(r#"<parameter id="p{i}" value="1" units="no{i}" constant="true"/>"#);
        model(&format!("<listOfParameters>{}</listOfParameters>", repeated(count, each)))
    };
    let makers: [(&str, &dyn Fn(usize) -> String); 6] = [
        ("species", &species),
        ("parameters of one name", &same),
        ("rules with unknown names", &unknown),
        ("rules that each need the next", &chain),
        ("terms of one sum", &sum),
        ("unknown units", &units),
    ];
    for (what, make) in makers {
        let half = measure(&format!("500000 {what}"), make(500_000));
        let whole = measure(&format!("1000000 {what}"), make(1_000_000));
        assert!(whole < 4.0 * half + 1.0, "{what}: {half} s, then {whole} s");
    }
    measure("a name of 100 million characters", model(&parameters(1).replace("p0", &"x".repeat(100_000_000))));
}
