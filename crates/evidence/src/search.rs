//! Which statements a person is asking for.

use crate::{Card, Direction, Effect, Evidence, Route, Stance, Statement, Tier};

/// What statements must be like; what is left out does not matter.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Query {
    /// Id of a thing that is subject or object, or a signal that one of them is a receptor of.
    pub thing: Option<String>,
    /// Id of a cell or tissue that makes the signal, receives it, or is subject or object.
    pub cell: Option<String>,
    /// How the signal leaves its cell.
    pub route: Option<Route>,
    /// Id of a receptor or channel it acts through.
    pub receptor: Option<String>,
    /// Id of the thing acted on.
    pub process: Option<String>,
    /// A word in the organism of some finding.
    pub organism: Option<String>,
    /// The strongest support is at least so good.
    pub tier: Option<Tier>,
    /// Between which tissues.
    pub direction: Option<Direction>,
    /// Only statements with findings against them.
    pub against: bool,
    /// Words that all occur in the statement, its findings or its papers.
    pub text: Option<String>,
}

impl Evidence {
    /// The statements that fit, in the order of the files.
    pub fn search(&self, query: &Query) -> Vec<&Statement> {
        self.statements.iter().filter(|statement| self.fits(statement, query)).collect()
    }

    fn fits(&self, it: &Statement, query: &Query) -> bool {
        let about = |id: &String| it.subject.value == *id || it.object.value == *id;
        let has_organism = |word: &String| {
            let word = word.to_lowercase();
            it.evidence.iter().any(|item| item.organism.to_lowercase().contains(&word))
        };
        query.thing.as_ref().is_none_or(|id| about(id) || it.through.iter().any(|thing| thing.value == *id))
            && query.cell.as_ref().is_none_or(|id| about(id) || self.cells_of(it).contains(&id.as_str()))
            && query.route.is_none_or(|route| self.routes_of(it).contains(&route))
            && query.receptor.as_ref().is_none_or(|id| self.receptors_of(it).contains(&id.as_str()))
            && query.process.as_ref().is_none_or(|id| it.object.value == *id)
            && query.organism.as_ref().is_none_or(has_organism)
            && query.tier.is_none_or(|tier| it.tier().is_some_and(|best| best <= tier))
            && query.direction.is_none_or(|direction| it.direction == direction)
            && (!query.against || it.evidence.iter().any(|item| item.stance != Stance::Supports))
            && query.text.as_ref().is_none_or(|text| self.holds_words(it, text))
    }

    /// How the signal of a statement leaves its cell: as the statement says, else as the signal's card does.
    pub fn routes_of(&self, statement: &Statement) -> Vec<Route> {
        match statement.route {
            Some(route) => vec![route],
            None => self.sent(statement).map(|card| card.leaves_by.clone()).unwrap_or_default(),
        }
    }

    /// What the signal of a statement binds: as the statement says, else as the signal's card does.
    pub fn receptors_of<'a>(&'a self, statement: &'a Statement) -> Vec<&'a str> {
        let shown = &statement.through;
        let known = self.card(&statement.subject).map_or(&[][..], |card| &card.receptors);
        let list = if shown.is_empty() { known } else { shown };
        list.iter().map(|it| it.as_str()).collect()
    }

    /// Cells and tissues that make or receive the signals of a statement.
    fn cells_of(&self, statement: &Statement) -> Vec<&str> {
        let cards = [&statement.subject, &statement.object].into_iter().filter_map(|id| self.card(id));
        cards.flat_map(|card| card.made_by.iter().chain(&card.acts_on)).map(|it| it.as_str()).collect()
    }

    fn card(&self, id: &str) -> Option<&Card> {
        self.thing(id)?.card.as_ref()
    }

    /// The card of the signal that leaves a cell in a statement: the subject, or what the subject lets out.
    fn sent(&self, statement: &Statement) -> Option<&Card> {
        let released = (statement.effect == Effect::Releases).then(|| self.card(&statement.object)).flatten();
        released.or_else(|| self.card(&statement.subject))
    }

    fn holds_words(&self, it: &Statement, words: &str) -> bool {
        let mut text =
            format!("{} {} {} {}", it.id, it.subject.value, it.object.value, it.note.as_deref().unwrap_or(""));
        for thing in [&it.subject, &it.object].into_iter().filter_map(|id| self.thing(id)) {
            text += &format!(" {} {}", thing.name, thing.also.join(" "));
        }
        for item in &it.evidence {
            text += &format!(" {} {} {}", item.finding, item.organism, item.system.as_deref().unwrap_or(""));
            if let Some(paper) = self.reference(&item.reference) {
                text += &format!(" {} {}", paper.title, paper.authors.join(" "));
            }
        }
        let text = text.to_lowercase();
        words.to_lowercase().split_whitespace().all(|word| text.contains(word))
    }
}
