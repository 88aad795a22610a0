//! Values of the past: `delay(value, duration)`.
//!
//! What a formula reads of the past is a number in memory that is found before the formula runs, like a draw: the duration
//! is computed, and the value with the states and parameters of that earlier time. So nothing else has to know of delays,
//! and no derivative looks for one: Newton's iteration takes the past as given.
//!
//! The states of earlier times are the polynomials of the steps themselves, kept with the parameters that were in force.
//! Where a delay is shorter than the step being tried, the polynomial through the past and the state tried is read. Before
//! the start the formulas that give the initial values hold, at that earlier time, and nothing moves by itself.

use crate::bytecode::{Layout, Program};
use crate::compiled::{CompiledModel, put_in_force};
use crate::differences::interpolation;
use crate::error::CompileError;
use crate::expressions::Lowering;
use crate::graph::{Graph, Node, NodeId};
use crate::lower::{Equations, Moment};
use network::{Expression, SymbolIndex};
use std::collections::{HashMap, VecDeque};

/// Delays of delays of delays: so many looks back for one look are an endless regress.
const DEEPEST: usize = 1000;

/// Evaluations of the past for one value before it is given up as too dear.
const MOST_LOOKS: usize = 100_000;

/// The delays that formulas name, by number.
#[derive(Debug, Default)]
pub(crate) struct DelayTable {
    delays: Vec<(Expression, Expression)>,
    /// Numbers by the text of value and duration. Only looked up, never iterated.
    numbers: HashMap<String, usize>,
}

impl DelayTable {
    /// The number of this delay; the same one gets the same number.
    pub fn number(&mut self, value: &Expression, duration: &Expression) -> usize {
        *self.numbers.entry(format!("{value}, {duration}")).or_insert_with(|| {
            self.delays.push((value.clone(), duration.clone()));
            self.delays.len() - 1
        })
    }
}

/// The formulas of a delay while time runs, before it starts, and (the duration only) at the start.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LoweredDelay {
    pub value: NodeId,
    pub duration: NodeId,
    value_before: NodeId,
    duration_before: NodeId,
    duration_at_start: Option<NodeId>,
}

/// Writes the formulas of all delays that have been met, and of those met on the way. Gives the graph of the time before the
/// start with them.
pub(crate) fn lower_delays<'e, 'n>(
    equations: &'e Equations<'n>,
    running: &mut Lowering<'e, 'n>,
    initial: &mut Lowering<'e, 'n>,
) -> Result<(Vec<LoweredDelay>, Graph), CompileError> {
    let mut before = Lowering::new(equations, Moment::Before);
    let mut table = std::mem::take(&mut initial.delays);
    let mut delays: Vec<LoweredDelay> = Vec::new();
    let write = |lowering: &mut Lowering<'e, 'n>, table: &mut DelayTable, formula: &Expression| {
        std::mem::swap(&mut lowering.delays, table);
        let node = lowering.expression(formula);
        std::mem::swap(&mut lowering.delays, table);
        node
    };
    loop {
        while let Some((value, duration)) = table.delays.get(delays.len()).cloned() {
            let delay = LoweredDelay {
                value: write(running, &mut table, &value)?,
                duration: write(running, &mut table, &duration)?,
                value_before: write(&mut before, &mut table, &value)?,
                duration_before: write(&mut before, &mut table, &duration)?,
                duration_at_start: None,
            };
            let needed = running.graph.reachable([delay.value, delay.duration]);
            if running.graph.nodes().iter().zip(needed).any(|(node, needed)| needed && matches!(node, Node::Draw(_))) {
                let construct = "delay of what is drawn from a distribution".to_string();
                return Err(CompileError::Unsupported { construct, symbol: None });
            }
            delays.push(delay);
        }
        let at_start = initial.graph.nodes().iter().filter_map(|node| match node {
            Node::Delayed(number) => Some(*number as usize),
            _ => None,
        });
        let Some(number) = at_start
            .into_iter()
            .find(|&number| delays.get(number).is_none_or(|delay| delay.duration_at_start.is_none()))
        else {
            return Ok((delays, before.graph));
        };
        let duration = table.delays[number].1.clone();
        let node = write(initial, &mut table, &duration)?;
        delays[number].duration_at_start = Some(node);
    }
}

/// The programs of all delays of a model.
#[derive(Debug)]
pub(crate) struct Delays {
    running: Vec<Delay>,
    before: Vec<Delay>,
    before_layout: Layout,
    /// The durations at the start, of those that initial values need.
    at_start: Vec<Option<Program>>,
    /// Delays that rates look back by whose durations change at jumps only.
    pub steady: Vec<usize>,
    /// True when some duration may change between jumps.
    pub durations_vary: bool,
    /// How far back anything can ever look, where that is known.
    horizon: Option<f64>,
}

