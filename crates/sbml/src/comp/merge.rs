//! The flat model: what is left of all instances, in one document and under new names.

use super::MAXIMUM_ELEMENTS;
use super::hierarchy::{Fate, Hierarchy};
use super::library::{Library, invalid};
use crate::ReadError;
use crate::xml::{Attributes, Document, Node};
use source::Diagnostic;
use std::collections::{BTreeSet, HashMap};

/// Parts of `comp`, which have done their work.
const COMP: &[&str] = &["listOfSubmodels", "listOfPorts", "listOfReplacedElements", "replacedBy"];
/// The most bytes that annotations may have that are written anew for their submodels.
const MAXIMUM_PROSE: usize = 64 << 20;
const UNITS: &[&str] =
    &["units", "substanceUnits", "timeUnits", "extentUnits", "volumeUnits", "areaUnits", "lengthUnits"];
const NAMES: &[&str] = &["compartment", "conversionFactor", "symbol", "variable", "species"];
/// Those of the package `fbc`.
const FLUX_NAMES: &[&str] = &[
    "activeObjective",
    "associatedSpecies",
    "geneProduct",
    "lowerBound",
    "lowerFluxBound",
    "reaction",
    "reaction2",
    "upperBound",
    "upperFluxBound",
    "variable",
    "variable2",
];

/// Puts the instances together.
pub(super) fn merge(hierarchy: &Hierarchy, library: &Library<'_>) -> Result<Document, ReadError> {
    let mut merger =
        Merger { hierarchy, from: &hierarchy.elements, flat: Document::default(), prose_left: MAXIMUM_PROSE };
    let main = library.document(0);
    let root = merger.flat.copy(main, main.root());
    let outer = hierarchy.instances[0].model;
    let model = merger.flat.copy(merger.from, outer);
    let attributes = merger.attributes(outer, &Scope::of(0));
    // Every species is given the factor of its own model.
    merger.flat.set_attributes(model, attributes.into_iter().filter(|(key, _)| &**key != "conversionFactor").collect());

    // One list of each kind, in the order of their first appearance.
    let mut lists: Vec<(String, Node, Vec<Node>)> = Vec::new();
    for (number, instance) in hierarchy.instances.iter().enumerate() {
        if hierarchy.is_struck_out(number) {
            continue;
        }
        for &list in merger.from.children(instance.model) {
            if COMP.contains(&merger.from.name(list)) || hierarchy.fate(list) != Fate::Kept {
                continue;
            }
            let mut items = Vec::new();
            for &item in merger.from.children(list) {
                items.extend(merger.element(item, &Scope::of(number))?);
            }
            let name = merger.from.name(list);
            match lists.iter_mut().find(|(known, ..)| known == name) {
                Some((_, _, known)) => known.extend(items),
                None => {
                    let copy = merger.flat.copy(merger.from, list);
                    // The active objective is that of the outermost model that has objectives.
                    let attributes = merger.attributes(list, &Scope::of(number));
                    merger.flat.set_attributes(copy, attributes);
                    lists.push((name.to_string(), copy, items));
                }
            }
        }
    }
    for (_, list, items) in &mut lists {
        merger.flat.set_children(*list, std::mem::take(items));
    }
    merger.flat.set_children(model, lists.into_iter().map(|(_, list, _)| list).collect());
    merger.flat.set_children(root, vec![model]);
    Ok(merger.flat)
}

struct Merger<'h> {
    hierarchy: &'h Hierarchy,
    /// The elements of all instances.
    from: &'h Document,
    flat: Document,
    prose_left: usize,
}

/// What names mean at one place.
struct Scope {
    instance: usize,
    /// Local parameters of the kinetic law.
    locals: HashMap<String, Node>,
    /// Arguments of the function.
    arguments: BTreeSet<String>,
}

impl Scope {
    fn of(instance: usize) -> Self {
        Self { instance, locals: HashMap::new(), arguments: BTreeSet::new() }
    }
}

