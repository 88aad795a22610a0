//! The question of flux balance, in the package `fbc`: Version 2, or Version 3 for what only that can say.

use super::elements::{Attributes, Writer};
use super::expressions::names;
use super::xml::number;
use network::{Chemistry, Draft, FluxBalance, FluxTerm, GeneAssociation, Id, Quantity, Sense, Thing};
use std::collections::{BTreeMap, BTreeSet};

/// What the file says about rates beside the core.
pub(super) struct Flux<'d> {
    pub(super) question: &'d FluxBalance,
    /// Parameters for limits and weights that the model gives as plain numbers: ids by the bits of the number.
    made: BTreeMap<u64, Id>,
    bounds: BTreeMap<&'d Id, (Option<String>, Option<String>)>,
    chemistry: BTreeMap<&'d Id, &'d Chemistry>,
    genes: BTreeMap<&'d Id, &'d GeneAssociation>,
}

/// The reactions that the question names.
pub(super) fn reactions(question: &FluxBalance) -> BTreeSet<&Id> {
    let mut named: BTreeSet<&Id> = question.bounds.iter().map(|it| &it.reaction).collect();
    let terms = question.objectives.iter().map(|it| &it.terms).chain(question.constraints.iter().map(|it| &it.terms));
    named.extend(terms.flatten().map(|term| &term.variable));
    named
}

impl<'d> Flux<'d> {
    pub(super) fn of(draft: &'d Draft) -> Option<Self> {
        let question = draft.flux_balance.as_ref()?;
        let mut taken: BTreeSet<Id> = names(draft).into_iter().map(|(id, _)| id.clone()).collect();
        let mut made = BTreeMap::new();
        let limits = question.bounds.iter().flat_map(|it| [&it.lower, &it.upper]);
        let more = question.constraints.iter().flat_map(|it| [&it.lower, &it.upper]);
        let weights = question.constraints.iter().flat_map(|it| &it.terms).map(|term| &term.coefficient);
        for quantity in limits.chain(more).flatten().chain(weights) {
            if let Quantity::Number(value) = quantity {
                made.entry(value.to_bits()).or_insert_with(|| {
                    let mut id = Id::from(format!("flux_bound_{}", taken.len()));
                    while !taken.insert(id.clone()) {
                        id = Id::from(format!("{id}_"));
                    }
                    id
                });
            }
        }
        let chemistry = question.chemistry.iter().map(|it| (&it.species, it)).collect();
        let genes = question.gene_associations.iter().map(|(id, it)| (id, it)).collect();
        let mut flux = Self { question, made, bounds: BTreeMap::new(), chemistry, genes };
        flux.bounds = question.bounds.iter().map(|it| (&it.reaction, flux.limits(&it.lower, &it.upper))).collect();
        Some(flux)
    }

    /// Version 2 has whole charges and no constraints.
    pub(super) fn version(&self) -> u32 {
        let is_whole = |charge: Option<f64>| charge.is_none_or(|charge| charge.fract() == 0.0);
        let fits = self.question.constraints.is_empty() && self.question.chemistry.iter().all(|it| is_whole(it.charge));
        if fits { 2 } else { 3 }
    }

    /// Parameters that hold plain numbers.
    pub(super) fn parameters(&self) -> Vec<(Id, f64)> {
        self.made.iter().map(|(&bits, id)| (id.clone(), f64::from_bits(bits))).collect()
    }

    /// Formula and charge of species.
    pub(super) fn chemistry(&self, species: &Id) -> Attributes<'static> {
        let Some(it) = self.chemistry.get(species) else { return Vec::new() };
        let charge = it.charge.map(|charge| ("fbc:charge", number(charge)));
        charge.into_iter().chain(it.formula.clone().map(|formula| ("fbc:chemicalFormula", formula))).collect()
    }

    /// Names of the limits of a rate.
    pub(super) fn bounds(&self, reaction: &Id) -> Attributes<'static> {
        let Some((lower, upper)) = self.bounds.get(reaction).cloned() else { return Vec::new() };
        let lower = lower.map(|id| ("fbc:lowerFluxBound", id));
        lower.into_iter().chain(upper.map(|id| ("fbc:upperFluxBound", id))).collect()
    }

    fn limits(&self, lower: &Option<Quantity>, upper: &Option<Quantity>) -> (Option<String>, Option<String>) {
        (lower.as_ref().map(|it| self.name(it)), upper.as_ref().map(|it| self.name(it)))
    }

    /// The parameter that holds a quantity.
    fn name(&self, quantity: &Quantity) -> String {
        match quantity {
            Quantity::Parameter(id) => id.to_string(),
            Quantity::Number(value) => self.made.get(&value.to_bits()).map(ToString::to_string).unwrap_or_default(),
        }
    }
}

impl<'d> Writer<'d> {
    /// Which gene products a reaction needs.
    pub(super) fn genes(&mut self, reaction: &Id) {
        let Some(&genes) = self.flux.as_ref().and_then(|flux| flux.genes.get(reaction)) else { return };
        let about = Thing::Reaction(reaction.clone()).within("geneProductAssociation", 0);
        self.start("fbc:geneProductAssociation", Vec::new(), about);
        self.gene_association(genes);
        self.xml.close("fbc:geneProductAssociation");
    }

