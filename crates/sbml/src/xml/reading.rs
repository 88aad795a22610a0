//! From the text of a file to its tree.
//!
//! Every step is linear in the size of the text, and what a hostile text could make grow faster (depth, attributes,
//! namespaces, entities) is bounded.

use super::prose::{Kind, Prose};
use super::{Attributes, Document, Element, Node, PACKAGES, Package, SBML};
use network::Remark;
use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{QName, ResolveResult};
use quick_xml::reader::NsReader;
use source::{Diagnostic, Place, SourceFile};
use std::sync::Arc;

/// The deepest nesting we follow. Models nest some twenty levels; the readers of mathematics recurse.
pub(super) const MAXIMUM_DEPTH: usize = 256;
/// No element of SBML has more than some twenty attributes, packages included.
pub(super) const MAXIMUM_ATTRIBUTES: usize = 100;

pub(super) const MATHML: &str = "http://www.w3.org/1998/Math/MathML";

/// Whether `metaid` attributes are kept. Only the package `comp` refers to them, and they would double the attributes
/// of many files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MetaIds {
    /// When the file declares `comp`.
    WithComp,
    Always,
}

/// Reads a whole file.
pub(super) fn read(file: &SourceFile, meta_ids: MetaIds) -> Result<Document, Diagnostic> {
    Builder::new(file, meta_ids).build()
}

/// What to do with an element that has just been opened.
enum Verdict {
    Keep,
    PassOver,
    /// Kept as text beside the element it is in.
    Take(Kind),
}

struct Builder<'a> {
    reader: NsReader<&'a [u8]>,
    cursor: Cursor<'a>,
    document: Document,
    open: Vec<Node>,
    meta_ids: MetaIds,
}

impl<'a> Builder<'a> {
    fn new(file: &'a SourceFile, meta_ids: MetaIds) -> Self {
        let text = file.text.strip_prefix('\u{feff}').unwrap_or(&file.text);
        Self {
            reader: NsReader::from_str(text),
            cursor: Cursor { text, path: file.path.clone(), offset: 0, line: 1, column: 1 },
            document: Document { paths: vec![file.path.clone()], ..Document::default() },
            open: Vec::new(),
            meta_ids,
        }
    }