/// A value in the flat model and what turns it into the value that a formula of a submodel means.
#[derive(Default)]
struct Conversion {
    times: Vec<String>,
    over: Vec<String>,
}

impl Conversion {
    fn inverse(self) -> Self {
        Self { times: self.over, over: self.times }
    }

    fn and(mut self, other: Self) -> Self {
        self.times.extend(other.times);
        self.over.extend(other.over);
        self
    }
}

impl<'h> Merger<'h> {
    /// The element with all that is inside, unless it was struck out.
    fn element(&mut self, node: Node, scope: &Scope) -> Result<Option<Node>, ReadError> {
        let name = self.from.name(node);
        if self.hierarchy.fate(node) != Fate::Kept || COMP.contains(&name) {
            return Ok(None);
        }
        if self.flat.len() >= MAXIMUM_ELEMENTS {
            let message = format!("the flat model has more than {MAXIMUM_ELEMENTS} elements");
            return Err(invalid(Diagnostic::error(self.from.place(node), message)));
        }
        self.refuse_converted_fluxes(node, scope)?;
        let copy = self.flat.copy(self.from, node);
        let attributes = self.attributes(node, scope);
        self.flat.set_attributes(copy, attributes);
        self.rename_meta_id(copy, scope)?;
        let inner = self.scope_inside(node, scope);
        let mut children = Vec::new();
        for &child in self.from.children(node) {
            if self.from.name(child) == "math" {
                children.push(self.math(node, child, inner.as_ref().unwrap_or(scope))?);
            } else {
                children.extend(self.element(child, inner.as_ref().unwrap_or(scope))?);
            }
        }
        self.flat.set_children(copy, children);
        Ok(Some(copy))
    }

    /// The `metaid` of an element in a submodel is its own in the flat model, and its annotation must call it so.
    fn rename_meta_id(&mut self, copy: Node, scope: &Scope) -> Result<(), ReadError> {
        let prefix = &self.hierarchy.instances[scope.instance].prefix;
        let place = self.flat.place(copy);
        let Some(remark) = self.flat.remark_mut(copy).filter(|_| !prefix.is_empty()) else { return Ok(()) };
        if let Some(old) = &remark.metaid {
            let new = format!("{prefix}{old}");
            if let Some(annotation) = &mut remark.annotation {
                let Some(left) = self.prose_left.checked_sub(annotation.len()) else {
                    let message = format!("the annotations of submodels together have more than {MAXIMUM_PROSE} bytes");
                    return Err(invalid(
                        Diagnostic::error(place, message).because("models contain each other many times"),
                    ));
                };
                self.prose_left = left;
                *annotation = annotation.replace(&format!("\"#{old}\""), &format!("\"#{new}\"")).into();
            }
            remark.metaid = Some(new.into());
        }
        // They name things of their submodel by ids that have changed.
        if remark.uncertainties.take().is_some() {
            let message = "uncertainties of a submodel are left out of the flat model";
            self.flat.left_out.push(Diagnostic::warning(place, message));
        }
        Ok(())
    }

    /// A kinetic law has names of its own.
    fn scope_inside(&self, node: Node, scope: &Scope) -> Option<Scope> {
        if self.from.name(node) != "kineticLaw" {
            return None;
        }
        let mut inner = Scope::of(scope.instance);
        for local in self.from.list(node, "listOfLocalParameters") {
            if let Some(id) = self.from.attribute(local, "id") {
                inner.locals.insert(id.trim().to_string(), local);
            }
        }
        Some(inner)
    }

    fn attributes(&self, node: Node, scope: &Scope) -> Attributes {
        let mut attributes = Attributes::new();
        for (key, value) in self.from.attributes(node) {
            let (key, value) = (&**key, value.trim());
            if key.starts_with("comp:") || key == "metaid" {
                continue;
            }
            let changed = match key {
                "id" => Some(self.own_name(node, value)),
                "fbc:id" => Some(self.own_name(node, value)),
                _ if NAMES.contains(&key) || self.is_flux_name(node, key) => Some(self.name(scope.instance, value).0),
                _ if UNITS.contains(&key) || key.ends_with(":units") => Some(self.unit(scope.instance, value)),
                _ => None,
            };
            attributes.push((key.into(), changed.unwrap_or_else(|| value.to_string()).into()));
        }
        // An element that stands in for one of a model above has its name, even without a name before.
        if self.from.attribute(node, "id").is_none()
            && let Some(name) = self.hierarchy.flat_name(node)
        {
            attributes.push(("id".into(), name.into()));
        }
        self.add_inherited(node, scope, &mut attributes);
        attributes
    }