#[derive(Debug)]
struct Delay {
    value: Program,
    duration: Program,
}

impl Delays {
    /// The programs for these delays of a graph laid out in this way; `initial` is the graph of the initial values.
    pub fn new(
        lowered: &[LoweredDelay],
        (graph, layout): (&Graph, &Layout),
        (before_graph, symbols): (&Graph, usize),
        (initial_graph, initial_layout): (&Graph, &Layout),
        rates: &[NodeId],
    ) -> Self {
        let before_layout = Layout::new(before_graph, 0, 2 * symbols, &[]);
        let program = |node: NodeId| Program::new(graph, layout, &[node]);
        let program_before = |node: NodeId| Program::new(before_graph, &before_layout, &[node]);
        let running: Vec<Delay> = lowered
            .iter()
            .map(|delay| Delay { value: program(delay.value), duration: program(delay.duration) })
            .collect();
        let nested = running.iter().any(|delay| !delay.value.delayed().is_empty());
        let longest = lowered
            .iter()
            .map(|delay| graph.constant_value(delay.duration))
            .try_fold(0.0, |longest, duration| duration.map(|duration| f64::max(longest, duration)));
        let varies = graph.varies();
        let looked_back_by = reached(graph, lowered, rates);
        Self {
            steady: looked_back_by.into_iter().filter(|&number| !varies[lowered[number].duration.index()]).collect(),
            durations_vary: lowered.iter().any(|delay| varies[delay.duration.index()]),
            horizon: longest.filter(|_| !nested),
            before: lowered
                .iter()
                .map(|delay| Delay {
                    value: program_before(delay.value_before),
                    duration: program_before(delay.duration_before),
                })
                .collect(),
            at_start: lowered
                .iter()
                .map(|delay| delay.duration_at_start.map(|node| Program::new(initial_graph, initial_layout, &[node])))
                .collect(),
            running,
            before_layout,
        }
    }

    /// The formulas as they are read at a point.
    fn reading(&self, point: Point) -> &[Delay] {
        match point {
            Point::Before(_) => &self.before,
            Point::Then(_) => &self.running,
        }
    }

    /// True without any.
    pub fn is_empty(&self) -> bool {
        self.running.is_empty()
    }

    /// Scratch places that the programs of running time need.
    pub fn scratch(&self) -> usize {
        self.running.iter().flat_map(|it| [it.value.scratch(), it.duration.scratch()]).max().unwrap_or(0)
    }

    /// Scratch places that the durations at the start need.
    pub fn scratch_at_start(&self) -> usize {
        self.at_start.iter().flatten().map(Program::scratch).max().unwrap_or(0)
    }
}

/// Numbers of the delays that these nodes look back by, directly or by way of others.
fn reached(graph: &Graph, lowered: &[LoweredDelay], roots: &[NodeId]) -> Vec<usize> {
    let mut reached = vec![false; lowered.len()];
    let mut roots = roots.to_vec();
    while !roots.is_empty() && !lowered.is_empty() {
        let needed = graph.reachable(roots.drain(..));
        for (node, _) in graph.nodes().iter().zip(needed).filter(|(_, needed)| *needed) {
            if let Node::Delayed(number) = node
                && !std::mem::replace(&mut reached[*number as usize], true)
            {
                roots.extend([lowered[*number as usize].value, lowered[*number as usize].duration]);
            }
        }
    }
    (0..lowered.len()).filter(|&number| reached[number]).collect()
}

/// What a run remembers, and where it looks things up.
#[derive(Debug)]
pub(crate) struct Past {
    /// Memory of the time before the start.
    before: Vec<f64>,
    /// Memory for points of the past, and the parameters in it.
    memory: Vec<f64>,
    loaded: Option<usize>,
    /// Parameters that have been in force.
    parameters: Vec<Vec<f64>>,
    /// In the order of their starts. Of several that begin at one time the last counts.
    segments: VecDeque<Segment>,
    /// The present.
    time: f64,
    y: Vec<f64>,
    state: Vec<f64>,
    looks_left: usize,
}

/// The polynomial of a step.
#[derive(Debug)]
struct Segment {
    start: f64,
    /// The time of row 0, the end of the step.
    time: f64,
    step: f64,
    order: usize,
    /// Backward differences from the 0th to the one of the order.
    rows: Vec<f64>,
    parameters: usize,
}

/// A point of the past: before the start, or later.
#[derive(Debug, Clone, Copy)]
enum Point {
    Before(f64),
    Then(f64),
}

impl Point {
    fn time(self) -> f64 {
        match self {
            Self::Before(time) | Self::Then(time) => time,
        }
    }
}

