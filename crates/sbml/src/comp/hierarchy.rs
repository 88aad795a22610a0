//! Copies of the model definitions, one for each submodel, and what deletions and replacements do to their elements.

use super::library::{Definition, Library, invalid};
use super::{MAXIMUM_CHAIN, MAXIMUM_ELEMENTS};
use crate::ReadError;
use crate::xml::{Document, Node};
use source::{Diagnostic, Diagnostics, Place, did_you_mean};
use std::collections::{BTreeMap, HashMap};

/// The main model and all submodels below it. The main model is the first instance; each comes before its submodels.
pub(super) struct Hierarchy {
    /// The copied elements of all instances.
    pub(super) elements: Document,
    pub(super) instances: Vec<Instance>,
    /// The instance of each element.
    home: Vec<usize>,
    /// What becomes of each element.
    fate: Vec<Fate>,
    /// Elements that stand in for an element of a model above, and then have its name. Only looked up.
    name_of: HashMap<Node, Node>,
}

/// One use of a model definition.
pub(super) struct Instance {
    /// Its copy of the `model` or `modelDefinition` element.
    pub(super) model: Node,
    /// The instance it is a submodel of.
    pub(super) parent: Option<usize>,
    /// What stands before its names: nothing for the main model, `a__b__` for submodel `b` of submodel `a`.
    pub(super) prefix: String,
    /// The `submodel` element in the parent.
    pub(super) submodel: Option<Node>,
    /// Parameter of the parent that converts this model's time to the parent's.
    pub(super) time_factor: Option<Node>,
    /// Parameter of the parent that converts this model's extent of reactions to the parent's.
    pub(super) extent_factor: Option<Node>,
    names: Names,
    /// Elements, each with a `replacedElement` or `replacedBy` in it.
    replacements: Vec<(Node, Node)>,
    /// Submodels by their element. Only looked up.
    submodels: HashMap<Node, usize>,
}

/// The name spaces of one model.
#[derive(Default)]
struct Names {
    ids: BTreeMap<String, Node>,
    meta_ids: BTreeMap<String, Node>,
    units: BTreeMap<String, Node>,
    ports: BTreeMap<String, Node>,
}

/// What becomes of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Kept,
    Deleted,
    /// Another stands in its place; its value is this one's times the factor.
    Replaced {
        by: Node,
        factor: Option<Node>,
    },
}

impl Hierarchy {
    /// The hierarchy below the main model of a library.
    pub(super) fn of(library: &mut Library<'_>, model: Node) -> Result<Self, ReadError> {
        let mut builder = Builder {
            library,
            hierarchy: Self {
                elements: Document::default(),
                instances: Vec::new(),
                home: Vec::new(),
                fate: Vec::new(),
                name_of: HashMap::new(),
            },
            findings: Diagnostics::new(),
        };
        builder.instance(Definition { file: 0, model }, None, &mut Vec::new())?;
        if builder.findings.has_errors() {
            return Err(ReadError::Invalid(builder.findings));
        }
        Ok(builder.hierarchy)
    }

    /// What becomes of an element.
    pub(super) fn fate(&self, node: Node) -> Fate {
        self.fate[node.index()]
    }

    /// The instance of an element.
    pub(super) fn home(&self, node: Node) -> usize {
        self.home[node.index()]
    }

    /// What stands in the place of an element in the end: itself, when nothing replaced it. With it the factors of the
    /// replacements on the way.
    pub(super) fn stand_in(&self, node: Node) -> (Node, Vec<Node>) {
        let (mut node, mut factors) = (node, Vec::new());
        while let Fate::Replaced { by, factor } = self.fate(node) {
            node = by;
            factors.extend(factor);
        }
        (node, factors)
    }

    /// The element that a name means in an instance.
    pub(super) fn find(&self, instance: usize, id: &str) -> Option<Node> {
        self.instances[instance].names.ids.get(id).copied()
    }

    /// The definition of a unit in an instance.
    pub(super) fn find_unit(&self, instance: usize, id: &str) -> Option<Node> {
        self.instances[instance].names.units.get(id).copied()
    }