    fn gene_association(&mut self, genes: &GeneAssociation) {
        let (element, parts) = match genes {
            GeneAssociation::Product(id) => {
                return self.xml.empty("fbc:geneProductRef", &[("fbc:geneProduct", id.to_string())]);
            }
            GeneAssociation::All(parts) => ("fbc:and", parts),
            GeneAssociation::Any(parts) => ("fbc:or", parts),
        };
        self.xml.open(element, &[]);
        parts.iter().for_each(|part| self.gene_association(part));
        self.xml.close(element);
    }

    /// Objectives, gene products and constraints.
    pub(super) fn flux_balance(&mut self) {
        let Some(flux) = self.flux.take() else { return };
        let question = flux.question;
        if !question.objectives.is_empty() {
            let active = question.active.as_ref().or(question.objective().map(|it| &it.id));
            let active = active.map(|id| ("fbc:activeObjective", id.to_string())).into_iter().collect();
            self.start("fbc:listOfObjectives", active, Thing::Model.within("listOfObjectives", 0));
            question.objectives.iter().for_each(|it| self.objective(&flux, it));
            self.xml.close("fbc:listOfObjectives");
        }
        if !question.gene_products.is_empty() {
            self.start("fbc:listOfGeneProducts", Vec::new(), Thing::Model.within("listOfGeneProducts", 0));
            for it in &question.gene_products {
                let mut attributes = flux_named(Some(&it.id), &it.name);
                let label = if it.label.is_empty() { it.id.to_string() } else { it.label.clone() };
                attributes.push(("fbc:label", label));
                attributes.extend(it.species.as_ref().map(|id| ("fbc:associatedSpecies", id.to_string())));
                self.leaf("fbc:geneProduct", attributes, Thing::GeneProduct(it.id.clone()));
            }
            self.xml.close("fbc:listOfGeneProducts");
        }
        if !question.constraints.is_empty() {
            let about = Thing::Model.within("listOfUserDefinedConstraints", 0);
            self.start("fbc:listOfUserDefinedConstraints", Vec::new(), about);
            for (i, it) in question.constraints.iter().enumerate() {
                let mut attributes = flux_named(it.id.as_ref(), &it.name);
                let (lower, upper) = flux.limits(&it.lower, &it.upper);
                attributes.extend(lower.map(|id| ("fbc:lowerBound", id)));
                attributes.extend(upper.map(|id| ("fbc:upperBound", id)));
                self.start("fbc:userDefinedConstraint", attributes, Thing::FluxConstraint(i));
                self.xml.open("fbc:listOfUserDefinedConstraintComponents", &[]);
                for FluxTerm { coefficient, variable } in &it.terms {
                    let attributes = [
                        ("fbc:coefficient", flux.name(coefficient)),
                        ("fbc:variable", variable.to_string()),
                        ("fbc:variableType", "linear".to_string()),
                    ];
                    self.xml.empty("fbc:userDefinedConstraintComponent", &attributes);
                }
                self.xml.close("fbc:listOfUserDefinedConstraintComponents");
                self.xml.close("fbc:userDefinedConstraint");
            }
            self.xml.close("fbc:listOfUserDefinedConstraints");
        }
        self.flux = Some(flux);
    }

    fn objective(&mut self, flux: &Flux<'_>, it: &'d network::Objective) {
        let mut attributes = flux_named(Some(&it.id), &it.name);
        let sense = match it.sense {
            Sense::Maximize => "maximize",
            Sense::Minimize => "minimize",
        };
        attributes.push(("fbc:type", sense.to_string()));
        self.start("fbc:objective", attributes, Thing::Objective(it.id.clone()));
        self.xml.open("fbc:listOfFluxObjectives", &[]);
        for (i, FluxTerm { coefficient, variable }) in it.terms.iter().enumerate() {
            let value = match coefficient {
                Quantity::Number(value) => Some(*value),
                Quantity::Parameter(id) => {
                    self.draft.parameters.iter().find(|it| it.id == *id).and_then(|parameter| parameter.value)
                }
            };
            let mut attributes =
                vec![("fbc:reaction", variable.to_string()), ("fbc:coefficient", number(value.unwrap_or(f64::NAN)))];
            if flux.version() == 3 {
                attributes.push(("fbc:variableType", "linear".to_string()));
            }
            self.leaf("fbc:fluxObjective", attributes, Thing::Objective(it.id.clone()).within("fluxObjective", i));
        }
        self.xml.close("fbc:listOfFluxObjectives");
        self.xml.close("fbc:objective");
    }
}

/// `fbc:id`, and `fbc:name` where it says more.
fn flux_named(id: Option<&Id>, name: &str) -> Attributes<'static> {
    let mut attributes: Attributes<'static> = id.map(|id| ("fbc:id", id.to_string())).into_iter().collect();
    if !name.trim().is_empty() && id.is_none_or(|id| **id != *name) {
        attributes.push(("fbc:name", name.to_string()));
    }
    attributes
}
