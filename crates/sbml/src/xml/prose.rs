//! What stands in notes, annotations, messages and uncertainties: XML that the model does not depend on, kept as text.
//!
//! The text is written anew from what was read, so that it is well-formed whatever the file does, and each of its
//! outermost elements says itself which namespaces it needs: it can stand in any other file.

use super::SBML;
use super::reading::{MATHML, MAXIMUM_ATTRIBUTES, MAXIMUM_DEPTH, is_core};
use quick_xml::XmlVersion;
use quick_xml::escape::{escape, partial_escape};
use quick_xml::events::BytesStart;
use quick_xml::name::{NamespaceResolver, Prefix, ResolveResult};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

const XHTML: &str = "http://www.w3.org/1999/xhtml";
/// For elements of an annotation that belong to no namespace, or to that of SBML, which SBML forbids.
const NO_NAMESPACE: &str = "urn:sbml:annotation:without-namespace";

/// What the text is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Notes,
    Annotation,
    /// Of a constraint.
    Message,
    /// Of the package `distrib`.
    Uncertainties,
}

/// A text being put together.
pub(super) struct Prose {
    kind: Kind,
    /// Outermost elements that are complete.
    done: Vec<String>,
    /// Of an annotation: which of them has which namespace. Only looked up.
    owners: HashMap<String, usize>,
    /// Namespace of the outermost element that is open.
    owner: String,
    /// Of the outermost element that is open: its start without the closing `>`, and what comes after.
    head: String,
    body: String,
    /// The last start in `body` still wants its `>`, or `/>` when nothing comes into the element.
    is_start_open: bool,
    /// Namespaces that it takes from around it, by prefix.
    outer: BTreeMap<String, String>,
    /// For each open element the prefixes it declares.
    open: Vec<Vec<String>>,
    /// How often each prefix is declared at the moment. Only looked up.
    declared: HashMap<String, usize>,
    /// Why nothing is kept.
    pub(super) wrong: Option<String>,
    /// Why a part is not kept.
    pub(super) wrong_in_part: Option<String>,
}

impl Prose {
    pub(super) fn new(kind: Kind) -> Self {
        Self {
            kind,
            done: Vec::new(),
            owners: HashMap::new(),
            owner: String::new(),
            head: String::new(),
            body: String::new(),
            is_start_open: false,
            outer: BTreeMap::new(),
            open: Vec::new(),
            declared: HashMap::new(),
            wrong: None,
            wrong_in_part: None,
        }
    }