    /// The name of an element in the flat model, or nothing for elements without name.
    pub(super) fn flat_name(&self, node: Node) -> Option<String> {
        let node = self.name_of.get(&node).copied().unwrap_or(node);
        let id = self.elements.package_attribute(node, "id")?.trim();
        Some(format!("{}{id}", self.instances[self.home(node)].prefix))
    }

    /// An instance and those it is in, inside first.
    pub(super) fn with_parents(&self, instance: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(instance), |&instance| self.instances[instance].parent)
    }

    /// True when the submodel was deleted or replaced as a whole, or one that it is in.
    pub(super) fn is_struck_out(&self, instance: usize) -> bool {
        let gone = |node| self.fate(node) != Fate::Kept;
        self.with_parents(instance).any(|it| self.instances[it].submodel.is_some_and(gone))
    }
}

struct Builder<'l, 'a> {
    library: &'l mut Library<'a>,
    hierarchy: Hierarchy,
    findings: Diagnostics,
}

impl Builder<'_, '_> {
    /// Copies a model and, below it, its submodels; then carries out deletions and replacements, innermost first.
    fn instance(
        &mut self,
        definition: Definition,
        of: Option<(usize, Node)>,
        above: &mut Vec<Definition>,
    ) -> Result<usize, ReadError> {
        self.refuse_endless(definition, of, above)?;
        let prefix = of.map_or_else(String::new, |(parent, submodel)| self.prefix(parent, submodel));
        let mut factor = |name| of.and_then(|(parent, submodel)| self.factor(parent, submodel, name));
        let (time_factor, extent_factor) = (factor("timeConversionFactor"), factor("extentConversionFactor"));
        let number = self.hierarchy.instances.len();
        self.hierarchy.instances.push(Instance {
            model: definition.model,
            parent: of.map(|(parent, _)| parent),
            prefix,
            submodel: of.map(|(_, submodel)| submodel),
            time_factor,
            extent_factor,
            names: Names::default(),
            replacements: Vec::new(),
            submodels: HashMap::new(),
        });
        let model = self.copy(definition.file, definition.model, number, None)?;
        self.hierarchy.instances[number].model = model;

        above.push(definition);
        for submodel in self.hierarchy.elements.list(model, "listOfSubmodels") {
            let inner = self.submodel_definition(definition.file, submodel)?;
            let inner = self.instance(inner, Some((number, submodel)), above)?;
            self.hierarchy.instances[number].submodels.insert(submodel, inner);
            for deletion in self.hierarchy.elements.list(submodel, "listOfDeletions") {
                self.delete(inner, deletion);
            }
        }
        above.pop();
        for (element, replacement) in std::mem::take(&mut self.hierarchy.instances[number].replacements) {
            if let Err(finding) = self.replace(number, element, replacement) {
                self.findings.push(finding);
            }
        }
        Ok(number)
    }

    fn refuse_endless(
        &self,
        definition: Definition,
        of: Option<(usize, Node)>,
        above: &[Definition],
    ) -> Result<(), ReadError> {
        let Some((_, submodel)) = of else { return Ok(()) };
        let place = self.hierarchy.elements.place(submodel);
        let document = self.library.document(definition.file);
        if above.contains(&definition) {
            let id = document.attribute(definition.model, "id").or(document.package_attribute(definition.model, "id"));
            let message = format!("the model `{}` contains itself", id.unwrap_or(""));
            return Err(invalid(Diagnostic::error(place, message).hint("remove one of the submodels on the way")));
        }
        if above.len() >= MAXIMUM_CHAIN {
            let message = format!("submodels nest deeper than {MAXIMUM_CHAIN}");
            return Err(invalid(Diagnostic::error(place, message)));
        }
        Ok(())
    }

    /// `parent__submodel__`, with more underscores while a name of the model around begins so.
    fn prefix(&self, parent: usize, submodel: Node) -> String {
        let outer = &self.hierarchy.instances[parent];
        let id = self.hierarchy.elements.package_attribute(submodel, "id").unwrap_or("").trim();
        let mut own = format!("{id}__");
        let taken = |names: &BTreeMap<String, Node>, own: &str| {
            names.range(own.to_string()..).next().is_some_and(|(name, _)| name.starts_with(own))
        };
        while taken(&outer.names.ids, &own) || taken(&outer.names.units, &own) {
            own.push('_');
        }
        format!("{}{own}", outer.prefix)
    }