    fn is_flux_name(&self, node: Node, key: &str) -> bool {
        let key = key.strip_prefix("fbc:").unwrap_or(key);
        // In an objective a coefficient is a number, in a constraint the name of one.
        let is_coefficient = key == "coefficient" && self.from.name(node) == "userDefinedConstraintComponent";
        FLUX_NAMES.contains(&key) || is_coefficient
    }

    /// Bounds and weights are numbers of the submodel; between units that differ they would have to be formulas, which the
    /// package `fbc` does not have.
    fn refuse_converted_fluxes(&self, node: Node, scope: &Scope) -> Result<(), ReadError> {
        for (key, value) in self.from.attributes(node) {
            let is_of_flux = self.is_flux_name(node, key) && &**key != "variable";
            if !is_of_flux && &**key != "fbc:variable" {
                continue;
            }
            let (_, conversion) = self.name(scope.instance, value.trim());
            let around = self.hierarchy.with_parents(scope.instance);
            let conversion = around.fold(conversion, |all, it| all.and(self.rate_factor(it)));
            if !(conversion.times.is_empty() && conversion.over.is_empty()) {
                let construct = "bounds or objectives of rates in a submodel with conversion factors".to_string();
                return Err(ReadError::Unsupported { construct, place: self.from.place(node) });
            }
        }
        Ok(())
    }

    fn own_name(&self, node: Node, id: &str) -> String {
        match self.from.name(node) {
            // No name of the flat model begins so, hence none is hidden by accident.
            "localParameter" => self.local_name(self.hierarchy.home(node), id),
            "model" | "modelDefinition" => id.to_string(),
            _ => self.hierarchy.flat_name(node).unwrap_or_else(|| id.to_string()),
        }
    }

    fn local_name(&self, instance: usize, id: &str) -> String {
        format!("{}{id}", self.hierarchy.instances[instance].prefix)
    }

    /// What a part takes from its own model when it is silent must be said in the flat model.
    fn add_inherited(&self, node: Node, scope: &Scope, attributes: &mut Attributes) {
        let model = self.hierarchy.instances[scope.instance].model;
        let inherited: &[(&str, &str)] = match self.from.name(node) {
            "species" => &[("substanceUnits", "substanceUnits"), ("conversionFactor", "conversionFactor")],
            "compartment" => match self.from.attribute(node, "spatialDimensions").unwrap_or("3").trim() {
                "3" => &[("units", "volumeUnits")],
                "2" => &[("units", "areaUnits")],
                "1" => &[("units", "lengthUnits")],
                _ => &[],
            },
            _ => &[],
        };
        for &(own, of_model) in inherited {
            let Some(value) = self.from.attribute(model, of_model).map(str::trim) else { continue };
            if self.from.attribute(node, own).is_none() {
                let value = match own {
                    "conversionFactor" => self.name(scope.instance, value).0,
                    _ => self.unit(scope.instance, value),
                };
                attributes.push((own.into(), value.into()));
            }
        }
    }

