//! An XML document as a light tree of the elements that concern SBML, each with its line and column.
//!
//! Notes, annotations and the like stand beside the tree, as text ([`prose`]); elements of namespaces that we do not read
//! are passed over while [`reading`], so that what follows never has to tell them apart.

mod prose;
mod reading;

pub(crate) use prose::legal;
pub use prose::plain_text;

use network::Remark;
use prose::Kind;
use source::{Diagnostic, Diagnostics, Place, SourceFile};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The packages whose elements and attributes are kept.
const PACKAGES: &[&str] = &["comp", "fbc"];

const SBML: &str = "http://www.sbml.org/sbml/level";

/// The position of an element in its [`Document`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Node(u32);

impl Node {
    /// For tables beside the document.
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// The elements of a file, in the order of the text.
#[derive(Debug, Default)]
pub(crate) struct Document {
    /// The files that elements come from; one, except in a model flattened from several.
    paths: Vec<Arc<str>>,
    elements: Vec<Element>,
    /// What is said about elements for people and databases; most elements of most files have none.
    remarks: BTreeMap<Node, Remark>,
    /// Messages of constraints.
    messages: BTreeMap<Node, Arc<str>>,
    /// Warnings about notes and the like that are not kept.
    pub(crate) left_out: Diagnostics,
    /// Packages that the root declares.
    pub(crate) packages: Vec<Package>,
}

/// A package of SBML Level 3 that the file declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Package {
    /// Short name, for example `comp`.
    pub(crate) name: String,
    /// True when the file says that the package changes what the model means.
    pub(crate) required: bool,
    /// The first element that belongs to the package or has an attribute of it; programs declare packages they then
    /// do not use.
    pub(crate) first_use: Option<Place>,
    namespace: String,
}

/// Names with their prefix, and values. Attributes of a package that is read have its short name for a prefix
/// (`comp:`, `fbc:`) whatever the file calls it.
pub(crate) type Attributes = Vec<(Box<str>, Box<str>)>;

#[derive(Debug, Clone)]
struct Element {
    name: Box<str>,
    attributes: Attributes,
    children: Vec<Node>,
    /// Text before the first child, and after it: `<cn>1<sep/>3</cn>` has both.
    text: String,
    tail: String,
    path: u32,
    line: u32,
    column: u32,
}

impl Document {
    /// Reads a whole file.
    pub(crate) fn read(file: &SourceFile) -> Result<Self, Diagnostic> {
        reading::read(file, reading::MetaIds::WithComp)
    }

    /// Reads a file of which another file uses a part, and may name its elements by `metaid`.
    pub(crate) fn read_part(file: &SourceFile) -> Result<Self, Diagnostic> {
        reading::read(file, reading::MetaIds::Always)
    }

    /// The outermost element.
    pub(crate) fn root(&self) -> Node {
        Node(0)
    }

