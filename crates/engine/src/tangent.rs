//! Derivatives of the states with respect to what was asked for, carried along a run.
//!
//! Between jumps, a column `s` of them follows `ds/dt = J s + F q`, where `F` are the derivatives of the rates with
//! respect to parameters and `q` those of the parameters themselves, which only jumps change. Once a step of the states
//! is known, the same formula with the same step gives the column: a linear equation, solved by a few corrections with
//! the matrix that Newton's iteration has at hand (the staggered corrector of Feehery, Tolsma & Barton 1997,
//! doi:10.1016/S0168-9274(97)00050-0).
//!
//! At a jump the time itself may depend on what was asked for. *Total* derivatives are those along the moving moment:
//! `D = s + f dt`, where `dt` is the derivative of the moment, from the root function `g` as `dt = -(g_y s + g_q q) /
//! (g_t + g_y f)`. Whatever happens at the moment maps total derivatives to total derivatives; afterwards
//! `s = D - f dt` with the rates after the jump (Galán, Feehery & Barton 1999, doi:10.1016/S0168-9274(98)00125-1).

use crate::compiled::{BoundModel, CompiledModel};
use crate::derivatives::{Derivatives, Of};
use crate::differences::{Differences, MAXIMUM_ORDER};
use crate::lower::{Slot, position_of};
use crate::newton::{Equation, Newton, NewtonFailure};
use crate::roots::just_after;
use crate::system::System;
use crate::tolerance::Tolerances;
use crate::trajectory::Statistics;
use network::{Action, SymbolIndex};

/// Corrections stop when what they leave is this fraction of the error allowed.
const ENOUGH: f64 = 1e-3;

/// Corrections before the matrix is made anew for this very step.
const MOST_CORRECTIONS: usize = 5;

/// A root function that moves slower than this fraction of what its parts do is taken to graze zero.
const GRAZING: f64 = 1e-13;

/// Derivatives carried along a run, column by column.
pub(crate) struct Tangent {
    derivatives: Derivatives,
    states: usize,
    columns: usize,
    /// Of the states: at the end of the integrator's step or, during a moment, total ones at it.
    pub of_states: Vec<f64>,
    /// Of the active parameters.
    pub of_parameters: Vec<f64>,
    /// Of the present moment.
    shift: Vec<f64>,
    /// What each column's variable is as large as, for judging errors.
    sizes: Vec<f64>,
    error_control: bool,
    /// True: the columns stay as they are between moments.
    moments_only: bool,
    /// Root functions that have just changed sign, with the derivatives of the moment.
    crossed: Vec<(usize, Vec<f64>)>,
    /// A time and a state at which rates are those before the moment.
    before: (f64, Vec<f64>),
    /// True once something has happened at the present moment.
    happened: bool,
    differences: Differences,
    predicted: Vec<f64>,
    constant: Vec<f64>,
    corrections: Vec<f64>,
    entries: Vec<f64>,
    residual: Vec<f64>,
}

/// The step of the states that the columns follow.
pub(crate) struct Stage<'a> {
    /// Order of the formula.
    pub order: usize,
    /// `γ` over the leading coefficient.
    pub coefficients: &'a [f64; MAXIMUM_ORDER + 1],
    /// The equation of the states, with the state found in place of the predicted one.
    pub equation: Equation<'a>,
}

/// What is carried from the triggering of an event until it is due, column by column.
#[derive(Debug)]
pub(crate) struct WaitingDerivatives {
    due: Vec<f64>,
    values: Option<Vec<f64>>,
}

/// What a moment makes of derivatives, numbered as states and then active parameters: the columns that differ from
/// those of the identity, with their nonzero entries.
#[derive(Debug, Default)]
pub(crate) struct Matrix {
    columns: Vec<(usize, Vec<(usize, f64)>)>,
}

impl Matrix {
    /// Replaces a row vector, in two parts, by its product with the matrix.
    pub fn transpose(&self, of_states: &mut [f64], of_parameters: &mut [f64]) {
        let part = |of_states: &[f64], of_parameters: &[f64], row: usize| match row.checked_sub(of_states.len()) {
            None => of_states[row],
            Some(parameter) => of_parameters[parameter],
        };
        let product = |(_, entries): &(usize, Vec<(usize, f64)>)| {
            entries.iter().map(|&(row, value)| value * part(of_states, of_parameters, row)).sum()
        };
        let products: Vec<f64> = self.columns.iter().map(product).collect();
        for ((column, _), product) in self.columns.iter().zip(products) {
            match column.checked_sub(of_states.len()) {
                None => of_states[*column] = product,
                Some(parameter) => of_parameters[parameter] = product,
            }
        }
    }
}

