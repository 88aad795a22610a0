//! What every part of the reader shares: the document, the findings so far, and attributes read by type.

use crate::ReadError;
use crate::level::Level;
use crate::unit_definitions::UnitTable;
use crate::xml::{Document, Node};
use network::{Id, Remark, Remarks, Subject};
use source::{Diagnostic, Diagnostics, Place, did_you_mean};
use std::collections::{HashMap, HashSet};
use units::Unit;

/// Expressions of a file may be copied (`a < b < c` needs `b` twice); nested copies grow like powers of two, so their
/// total is bounded.
const MAXIMUM_COPIES: usize = 1_000_000;

/// The document being read and everything found out about it.
pub(crate) struct Context<'a> {
    pub(crate) document: &'a Document,
    pub(crate) level: Level,
    pub(crate) findings: Diagnostics,
    /// The first construct this reader does not support; there is no result then.
    pub(crate) unsupported: Option<(String, Place)>,
    pub(crate) units: UnitTable,
    pub(crate) copies_left: usize,
    pub(crate) remarks: Remarks,
    /// One shared text per name. Only looked up, never iterated.
    names: HashMap<&'a str, Id>,
    /// Every id of the file and every id made since. Only looked up, never iterated.
    taken: HashSet<Id>,
    /// How often each id was wished. Only looked up, never iterated.
    wishes: HashMap<String, usize>,
}

impl<'a> Context<'a> {
    pub(crate) fn new(document: &'a Document, level: Level) -> Self {
        Self {
            document,
            level,
            findings: document.left_out.clone(),
            unsupported: None,
            units: UnitTable::default(),
            copies_left: MAXIMUM_COPIES,
            remarks: Remarks::new(),
            names: HashMap::new(),
            taken: document.nodes().filter_map(|node| document.attribute(node, "id")).map(Id::from).collect(),
            wishes: HashMap::new(),
        }
    }

    /// An id that nothing in the file has: the wish, if need be with `_2`, `_3`, ... after it.
    pub(crate) fn fresh_id(&mut self, wish: &str) -> Id {
        // Counting on from the last number keeps the cost linear when a hostile file wishes the same id many times.
        let count = self.wishes.entry(wish.to_string()).or_insert(1);
        let mut id = if *count == 1 { wish.to_string() } else { format!("{wish}_{count}") };
        while self.taken.contains(id.as_str()) {
            *count += 1;
            id = format!("{wish}_{count}");
        }
        let id = Id::from(id);
        self.taken.insert(id.clone());
        id
    }

    /// Keeps what is said about an element for people and databases; with it `id` and `name`, where these are named here
    /// because the model has no place for them.
    pub(crate) fn remark(&mut self, node: Node, about: impl Into<Subject>, also: &[&str]) {
        let document = self.document;
        let word = |attribute: &str| {
            let value = also.contains(&attribute).then(|| document.attribute(node, attribute)).flatten();
            value.filter(|value| !value.trim().is_empty())
        };
        let id = word("id").and_then(|id| self.valid_identifier(node, id.trim()));
        let name = word("name").map(Into::into);
        let remark = document.remark(node);
        if remark.is_some() || id.is_some() || name.is_some() {
            let remark = Remark { id, name, ..remark.cloned().unwrap_or_default() };
            self.remarks.entry(about.into()).or_insert(remark);
        }
    }

    /// What a list holds, each of one of the given names; other elements are errors.
    pub(crate) fn items(&mut self, parent: Node, list: &str, names: &[&str]) -> Vec<Node> {
        let mut items = self.document.list(parent, list);
        items.retain(|&item| {
            let known = names.contains(&self.document.name(item));
            if !known {
                self.unknown_element(item, names);
            }
            known
        });
        items
    }

    /// The result, unless something was found that forbids it. Findings come in the order of the text.
    pub(crate) fn finish<T>(self, value: T) -> Result<(T, Diagnostics), ReadError> {
        if let Some((construct, place)) = self.unsupported {
            return Err(ReadError::Unsupported { construct, place });
        }
        let mut sorted: Vec<Diagnostic> = self.findings.iter().cloned().collect();
        sorted.sort_by(|a, b| a.place.cmp(&b.place));
        let mut findings = Diagnostics::new();
        sorted.into_iter().for_each(|finding| findings.push(finding));
        findings.into_result(value).map_err(ReadError::Invalid)
    }

    /// Notes a construct that this reader does not support.
    #[allow(dead_code, reason = "for packages that are read in part")]
    pub(crate) fn unsupported(&mut self, place: Place, construct: impl Into<String>) {
        if self.unsupported.is_none() {
            self.unsupported = Some((construct.into(), place));
        }
    }

    /// Adds an error at an element.
    pub(crate) fn error(&mut self, node: Node, message: impl Into<String>) {
        self.findings.push(Diagnostic::error(self.document.place(node), message));
    }

    /// Adds a warning at an element.
    pub(crate) fn warn(&mut self, node: Node, message: impl Into<String>) {
        self.findings.push(Diagnostic::warning(self.document.place(node), message));
    }

    /// The shared copy of a name.
    pub(crate) fn intern(&mut self, name: &'a str) -> Id {
        self.names.entry(name).or_insert_with(|| Id::from(name)).clone()
    }