    /// The name in the flat model of what a name means in an instance; and what turns the value there into the value
    /// that is meant.
    fn name(&self, instance: usize, id: &str) -> (String, Conversion) {
        let Some(node) = self.hierarchy.find(instance, id) else {
            return (self.local_name(instance, id), Conversion::default());
        };
        let (name, conversion) = self.value_of(node);
        let name = name.unwrap_or_else(|| self.local_name(instance, id));
        // The rate of a reaction is converted where it leaves its submodel, so a name that means it inside has to take
        // that back; but what stands in for a reaction of the submodel is already in the unit of the model around.
        let (stand_in, _) = self.hierarchy.stand_in(node);
        if self.from.name(stand_in) != "reaction" {
            return (name, conversion);
        }
        let homes: Vec<usize> = self.hierarchy.with_parents(self.hierarchy.home(stand_in)).collect();
        let common = self.hierarchy.with_parents(instance).filter(|it| homes.contains(it));
        let rate = common.fold(Conversion::default(), |all, it| all.and(self.rate_factor(it)));
        (name, conversion.and(rate.inverse()))
    }

    /// The name of what stands in the place of an element, and what turns its value into that of the element.
    fn value_of(&self, node: Node) -> (Option<String>, Conversion) {
        let (stand_in, factors) = self.hierarchy.stand_in(node);
        let mut conversion = Conversion::default();
        for factor in factors {
            conversion.over.extend(self.factor_name(factor));
        }
        (self.hierarchy.flat_name(stand_in), conversion)
    }

    fn factor_name(&self, factor: Node) -> Option<String> {
        self.hierarchy.flat_name(self.hierarchy.stand_in(factor).0)
    }

    /// What turns a rate of extent of an instance into one of the instance around it.
    fn rate_factor(&self, instance: usize) -> Conversion {
        let instance = &self.hierarchy.instances[instance];
        let names = |factor: Option<Node>| factor.and_then(|factor| self.factor_name(factor)).into_iter().collect();
        Conversion { times: names(instance.extent_factor), over: names(instance.time_factor) }
    }

    /// What turns a time of an instance into time of the main model.
    fn time(&self, instance: usize) -> Conversion {
        let factors = self.hierarchy.with_parents(instance).filter_map(|it| self.hierarchy.instances[it].time_factor);
        Conversion { times: factors.filter_map(|factor| self.factor_name(factor)).collect(), over: Vec::new() }
    }

    /// The name of a unit; base units have the same name everywhere.
    fn unit(&self, instance: usize, id: &str) -> String {
        let definition = self.hierarchy.find_unit(instance, id).map(|node| self.hierarchy.stand_in(node).0);
        definition.and_then(|node| self.hierarchy.flat_name(node)).unwrap_or_else(|| id.to_string())
    }

    /// The mathematics of an element, in the units of the main model.
    fn math(&mut self, owner: Node, math: Node, scope: &Scope) -> Result<Node, ReadError> {
        let instance = scope.instance;
        let target = ["symbol", "variable"].iter().find_map(|attribute| self.from.attribute(owner, attribute));
        let target = target.map_or_else(Conversion::default, |id| self.name(instance, id.trim()).1.inverse());
        let conversion = match self.from.name(owner) {
            "kineticLaw" => {
                let around = self.hierarchy.with_parents(instance);
                around.fold(Conversion::default(), |all, it| all.and(self.rate_factor(it)))
            }
            "rateRule" => target.and(self.time(instance).inverse()),
            "delay" => self.time(instance),
            _ => target,
        };
        let copy = self.flat.copy(self.from, math);
        let mut children = Vec::new();
        for &content in self.from.children(math) {
            let content = self.formula(content, scope)?;
            children.push(self.converted(content, &conversion));
        }
        self.flat.set_children(copy, children);
        Ok(copy)
    }

    /// One part of a formula.
    fn formula(&mut self, node: Node, scope: &Scope) -> Result<Node, ReadError> {
        let copy = self.flat.copy(self.from, node);
        let attributes = self.attributes(node, scope);
        self.flat.set_attributes(copy, attributes);
        match self.from.name(node) {
            "ci" => {
                let conversion = self.rename(node, copy, scope);
                return Ok(self.converted(copy, &conversion));
            }
            "csymbol" if self.symbol(node) == "time" => {
                return Ok(self.converted(copy, &self.time(scope.instance).inverse()));
            }
            "lambda" => {
                let inner = self.scope_of_lambda(node, scope);
                self.copy_parts(node, copy, &inner)?;
            }
            "apply" => return self.application(node, copy, scope),
            _ => self.copy_parts(node, copy, scope)?,
        }
        Ok(copy)
    }

