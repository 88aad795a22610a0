//! A compiled model bound to parameters: the [`System`] a solver integrates, with what an event loop asks and does.

use crate::bytecode::Program;
use crate::compiled::{CompiledModel, ModelPart, Outputs};
use crate::delays::Past;
use crate::draws::DrawingProgram;
use crate::lower::{Slot, position_of, symbol_index};
use crate::machine_code::MachineCode;
use crate::ndf;
use crate::random::Stream;
use crate::system::System;
use network::{Action, SymbolIndex};

/// Operations counted here before the model's shared counter hears of them.
const REPORTED_TOGETHER: u64 = 10_000;

/// A model with its parameters and scratch memory; one per thread and run.
#[derive(Debug)]
pub(crate) struct BoundModel<'m> {
    model: &'m CompiledModel,
    /// See [`crate::bytecode::Layout`].
    memory: Vec<f64>,
    /// The run's random numbers; those of seed 0 until it is given others.
    pub(crate) random: Stream,
    code: Option<&'m MachineCode>,
    unreported: u64,
    /// What formulas look back on; a model without delays needs none.
    past: Option<Box<Past>>,
}

impl<'m> BoundModel<'m> {
    pub(crate) fn new(model: &'m CompiledModel, parameters: &[f64]) -> Self {
        let mut bound = Self {
            model,
            memory: model.layout.memory(model.scratch()),
            random: Stream::new(0, 0),
            code: None,
            unreported: 0,
            past: None,
        };
        bound.set_parameters(parameters);
        bound.look_for_machine_code();
        bound
    }

    /// Gives everything that is neither a state nor derived its value.
    pub(crate) fn set_parameters(&mut self, parameters: &[f64]) {
        self.model.layout.parameters(&mut self.memory).copy_from_slice(parameters);
        self.refresh_derived();
    }

    /// Gives it a past to look back on.
    pub(crate) fn remember(&mut self, past: Past) {
        self.past = Some(Box::new(past));
    }

    /// Remembers that the run begins, or goes on after a jump, from here.
    pub(crate) fn begin_past(&mut self, time: f64, y: &[f64]) {
        if let Some(past) = &mut self.past {
            past.begin(time, y, self.model.layout.parameters(&mut self.memory));
        }
    }

    /// Remembers the last step of an integrator, of which what comes after `start` counts.
    pub(crate) fn take_in(&mut self, start: f64, integrator: &ndf::Integrator) {
        if let Some(past) = &mut self.past {
            let (order, step, rows) = integrator.polynomial();
            past.take_in(&self.model.delays, start, integrator.time(), step, order, rows);
        }
    }

    /// True when a delay, as seen from this point, is negative or not a number.
    pub(crate) fn any_duration_is_wrong(&mut self, t: f64, y: &[f64]) -> bool {
        let Some(past) = &mut self.past else { return false };
        self.model.layout.set_point(&mut self.memory, t, y);
        past.any_duration_is_wrong(self.model, &mut self.memory, y)
    }

    /// How far rates look back from this point, for as long as nothing jumps.
    pub(crate) fn steady_durations(&mut self, t: f64, y: &[f64]) -> Vec<f64> {
        let Some(past) = &mut self.past else { return Vec::new() };
        self.model.layout.set_point(&mut self.memory, t, y);
        let steady = self.model.delays.steady.iter();
        steady.map(|&number| past.duration(self.model, &mut self.memory, number, y)).collect()
    }

    /// Puts a point in place for a program that reads these values of the past.
    fn set_point(&mut self, delayed: &[usize], t: f64, y: &[f64]) {
        self.model.layout.set_point(&mut self.memory, t, y);
        if let Some(past) = &mut self.past
            && !delayed.is_empty()
        {
            past.fill(self.model, &mut self.memory, delayed, y);
        }
    }