    fn build(mut self) -> Result<Document, Diagnostic> {
        self.refuse_web_pages()?;
        loop {
            let offset = usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX);
            let event = match self.reader.read_event() {
                Ok(event) => event,
                Err(error) => return Err(self.malformed(&error)),
            };
            match event {
                Event::Start(start) => self.start(offset, &start, false)?,
                Event::Empty(start) => self.start(offset, &start, true)?,
                Event::End(_) => {
                    self.open.pop();
                }
                Event::Text(text) => self.append(&text.xml10_content()),
                Event::CData(text) => self.append(&text.xml10_content()),
                Event::GeneralRef(reference) => {
                    let name = reference.xml10_content();
                    let character = reference.resolve_char_ref().ok().flatten().map(String::from);
                    let known = character.or_else(|| resolve_predefined_entity(&name).map(String::from));
                    let Some(text) = known else { return Err(self.unknown_entity(offset, &name)) };
                    self.append(&text);
                }
                Event::Eof => break,
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            }
        }
        if let Some(&last) = self.open.last() {
            let message = format!("`{}` is opened here and never closed", self.document.name(last));
            return Err(Diagnostic::error(self.document.place(last), message)
                .because("the file is cut off")
                .hint("download or save the file again"));
        }
        if self.document.elements.is_empty() {
            let place = Place::file(&self.cursor.path);
            return Err(Diagnostic::error(place, "the file holds no XML element").hint("give an SBML file"));
        }
        Ok(self.document)
    }

    /// A missed download leaves a page of the web site under the name of the model.
    fn refuse_web_pages(&self) -> Result<(), Diagnostic> {
        let start = self.cursor.text.trim_start();
        let is_page = |mark: &str| start.get(..mark.len()).is_some_and(|head| head.eq_ignore_ascii_case(mark));
        if is_page("<!doctype html") || is_page("<html") {
            return Err(Diagnostic::error(Place::file(&self.cursor.path), "the file is a web page, not SBML")
                .because("the web site answered the download with a page")
                .hint("download the model again"));
        }
        Ok(())
    }

    fn start(&mut self, offset: usize, start: &BytesStart<'_>, empty: bool) -> Result<(), Diagnostic> {
        let place = self.cursor.advance_to(offset);
        if self.open.is_empty() && !self.document.elements.is_empty() {
            return Err(Diagnostic::error(place, "a second outermost element")
                .because("two files were joined into one")
                .hint("keep one `sbml` element"));
        }
        if self.open.len() >= MAXIMUM_DEPTH {
            return Err(Diagnostic::error(place, format!("elements nest deeper than {MAXIMUM_DEPTH}"))
                .hint("split the formula with assignment rules"));
        }
        let name = start.local_name();
        let verdict = self.verdict(&place, start)?;
        if let Verdict::Take(kind) = verdict {
            return if empty { Ok(()) } else { self.take(kind, &place, name.as_ref()) };
        }
        if let Verdict::PassOver = verdict {
            if !empty {
                let end = start.to_end();
                self.reader.read_to_end(end.name()).map_err(|error| {
                    Diagnostic::error(place.clone(), format!("`{}` is not well-formed XML: {error}", name.as_ref()))
                })?;
            }
            return Ok(());
        }
        let node = Node(
            u32::try_from(self.document.elements.len())
                .map_err(|_| Diagnostic::error(place.clone(), "more elements than can be counted"))?,
        );
        let (attributes, remark) = self.attributes(&place, start)?;
        if let Some(remark) = remark {
            self.document.remarks.insert(node, remark);
        }
        self.document.elements.push(Element {
            name: Box::from(name.as_ref()),
            attributes,
            children: Vec::new(),
            text: String::new(),
            tail: String::new(),
            path: 0,
            line: place.line,
            column: place.column,
        });
        if let Some(&parent) = self.open.last() {
            self.document.elements[parent.index()].children.push(node);
        }
        if !empty {
            self.open.push(node);
        }
        Ok(())
    }

    /// Reads notes and the like, up to the end of their element.
    fn take(&mut self, kind: Kind, place: &Place, name: &str) -> Result<(), Diagnostic> {
        let mut prose = Prose::new(kind);
        loop {
            let event = match self.reader.read_event() {
                Ok(event) => event,
                Err(error) => return Err(self.malformed(&error)),
            };
            match event {
                Event::Start(start) => prose.start(&start, self.reader.resolver()),
                Event::Empty(start) => {
                    prose.start(&start, self.reader.resolver());
                    prose.end(start.name().as_ref());
                }
                Event::End(_) if prose.depth() == 0 => break,
                Event::End(end) => prose.end(end.name().as_ref()),
                Event::Text(text) => prose.text(&text.xml10_content()),
                Event::CData(text) => prose.text(&text.xml10_content()),
                Event::GeneralRef(reference) => {
                    let name = reference.xml10_content();
                    let character = reference.resolve_char_ref().ok().flatten().map(String::from);
                    let known = character.or_else(|| resolve_predefined_entity(&name).map(String::from));
                    // Entities of the file's own are not expanded, so they stay as they are written.
                    prose.text(&known.unwrap_or_else(|| format!("&{name};")));
                }
                Event::Eof => {
                    let message = format!("`{name}` is opened here and never closed");
                    return Err(Diagnostic::error(place.clone(), message)
                        .because("the file is cut off")
                        .hint("download or save the file again"));
                }
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            }
        }
        let mut wrong = prose.wrong.clone();
        if let Some(part) = &prose.wrong_in_part {
            let message = format!("`{name}` is left out in part: {part}");
            self.document.left_out.push(Diagnostic::warning(place.clone(), message));
        }
        if let (Some(text), Some(&parent)) = (prose.finish(), self.open.last())
            && !self.document.add_prose(parent, kind, text)
        {
            wrong = Some("it is the second one here".into());
        }
        if let Some(wrong) = wrong {
            let message = format!("`{name}` is left out: {wrong}");
            self.document.left_out.push(Diagnostic::warning(place.clone(), message));
        }
        Ok(())
    }

    fn verdict(&mut self, place: &Place, start: &BytesStart<'_>) -> Result<Verdict, Diagnostic> {
        let (namespace, name) = self.reader.resolver().resolve_element(start.name());
        let ours = match namespace {
            ResolveResult::Bound(uri) => {
                note_use(&mut self.document.packages, uri.as_ref(), place);
                uri.as_ref() == MATHML || is_core(uri.as_ref()) || package_of(uri.as_ref()).is_some()
            }
            ResolveResult::Unbound => true,
            ResolveResult::Unknown(prefix) => {
                return Err(Diagnostic::error(place.clone(), format!("the prefix `{prefix}` is not declared"))
                    .hint(format!("add `xmlns:{prefix}=\"...\"` to the outermost element")));
            }
        };
        if self.open.is_empty() {
            return Ok(Verdict::Keep);
        }
        let (is_math, is_uncertain) = match namespace {
            ResolveResult::Bound(uri) => (uri.as_ref() == MATHML, is_distributions(uri.as_ref())),
            _ => (false, false),
        };
        Ok(match name.as_ref() {
            "notes" if ours && !is_math => Verdict::Take(Kind::Notes),
            "annotation" | "annotations" if ours && !is_math => Verdict::Take(Kind::Annotation),
            "message" if ours && !is_math => Verdict::Take(Kind::Message),
            "listOfUncertainties" if is_uncertain => Verdict::Take(Kind::Uncertainties),
            "annotation" | "annotation-xml" => Verdict::PassOver,
            _ if ours => Verdict::Keep,
            _ => Verdict::PassOver,
        })
    }

    fn attributes(
        &mut self,
        place: &Place,
        start: &BytesStart<'_>,
    ) -> Result<(Attributes, Option<Remark>), Diagnostic> {
        let mut attributes = Vec::new();
        let mut remark: Option<Remark> = None;
        for (i, attribute) in start.attributes().enumerate() {
            let wrong = |message: String| Diagnostic::error(place.clone(), message);
            if i >= MAXIMUM_ATTRIBUTES {
                return Err(wrong(format!("an element with more than {MAXIMUM_ATTRIBUTES} attributes")));
            }
            let attribute = attribute.map_err(|error| wrong(format!("an attribute is not well-formed: {error}")))?;
            let key = attribute.key.as_ref();
            // Kept out of the tree for speed: no reader of the model asks for them.
            if key.starts_with("xmlns") {
                continue;
            }
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|error| {
                wrong(format!("the value of `{key}` is not well-formed: {error}"))
                    .hint("write `&` as `&amp;` and `<` as `&lt;`; other entities are not known")
            })?;
            match key {
                "sboTerm" => match sbo_term(&value) {
                    Some(term) => remark.get_or_insert_default().sbo_term = Some(term),
                    None => self.document.left_out.push(
                        Diagnostic::warning(place.clone(), format!("`sboTerm` is left out: `{value}` is not a term"))
                            .hint("terms are written as `SBO:0000009`"),
                    ),
                },
                "metaid" => remark.get_or_insert_default().metaid = Some(Arc::from(value.trim())),
                _ => {}
            }
            if key == "sboTerm" || (key == "metaid" && !self.keeps_meta_ids()) {
                continue;
            }
            let mut key = Box::from(key);
            if attribute.key.prefix().is_some() {
                self.package_attribute(place, attribute.key, &value);
                if let (ResolveResult::Bound(uri), local) = self.reader.resolver().resolve_attribute(attribute.key)
                    && let Some(package) = package_of(uri.as_ref())
                {
                    key = Box::from(format!("{package}:{}", local.as_ref()));
                }
            }
            attributes.push((key, Box::from(&*value)));
        }
        Ok((attributes, remark))
    }

    fn keeps_meta_ids(&self) -> bool {
        self.meta_ids == MetaIds::Always || self.document.packages.iter().any(|package| package.name == "comp")
    }

    /// A package announces itself at the root by `fbc:required="false"` under its namespace; any other attribute of
    /// it is a use.
    fn package_attribute(&mut self, place: &Place, key: QName<'_>, value: &str) {
        let (ResolveResult::Bound(uri), local) = self.reader.resolver().resolve_attribute(key) else { return };
        let uri = uri.as_ref();
        if !self.open.is_empty() || local.as_ref() != "required" {
            note_use(&mut self.document.packages, uri, place);
            return;
        }
        // http://www.sbml.org/sbml/level3/version1/fbc/version2
        let short = uri.strip_prefix(SBML).and_then(|rest| rest.split('/').nth(2)).unwrap_or(uri);
        self.document.packages.push(Package {
            name: short.to_string(),
            required: matches!(value.trim(), "true" | "1"),
            first_use: None,
            namespace: uri.to_string(),
        });
    }

    fn append(&mut self, text: &str) {
        // Indentation between elements.
        if text.trim().is_empty() {
            return;
        }
        if let Some(&node) = self.open.last() {
            let element = &mut self.document.elements[node.index()];
            let part = if element.children.is_empty() { &mut element.text } else { &mut element.tail };
            part.push_str(text);
        }
    }

    fn unknown_entity(&mut self, offset: usize, name: &str) -> Diagnostic {
        Diagnostic::error(self.cursor.advance_to(offset), format!("the entity `&{name};` is not known"))
            .because("only the entities of XML itself are read; those a file defines are not expanded")
            .hint("write the character itself")
    }

    fn malformed(&mut self, error: &quick_xml::Error) -> Diagnostic {
        let offset = usize::try_from(self.reader.error_position()).unwrap_or(usize::MAX);
        let finding =
            Diagnostic::error(self.cursor.advance_to(offset), format!("this is not well-formed XML: {error}"));
        if self.document.elements.is_empty() {
            finding.hint("give an SBML file: XML whose outermost element is `sbml`")
        } else {
            finding.because("the file is cut off or was edited by hand").hint("check it with an XML editor")
        }
    }
}