    /// All elements, in the order of the text.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = Node> {
        (0..u32::try_from(self.elements.len()).unwrap_or(u32::MAX)).map(Node)
    }

    /// How many elements there are.
    pub(crate) fn len(&self) -> usize {
        self.elements.len()
    }

    /// True when the file uses the package, not only declares it.
    pub(crate) fn uses(&self, package: &str) -> bool {
        self.packages.iter().any(|it| it.name == package && it.first_use.is_some())
    }

    /// Name without prefix.
    pub(crate) fn name(&self, node: Node) -> &str {
        &self.element(node).name
    }

    /// Where the element starts.
    pub(crate) fn place(&self, node: Node) -> Place {
        let element = self.element(node);
        Place { path: self.paths[element.path as usize].clone(), line: element.line, column: element.column }
    }

    /// Elements directly inside, in order.
    pub(crate) fn children(&self, node: Node) -> &[Node] {
        &self.element(node).children
    }

    /// The first element of that name directly inside.
    pub(crate) fn child(&self, node: Node, name: &str) -> Option<Node> {
        self.children(node).iter().copied().find(|&child| self.name(child) == name)
    }

    /// What a `listOf...` holds, in order; nothing when the list is absent. A list may be written in several pieces.
    pub(crate) fn list(&self, node: Node, list: &str) -> Vec<Node> {
        let pieces = self.children(node).iter().filter(|&&child| self.name(child) == list);
        pieces.flat_map(|&piece| self.children(piece)).copied().collect()
    }

    /// Names with their prefix, and values.
    pub(crate) fn attributes(&self, node: Node) -> &Attributes {
        &self.element(node).attributes
    }

    /// Value of the attribute without prefix.
    pub(crate) fn attribute(&self, node: Node, name: &str) -> Option<&str> {
        self.element(node).attributes.iter().find(|(key, _)| &**key == name).map(|(_, value)| &**value)
    }

    /// Value of the attribute under whatever prefix: `sbml:units` of a number.
    pub(crate) fn prefixed_attribute(&self, node: Node, name: &str) -> Option<&str> {
        let matches = |key: &str| key.split_once(':').is_some_and(|(_, local)| local == name);
        self.element(node).attributes.iter().find(|(key, _)| matches(key)).map(|(_, value)| &**value)
    }

    /// Value of an attribute of an element of a package, which files write with its prefix or without.
    pub(crate) fn package_attribute(&self, node: Node, name: &str) -> Option<&str> {
        let is = |key: &str| {
            key == name || key.split_once(':').is_some_and(|(prefix, key)| PACKAGES.contains(&prefix) && key == name)
        };
        self.element(node).attributes.iter().find(|(key, _)| is(key)).map(|(_, value)| &**value)
    }

    /// Text before the first child, without surrounding blanks.
    pub(crate) fn text(&self, node: Node) -> &str {
        self.element(node).text.trim()
    }

    /// Text after the first child, without surrounding blanks.
    pub(crate) fn tail(&self, node: Node) -> &str {
        self.element(node).tail.trim()
    }

    /// What is said about an element for people and databases.
    pub(crate) fn remark(&self, node: Node) -> Option<&Remark> {
        self.remarks.get(&node)
    }

    /// What is said about an element, to be changed.
    pub(crate) fn remark_mut(&mut self, node: Node) -> Option<&mut Remark> {
        self.remarks.get_mut(&node)
    }

    /// The message of a constraint.
    pub(crate) fn message(&self, node: Node) -> Option<&Arc<str>> {
        self.messages.get(&node)
    }

    /// False when the element has such a text already: SBML allows one.
    fn add_prose(&mut self, node: Node, kind: Kind, text: Arc<str>) -> bool {
        let slot = match kind {
            Kind::Message => return self.messages.insert(node, text).is_none(),
            Kind::Notes => &mut self.remarks.entry(node).or_default().notes,
            Kind::Annotation => &mut self.remarks.entry(node).or_default().annotation,
            Kind::Uncertainties => &mut self.remarks.entry(node).or_default().uncertainties,
        };
        let is_first = slot.is_none();
        slot.get_or_insert(text);
        is_first
    }

    /// Adds a copy of an element of another document, without what is inside it.
    pub(crate) fn copy(&mut self, from: &Document, node: Node) -> Node {
        let mut element = Element { children: Vec::new(), ..from.element(node).clone() };
        let path = &from.paths[element.path as usize];
        // Most copies come from the file that the last one came from.
        let last = self.elements.last().map(|last| last.path).filter(|&last| &self.paths[last as usize] == path);
        element.path = last.unwrap_or_else(|| {
            let known = self.paths.iter().position(|known| known == path);
            let position = known.unwrap_or_else(|| {
                self.paths.push(path.clone());
                self.paths.len() - 1
            });
            // No model is made of 2^32 files.
            u32::try_from(position).unwrap_or(0)
        });
        let copy = self.push(element);
        if let Some(remark) = from.remarks.get(&node) {
            self.remarks.insert(copy, remark.clone());
        }
        if let Some(message) = from.messages.get(&node) {
            self.messages.insert(copy, message.clone());
        }
        copy
    }

    /// Adds an element at the place of another, without attributes.
    pub(crate) fn make(&mut self, name: &str, text: &str, children: Vec<Node>, like: Node) -> Node {
        let Element { path, line, column, .. } = *self.element(like);
        let (name, text) = (Box::from(name), text.to_string());
        self.push(Element { name, attributes: Vec::new(), children, text, tail: String::new(), path, line, column })
    }

    /// Gives the element another name.
    pub(crate) fn set_name(&mut self, node: Node, name: &str) {
        self.elements[node.index()].name = Box::from(name);
    }

    /// Puts these elements inside.
    pub(crate) fn set_children(&mut self, node: Node, children: Vec<Node>) {
        self.elements[node.index()].children = children;
    }

    /// Replaces the text before the first child.
    pub(crate) fn set_text(&mut self, node: Node, text: &str) {
        self.elements[node.index()].text = text.to_string();
    }

    /// Replaces all attributes.
    pub(crate) fn set_attributes(&mut self, node: Node, attributes: Attributes) {
        self.elements[node.index()].attributes = attributes;
    }

    fn push(&mut self, element: Element) -> Node {
        // Files are shorter than 2^32 bytes, see `reading`; copies are bounded by who makes them.
        let node = Node(u32::try_from(self.elements.len()).unwrap_or(u32::MAX));
        self.elements.push(element);
        node
    }

    fn element(&self, node: Node) -> &Element {
        &self.elements[node.index()]
    }
}

#[cfg(test)]
mod tests;