    /// The model itself.
    pub(crate) fn compiled(&self) -> &'m CompiledModel {
        self.model
    }

    /// Everything that is neither a state nor derived.
    pub(crate) fn parameters(&mut self) -> &[f64] {
        self.model.layout.parameters(&mut self.memory)
    }

    /// Writes the values of the requested symbols at a point, in the order they were asked for. A species has the value
    /// its name means in expressions.
    pub(crate) fn evaluate(&mut self, outputs: &Outputs, t: f64, y: &[f64], values: &mut [f64]) {
        self.reserve_scratch(outputs.program.scratch());
        self.interpret(&outputs.program, t, y, values);
    }

    /// The memory that programs work on, and the run's random numbers.
    pub(crate) fn memory_and_random(&mut self) -> (&mut [f64], &mut Stream) {
        (&mut self.memory, &mut self.random)
    }

    /// Puts time and states where programs find them.
    pub(crate) fn states_to_memory(&mut self, t: f64, y: &[f64]) {
        self.model.layout.set_point(&mut self.memory, t, y);
    }

    /// Takes back the states that others have changed in the memory.
    pub(crate) fn states_from_memory(&self, y: &mut [f64]) {
        y.copy_from_slice(&self.memory[1..=y.len()]);
    }

    /// Makes room for programs that need so much scratch.
    pub(crate) fn reserve_scratch(&mut self, scratch: usize) {
        let needed = self.model.layout.first_scratch() + scratch;
        if self.memory.len() < needed {
            self.memory.resize(needed, f64::NAN);
        }
    }

    /// The value of every symbol at a point, in the order of the network.
    pub(crate) fn all_values(&mut self, t: f64, y: &[f64]) -> Vec<f64> {
        let symbols: Vec<SymbolIndex> = (0..self.model.storage.len()).map(symbol_index).collect();
        let mut values = vec![0.0; symbols.len()];
        self.evaluate(&self.model.outputs(&symbols), t, y, &mut values);
        values
    }

    /// Writes whether the trigger of each event holds at a point.
    pub(crate) fn triggers(&mut self, t: f64, y: &[f64], holds: &mut [bool]) {
        let mut values = vec![0.0; holds.len()];
        self.interpret(&self.model.triggers, t, y, &mut values);
        for (holds, value) in holds.iter_mut().zip(values) {
            *holds = value != 0.0;
        }
    }

    /// How long the event waits, if triggered at this point; 0 without a delay expression.
    pub(crate) fn event_delay(&mut self, event: usize, t: f64, y: &[f64]) -> f64 {
        self.model.event_programs[event].delay.as_ref().map_or(0.0, |program| self.draw_one(program, t, y))
    }

    /// Priority of the event at this point; `None` without a priority expression.
    pub(crate) fn event_priority(&mut self, event: usize, t: f64, y: &[f64]) -> Option<f64> {
        self.model.event_programs[event].priority.as_ref().map(|program| self.draw_one(program, t, y))
    }

    /// The values the event would assign at this point, in the order of its targets.
    pub(crate) fn event_values(&mut self, event: usize, t: f64, y: &[f64]) -> Vec<f64> {
        let program = &self.model.event_programs[event].values;
        let mut values = vec![0.0; program.program.result_count()];
        self.set_point_drawing(program, t, y);
        program.run(&mut self.memory, &mut self.random, &mut values);
        values
    }

    /// Gives several symbols new values at once, as an event does. A species takes its value in what its name means;
    /// species of a compartment that changes keep their amounts.
    ///
    /// All assignments start from the same state: a concentration assigned together with the size of its compartment is
    /// an amount in the old size, and divided by the new one afterwards (SBML semantic cases 01506, 01779, 01780).
    ///
    /// Targets are symbols that are kept somewhere, which events and a started condition guarantee.
    pub(crate) fn assign(&mut self, t: f64, y: &mut [f64], targets: &[SymbolIndex], values: &[f64]) {
        self.fold(t, y);
        let model = self.model;
        let sizes: Vec<f64> = targets.iter().map(|&target| self.size_dividing(t, y, target)).collect();
        let is_compartment = |symbol: SymbolIndex| model.is_compartment[position_of(symbol)];
        let (compartments, others): (Vec<usize>, Vec<usize>) =
            (0..targets.len()).partition(|&position| is_compartment(targets[position]));
        for position in others {
            self.keep(y, targets[position], values[position] * sizes[position]);
        }
        for position in compartments {
            let (compartment, size) = (targets[position], values[position]);
            let before = self.kept(y, compartment);
            for &(species, _) in model.concentrations.iter().filter(|&&(_, within)| within == compartment) {
                let concentration = self.kept(y, species);
                self.keep(y, species, concentration * before / size);
            }
            self.keep(y, compartment, size);
        }
        self.refresh_derived();
    }

    /// Puts what fast reactions have changed into the states, so that their extents begin anew at 0.
    pub(crate) fn fold(&mut self, t: f64, y: &mut [f64]) {
        if self.model.extents > 0 {
            let mut folded = y.to_vec();
            self.interpret(&self.model.folded, t, y, &mut folded);
            let first = y.len() - self.model.algebraic;
            y[..first + self.model.extents].copy_from_slice(&folded[..first + self.model.extents]);
        }
    }

    /// Carries out a scheduled change of a condition.
    pub(crate) fn apply(&mut self, t: f64, y: &mut [f64], target: SymbolIndex, action: Action) {
        let value = match action {
            Action::Set(value) => value,
            Action::Add(dose) => {
                self.fold(t, y);
                self.kept(y, target) / self.size_dividing(t, y, target) + dose
            }
        };
        self.assign(t, y, &[target], &[value]);
    }

    /// The size by which what is kept is divided to get what the name means; 1 if they are the same.
    pub(crate) fn size_dividing(&mut self, t: f64, y: &[f64], symbol: SymbolIndex) -> f64 {
        let Some(compartment) = self.model.storage[position_of(symbol)].amount_in else { return 1.0 };
        if self.model.storage[position_of(compartment)].slot != Slot::Derived {
            return self.kept(y, compartment);
        }
        let mut size = [0.0];
        self.evaluate(&self.model.outputs(&[compartment]), t, y, &mut size);
        size[0]
    }

    pub(crate) fn kept(&mut self, y: &[f64], symbol: SymbolIndex) -> f64 {
        match self.model.storage[position_of(symbol)].slot {
            Slot::State(state) => y[state],
            Slot::Parameter(parameter) => self.model.layout.parameters(&mut self.memory)[parameter],
            Slot::Derived => f64::NAN,
        }
    }

    fn keep(&mut self, y: &mut [f64], symbol: SymbolIndex, value: f64) {
        match self.model.storage[position_of(symbol)].slot {
            Slot::State(state) => y[state] = value,
            Slot::Parameter(parameter) => self.model.layout.parameters(&mut self.memory)[parameter] = value,
            Slot::Derived => debug_assert!(false, "only what is settable is set"),
        }
    }

    fn refresh_derived(&mut self) {
        self.model.refresh_derived(&mut self.memory);
    }

    fn set_point_drawing(&mut self, program: &DrawingProgram, t: f64, y: &[f64]) {
        let delayed: Vec<usize> = program.delayed().collect();
        self.set_point(&delayed, t, y);
    }

    fn interpret(&mut self, program: &Program, t: f64, y: &[f64], results: &mut [f64]) {
        self.set_point(program.delayed(), t, y);
        program.run(&mut self.memory, results);
    }

    fn draw_one(&mut self, program: &DrawingProgram, t: f64, y: &[f64]) -> f64 {
        let mut value = [0.0];
        self.set_point_drawing(program, t, y);
        program.run(&mut self.memory, &mut self.random, &mut value);
        value[0]
    }

    fn run_part(&mut self, part: ModelPart, t: f64, y: &[f64], results: &mut [f64]) {
        let position = part as usize;
        if let Some(code) = self.code {
            self.set_point(self.model.parts[position].delayed(), t, y);
            code.run(position, &mut self.memory, results);
            return;
        }
        let program = &self.model.parts[position];
        self.interpret(program, t, y, results);
        self.unreported += program.len() as u64;
        if self.unreported >= REPORTED_TOGETHER {
            self.model.tier.count(self.unreported, || self.model.machine_code());
            self.unreported = 0;
            self.look_for_machine_code();
        }
    }

    fn look_for_machine_code(&mut self) {
        self.code = self.model.tier.code();
        let needed = self.code.map_or(0, MachineCode::memory_len);
        if self.memory.len() < needed {
            self.memory.resize(needed, f64::NAN);
        }
    }
}

