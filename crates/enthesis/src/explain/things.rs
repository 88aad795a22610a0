//! One explanation per kind of thing.

use super::{Explanation, both_sides, equations, labeled, paper, papers, statements};
use crate::Biology;
use crate::citations::{sentence, spaced};
use crate::evidence::weight_lines;
use crate::list::{listed, on_in, placed_words, words};
use crate::numbers::{number_text, per_organism, range_text, value_text};
use evidence::{Identifier, Thing};
use physiology::{
    Drug, Entry, Genotype, Hypothesis, Link, LinkNumber, Module, Molecule, Origin, Parameter, Scenario, Setting,
    Subject,
};

/// The explanation of the first thing with this id.
pub(super) fn find(biology: &Biology, id: &str) -> Option<Explanation> {
    let content = &biology.content;
    let signal = content.evidence.thing(id).filter(|it| it.card.is_some() || content.molecule(id).is_some());
    if let Some(it) = signal {
        return Some(thing(biology, it));
    }
    // A drug lends its name to its first state.
    if let Some(it) = content.drug(id) {
        return Some(drug(biology, it));
    }
    if let Some((module, entry)) = content.entry(id) {
        return Some(named_value(biology, module, id, &entry));
    }
    let others = [
        content.subject(id).map(|it| subject(biology, it)),
        content.genotype(id).map(|it| genotype(biology, it)),
        content.hypothesis(id).map(|it| hypothesis(biology, it)),
        content.scenarios.iter().find(|it| it.id == id).map(|it| scenario(biology, it)),
        content.module(id).map(|it| module(biology, it)),
        content.evidence.statement(id).map(|it| statement(biology, it)),
        content.evidence.find_thing(id).map(|it| thing(biology, it)),
    ];
    others.into_iter().flatten().next()
}

/// Every id that can be explained.
pub(super) fn ids(biology: &Biology) -> Vec<&str> {
    let content = &biology.content;
    let mut ids: Vec<&str> = content.entry_ids().collect();
    ids.extend(content.evidence.things.iter().flat_map(|it| it.also.iter().chain([&it.id])).map(|it| &**it));
    ids.extend(content.drugs.iter().map(|it| &*it.id));
    ids.extend(content.subjects.iter().map(|it| &*it.id));
    ids.extend(content.genotypes.iter().map(|it| &*it.id));
    ids.extend(content.hypotheses.iter().map(|it| &*it.id));
    ids.extend(content.scenarios.iter().map(|it| &*it.id));
    ids.extend(content.modules.iter().map(|it| &*it.id));
    ids.extend(content.evidence.statements.iter().map(|it| &*it.id));
    ids
}

fn named_value(biology: &Biology, module: &Module, id: &str, entry: &Entry) -> Explanation {
    match entry {
        Entry::Parameter(it) => parameter(biology, module, it),
        Entry::Link(it) | Entry::LinkNumber(it, _) => link(biology, it),
        Entry::DoseFactor(it) => drug(biology, it),
        Entry::Compartment(it) => quantity(biology, module, id, &it.name, entry, &it.origin),
        Entry::State(it) => quantity(biology, module, id, &it.name, entry, &it.origin),
        Entry::Species(it) => quantity(biology, module, id, &it.name, entry, &it.origin),
        Entry::Reaction(it) => quantity(biology, module, id, &it.name, entry, &it.origin),
        Entry::Variable(it) => quantity(biology, module, id, &it.name, entry, &it.origin),
        Entry::Readout(it) => quantity(biology, module, id, &it.name, entry, &it.origin),
    }
}