    fn copy_parts(&mut self, node: Node, copy: Node, scope: &Scope) -> Result<(), ReadError> {
        if self.flat.len() >= MAXIMUM_ELEMENTS {
            let message = format!("the flat model has more than {MAXIMUM_ELEMENTS} elements");
            return Err(invalid(Diagnostic::error(self.from.place(node), message)));
        }
        let parts = self.from.children(node).iter().map(|&part| self.formula(part, scope)).collect::<Result<_, _>>()?;
        self.flat.set_children(copy, parts);
        Ok(())
    }

    /// The operator keeps its place; durations and rates of change are converted.
    fn application(&mut self, node: Node, copy: Node, scope: &Scope) -> Result<Node, ReadError> {
        let [operator, arguments @ ..] = self.from.children(node) else { return Ok(copy) };
        let head = self.flat.copy(self.from, *operator);
        let symbol = self.symbol(*operator);
        if self.from.name(*operator) == "ci" {
            self.rename(*operator, head, scope);
        }
        let mut parts = vec![head];
        let mut outside = Conversion::default();
        for (i, &argument) in arguments.iter().enumerate() {
            let part = match (symbol, i, self.from.name(argument)) {
                ("rateOf", 0, "ci") => {
                    let name = self.flat.copy(self.from, argument);
                    outside = self.rename(argument, name, scope).and(self.time(scope.instance));
                    name
                }
                ("delay", 1, _) => {
                    let duration = self.formula(argument, scope)?;
                    self.converted(duration, &self.time(scope.instance))
                }
                _ => self.formula(argument, scope)?,
            };
            parts.push(part);
        }
        self.flat.set_children(copy, parts);
        Ok(self.converted(copy, &outside))
    }

    /// `time`, `delay`, `rateOf`, ...; nothing for what is not a `csymbol`.
    fn symbol(&self, node: Node) -> &'h str {
        let url = self.from.attribute(node, "definitionURL").unwrap_or("");
        if self.from.name(node) == "csymbol" { url.trim().rsplit('/').next().unwrap_or("") } else { "" }
    }

    /// Writes the name of the flat model into a copied `ci`.
    fn rename(&mut self, node: Node, copy: Node, scope: &Scope) -> Conversion {
        let id = self.from.text(node);
        if scope.arguments.contains(id) {
            return Conversion::default();
        }
        let local = scope.locals.get(id).map(|&local| (local, self.hierarchy.fate(local)));
        let (name, conversion) = match local {
            Some((_, Fate::Kept)) => (self.local_name(scope.instance, id), Conversion::default()),
            Some((local, Fate::Replaced { .. })) => {
                let (name, conversion) = self.value_of(local);
                (name.unwrap_or_else(|| id.to_string()), conversion)
            }
            // Without the local parameter, the name means what it means elsewhere.
            Some((_, Fate::Deleted)) | None => self.name(scope.instance, id),
        };
        self.flat.set_text(copy, &name);
        conversion
    }

    fn scope_of_lambda(&self, lambda: Node, scope: &Scope) -> Scope {
        let mut inner = Scope::of(scope.instance);
        for &child in self.from.children(lambda) {
            if self.from.name(child) == "bvar"
                && let Some(name) = self.from.child(child, "ci")
            {
                inner.arguments.insert(self.from.text(name).to_string());
            }
        }
        inner
    }

    /// `content * times / over`.
    fn converted(&mut self, content: Node, conversion: &Conversion) -> Node {
        let mut content = content;
        for (operator, factors) in [("times", &conversion.times), ("divide", &conversion.over)] {
            for factor in factors {
                let operator = self.flat.make(operator, "", Vec::new(), content);
                let factor = self.flat.make("ci", factor, Vec::new(), content);
                content = self.flat.make("apply", "", vec![operator, content, factor], content);
            }
        }
        content
    }
}