    fn factor(&mut self, instance: usize, element: Node, attribute: &str) -> Option<Node> {
        let id = self.hierarchy.elements.package_attribute(element, attribute)?.trim();
        let found = self.hierarchy.find(instance, id);
        if found.is_none() {
            let message = format!("the conversion factor `{id}` is not known");
            self.findings.push(Diagnostic::error(self.hierarchy.elements.place(element), message));
        }
        found
    }

    /// A deep copy of an element; its names become those of the instance.
    fn copy(&mut self, file: usize, node: Node, instance: usize, parent: Option<Node>) -> Result<Node, ReadError> {
        let hierarchy = &mut self.hierarchy;
        let from = self.library.document(file);
        if hierarchy.elements.len() >= MAXIMUM_ELEMENTS {
            let message = format!("the submodels together have more than {MAXIMUM_ELEMENTS} elements");
            return Err(invalid(
                Diagnostic::error(from.place(node), message).because("models contain each other many times over"),
            ));
        }
        let copy = hierarchy.elements.copy(from, node);
        hierarchy.home.push(instance);
        hierarchy.fate.push(Fate::Kept);
        hierarchy.instances[instance].names.add(&hierarchy.elements, copy);
        let carrier = if from.name(node) == "listOfReplacedElements" { parent } else { Some(copy) };
        let children = from.children(node).to_vec();
        let mut copies = Vec::with_capacity(children.len());
        for child in children {
            let child = self.copy(file, child, instance, Some(copy))?;
            if let Some(carrier) = carrier
                && matches!(self.hierarchy.elements.name(child), "replacedElement" | "replacedBy")
            {
                self.hierarchy.instances[instance].replacements.push((carrier, child));
            }
            copies.push(child);
        }
        self.hierarchy.elements.set_children(copy, copies);
        Ok(copy)
    }

    /// The definition that a copied `submodel` names.
    fn submodel_definition(&mut self, file: usize, submodel: Node) -> Result<Definition, ReadError> {
        let elements = &self.hierarchy.elements;
        let place = elements.place(submodel);
        if elements.package_attribute(submodel, "id").is_none() {
            return Err(invalid(Diagnostic::error(place, "`submodel` has no `id`")));
        }
        let Some(id) = elements.package_attribute(submodel, "modelRef") else {
            return Err(invalid(Diagnostic::error(place, "`submodel` has no `modelRef`")));
        };
        self.library.find(file, id.trim(), &place)
    }

    fn delete(&mut self, instance: usize, deletion: Node) {
        match self.resolve(instance, deletion, 0) {
            Ok(target) => {
                let (target, _) = self.hierarchy.stand_in(target);
                self.hierarchy.fate[target.index()] = Fate::Deleted;
            }
            Err(finding) => self.findings.push(finding),
        }
    }

    /// Carries out one `replacedElement` or `replacedBy`.
    fn replace(&mut self, instance: usize, element: Node, replacement: Node) -> Result<(), Diagnostic> {
        let elements = &self.hierarchy.elements;
        let place = elements.place(replacement);
        // Says that the element stands for one that the submodel deletes: nothing is left to be replaced.
        if elements.package_attribute(replacement, "deletion").is_some() {
            return Ok(());
        }
        let Some(submodel) = elements.package_attribute(replacement, "submodelRef").map(str::trim) else {
            let message = format!("`{}` has no `submodelRef`", elements.name(replacement));
            return Err(Diagnostic::error(place, message));
        };
        let Some(inner) = self.submodel(instance, submodel) else {
            return Err(Diagnostic::error(place, format!("there is no submodel `{submodel}` in this model")));
        };
        let replaces = elements.name(replacement) == "replacedElement";
        let other = self.resolve(inner, replacement, 0)?;
        let factor = if replaces { self.factor(instance, replacement, "conversionFactor") } else { None };
        let (element, _) = self.hierarchy.stand_in(element);
        let (other, steps) = self.hierarchy.stand_in(other);
        if self.hierarchy.fate(other) == Fate::Deleted {
            return Err(Diagnostic::error(place, "the element that is referred to is deleted")
                .hint("remove the deletion or the replacement"));
        }
        if steps.len() > MAXIMUM_CHAIN {
            return Err(Diagnostic::error(place, format!("a chain of more than {MAXIMUM_CHAIN} replacements")));
        }
        if element == other {
            return Ok(());
        }
        if replaces {
            self.hierarchy.fate[other.index()] = Fate::Replaced { by: element, factor };
        } else {
            self.hierarchy.fate[element.index()] = Fate::Replaced { by: other, factor: None };
            let named = self.hierarchy.name_of.get(&element).copied().unwrap_or(element);
            self.hierarchy.name_of.insert(other, named);
        }
        Ok(())
    }