impl System for BoundModel<'_> {
    fn dimension(&self) -> usize {
        self.model.state_count()
    }

    fn algebraic(&self) -> usize {
        self.model.algebraic
    }

    fn extents(&self) -> usize {
        self.model.extents
    }

    fn rhs(&mut self, t: f64, y: &[f64], dy: &mut [f64]) {
        self.run_part(ModelPart::Rhs, t, y, dy);
    }

    fn jacobian(&mut self, t: f64, y: &[f64], values: &mut [f64]) {
        self.run_part(ModelPart::Jacobian, t, y, values);
        // `1 / (1 + (k/x)^n)` is 0 at x = 0, but its derivative computes as 0 times infinity. The Jacobian only steers
        // Newton's iteration, it does not enter the solution: 0 there is a poor direction, not a number is none at all.
        // A rate that is itself not a number still shows in the right-hand side.
        for value in values.iter_mut().filter(|value| !value.is_finite()) {
            *value = 0.0;
        }
    }

    fn root_count(&self) -> usize {
        self.model.parts[ModelPart::Roots as usize].result_count()
    }

    fn roots(&mut self, t: f64, y: &[f64], g: &mut [f64]) {
        self.run_part(ModelPart::Roots, t, y, g);
    }
}

#[cfg(test)]
mod tests;