impl Tangent {
    /// Columns at the start of a run: `of_states` and `of_parameters` column by column.
    pub fn new(
        derivatives: Derivatives,
        of_states: Vec<f64>,
        of_parameters: Vec<f64>,
        sizes: Vec<f64>,
        error_control: bool,
    ) -> Self {
        let columns = sizes.len();
        let length = of_states.len();
        let states = length.checked_div(columns).unwrap_or(0);
        Self {
            derivatives,
            states,
            columns,
            of_states,
            of_parameters,
            shift: vec![0.0; columns],
            sizes,
            error_control,
            moments_only: false,
            crossed: Vec::new(),
            before: (0.0, vec![0.0; states]),
            happened: false,
            differences: Differences::new(length),
            predicted: vec![0.0; length],
            constant: vec![0.0; length],
            corrections: vec![0.0; length],
            entries: Vec::new(),
            residual: vec![0.0; states],
        }
    }

    /// Columns of the identity, which stay as they are between moments, so that what a moment makes of them is the
    /// moment's own matrix.
    pub fn of_moments(derivatives: Derivatives) -> Self {
        let (states, active) = (derivatives.state_count(), derivatives.active.len());
        let columns = states + active;
        let mut tangent = Self::new(derivatives, Vec::new(), Vec::new(), vec![1.0; columns], false);
        tangent.states = states;
        tangent.moments_only = true;
        tangent.of_states = vec![0.0; columns * states];
        tangent.of_parameters = vec![0.0; columns * active];
        tangent.before.1 = vec![0.0; states];
        tangent.become_identity();
        tangent
    }

    fn become_identity(&mut self) {
        let (states, active) = (self.states, self.derivatives.active.len());
        self.of_states.fill(0.0);
        self.of_parameters.fill(0.0);
        (0..states).for_each(|column| self.of_states[column * states + column] = 1.0);
        (0..active).for_each(|column| self.of_parameters[(states + column) * active + column] = 1.0);
    }

    /// The matrix of the moment that is over; `None` if it is the identity. The columns are those of the identity again.
    pub fn take_matrix(&mut self) -> Option<Matrix> {
        let (states, active) = (self.states, self.derivatives.active.len());
        let mut matrix = Matrix::default();
        for column in 0..self.columns {
            let of_states = self.of_states[column * states..][..states].iter().enumerate();
            let of_parameters = self.of_parameters[column * active..][..active].iter().enumerate();
            let entries = of_states.chain(of_parameters.map(|(parameter, value)| (states + parameter, value)));
            let entries: Vec<(usize, f64)> =
                entries.filter(|(_, value)| **value != 0.0).map(|(row, value)| (row, *value)).collect();
            if entries != [(column, 1.0)] {
                matrix.columns.push((column, entries));
            }
        }
        self.become_identity();
        (!matrix.columns.is_empty()).then_some(matrix)
    }

    /// What computes the derivatives.
    pub fn into_derivatives(self) -> Derivatives {
        self.derivatives
    }

    /// Takes over the parameters of the model after a change.
    pub fn set_parameters(&mut self, model: &mut BoundModel) {
        self.derivatives.set_parameters(model.parameters());
    }

    // Steps.

    /// Begins at a point with the derivatives as they are.
    pub fn begin(&mut self, time: f64, y: &[f64], step: f64) {
        if self.moments_only {
            return;
        }
        let slopes = self.total(Of::Rates, time, y);
        self.differences.start(&self.of_states, &slopes, step);
    }

    /// Begins anew at the end of the last step.
    pub fn begin_again(&mut self, time: f64, y: &[f64], step: f64) {
        if self.moments_only {
            return;
        }
        self.of_states.copy_from_slice(self.differences.row(0));
        self.begin(time, y, step);
    }

    pub fn rescale(&mut self, order: usize, factor: f64) {
        if !self.moments_only {
            self.differences.rescale(order, factor);
        }
    }

    pub fn advance(&mut self, order: usize) {
        if !self.moments_only {
            self.differences.advance(order, &self.corrections);
        }
    }

    /// Puts the derivatives at `s` steps after the latest point in place.
    pub fn interpolate(&mut self, order: usize, s: f64) {
        if !self.moments_only {
            self.differences.interpolate(order, s, &mut self.of_states);
        }
    }