/// A thing of the map, and what the model makes of it.
fn thing(biology: &Biology, it: &Thing) -> Explanation {
    let content = &biology.content;
    let molecule = content.molecule(&it.id);
    let curies = |all: &[Identifier]| all.iter().map(Identifier::curie).collect::<Vec<_>>().join(", ");
    let mut facts = vec![
        labeled("Also called", &it.also.join(", ")),
        labeled("Identifiers", &curies(&it.identifiers)),
        labeled("Human", &curies(&it.human)),
        labeled("Mouse", &curies(&it.mouse)),
    ];
    if let Some(card) = &it.card {
        facts.extend([
            labeled("Best known", &spaced(card.direction.word())),
            labeled("Made by", &placed_words(&card.made_by)),
            labeled("Leaves by", &listed(card.leaves_by.iter().map(|it| it.word()))),
            labeled("Travels by", &listed(card.travels_by.iter().map(|it| it.word()))),
            labeled("Binds", &placed_words(&card.receptors)),
            labeled("Acts on", &placed_words(&card.acts_on)),
            labeled("Cleared by", card.cleared_by.as_deref().unwrap_or("")),
        ]);
    }
    facts.push(labeled("Rises by definition with", &placed_words(&it.rises_with)));
    facts.push(labeled("Falls by definition with", &placed_words(&it.falls_with)));
    facts.extend(molecule.map(|(module, _)| module.about.clone()));
    facts.extend(molecule.map(|(_, molecule)| labeled("Main quantity", &molecule.main_quantity.value)));
    facts.extend(molecule.and_then(|(_, molecule)| molecule.note.clone()));
    facts.extend(it.note.clone());
    let about = content.evidence.about(&it.id);
    let explanation = Explanation::new(&it.name, &it.id, it.kind.word())
        .section("What it is", facts)
        .section("What it does: links", molecule.map_or_else(Vec::new, |(module, it)| links_from(biology, module, it)))
        .section("Known, but not in the model", not_modeled(&about))
        .section("Equations", molecule.map_or_else(Vec::new, |(module, _)| equations::of_module(module)))
        .section("Parameters", molecule.map_or_else(Vec::new, |(module, _)| parameter_lines(biology, module)))
        .section("Sources", molecule.map_or_else(Vec::new, |(module, _)| papers(biology, &module.sources)))
        .section(
            "Change it in",
            molecule.iter().map(|(module, _)| &module.place).chain([&it.place]).map(|it| biology.place(it)).collect(),
        );
    both_sides(biology, explanation, &about)
}

/// The links that start from a molecule, each with the statements it rests on.
fn links_from(biology: &Biology, module: &Module, it: &Molecule) -> Vec<String> {
    let from_here = |link: &&Link| link.from.value == it.main_quantity.value || defines(module, &link.from.value);
    let line = |link: &Link| {
        let statements: Vec<&str> = link.origin.evidence.iter().map(|it| it.value.as_str()).collect();
        format!(
            "{} [{}] {}: {} ({}); rests on {}",
            link.id,
            link.tier,
            spaced(link.direction.word()),
            link.name,
            on_text(link),
            if statements.is_empty() { "no statement".to_string() } else { statements.join(", ") },
        )
    };
    biology.modules().flat_map(|module| &module.links).filter(from_here).map(line).collect()
}

/// Statements that no record of the model rests on, with the reason.
fn not_modeled(statements: &[&evidence::Statement]) -> Vec<String> {
    let line = |it: &&evidence::Statement| Some(format!("{}: {}", it.id, it.not_modeled.as_ref()?));
    statements.iter().filter_map(line).collect()
}

fn on_text(link: &Link) -> String {
    match on_in(&link.default).as_str() {
        "all" => "on".to_string(),
        "none" => "off unless a hypothesis turns it on".to_string(),
        some => format!("on in {some}"),
    }
}

fn defines(module: &Module, id: &str) -> bool {
    let states = module.states.iter().map(|it| &it.id);
    let species = module.species.iter().map(|it| &it.id);
    let variables = module.variables.iter().map(|it| &it.id);
    states.chain(species).chain(variables).any(|it| it == id)
}

fn parameter_lines(biology: &Biology, module: &Module) -> Vec<String> {
    module.parameters.iter().map(|it| parameter_line(biology, it)).collect()
}

fn parameter_line(biology: &Biology, it: &Parameter) -> String {
    let range = range_text(&it.range);
    let range = if range.is_empty() { String::new() } else { format!(", range {range}") };
    let sources = papers(biology, &it.origin.sources);
    let sources = if sources.is_empty() { String::new() } else { format!("; {}", sources.join("; ")) };
    format!("{} = {} {} ({}{range}{sources})", it.id, value_text(&it.value), it.unit, it.basis)
}