impl Past {
    /// Nothing has happened yet; `given` are the initial values of a condition.
    pub fn new(model: &CompiledModel, given: &[(SymbolIndex, f64)]) -> Self {
        let delays = &model.delays;
        let scratch =
            delays.before.iter().flat_map(|it| [it.value.scratch(), it.duration.scratch()]).max().unwrap_or(0);
        let mut past = Self {
            before: delays.before_layout.memory(scratch),
            memory: model.layout.memory(delays.scratch().max(model.derived.scratch())),
            loaded: None,
            parameters: Vec::new(),
            segments: VecDeque::new(),
            time: 0.0,
            y: vec![0.0; model.state_count()],
            state: vec![0.0; model.state_count()],
            looks_left: 0,
        };
        put_in_force(delays.before_layout.parameters(&mut past.before), given);
        past
    }

    /// From here on these parameters are in force, and the state goes on from `y`.
    pub fn begin(&mut self, time: f64, y: &[f64], parameters: &[f64]) {
        if self.parameters.last().is_none_or(|last| last != parameters) {
            self.parameters.push(parameters.to_vec());
        }
        let parameters = self.parameters.len() - 1;
        self.segments.push_back(Segment { start: time, time, step: 1.0, order: 0, rows: y.to_vec(), parameters });
    }

    /// Remembers a step: from `start` on the polynomial of this order counts, whose differences of steps that end at `time`
    /// are `rows`.
    pub fn take_in(&mut self, delays: &Delays, start: f64, time: f64, step: f64, order: usize, rows: &[f64]) {
        let parameters = self.parameters.len().saturating_sub(1);
        self.segments.push_back(Segment { start, time, step, order, rows: rows.to_vec(), parameters });
        let Some(horizon) = delays.horizon else { return };
        while self.segments.get(1).is_some_and(|next| next.start < start - 2.0 * horizon) {
            self.segments.pop_front();
        }
    }

    /// Puts these values of the past, as seen from a point, where the programs of `now` look for them. `now` has time and
    /// states in place.
    pub fn fill(&mut self, model: &CompiledModel, now: &mut [f64], delayed: &[usize], y: &[f64]) {
        self.time = now[0];
        self.y.copy_from_slice(y);
        self.looks_left = MOST_LOOKS;
        self.fill_deep(model, now, delayed, 0);
    }

    /// True when a duration, as seen from a point, is negative or not a number.
    pub fn any_duration_is_wrong(&mut self, model: &CompiledModel, now: &mut [f64], y: &[f64]) -> bool {
        model.delays.running.iter().any(|delay| {
            self.fill(model, now, delay.duration.delayed(), y);
            let duration = run(&delay.duration, now);
            duration.is_nan() || duration < 0.0
        })
    }

    /// The duration of a delay as seen from a point.
    pub fn duration(&mut self, model: &CompiledModel, now: &mut [f64], number: usize, y: &[f64]) -> f64 {
        let program = &model.delays.running[number].duration;
        self.fill(model, now, program.delayed(), y);
        run(program, now)
    }

    /// Puts values of the past, as seen from the start, into the memory of the initial values.
    pub fn fill_start(&mut self, model: &CompiledModel, memory: &mut [f64], delayed: &[usize], depth: usize) {
        for &number in delayed {
            let value = match &model.delays.at_start[number] {
                Some(program) if depth < DEEPEST => {
                    self.fill_start(model, memory, program.delayed(), depth + 1);
                    let duration = run(program, memory);
                    self.looks_left = MOST_LOOKS;
                    let value = &model.delays.before[number].value;
                    if duration >= 0.0 { self.evaluate(model, value, Point::Before(-duration), 0) } else { f64::NAN }
                }
                _ => f64::NAN,
            };
            model.initial_layout.delayed(memory)[number] = value;
        }
    }

    fn fill_deep(&mut self, model: &CompiledModel, now: &mut [f64], delayed: &[usize], depth: usize) {
        for &number in delayed {
            let value = self.seen_from_now(model, now, number, depth);
            model.layout.delayed(now)[number] = value;
        }
    }

    fn seen_from_now(&mut self, model: &CompiledModel, now: &mut [f64], number: usize, depth: usize) -> f64 {
        if self.gives_up(depth) {
            return f64::NAN;
        }
        let delay = &model.delays.running[number];
        self.fill_deep(model, now, delay.duration.delayed(), depth + 1);
        let duration = run(&delay.duration, now);
        if duration == 0.0 {
            self.fill_deep(model, now, delay.value.delayed(), depth + 1);
            return run(&delay.value, now);
        }
        self.value(model, number, self.time - duration, duration, depth + 1)
    }