    /// Solves the equation of a step for all columns and gives the largest error, 0 if it is not controlled.
    pub fn attempt(
        &mut self,
        system: &mut dyn System,
        stage: &Stage,
        newton: &mut Newton,
        tolerances: &Tolerances,
        statistics: &mut Statistics,
    ) -> Result<f64, NewtonFailure> {
        if self.moments_only {
            return Ok(0.0);
        }
        let equation = &stage.equation;
        self.differences.predict(stage.order, &mut self.predicted);
        self.differences.combine(stage.order, stage.coefficients, &mut self.constant);
        self.derivatives.evaluate(Of::Rates, equation.time, equation.predicted, &mut self.entries);
        let mut largest = 0.0_f64;
        let mut fresh = false;
        let mut column = 0;
        while column < self.columns {
            if self.correct(column, stage, newton, tolerances, fresh) {
                if self.error_control {
                    let n = self.states;
                    let correction = &self.corrections[column * n..][..n];
                    largest = largest.max(self.norm(column, correction, tolerances) * equation.error_constant);
                }
                column += 1;
            } else if fresh {
                return Err(NewtonFailure::NoConvergence(None));
            } else {
                newton.renew(system, equation, statistics)?;
                fresh = true;
            }
        }
        Ok(largest)
    }

    /// Corrects one column until it solves its equation; false when that does not get there. With a matrix made for this
    /// very step one correction is enough.
    fn correct(
        &mut self,
        column: usize,
        stage: &Stage,
        newton: &mut Newton,
        tolerances: &Tolerances,
        fresh: bool,
    ) -> bool {
        let n = self.states;
        let scale = stage.equation.scale;
        let mut previous = f64::INFINITY;
        self.corrections[column * n..][..n].fill(0.0);
        for iteration in 0..MOST_CORRECTIONS {
            let rows = self.derivatives.rows(Of::Rates);
            for state in 0..n {
                let mut rate = 0.0;
                for (place, variable) in rows.row(state) {
                    let derivative = match variable.checked_sub(n) {
                        None => self.predicted[column * n + variable] + self.corrections[column * n + variable],
                        Some(parameter) if parameter < self.derivatives.active.len() => {
                            self.of_parameters[column * self.derivatives.active.len() + parameter]
                        }
                        Some(_) => 0.0,
                    };
                    rate += self.entries[place] * derivative;
                }
                let place = column * n + state;
                self.residual[state] = scale * rate - self.constant[place] - self.corrections[place];
            }
            newton.correct(scale, &mut self.residual);
            for (correction, update) in self.corrections[column * n..][..n].iter_mut().zip(&self.residual) {
                *correction += update;
            }
            let size = self.norm(column, &self.residual, tolerances) * stage.equation.error_constant;
            let rate = if iteration > 0 { size / previous } else { 1.0 };
            if fresh || size * rate.min(1.0) <= ENOUGH {
                return size.is_finite();
            }
            if !size.is_finite() || rate > 2.0 {
                return false;
            }
            previous = size;
        }
        false
    }

    /// Root mean square of a change of a column in units of what is allowed: as much of a derivative as of the state,
    /// measured in the state over the variable.
    fn norm(&self, column: usize, change: &[f64], tolerances: &Tolerances) -> f64 {
        let part = |(state, change): (usize, &f64)| {
            let derivative = self.predicted[column * self.states + state].abs();
            let allowed = tolerances.relative() * derivative + tolerances.allowed(state) / self.sizes[column];
            (change / allowed).powi(2)
        };
        (change.iter().enumerate().map(part).sum::<f64>() / change.len().max(1) as f64).sqrt()
    }

    /// Number of columns.
    pub fn columns(&self) -> usize {
        self.columns
    }

    // Values.

    /// Total derivatives of some values, column by column.
    pub fn total(&mut self, of: Of, time: f64, y: &[f64]) -> Vec<f64> {
        self.derivatives.evaluate(of, time, y, &mut self.entries);
        let rows = self.derivatives.rows(of);
        let active = self.derivatives.active.len();
        let mut totals = Vec::with_capacity(self.columns * rows.len());
        for column in 0..self.columns {
            let variable = |variable: usize| match variable.checked_sub(self.states) {
                None => self.of_states[column * self.states + variable],
                Some(parameter) if parameter < active => self.of_parameters[column * active + parameter],
                Some(_) => self.shift[column],
            };
            for row in 0..rows.len() {
                totals.push(rows.row(row).map(|(place, number)| self.entries[place] * variable(number)).sum());
            }
        }
        totals
    }