    /// The instance of a submodel by its id, or the one that replaced it.
    fn submodel(&self, instance: usize, id: &str) -> Option<usize> {
        let node = self.hierarchy.find(instance, id)?;
        self.instance_of(node)
    }

    fn instance_of(&self, submodel: Node) -> Option<usize> {
        let (submodel, _) = self.hierarchy.stand_in(submodel);
        self.hierarchy.instances[self.hierarchy.home(submodel)].submodels.get(&submodel).copied()
    }

    /// The element of an instance that a reference means: a `port`, `deletion`, `replacedElement`, `replacedBy` or, for
    /// what is deeper, an `sBaseRef` inside one of them.
    fn resolve(&self, instance: usize, reference: Node, depth: usize) -> Result<Node, Diagnostic> {
        let elements = &self.hierarchy.elements;
        let names = &self.hierarchy.instances[instance].names;
        let place = || elements.place(reference);
        let mut target = None;
        for (attribute, table, word) in [
            ("portRef", &names.ports, "port"),
            ("idRef", &names.ids, "element"),
            ("unitRef", &names.units, "unit"),
            ("metaIdRef", &names.meta_ids, "element of metaid"),
        ] {
            let Some(id) = elements.package_attribute(reference, attribute).map(str::trim) else { continue };
            let Some(&found) = table.get(id) else {
                return Err(self.not_found(instance, (word, id), table, place()));
            };
            target = Some((attribute, found));
        }
        let Some((attribute, mut target)) = target else {
            let message = format!("`{}` does not say which element it means", elements.name(reference));
            return Err(
                Diagnostic::error(place(), message).hint("give it `idRef`, `portRef`, `metaIdRef` or `unitRef`")
            );
        };
        if attribute == "portRef" {
            if depth > MAXIMUM_CHAIN {
                return Err(Diagnostic::error(place(), "the ports refer to each other in a circle"));
            }
            target = self.resolve(instance, target, depth + 1)?;
        }
        let Some(inside) = elements.child(reference, "sBaseRef") else { return Ok(target) };
        match self.instance_of(target) {
            Some(submodel) => self.resolve(submodel, inside, depth + 1),
            None => Err(Diagnostic::error(place(), "an `sBaseRef` looks inside an element that is not a submodel")),
        }
    }

    fn not_found(
        &self,
        instance: usize,
        (word, id): (&str, &str),
        table: &BTreeMap<String, Node>,
        place: Place,
    ) -> Diagnostic {
        let submodel = self.hierarchy.instances[instance].prefix.trim_end_matches('_');
        let finding = Diagnostic::error(place, format!("there is no {word} `{id}` in submodel `{submodel}`"));
        match did_you_mean(id, table.keys().map(String::as_str))[..] {
            [nearest, ..] => finding.hint(format!("did you mean `{nearest}`?")),
            [] => finding,
        }
    }
}

impl Names {
    /// Takes up the names of an element of the model. Names within a smaller scope (local parameters, arguments) and
    /// those of the parts of `comp` that nothing refers to are left out.
    fn add(&mut self, elements: &Document, node: Node) {
        let name = elements.name(node);
        let id = elements.package_attribute(node, "id");
        let table = match name {
            "port" => Some(&mut self.ports),
            "unitDefinition" => Some(&mut self.units),
            "model" | "modelDefinition" | "localParameter" | "deletion" => None,
            _ => Some(&mut self.ids),
        };
        // An id that is given twice is found by the check of the flat model, where both have the same name.
        if let (Some(table), Some(id)) = (table, id) {
            table.entry(id.trim().to_string()).or_insert(node);
        }
        if let Some(id) = elements.attribute(node, "metaid") {
            self.meta_ids.entry(id.trim().to_string()).or_insert(node);
        }
    }
}