    /// An attribute that must be there; its absence is an error.
    pub(crate) fn required(&mut self, node: Node, name: &str) -> Option<&'a str> {
        let value = self.document.attribute(node, name).map(str::trim);
        if value.is_none_or(str::is_empty) {
            let element = self.document.name(node);
            self.error(node, format!("`{element}` has no `{name}`"));
            return None;
        }
        value
    }

    /// The `id` of an element.
    pub(crate) fn identifier(&mut self, node: Node) -> Option<Id> {
        self.identifier_in(node, "id")
    }

    /// An attribute that must hold an identifier.
    pub(crate) fn identifier_in(&mut self, node: Node, attribute: &str) -> Option<Id> {
        let id = self.required(node, attribute)?;
        self.valid_identifier(node, id)
    }

    /// An attribute that may hold an identifier.
    pub(crate) fn optional_identifier(&mut self, node: Node, attribute: &str) -> Option<Id> {
        let id = self.document.attribute(node, attribute).map(str::trim)?;
        self.valid_identifier(node, id)
    }

    /// The shared copy of an identifier; an error when it has a form that SBML does not allow.
    pub(crate) fn valid_identifier(&mut self, node: Node, id: &'a str) -> Option<Id> {
        let starts_well = id.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        if starts_well && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
            return Some(self.intern(id));
        }
        let finding = Diagnostic::error(self.document.place(node), format!("`{id}` is not an identifier of SBML"))
            .hint("identifiers have letters, digits and `_`, and do not start with a digit");
        self.findings.push(finding);
        None
    }

    /// The text for people; the identifier when there is none.
    pub(crate) fn name(&self, node: Node, id: &str) -> String {
        self.document.attribute(node, "name").filter(|name| !name.trim().is_empty()).unwrap_or(id).to_string()
    }

    /// A number, or `None` when the attribute is absent or, after an error, is not a number.
    ///
    /// `NaN` is legal SBML and means what absence means; callers that must tell use [`Context::is_nan`].
    pub(crate) fn number(&mut self, node: Node, attribute: &str) -> Option<f64> {
        let text = self.document.attribute(node, attribute)?.trim();
        match text {
            "NaN" => None,
            "INF" => Some(f64::INFINITY),
            "-INF" => Some(f64::NEG_INFINITY),
            _ => {
                let number = parse_number(text);
                if number.is_none() {
                    self.error(node, format!("`{attribute}` is not a number: `{text}`"));
                }
                number
            }
        }
    }

    /// True when an attribute is written `NaN`.
    pub(crate) fn is_nan(&self, node: Node, attribute: &str) -> bool {
        self.document.attribute(node, attribute).is_some_and(|text| text.trim() == "NaN")
    }

    /// A whole number.
    pub(crate) fn integer(&mut self, node: Node, attribute: &str) -> Option<i32> {
        let text = self.document.attribute(node, attribute)?.trim();
        let number = text.parse().ok();
        if number.is_none() {
            self.error(node, format!("`{attribute}` is not a whole number: `{text}`"));
        }
        number
    }

    /// A truth value, with what the level takes for granted when it is absent.
    pub(crate) fn truth(&mut self, node: Node, attribute: &str, default: bool) -> bool {
        match self.document.attribute(node, attribute).map(str::trim) {
            Some("true" | "1") => true,
            Some("false" | "0") => false,
            Some(other) => {
                self.error(node, format!("`{attribute}` is neither `true` nor `false`: `{other}`"));
                default
            }
            None => {
                self.wants(node, &[(attribute, if default { "true" } else { "false" })]);
                default
            }
        }
    }

    /// A warning for each attribute that Level 3 requires and the element lacks, with what is taken instead.
    pub(crate) fn wants(&mut self, node: Node, attributes: &[(&str, &str)]) {
        if self.level.has_defaults() {
            return;
        }
        for (attribute, taken) in attributes {
            if self.document.attribute(node, attribute).is_none() {
                let element = self.document.name(node);
                let message = format!("`{element}` has no `{attribute}`, taken as: {taken}");
                self.findings
                    .push(Diagnostic::warning(self.document.place(node), message).hint("Level 3 wants it written"));
            }
        }
    }

    /// The unit an attribute names; `None` when it is absent or, after a warning, unknown.
    pub(crate) fn unit(&mut self, node: Node, attribute: &str) -> Option<Unit> {
        let name = self.document.attribute(node, attribute)?.trim();
        self.unit_named(node, name)
    }

    /// The unit of a name; unknown units are a warning, because numbers do not depend on them.
    pub(crate) fn unit_named(&mut self, node: Node, name: &str) -> Option<Unit> {
        let unit = self.units.get(name);
        if unit.is_none() {
            self.warn(node, format!("the unit `{name}` is not defined, so units here are not checked"));
        }
        unit
    }

    /// Reports elements of a name this reader does not know, with the nearest name it does.
    pub(crate) fn unknown_element(&mut self, node: Node, known: &[&str]) {
        let name = self.document.name(node);
        let mut finding =
            Diagnostic::error(self.document.place(node), format!("the element `{name}` is not known here"));
        if let [nearest, ..] = did_you_mean(name, known.iter().copied())[..] {
            finding = finding.hint(format!("did you mean `{nearest}`?"));
        }
        self.findings.push(finding);
    }
}

/// A decimal number as XML Schema writes it. Rust would also take `inf`, `nan` and `infinity`.
pub(crate) fn parse_number(text: &str) -> Option<f64> {
    let plain = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'));
    if plain { text.parse().ok() } else { None }
}