    fn seen_from(&mut self, model: &CompiledModel, point: Point, number: usize, depth: usize) -> f64 {
        if self.gives_up(depth) {
            return f64::NAN;
        }
        let delay = &model.delays.reading(point)[number];
        let duration = self.evaluate(model, &delay.duration, point, depth + 1);
        if duration == 0.0 {
            return self.evaluate(model, &delay.value, point, depth + 1);
        }
        self.value(model, number, point.time() - duration, duration, depth + 1)
    }

    /// The value of a delay at the time it looks back to.
    fn value(&mut self, model: &CompiledModel, number: usize, time: f64, duration: f64, depth: usize) -> f64 {
        if duration.is_nan() || duration < 0.0 {
            return f64::NAN;
        }
        let point = if time < -self.resolution() { Point::Before(time) } else { Point::Then(time) };
        self.evaluate(model, &model.delays.reading(point)[number].value, point, depth)
    }

    /// A program of a point's reading of the formulas, there.
    fn evaluate(&mut self, model: &CompiledModel, program: &Program, point: Point, depth: usize) -> f64 {
        let seen = |past: &mut Self, &number: &usize| past.seen_from(model, point, number, depth + 1);
        let inputs: Vec<f64> = program.delayed().iter().map(|number| seen(self, number)).collect();
        let (layout, memory) = match point {
            Point::Before(time) => {
                model.delays.before_layout.set_point(&mut self.before, time, &[]);
                (&model.delays.before_layout, &mut self.before)
            }
            Point::Then(time) => {
                self.load(model, time);
                (&model.layout, &mut self.memory)
            }
        };
        for (&number, value) in program.delayed().iter().zip(inputs) {
            layout.delayed(memory)[number] = value;
        }
        run(program, memory)
    }

    /// Puts a point of the past into the memory.
    fn load(&mut self, model: &CompiledModel, time: f64) {
        let reach = time + self.resolution();
        let after = self.segments.partition_point(|segment| segment.start <= reach);
        let Some(segment) = after.checked_sub(1).map(|last| &self.segments[last]) else {
            // Nothing is forgotten that can be looked at, so this is the start itself.
            model.layout.set_point(&mut self.memory, time, &self.y);
            return;
        };
        if self.loaded != Some(segment.parameters) {
            model.layout.parameters(&mut self.memory).copy_from_slice(&self.parameters[segment.parameters]);
            model.refresh_derived(&mut self.memory);
            self.loaded = Some(segment.parameters);
        }
        segment.interpolate(time, &mut self.state);
        let is_last = after == self.segments.len();
        if is_last && time > segment.time && self.time > segment.time {
            // Within the step being tried: the polynomial that also goes through the state tried.
            let weight = segment.weight_of_next(time, self.time);
            let mut ahead = vec![0.0; self.y.len()];
            segment.interpolate(self.time, &mut ahead);
            for ((state, y), ahead) in self.state.iter_mut().zip(&self.y).zip(&ahead) {
                *state += weight * (y - ahead);
            }
        }
        model.layout.set_point(&mut self.memory, time, &self.state);
    }

    /// What is so close to the time of a jump is that time: `t - duration` is rounded.
    fn resolution(&self) -> f64 {
        RESOLUTION * self.time.abs()
    }

    fn gives_up(&mut self, depth: usize) -> bool {
        if self.looks_left == 0 || depth > DEEPEST {
            return true;
        }
        self.looks_left -= 1;
        false
    }
}

/// Times nearer than this part of the present are one.
const RESOLUTION: f64 = 4.0 * f64::EPSILON;

/// A time before `time` that is told from it when looking back.
pub(crate) fn well_before(time: f64) -> f64 {
    time - 4.0 * RESOLUTION * time.abs()
}

impl Segment {
    fn interpolate(&self, time: f64, y: &mut [f64]) {
        let n = y.len();
        y.copy_from_slice(&self.rows[..n]);
        let weights = interpolation(self.order, (time - self.time) / self.step);
        for (j, weight) in weights.iter().enumerate().take(self.order + 1).skip(1) {
            for (y, difference) in y.iter_mut().zip(&self.rows[j * n..]) {
                *y += weight * difference;
            }
        }
    }

    /// The polynomial of one degree more that is 0 at all points of this one and 1 at `next`.
    fn weight_of_next(&self, time: f64, next: f64) -> f64 {
        (0..=self.order)
            .map(|j| self.time - j as f64 * self.step)
            .map(|point| (time - point) / (next - point))
            .product()
    }
}

fn run(program: &Program, memory: &mut [f64]) -> f64 {
    let mut value = [0.0];
    program.run(memory, &mut value);
    value[0]
}