    // Moments.

    /// A moment begins at a time that does not depend on anything. Rates at this point are those before it.
    pub fn arrive(&mut self, before: f64, y: &[f64]) {
        self.shift.fill(0.0);
        self.crossed.clear();
        self.before.0 = before;
        self.before.1.copy_from_slice(y);
        self.happened = false;
    }

    /// A moment begins where root functions have changed sign between `before` and now. The derivatives are those at
    /// `before`, where the state is `y`.
    pub fn cross(&mut self, model: &mut BoundModel, before: f64, y: &[f64], changed: &[usize]) {
        self.arrive(before, y);
        let mut rates = vec![0.0; y.len()];
        model.rhs(before, y, &mut rates);
        let partial = self.total(Of::Roots, before, y);
        let rows = self.derivatives.rows(Of::Roots);
        let count = rows.len();
        for &root in changed {
            let (mut speed, mut size) = (0.0, 0.0_f64);
            for (place, variable) in rows.row(root) {
                let moves = match variable {
                    state if state < y.len() => rates[state],
                    time if time == self.derivatives.time_variable() => 1.0,
                    _ => 0.0,
                };
                speed += self.entries[place] * moves;
                size = size.max((self.entries[place] * moves).abs());
            }
            if speed != 0.0 && speed.abs() > GRAZING * size {
                let shifts = (0..self.columns).map(|column| -partial[column * count + root] / speed).collect();
                self.crossed.push((root, shifts));
            }
        }
    }

    /// Makes the derivatives total ones for the moment of the first root function that has changed sign: what a jump of
    /// the rates by itself needs.
    pub fn shift_to_crossing(&mut self, model: &mut BoundModel, time: f64, y: &[f64]) {
        if let Some((_, shifts)) = self.crossed.first().cloned() {
            self.shift_to(model, time, y, &shifts);
        }
    }

    /// Makes the derivatives total ones for a moment with these derivatives: `D += f (new - old)`.
    fn shift_to(&mut self, model: &mut BoundModel, time: f64, y: &[f64], shifts: &[f64]) {
        if self.shift == shifts {
            return;
        }
        let mut rates = vec![0.0; y.len()];
        if self.happened {
            model.rhs(just_after(time), y, &mut rates);
        } else {
            model.rhs(self.before.0, &self.before.1, &mut rates);
        }
        for (column, (new, old)) in shifts.iter().zip(&self.shift).enumerate() {
            let by = new - old;
            let derivatives = &mut self.of_states[column * self.states..][..self.states];
            derivatives.iter_mut().zip(&rates).for_each(|(derivative, rate)| *derivative += rate * by);
        }
        self.shift.copy_from_slice(shifts);
    }

    /// The moment is over: the derivatives are those at a fixed time right after it, where the state is `y`.
    pub fn leave(&mut self, model: &mut BoundModel, time: f64, y: &[f64]) {
        self.happened = true;
        let still = vec![0.0; self.columns];
        self.shift_to(model, time, y, &still);
        self.crossed.clear();
    }

    /// An event triggers: the derivatives of when it is due, and of its values if they are those of now.
    pub fn trigger(&mut self, model: &mut BoundModel, event: usize, time: f64, y: &[f64]) -> WaitingDerivatives {
        let roots = &self.derivatives.trigger_roots[event];
        if let Some((_, shifts)) = self.crossed.iter().find(|(root, _)| roots.contains(root)).cloned() {
            self.shift_to(model, time, y, &shifts);
        }
        let delays = self.total(Of::Delay(event), time, y);
        let delay = |column: usize| delays.get(column).copied().unwrap_or(0.0);
        let due = (0..self.columns).map(|column| self.shift[column] + delay(column)).collect();
        let now = model.compiled().events()[event].use_values_from_trigger_time;
        WaitingDerivatives { due, values: now.then(|| self.total(Of::Assigned(event), time, y)) }
    }

    /// An event is carried out; its assignments must come after.
    pub fn carry_out(
        &mut self,
        model: &mut BoundModel,
        event: usize,
        time: f64,
        y: &[f64],
        values: &[f64],
        waiting: WaitingDerivatives,
    ) {
        self.shift_to(model, time, y, &waiting.due);
        let derivatives = waiting.values.unwrap_or_else(|| self.total(Of::Assigned(event), time, y));
        let compiled = model.compiled();
        self.assign(model, time, y, &compiled.events()[event].targets, values, &derivatives);
    }

