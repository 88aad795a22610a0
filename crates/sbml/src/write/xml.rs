//! Elements into text.

use crate::xml::legal;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

/// The text of a document, indented.
pub(super) struct Xml {
    writer: Writer<Vec<u8>>,
}

impl Xml {
    pub(super) fn new() -> Self {
        let mut xml = Self { writer: Writer::new_with_indent(Vec::new(), b' ', 2) };
        xml.event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
        xml
    }

    /// Starts an element that holds others.
    pub(super) fn open(&mut self, name: &str, attributes: &[(&str, String)]) {
        let start = element(name, attributes);
        self.event(Event::Start(start));
    }

    pub(super) fn close(&mut self, name: &str) {
        self.event(Event::End(BytesEnd::new(name)));
    }

    /// An element without content.
    pub(super) fn empty(&mut self, name: &str, attributes: &[(&str, String)]) {
        let start = element(name, attributes);
        self.event(Event::Empty(start));
    }

    /// An element around text, or around two texts with `<sep/>` between them.
    pub(super) fn text(&mut self, name: &str, attributes: &[(&str, String)], text: &str, tail: Option<&str>) {
        self.open(name, attributes);
        self.event(Event::Text(BytesText::new(text)));
        if let Some(tail) = tail {
            self.empty("sep", &[]);
            self.event(Event::Text(BytesText::new(tail)));
        }
        self.close(name);
    }

    /// An element around text that is XML already.
    pub(super) fn around(&mut self, name: &str, attributes: &[(&str, String)], xml: &str) {
        self.open(name, attributes);
        self.event(Event::Text(BytesText::from_escaped(xml)));
        self.close(name);
    }

    /// The whole text.
    pub(super) fn finish(self) -> String {
        let mut text = String::from_utf8_lossy(&self.writer.into_inner()).into_owned();
        text.push('\n');
        text
    }

    fn event(&mut self, event: Event<'_>) {
        // Only writing to a disk or a network can fail.
        self.writer.write_event(event).expect("writing to memory");
    }
}

fn element<'a>(name: &'a str, attributes: &[(&str, String)]) -> BytesStart<'a> {
    let mut start = BytesStart::new(name);
    for (key, value) in attributes {
        start.push_attribute((*key, &*legal(value)));
    }
    start
}

/// The shortest text that reads back as the same number.
pub(super) fn number(value: f64) -> String {
    let size = value.abs();
    if value.is_nan() {
        "NaN".to_string()
    } else if value.is_infinite() {
        if value > 0.0 { "INF".to_string() } else { "-INF".to_string() }
    } else if size != 0.0 && !(1e-4..1e15).contains(&size) {
        format!("{value:e}")
    } else {
        value.to_string()
    }
}