fn link(biology: &Biology, it: &Link) -> Explanation {
    let number = |name: &str, number: &LinkNumber| {
        let value = per_organism(&number.value, |value| number_text(*value));
        let range = range_text(&number.range);
        let range = if range.is_empty() { String::new() } else { format!(" (range {range})") };
        format!("{}_{name} = {value}{range}", it.id)
    };
    let explanation = Explanation::new(&it.name, &it.id, "link")
        .section(
            "What it is",
            vec![
                format!("{}, {}", spaced(it.direction.word()), it.kind),
                labeled("From", &it.from.value),
                labeled("Acts on", &spaced(&it.acts_on)),
                format!("Tier {}: {}", it.tier, it.tier.meaning()),
                labeled("State", &on_text(it)),
                it.origin.note.clone().unwrap_or_default(),
            ],
        )
        .section(
            "Equation",
            Entry::Link(it)
                .equations()
                .into_iter()
                .chain(["It is 1 at the reference state, where r = 1".to_string()])
                .collect(),
        )
        .section(
            "Parameters",
            vec![
                number("maximum", &it.maximum),
                number("potency", &it.potency),
                number("steepness", &it.steepness),
                labeled("Basis", it.basis.word()),
            ],
        )
        .section("Used in", equations::that_use(biology, &it.id));
    origin(biology, explanation, &it.origin)
}

fn parameter(biology: &Biology, module: &Module, it: &Parameter) -> Explanation {
    let explanation = Explanation::new(&it.name, &it.id, "parameter")
        .section(
            "What it is",
            vec![
                format!("Value: {} {}", value_text(&it.value), it.unit),
                labeled("Range", &range_text(&it.range)),
                labeled("Basis", it.basis.word()),
                format!("Part of: {} ({})", module.name, module.id),
                it.origin.note.clone().unwrap_or_default(),
            ],
        )
        .section("Used in", equations::that_use(biology, &it.id));
    origin(biology, explanation, &it.origin)
}

/// Sources, place and evidence of a record.
fn origin(biology: &Biology, explanation: Explanation, it: &Origin) -> Explanation {
    let explanation = explanation
        .section("Sources", papers(biology, &it.sources))
        .section("Change it in", vec![biology.place(&it.place)]);
    both_sides(biology, explanation, &statements(biology, &it.evidence))
}

/// A state, species, reaction, variable, compartment or read-out.
fn quantity(biology: &Biology, module: &Module, id: &str, name: &str, entry: &Entry, record: &Origin) -> Explanation {
    let unit = entry.unit().map_or_else(String::new, |unit| unit.to_string());
    let explanation = Explanation::new(name, id, entry.kind())
        .section(
            "What it is",
            vec![
                labeled("Unit", &unit),
                format!("Part of: {} ({})", module.name, module.id),
                record.note.clone().unwrap_or_default(),
            ],
        )
        .section("Equation", entry.equations())
        .section("Used in", equations::that_use(biology, id));
    origin(biology, explanation, record)
}

fn statement(biology: &Biology, it: &evidence::Statement) -> Explanation {
    let evidence = &biology.content.evidence;
    let users = biology.content.users_of_statement(&it.id);
    let sizes = it.evidence.iter().flat_map(|item| {
        item.sizes.iter().map(|size| format!("{}: {} ({})", size.value, size.of, paper(biology, &item.reference)))
    });
    let explanation = Explanation::new(&sentence(it), &it.id, "statement")
        .section(
            "What it is",
            vec![
                spaced(it.direction.word()),
                labeled("Leaves by", &listed(evidence.routes_of(it).into_iter().map(|it| it.word()))),
                labeled("Through", &listed(evidence.receptors_of(it).into_iter())),
                it.note.clone().unwrap_or_default(),
            ],
        )
        .section("How well it is known", weight_lines(&evidence.weigh(it)))
        .section("Sizes that were published", sizes.collect())
        .section(
            "In the model",
            match &it.not_modeled {
                Some(reason) => vec![format!("no: {reason}")],
                None => vec![format!("carries {}", users.join(", "))],
            },
        )
        .section("Change it in", vec![biology.place(&it.place)]);
    both_sides(biology, explanation, &[it])
}

fn module(biology: &Biology, it: &Module) -> Explanation {
    Explanation::new(&it.name, &it.id, "part of the model")
        .section("What it is", vec![it.about.clone()])
        .section("Equations", equations::of_module(it))
        .section("Parameters", parameter_lines(biology, it))
        .section("Sources", papers(biology, &it.sources))
        .section("Change it in", vec![biology.place(&it.place)])
}

