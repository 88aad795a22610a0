//! The equations of rest: no state changes, and the totals of moieties are kept.

use crate::compiled::{BoundModel, CompiledModel, ModelPart, Outputs};
use crate::conservation::{Conservation, Terms};
use crate::dense::{Dense, DenseLu};
use crate::graph::Node;
use crate::lower::symbol_index;
use crate::system::{Pattern, System};
use network::SymbolIndex;

/// A state this far below the largest value it has had is zero for all that concerns rest.
const TRACE: f64 = 1e-9;

/// Newton steps before giving up.
const MOST_STEPS: usize = 100;

/// An implicit Euler step that is so many times as long as the run counts as endless.
const ENDLESS: f64 = 1e8;

/// Above so many states no dense matrix is made: only the run itself tells what rests.
const MOST_STATES: usize = 3000;

/// The equations of rest of a model.
pub(crate) struct Balance<'m> {
    model: &'m CompiledModel,
    pub conservation: Conservation,
    /// For dependent states, the moiety that replaces their rate.
    replaced: Vec<Option<usize>>,
    terms: Terms,
    term_values: Outputs,
    all_symbols: Outputs,
    depends_on_time: bool,
    /// Largest absolute value of each state so far.
    magnitudes: Vec<f64>,
    /// States that have never been below zero.
    never_negative: Vec<bool>,
    jacobian: Vec<f64>,
}

/// A rest.
pub(crate) struct Nearby {
    pub states: Vec<f64>,
    /// Size of the last step, relative to the scales.
    pub residual: f64,
}

/// How far a run still moves.
pub(crate) struct Drift {
    /// Where it moves.
    pub states: Vec<f64>,
    /// By how much at most, relative to the scales.
    pub size: f64,
    /// The state that moves most.
    pub worst: usize,
}

impl<'m> Balance<'m> {
    pub fn new(model: &'m CompiledModel) -> Self {
        let conservation = model.conservation();
        let mut replaced = vec![None; model.state_count()];
        for (moiety, &state) in conservation.dependent_states.iter().enumerate() {
            replaced[state] = Some(moiety);
        }
        let terms = Terms::of(model);
        let symbols: Vec<SymbolIndex> = (0..model.values.len()).map(symbol_index).collect();
        let watched = [ModelPart::Rhs, ModelPart::Roots].map(|part| &model.part_nodes()[part as usize]);
        let needed = model.graph.reachable(watched.into_iter().flatten().copied());
        let depends_on_time =
            model.graph.nodes().iter().zip(needed).any(|(node, needed)| needed && *node == Node::Time);
        Self {
            model,
            replaced,
            term_values: model.outputs_of_nodes(&terms.nodes),
            terms,
            all_symbols: model.outputs(&symbols),
            depends_on_time,
            conservation,
            magnitudes: vec![0.0; model.state_count()],
            never_negative: vec![true; model.state_count()],
            jacobian: vec![0.0; model.pattern.nonzeros()],
        }
    }

    /// True when rates or triggers depend on time explicitly.
    pub fn depends_on_time(&self) -> bool {
        self.depends_on_time
    }

    /// Remembers how large states are.
    pub fn observe(&mut self, y: &[f64]) {
        for (i, &value) in y.iter().enumerate() {
            self.magnitudes[i] = self.magnitudes[i].max(value.abs());
            // What the error of the run has taken below zero does not count.
            self.never_negative[i] &= value >= -1e-6 * self.magnitudes[i];
        }
    }

    /// The scale on which a state's distance from rest is measured.
    fn scale(&self, state: usize, value: f64) -> f64 {
        value.abs().max(TRACE * self.magnitudes[state]).max(f64::MIN_POSITIVE)
    }

    /// The largest difference of two states relative to the scales.
    pub fn distance(&self, a: &[f64], b: &[f64]) -> f64 {
        let part = |i: usize| (a[i] - b[i]).abs() / self.scale(i, a[i].abs().max(b[i].abs()));
        (0..a.len()).map(part).fold(0.0, f64::max)
    }

    /// The time in which the fastest state changes by as much as it is; 1 when nothing moves.
    pub fn fastest_time(&mut self, (time, y, bound): (f64, Vec<f64>, &mut BoundModel)) -> f64 {
        self.observe(&y);
        let mut rates = vec![0.0; y.len()];
        bound.rhs(time, &y, &mut rates);
        let times = rates.iter().zip(&y).map(|(rate, value)| (value / rate).abs());
        let fastest = times.filter(|&time| time > 1e-9 && time < 1e9).fold(f64::INFINITY, f64::min);
        if fastest.is_finite() { fastest } else { 1.0 }
    }