    /// How many elements are open.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    pub(super) fn start(&mut self, start: &BytesStart<'_>, resolver: &NamespaceResolver) {
        if self.open.len() >= MAXIMUM_DEPTH {
            self.wrong.get_or_insert_with(|| format!("elements nest deeper than {MAXIMUM_DEPTH}"));
        }
        if self.wrong.is_some() {
            // Nothing is kept, but ends must still match.
            return self.open.push(Vec::new());
        }
        let mut text = format!("<{}", start.name().as_ref());
        let mut prefixes = Vec::new();
        let mut used = vec![start.name().prefix()];
        if !is_name(start.name().as_ref()) {
            self.wrong = Some(format!("`{}` is not a name of XML", start.name().as_ref()));
        }
        for (i, attribute) in start.attributes().enumerate() {
            let attribute = match attribute {
                Ok(attribute) if i < MAXIMUM_ATTRIBUTES && is_name(attribute.key.as_ref()) => attribute,
                _ => {
                    self.wrong = Some(format!("the attributes of `{}` are not well-formed", start.name().as_ref()));
                    break;
                }
            };
            let key = attribute.key.as_ref();
            if let Some(prefix) = if key == "xmlns" { Some("") } else { key.strip_prefix("xmlns:") } {
                prefixes.push(prefix.to_string());
            } else if attribute.key.prefix().is_some() {
                used.push(attribute.key.prefix());
            }
            let Ok(value) = attribute.normalized_value(XmlVersion::Implicit1_0) else {
                self.wrong = Some(format!("the value of `{key}` is not well-formed"));
                break;
            };
            text.push_str(&format!(" {key}=\"{}\"", escape(&*legal(&value))));
        }
        for prefix in &prefixes {
            *self.declared.entry(prefix.clone()).or_default() += 1;
        }
        for prefix in used {
            self.note_outer(prefix, resolver);
        }
        if self.open.is_empty() {
            self.owner = match resolver.resolve_element(start.name()).0 {
                ResolveResult::Bound(uri) => uri.as_ref().to_string(),
                _ => String::new(),
            };
            self.head = text;
        } else {
            self.close_start();
            self.body.push_str(&text);
            self.is_start_open = true;
        }
        self.open.push(prefixes);
    }

    /// Ends the start of the innermost open element, into which something comes.
    fn close_start(&mut self) {
        if std::mem::take(&mut self.is_start_open) {
            self.body.push('>');
        }
    }

    /// Remembers the namespace of a prefix that nothing inside declares.
    fn note_outer(&mut self, prefix: Option<Prefix<'_>>, resolver: &NamespaceResolver) {
        let word = prefix.map_or("", |prefix| prefix.into_inner());
        if word == "xml" || self.declared.get(word).is_some_and(|&count| count > 0) || self.outer.contains_key(word) {
            return;
        }
        let uri = match resolver.resolve_prefix(prefix, true) {
            ResolveResult::Bound(uri) => uri.as_ref().to_string(),
            ResolveResult::Unbound => String::new(),
            ResolveResult::Unknown(prefix) => {
                self.wrong = Some(format!("the prefix `{prefix}` is not declared"));
                return;
            }
        };
        self.outer.insert(word.to_string(), uri);
    }

    pub(super) fn end(&mut self, name: &str) {
        let Some(prefixes) = self.open.pop() else { return };
        if self.wrong.is_some() {
            return;
        }
        for prefix in prefixes {
            self.declared.entry(prefix).and_modify(|count| *count -= 1);
        }
        if !self.open.is_empty() {
            let end = if std::mem::take(&mut self.is_start_open) { "/>".into() } else { format!("</{name}>") };
            return self.body.push_str(&end);
        }
        let mut text = std::mem::take(&mut self.head);
        for (prefix, uri) in std::mem::take(&mut self.outer) {
            let uri = self.namespace(&prefix, uri);
            let key = if prefix.is_empty() { "xmlns".to_string() } else { format!("xmlns:{prefix}") };
            text.push_str(&format!(" {key}=\"{}\"", escape(&*uri)));
        }
        let body = std::mem::take(&mut self.body);
        text.push_str(&if body.is_empty() { "/>".to_string() } else { format!(">{body}</{name}>") });
        if self.kind == Kind::Annotation {
            // SBML lets each namespace have one element. Some programs repeat theirs.
            if let Some(&first) = self.owners.get(&self.owner) {
                if self.done[first] != text {
                    let owner = &self.owner;
                    self.wrong_in_part = Some(format!("it is the second element of the namespace `{owner}`"));
                }
                return;
            }
            self.owners.insert(std::mem::take(&mut self.owner), self.done.len());
        }
        self.done.push(text);
    }

    /// The namespace that a prefix gets: older levels let notes and annotations do without.
    fn namespace(&self, prefix: &str, uri: String) -> String {
        let is_none = uri.is_empty() || (is_core(&uri) && uri != MATHML);
        match self.kind {
            Kind::Notes | Kind::Message if is_none && prefix.is_empty() => XHTML.to_string(),
            Kind::Annotation if is_none => NO_NAMESPACE.to_string(),
            // In the namespace of one edition, whichever the file has; see `write`.
            Kind::Uncertainties if is_core(&uri) => format!("{SBML}3/version2/core"),
            _ => uri,
        }
    }

    /// Text, without markup and entities.
    pub(super) fn text(&mut self, text: &str) {
        if self.wrong.is_some() {
            return;
        }
        let escaped = partial_escape(&*legal(text)).into_owned();
        if !self.open.is_empty() {
            self.close_start();
            return self.body.push_str(&escaped);
        }
        // Between outermost elements: blanks, or words that notes of older levels have without a paragraph.
        if matches!(self.kind, Kind::Notes | Kind::Message) && !escaped.trim().is_empty() {
            self.done.push(format!("<p xmlns=\"{XHTML}\">{}</p>", escaped.trim()));
        }
    }

    /// The whole text, or nothing when there is none.
    pub(super) fn finish(self) -> Option<Arc<str>> {
        (self.wrong.is_none() && !self.done.is_empty()).then(|| Arc::from(self.done.join("\n")))
    }
}

fn is_name(name: &str) -> bool {
    let is_first = |c: char| c.is_alphabetic() || c == '_';
    name.starts_with(is_first) && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':'))
}

/// The words of a text, without markup: what a message says.
pub fn plain_text(xml: &str) -> String {
    let mut text = String::new();
    for (i, part) in xml.split('<').enumerate() {
        // What comes before the `>` is the rest of a tag.
        text.push_str(if i == 0 { part } else { part.split_once('>').map_or("", |(_, text)| text) });
    }
    let text = quick_xml::escape::unescape(&text).map_or_else(|_| text.clone(), |text| text.into_owned());
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// XML has no way to write most control characters.
pub(crate) fn legal(text: &str) -> String {
    let is_legal = |c: char| matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{fffd}' | '\u{10000}'..);
    text.chars().map(|c| if is_legal(c) { c } else { '\u{fffd}' }).collect()
}