    /// Follows [`BoundModel::assign`], which must come after: `derivatives` are those of the values, column by column.
    fn assign(
        &mut self,
        model: &mut BoundModel,
        time: f64,
        y: &[f64],
        targets: &[SymbolIndex],
        values: &[f64],
        derivatives: &[f64],
    ) {
        self.happened = true;
        let compiled = model.compiled();
        let size_derivatives = self.total(Of::Sizes, time, y);
        let sizes: Vec<f64> = targets.iter().map(|&target| model.size_dividing(time, y, target)).collect();
        for column in 0..self.columns {
            let derivative = |position: usize| derivatives[column * targets.len() + position];
            let of_sizes: Vec<f64> =
                targets.iter().map(|&target| self.of_size(compiled, column, target, &size_derivatives)).collect();
            let is_compartment = |symbol: SymbolIndex| compiled.is_compartment[position_of(symbol)];
            for (position, &target) in targets.iter().enumerate().filter(|&(_, &target)| !is_compartment(target)) {
                let kept = derivative(position) * sizes[position] + values[position] * of_sizes[position];
                self.keep(compiled, column, target, kept);
            }
            for (position, &target) in targets.iter().enumerate().filter(|&(_, &target)| is_compartment(target)) {
                let (before, of_before) = (model.kept(y, target), self.of_kept(compiled, column, target));
                let (after, of_after) = (values[position], derivative(position));
                for &(species, _) in compiled.concentrations.iter().filter(|&&(_, within)| within == target) {
                    let assigned = targets.iter().position(|&other| other == species);
                    let concentration = assigned.map_or_else(|| model.kept(y, species), |position| values[position]);
                    let of_concentration = self.of_kept(compiled, column, species);
                    let diluted = (of_concentration * before + concentration * of_before) / after
                        - concentration * before * of_after / (after * after);
                    self.keep(compiled, column, species, diluted);
                }
                self.keep(compiled, column, target, of_after);
            }
        }
    }

    /// Follows [`BoundModel::apply`], which must come after.
    pub fn apply(&mut self, model: &mut BoundModel, time: f64, y: &[f64], target: SymbolIndex, action: Action) {
        let compiled = model.compiled();
        let size = model.size_dividing(time, y, target);
        let now = model.kept(y, target) / size;
        let (value, derivatives) = match action {
            Action::Set(value) => (value, vec![0.0; self.columns]),
            Action::Add(dose) => {
                let size_derivatives = self.total(Of::Sizes, time, y);
                let derivative = |column: usize| {
                    let of_size = self.of_size(compiled, column, target, &size_derivatives);
                    (self.of_kept(compiled, column, target) - now * of_size) / size
                };
                (now + dose, (0..self.columns).map(derivative).collect())
            }
        };
        self.assign(model, time, y, &[target], &[value], &derivatives);
    }

    /// The derivative of the size that divides what is kept of a symbol; 0 without one.
    fn of_size(&self, compiled: &CompiledModel, column: usize, symbol: SymbolIndex, size_derivatives: &[f64]) -> f64 {
        let Some(compartment) = compiled.storage[position_of(symbol)].amount_in else { return 0.0 };
        let sized = &self.derivatives.sized;
        match sized.iter().position(|&sized| sized == compartment) {
            Some(row) => size_derivatives[column * sized.len() + row],
            None => self.of_kept(compiled, column, compartment),
        }
    }

    fn of_kept(&self, compiled: &CompiledModel, column: usize, symbol: SymbolIndex) -> f64 {
        match compiled.storage[position_of(symbol)].slot {
            Slot::State(state) => self.of_states[column * self.states + state],
            Slot::Parameter(parameter) => {
                let active = &self.derivatives.active;
                let place = active.binary_search(&parameter);
                place.map_or(0.0, |place| self.of_parameters[column * active.len() + place])
            }
            Slot::Derived => 0.0,
        }
    }

    fn keep(&mut self, compiled: &CompiledModel, column: usize, symbol: SymbolIndex, derivative: f64) {
        match compiled.storage[position_of(symbol)].slot {
            Slot::State(state) => self.of_states[column * self.states + state] = derivative,
            Slot::Parameter(parameter) => {
                let active = &self.derivatives.active;
                // What is not active depends on nothing, whatever happens to it.
                if let Ok(place) = active.binary_search(&parameter) {
                    let place = column * active.len() + place;
                    self.of_parameters[place] = derivative;
                }
            }
            Slot::Derived => {}
        }
    }
}
