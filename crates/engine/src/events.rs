//! Events: which triggers hold, which events wait, and what happens when their time has come.
//!
//! The rules are those of SBML Level 3 (section 4.12 of the specification): an event triggers when its condition turns
//! from false to true; its delay is computed then, and its values too if it uses those of trigger time; of several that
//! are due, the one of highest priority goes first, chance decides between equal priorities, and every one of them may
//! trigger or cancel others.

use crate::compiled::{BoundModel, CompiledModel, EventShape};
use crate::consistent::Constraints;
use crate::options::{FailureKind, Stop};
use crate::tangent::{Tangent, WaitingDerivatives};

/// Events at one time before it is called endless.
const MOST_AT_ONCE: usize = 10_000;

/// The events of a run.
pub(crate) struct Events<'m> {
    shapes: &'m [EventShape],
    /// Whether each trigger held when last looked at.
    held: Vec<bool>,
    holds: Vec<bool>,
    /// Triggered and not yet carried out, in the order of triggering.
    waiting: Vec<Waiting>,
    /// Derivatives carried along, lent for as long as events happen.
    pub tangent: Option<Box<Tangent>>,
}

/// An event that has triggered.
struct Waiting {
    event: usize,
    due: f64,
    values: Option<Vec<f64>>,
    derivatives: Option<WaitingDerivatives>,
}

/// What a look at the triggers led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Happened {
    /// Events carried out.
    pub carried_out: usize,
    /// True when an event has triggered or been dropped, so that the next due time may be another.
    pub plans_changed: bool,
}

impl<'m> Events<'m> {
    /// Before time starts: triggers have the values the model gives them.
    pub fn new(model: &'m CompiledModel) -> Self {
        let shapes = model.events();
        let held: Vec<bool> = shapes.iter().map(|event| event.trigger_initially).collect();
        Self { shapes, holds: held.clone(), held, waiting: Vec::new(), tangent: None }
    }

    /// True when the model has events.
    pub fn any(&self) -> bool {
        !self.shapes.is_empty()
    }

    /// When the next waiting event is due.
    pub fn next_due(&self) -> Option<f64> {
        self.waiting.iter().map(|waiting| waiting.due).min_by(f64::total_cmp)
    }

    /// True when a trigger has another value here than when last processed.
    pub fn would_change(&mut self, model: &mut BoundModel, time: f64, y: &[f64]) -> bool {
        model.triggers(time, y, &mut self.holds);
        self.holds != self.held
    }

    /// Triggers events and carries out all that are due, until nothing more happens at this time. Algebraic equations hold
    /// again after each.
    pub fn process(
        &mut self,
        model: &mut BoundModel,
        mut constraints: Option<&mut Constraints>,
        time: f64,
        y: &mut [f64],
    ) -> Result<Happened, Stop> {
        let mut happened = Happened { carried_out: 0, plans_changed: false };
        loop {
            happened.plans_changed |= self.trigger(model, time, y)?;
            let Some(next) = self.first_due(model, time, y) else { return Ok(happened) };
            let Waiting { event, values, derivatives, .. } = self.waiting.remove(next);
            let values = values.unwrap_or_else(|| model.event_values(event, time, y));
            if let (Some(tangent), Some(derivatives)) = (&mut self.tangent, derivatives) {
                tangent.carry_out(model, event, time, y, &values, derivatives);
            }
            model.assign(time, y, &self.shapes[event].targets, &values);
            if let Some(constraints) = constraints.as_deref_mut() {
                constraints.settle(model, time, y)?;
            }
            if let Some(tangent) = &mut self.tangent {
                tangent.set_parameters(model);
            }
            happened.carried_out += 1;
            if happened.carried_out > MOST_AT_ONCE {
                return Err(Stop { kind: FailureKind::EndlessEvents, state: None });
            }
        }
    }

    /// Looks at all triggers: those that turned true make their event wait, those that turned false may drop it.
    fn trigger(&mut self, model: &mut BoundModel, time: f64, y: &[f64]) -> Result<bool, Stop> {
        if self.shapes.is_empty() {
            return Ok(false);
        }
        model.triggers(time, y, &mut self.holds);
        let mut changed = false;
        for (event, shape) in self.shapes.iter().enumerate() {
            if self.holds[event] && !self.held[event] {
                let delay = if shape.has_delay { model.event_delay(event, time, y) } else { 0.0 };
                if delay.is_nan() || delay < 0.0 {
                    return Err(Stop { kind: FailureKind::InvalidDelay, state: None });
                }
                let values = shape.use_values_from_trigger_time.then(|| model.event_values(event, time, y));
                let derivatives = self.tangent.as_mut().map(|tangent| tangent.trigger(model, event, time, y));
                self.waiting.push(Waiting { event, due: time + delay, values, derivatives });
                changed = true;
            } else if self.held[event] && !self.holds[event] && !shape.persistent {
                let before = self.waiting.len();
                self.waiting.retain(|waiting| waiting.event != event);
                changed |= self.waiting.len() != before;
            }
        }
        self.held.copy_from_slice(&self.holds);
        Ok(changed)
    }

    /// Position of the waiting event to carry out now: highest priority first, by chance among equals; those without a
    /// priority last, in the order of the model and then of triggering.
    fn first_due(&self, model: &mut BoundModel, time: f64, y: &[f64]) -> Option<usize> {
        let mut highest = f64::NEG_INFINITY;
        let mut first: Vec<usize> = Vec::new();
        for (position, waiting) in self.waiting.iter().enumerate().filter(|(_, waiting)| waiting.due <= time) {
            let given = if self.shapes[waiting.event].has_priority {
                model.event_priority(waiting.event, time, y)
            } else {
                None
            };
            let priority = given.filter(|value| !value.is_nan()).unwrap_or(f64::NEG_INFINITY);
            if priority > highest {
                highest = priority;
                first.clear();
            }
            if priority == highest {
                first.push(position);
            }
        }
        if first.len() > 1 && highest > f64::NEG_INFINITY {
            return Some(first[model.random.below(first.len())]);
        }
        first.into_iter().min_by_key(|&position| self.waiting[position].event)
    }
}
