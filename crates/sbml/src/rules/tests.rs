use crate::read;
use crate::testing::{error_text, expect, level_2, level_3, read_l2, read_l3};
use network::{Event, Rule};

#[test]
fn rules_and_initial_assignments() {
    let draft = read_l2(
        r#"<listOfInitialAssignments><initialAssignment symbol="a"><math><cn>1</cn></math></initialAssignment></listOfInitialAssignments>
           <listOfRules>
             <assignmentRule variable="x"><math><ci>a</ci></math></assignmentRule>
             <rateRule variable="y"><math><ci>b</ci></math></rateRule>
             <algebraicRule><math><ci>c</ci></math></algebraicRule>
           </listOfRules>"#,
    );
    assert_eq!((&*draft.initial_assignments[0].target, draft.initial_assignments[0].place.line), ("a", 2));
    let shown: Vec<String> = draft
        .rules
        .iter()
        .map(|rule| match rule {
            Rule::Assignment { target, value, .. } => format!("{target} = {value}"),
            Rule::Rate { target, value, .. } => format!("{target}' = {value}"),
            Rule::Algebraic { value, .. } => format!("0 = {value}"),
        })
        .collect();
    assert_eq!(shown, ["x = a", "y' = b", "0 = c"]);
}

const ASSIGNMENT: &str = "<listOfEventAssignments><eventAssignment variable=\"x\"><math><cn>1</cn></math></eventAssignment></listOfEventAssignments>";

fn flags(event: &Event) -> (bool, bool, bool) {
    (event.trigger_initially, event.persistent, event.use_values_from_trigger_time)
}

#[test]
fn events_of_level_2_wait_for_a_change_and_persist() {
    let draft = read_l2(&format!(
        "<listOfEvents><event><trigger><math><true/></math></trigger><delay><math><cn>2</cn></math></delay>{ASSIGNMENT}</event>
         <event useValuesFromTriggerTime=\"false\"><trigger><math><true/></math></trigger>{ASSIGNMENT}</event></listOfEvents>"
    ));
    let [first, second] = &draft.events[..] else { panic!("two events") };
    assert_eq!((&*first.id, &*second.id), ("event_1", "event_2"));
    assert_eq!((flags(first), flags(second)), ((true, true, true), (true, true, false)));
    assert_eq!(first.delay.as_ref().unwrap().to_string(), "2");
    assert_eq!((&*first.assignments[0].target, first.assignments[0].value.to_string().as_str()), ("x", "1"));
}

#[test]
fn events_of_level_3_say_how_they_fire() {
    let draft = read_l3(&format!(
        "<listOfEvents><event id=\"e\" useValuesFromTriggerTime=\"false\">
           <trigger initialValue=\"false\" persistent=\"false\"><math><true/></math></trigger>
           <priority><math><ci>p</ci></math></priority>{ASSIGNMENT}</event></listOfEvents>"
    ));
    assert_eq!((flags(&draft.events[0]), draft.events[0].delay.as_ref()), ((false, false, false), None));
    assert_eq!(draft.events[0].priority.as_ref().unwrap().to_string(), "p");
}

#[test]
fn missing_mathematics_has_no_effect_in_level_3_version_2_and_is_an_error_before() {
    let body = "<listOfRules><rateRule variable=\"x\"/></listOfRules>
<listOfEvents><event id=\"e\" useValuesFromTriggerTime=\"true\"/></listOfEvents>";
    let (draft, warnings) = expect(read(&level_3(body)));
    assert_eq!((draft.rules.len(), draft.events.len()), (0, 0));
    assert_eq!(
        warnings.to_string(),
        "warning: `rateRule` has no mathematics, so it has no effect\n  at model.xml:2:14\n\
         warning: event `e` has no trigger, so it never happens\n  at model.xml:3:15"
    );
    assert_eq!(
        error_text(&level_2(body)),
        "error: `rateRule` has no mathematics\n  at model.xml:2:14\nerror: event `e` has no trigger\n  at model.xml:3:15"
    );
}