fn drug(biology: &Biology, it: &Drug) -> Explanation {
    let module = biology.modules().find(|module| module.id == it.module);
    let lines = |of: fn(&Biology, &Module) -> Vec<String>| module.map_or_else(Vec::new, |module| of(biology, module));
    let organisms: Vec<String> = it.organisms.iter().map(|it| it.word().to_string()).collect();
    let explanation = Explanation::new(&it.name, &it.id, "drug")
        .section(
            "What it is",
            vec![
                it.about.clone(),
                labeled("For", &words(&organisms)),
                format!("Doses in {} go into {}", it.dose_unit, it.dose_into.value),
                format!("One {} adds {}", it.dose_unit, equations::one_line(&it.dose_factor.text)),
            ],
        )
        .section("Equations", lines(|_, module| equations::of_module(module)))
        .section("Parameters", lines(parameter_lines))
        .section("Sources", papers(biology, &it.sources))
        .section("Change it in", vec![biology.place(&it.place)]);
    both_sides(biology, explanation, &biology.content.evidence.about(&it.id))
}

fn settings(all: &[Setting]) -> Vec<String> {
    all.iter().map(|it| format!("{} = {}", it.id.value, it.quantity.value)).collect()
}

fn subject(biology: &Biology, it: &Subject) -> Explanation {
    Explanation::new(&it.name, &it.id, "subject")
        .section("What it is", vec![it.about.clone(), labeled("Organism", it.organism.word())])
        .section("Has always had", settings(&it.set))
        .section("Sources", papers(biology, &it.sources))
        .section("Change it in", vec![biology.place(&it.place)])
}

fn genotype(biology: &Biology, it: &Genotype) -> Explanation {
    let explanation = Explanation::new(&it.name, &it.id, "genotype")
        .section("What it is", vec![it.about.clone()])
        .section("Sets, from day 0 on", settings(&it.set))
        .section("Sources", papers(biology, &it.sources))
        .section("Change it in", vec![biology.place(&it.place)]);
    both_sides(biology, explanation, &statements(biology, &it.evidence))
}

fn hypothesis(biology: &Biology, it: &Hypothesis) -> Explanation {
    let list = |ids: &[source::Placed<String>]| ids.iter().map(|it| it.value.clone()).collect::<Vec<_>>().join(", ");
    let explanation = Explanation::new(&it.name, &it.id, "hypothesis")
        .section("What it is", vec![it.about.clone()])
        .section("Links", vec![labeled("Off", &list(&it.off)), labeled("On all the same", &list(&it.on))])
        .section("Sets", settings(&it.set))
        .section("Sources", papers(biology, &it.sources))
        .section("Change it in", vec![biology.place(&it.place)]);
    both_sides(biology, explanation, &statements(biology, &it.evidence))
}

fn scenario(biology: &Biology, it: &Scenario) -> Explanation {
    let mut explanation = Explanation::new(&it.name, &it.id, "scenario").section(
        "What it is",
        vec![
            it.about.clone(),
            labeled("Organism", it.organism.word()),
            labeled("Duration", &report::duration(it.duration_days)),
            match it.compare {
                physiology::Compare::Baseline => "Each arm is compared with its own day 0".to_string(),
                physiology::Compare::Arms => "Later arms are compared with the first".to_string(),
            },
        ],
    );
    for arm in &it.arms {
        let mut lines: Vec<String> = arm.subject.iter().map(|it| format!("subject {}", it.value)).collect();
        lines.extend(settings(&arm.set).iter().map(|it| format!("from before day 0: {it}")));
        lines.extend(arm.genotypes.iter().map(|it| format!("genotype {}", it.value)));
        for change in &arm.changes {
            let until = change.to_day.map_or_else(String::new, |day| format!(" to {day}"));
            lines.extend(settings(&change.set).iter().map(|it| format!("day {}{until}: {it}", change.from_day)));
        }
        for dose in &arm.doses {
            let every = dose.every_days.map_or_else(String::new, |days| format!(", then every {days} days"));
            lines.push(format!(
                "day {}: {} {}{every}, {} in all",
                dose.at_day, dose.drug.value, dose.amount.value, dose.times
            ));
        }
        if lines.is_empty() {
            lines.push("nothing is changed".to_string());
        }
        explanation = explanation.section(&format!("Arm: {}", arm.name), lines);
    }
    explanation
        .section("Protocol from", papers(biology, &it.sources))
        .section("Change it in", vec![biology.place(&it.place)])
}