    /// Rates of change over the scales.
    pub fn relative_rates(&mut self, bound: &mut BoundModel, time: f64, y: &[f64]) -> Vec<f64> {
        let mut rates = vec![0.0; y.len()];
        bound.rhs(time, y, &mut rates);
        rates.iter().enumerate().map(|(i, rate)| rate / self.scale(i, y[i])).collect()
    }

    /// The value of every symbol.
    pub fn values(&self, bound: &mut BoundModel, time: f64, y: &[f64]) -> Vec<f64> {
        let mut values = vec![0.0; self.model.values.len()];
        bound.evaluate(&self.all_symbols, time, y, &mut values);
        values
    }

    /// The reaction that changes a state most.
    pub fn strongest_reaction(
        &self,
        bound: &mut BoundModel,
        time: f64,
        y: &[f64],
        state: usize,
    ) -> Option<SymbolIndex> {
        let mut values = vec![0.0; self.terms.nodes.len()];
        bound.evaluate(&self.term_values, time, y, &mut values);
        let size = |&(term, number): &(usize, f64)| (number * values[term]).abs();
        let strongest = self.terms.rows[state].iter().max_by(|a, b| size(a).total_cmp(&size(b)))?;
        self.terms.reactions[strongest.0]
    }

    /// The rest that Newton's iteration finds from a point, with totals as they are there and without states that turn
    /// negative on the way. The first steps are as long as `elapsed`.
    pub fn rest_near(
        &mut self,
        bound: &mut BoundModel,
        time: f64,
        from: &[f64],
        elapsed: f64,
        tolerance: f64,
    ) -> Option<Nearby> {
        if from.len() > MOST_STATES {
            return None;
        }
        let totals = self.conservation.totals(from);
        let mut y = from.to_vec();
        let mut length = elapsed;
        let mut before = f64::INFINITY;
        for _ in 0..MOST_STEPS {
            let endless = length >= ENDLESS * elapsed;
            let inverse = if endless { 0.0 } else { 1.0 / length };
            let step = self.step(bound, time, &y, inverse, &totals)?;
            let Some(next) = self.moved(&y, &step) else {
                length /= 8.0;
                if length < 1e-6 * elapsed {
                    return None;
                }
                continue;
            };
            let size = self.distance(&y, &next);
            if !size.is_finite() {
                return None;
            }
            y = next;
            if endless && size <= tolerance {
                return Some(Nearby { states: y, residual: size });
            }
            // At rest itself sizes are rounding and no longer shrink.
            length *= if size < before || size <= tolerance { 30.0 } else { 0.5 };
            before = size;
        }
        None
    }

    /// How far an implicit Euler step of this length leads. Rounding and the error of the run, which the first step
    /// takes away, do not count.
    pub fn drift(&mut self, bound: &mut BoundModel, time: f64, y: &[f64], length: f64) -> Option<Drift> {
        if y.len() > MOST_STATES || length <= 0.0 {
            return None;
        }
        let totals = self.conservation.totals(y);
        let step = self.step(bound, time, y, 1.0 / length, &totals)?;
        let first = self.moved(y, &step)?;
        let step = self.step(bound, time, &first, 1.0 / length, &totals)?;
        let states = self.moved(&first, &step)?;
        let part = |i: usize| (states[i] - first[i]).abs() / self.scale(i, states[i].abs().max(first[i].abs()));
        let worst = (0..states.len()).max_by(|&a, &b| part(a).total_cmp(&part(b)));
        let (worst, size) = worst.map_or((0, 0.0), |worst| (worst, part(worst)));
        size.is_finite().then_some(Drift { states, size, worst })
    }

    /// A point after a step; what falls just below zero is zero. `None` when something falls farther, or is not finite.
    fn moved(&self, y: &[f64], step: &[f64]) -> Option<Vec<f64>> {
        let mut next = Vec::with_capacity(y.len());
        for i in 0..y.len() {
            let value = y[i] + step[i];
            let below = value < 0.0 && self.never_negative[i];
            if !value.is_finite() || (below && -value > 1e-3 * TRACE * self.magnitudes[i]) {
                return None;
            }
            next.push(if below { 0.0 } else { value });
        }
        Some(next)
    }

    /// The implicit Euler step of a length with this inverse, one Newton iteration of it; 0 asks for rest itself.
    fn step(&mut self, bound: &mut BoundModel, time: f64, y: &[f64], inverse: f64, totals: &[f64]) -> Option<Vec<f64>> {
        let mut step = vec![0.0; y.len()];
        bound.rhs(time, y, &mut step);
        let now = self.conservation.totals(y);
        for (state, value) in step.iter_mut().enumerate() {
            if let Some(moiety) = self.replaced[state] {
                *value = totals[moiety] - now[moiety];
            }
        }
        self.factors(bound, time, y, inverse)?.solve(&mut step);
        Some(step)
    }