fn note_use(packages: &mut [Package], namespace: &str, place: &Place) {
    for package in packages {
        if package.namespace == namespace {
            package.first_use.get_or_insert_with(|| place.clone());
        }
    }
}

/// `SBO:0000009` is 9.
fn sbo_term(text: &str) -> Option<u32> {
    let digits = text.trim().strip_prefix("SBO:")?;
    let is_number = digits.len() == 7 && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { digits.parse().ok() } else { None }
}

fn is_distributions(uri: &str) -> bool {
    uri.strip_prefix(SBML).and_then(|rest| rest.split('/').nth(2)) == Some("distrib")
}

/// Namespaces of the core: `.../level2/version4`, `.../level2`, `.../level3/version2/core`; packages end differently.
pub(super) fn is_core(uri: &str) -> bool {
    uri.strip_prefix(SBML).is_some_and(|rest| !rest.starts_with('3') || rest.ends_with("/core"))
}

/// The package that is read, in any version: `.../level3/version1/comp/version1` is `comp`.
fn package_of(uri: &str) -> Option<&'static str> {
    let name = uri.strip_prefix(SBML)?.split('/').nth(2)?;
    PACKAGES.iter().copied().find(|&package| package == name)
}

/// Line and column of rising byte offsets; only moves forward, so all places of a file cost one pass.
struct Cursor<'a> {
    text: &'a str,
    path: Arc<str>,
    offset: usize,
    line: u32,
    column: u32,
}

impl Cursor<'_> {
    fn advance_to(&mut self, offset: usize) -> Place {
        let mut end = offset.clamp(self.offset, self.text.len().max(self.offset));
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let passed = self.text.get(self.offset..end).unwrap_or("");
        match passed.rfind('\n') {
            Some(last) => {
                let lines = passed.bytes().filter(|&byte| byte == b'\n').count();
                self.line = self.line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
                self.column = 1 + count(&passed[last + 1..]);
            }
            None => self.column = self.column.saturating_add(count(passed)),
        }
        self.offset = self.offset.max(end);
        Place { path: self.path.clone(), line: self.line, column: self.column }
    }
}

fn count(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX - 1)
}
