//! Elements with what is said about them: metaid, term, notes, annotation, uncertainties.

use super::Edition;
use super::elements::{Attributes, Writer};
use network::{Draft, Remark, Subject, Thing};

/// How many ids and names of a draft the edition has no place for.
pub(crate) fn lost_names(draft: &Draft, edition: Edition) -> usize {
    let has_place = |subject: &Subject| match (&subject.thing, subject.within) {
        (_, Some((word, _))) => NAMED_IN_VERSION_1.contains(&word),
        (thing, None) => matches!(thing, Thing::Function(_) | Thing::Unit(_)),
    };
    let named = |remark: &Remark| remark.id.is_some() || remark.name.is_some();
    let lost = draft.remarks.iter().filter(|(subject, remark)| named(remark) && !has_place(subject));
    if edition == Edition::Level3Version1 { lost.count() } else { 0 }
}

/// Elements that have a name of their own in Version 1, too.
const NAMED_IN_VERSION_1: &[&str] =
    &["functionDefinition", "unitDefinition", "speciesReference", "modifierSpeciesReference"];

impl Writer<'_> {
    /// Starts an element that holds others.
    pub(super) fn start(&mut self, element: &str, attributes: Attributes<'_>, about: impl Into<Subject>) {
        self.remarked(element, attributes, &about.into(), false);
    }

    /// An element without others in it.
    pub(super) fn leaf(&mut self, element: &str, attributes: Attributes<'_>, about: impl Into<Subject>) {
        self.remarked(element, attributes, &about.into(), true);
    }

    fn remarked(&mut self, element: &str, attributes: Attributes<'_>, about: &Subject, is_leaf: bool) {
        let Some(remark) = self.draft.remarks.get(about) else {
            return if is_leaf { self.xml.empty(element, &attributes) } else { self.xml.open(element, &attributes) };
        };
        let mut all: Attributes<'_> = Vec::new();
        if self.edition == Edition::Level3Version2 || NAMED_IN_VERSION_1.contains(&element) {
            all.extend(remark.id.as_ref().map(|id| ("id", id.to_string())));
            all.extend(remark.name.as_ref().map(|name| ("name", name.to_string())));
        }
        // Unique in a file: parts that came from several files are told apart when they are put together.
        if let Some(metaid) = remark.metaid.as_ref().filter(|metaid| self.meta_ids.insert(metaid.to_string())) {
            all.push(("metaid", metaid.to_string()));
        }
        all.extend(remark.sbo_term.map(|term| ("sboTerm", format!("SBO:{term:07}"))));
        // An id that the element has anyway comes first.
        let own =
            attributes.iter().take_while(|(key, _)| matches!(*key, "id" | "name" | "fbc:id" | "fbc:name")).count();
        let mut attributes = attributes;
        attributes.splice(own..own, all);
        let prose = [("notes", &remark.notes), ("annotation", &remark.annotation)];
        let uncertainties = remark.uncertainties.as_ref();
        if is_leaf && uncertainties.is_none() && prose.iter().all(|(_, text)| text.is_none()) {
            return self.xml.empty(element, &attributes);
        }
        self.xml.open(element, &attributes);
        for (element, text) in prose {
            text.iter().for_each(|text| self.xml.around(element, &[], text));
        }
        if let Some(text) = uncertainties {
            // Mathematics in them may name units in the namespace of the core, which is kept as that of Version 2.
            let text = text.replace(Edition::Level3Version2.namespace(), self.edition.namespace());
            self.xml.around("distrib:listOfUncertainties", &[], &text);
        }
        if is_leaf {
            self.xml.close(element);
        }
    }
}