    /// Puts totals in the rows of dependent states.
    pub fn put_totals(&self, rows: &mut [f64], totals: &[f64]) {
        for (row, replaced) in rows.iter_mut().zip(&self.replaced) {
            if let Some(moiety) = *replaced {
                *row = totals[moiety];
            }
        }
    }

    /// The factors of `inverse I - J`, with the weights of moieties in the rows of dependent states.
    pub fn factors(&mut self, bound: &mut BoundModel, time: f64, y: &[f64], inverse: f64) -> Option<DenseLu> {
        let mut matrix = self.jacobian(bound, time, y);
        for state in 0..y.len() {
            let row = matrix.row_mut(state);
            match self.replaced[state] {
                None => {
                    row.iter_mut().for_each(|value| *value = -*value);
                    row[state] += inverse;
                }
                Some(moiety) => {
                    row.fill(0.0);
                    self.conservation.weights[moiety].iter().for_each(|&(state, weight)| row[state] = weight);
                }
            }
        }
        let scales: Vec<f64> = (0..y.len()).map(|state| self.scale(state, y[state])).collect();
        DenseLu::new(&matrix, &scales)
    }

    fn jacobian(&mut self, bound: &mut BoundModel, time: f64, y: &[f64]) -> Dense {
        bound.jacobian(time, y, &mut self.jacobian);
        let mut matrix = Dense::new(y.len());
        let Pattern { column_starts, rows } = &self.model.pattern;
        for column in 0..y.len() {
            let entries = column_starts[column]..column_starts[column + 1];
            for (&row, &value) in rows[entries.clone()].iter().zip(&self.jacobian[entries]) {
                matrix.row_mut(row)[column] = value;
            }
        }
        matrix
    }

    /// Eigenvalues of the Jacobian of the independent states, the dependent ones following from the totals.
    pub fn eigenvalues(&mut self, bound: &mut BoundModel, time: f64, y: &[f64]) -> Option<Vec<(f64, f64)>> {
        if y.len() > MOST_STATES {
            return None;
        }
        let jacobian = self.jacobian(bound, time, y);
        let dependent = &self.conservation.dependent_states;
        let independent: Vec<usize> = (0..y.len()).filter(|&state| self.replaced[state].is_none()).collect();
        // With W split into dependent and independent columns, W_d dy_d = -W_i dy_i.
        let mut of_dependent = Dense::new(dependent.len());
        let mut of_independent = vec![vec![0.0; independent.len()]; dependent.len()];
        for (moiety, weights) in self.conservation.weights.iter().enumerate() {
            for &(state, weight) in weights {
                match dependent.binary_search(&state) {
                    Ok(place) => of_dependent.row_mut(moiety)[place] = weight,
                    Err(_) => {
                        let place = independent.binary_search(&state).expect("a state is dependent or independent");
                        of_independent[moiety][place] = weight;
                    }
                }
            }
        }
        let lu = DenseLu::new(&of_dependent, &vec![1.0; dependent.len()])?;
        let mut reduced = Dense::new(independent.len());
        for (column, &state) in independent.iter().enumerate() {
            let mut following: Vec<f64> = of_independent.iter().map(|row| -row[column]).collect();
            lu.solve(&mut following);
            for (row, &of) in independent.iter().enumerate() {
                let through: f64 =
                    dependent.iter().zip(&following).map(|(&state, d)| jacobian.row(of)[state] * d).sum();
                reduced.row_mut(row)[column] = jacobian.row(of)[state] + through;
            }
        }
        reduced.eigenvalues()
    }

    /// A later time at which this point is no rest any more, or a root function has another sign: times are tried up to
    /// `until`, a few for each doubling.
    pub fn later_disturbance(
        &mut self,
        bound: &mut BoundModel,
        time: f64,
        y: &[f64],
        until: f64,
        tolerance: f64,
    ) -> Option<f64> {
        if !self.depends_on_time {
            return None;
        }
        let mut now = vec![0.0; bound.root_count()];
        let mut then = now.clone();
        bound.roots(time, y, &mut now);
        let mut later = time;
        while later < until {
            later = later * 1.19 + f64::MIN_POSITIVE;
            bound.roots(later, y, &mut then);
            let turned = now.iter().zip(&then).any(|(now, then)| now * then < 0.0);
            let moves = self.relative_rates(bound, later, y).iter().any(|rate| (rate * time).abs() > 1e3 * tolerance);
            if turned || moves {
                return Some(later);
            }
        }
        None
    }
}
