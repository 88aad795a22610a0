//! How to solve, and what is said when it does not work out.

use crate::Trajectory;
use crate::error::CompileError;
use crate::random::Stream;
use network::SymbolIndex;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The kind of formula that takes the steps. All of them keep to the same tolerances.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Method {
    /// Whichever suits the equations where the run has come to; may change on the way. Faster where nothing is stiff, but
    /// not yet the default: close to its limit of stability the explicit method uses up all that is allowed of the smallest
    /// states, where the implicit one damps them.
    Automatic,
    /// Implicit: numerical differentiation formulas of order 1 to 5.
    #[default]
    Stiff,
    /// Explicit: Runge-Kutta formulas of order 5. On stiff equations right, but very slow.
    Nonstiff,
}

/// How to solve.
///
/// The error allowed in each step for a state of size `y` is `relative_tolerance * |y|` plus an absolute part. With
/// `scale_tolerance_by_magnitude` the absolute part is the state's own: a millionth of `relative_tolerance` times the
/// largest value it has had so far, so that states may span many decades; `absolute_tolerance` is then only the least
/// it may be (times the largest of all states, where that is below 1).
#[derive(Debug, Clone)]
pub struct SolveOptions {
    /// Allowed error of a step relative to the state. At least 1e-13 is used.
    pub relative_tolerance: f64,
    /// Allowed error of a step, or the least of it; in each state's own unit.
    pub absolute_tolerance: f64,
    /// Whether each state's absolute tolerance follows from its own magnitude.
    pub scale_tolerance_by_magnitude: bool,
    /// The kind of formula.
    pub method: Method,
    /// Steps between two output times before the run is given up.
    pub maximum_steps: usize,
    /// Seed of all that is left to chance: the order of events of one priority at one time, draws from distributions,
    /// and the jumps of [`crate::sample()`]. The same seed and run give the same result.
    pub seed: u64,
    /// Which of the seed's runs this is; each has random numbers of its own.
    pub run: u64,
    /// When somebody sets this to true, the run stops and returns what it has.
    pub interrupt: Option<Arc<AtomicBool>>,
}

impl Default for SolveOptions {
    fn default() -> Self {
        Self {
            relative_tolerance: 1e-6,
            absolute_tolerance: 1e-12,
            scale_tolerance_by_magnitude: true,
            method: Method::default(),
            maximum_steps: 1_000_000,
            seed: 0,
            run: 0,
            interrupt: None,
        }
    }
}

impl SolveOptions {
    /// The random numbers of the run.
    pub(crate) fn stream(&self) -> Stream {
        Stream::new(self.seed, self.run)
    }

    /// True when somebody wants the run to stop.
    pub fn interrupted(&self) -> bool {
        self.interrupt.as_ref().is_some_and(|flag| flag.load(Ordering::Relaxed))
    }
}

/// Why a run stopped early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureKind {
    /// The error stays too large at the shortest step that time can resolve; often a solution that goes to infinity.
    StepTooSmall,
    /// A state, its rate of change or the Jacobian is not a finite number.
    NotFinite,
    /// More than [`SolveOptions::maximum_steps`] between two output times.
    TooManySteps,
    /// Newton's iteration does not converge at the shortest step.
    NewtonFailed,
    /// The Newton matrix stays singular at the shortest step.
    SingularMatrix,
    /// No values of the variables that algebraic rules determine were found for which the rules hold.
    Inconsistent,
    /// The algebraic rules do not determine their variables here: their Jacobian is singular (index above 1).
    InconsistentSingular,
    /// A state of rest was asked of a model with this.
    NoRest(&'static str),
    /// [`SolveOptions::interrupt`] was set.
    Interrupted,
    /// Events keep triggering each other at one time.
    EndlessEvents,
    /// The delay of an event is negative or not a number.
    InvalidDelay,
    /// The duration of a `delay` is negative or not a number.
    NegativeDuration,
    /// The condition sets a symbol whose value follows from a rule or a rate.
    NotSettable,
    /// Derivatives of a model with this are not computed.
    NoDerivatives(&'static str),
    /// The gradient of a model with this is not computed backwards.
    NoGradient(&'static str),
    /// Output times must be finite, not negative, and in order.
    InvalidOutputTimes,
    /// Tolerances must be positive numbers, the relative one below 1.
    InvalidTolerance,
    /// The rate of a reaction, which is to be its chance of firing, is negative.
    NegativePropensity,
    /// A firing has left less than nothing of a species.
    NegativeAmount {
        /// The reaction that fired.
        reaction: SymbolIndex,
    },
    /// The model has something that the method asked for cannot do.
    NotForJumps(&'static str),
    /// A broken promise of ours; please report it.
    Internal,
}

impl From<CompileError> for (FailureKind, Option<SymbolIndex>) {
    fn from(error: CompileError) -> Self {
        match error {
            CompileError::NotSettable { symbol } => (FailureKind::NotSettable, Some(symbol)),
            _ => (FailureKind::Internal, None),
        }
    }
}

/// Why a run must stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stop {
    pub(crate) kind: FailureKind,
    /// The state at fault, where one can be named.
    pub(crate) state: Option<usize>,
}

/// A run that stopped early, with what it had computed.
#[derive(Debug, Clone)]
pub struct SolveFailure {
    /// Why.
    pub kind: FailureKind,
    /// Time reached, in the model's unit.
    pub time: f64,
    /// Length of the step that was tried.
    pub step: f64,
    /// Order of the formula.
    pub order: usize,
    /// The state or symbol at fault, where one can be named.
    pub symbol: Option<SymbolIndex>,
    /// The value of every symbol at the time reached, in the order of the network; empty when the run never began.
    pub values: Vec<f64>,
    /// Everything up to the failure.
    pub partial: Box<Trajectory>,
}

impl fmt::Display for FailureKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self {
            Self::StepTooSmall => "the step became too small",
            Self::NotFinite => "a value is not a finite number",
            Self::TooManySteps => "too many steps between two output times",
            Self::NewtonFailed => "the implicit equation of a step could not be solved",
            Self::SingularMatrix => "the Newton matrix is singular",
            Self::Inconsistent => "no values were found for which the algebraic rules and fast equilibria hold",
            Self::InconsistentSingular => "the algebraic rules or fast equilibria do not determine their variables",
            Self::NoDerivatives(what) => return write!(f, "derivatives of a model with {what} are not computed"),
            Self::NoGradient(what) => {
                return write!(
                    f,
                    "the gradient of a model with {what} is not computed backwards; its derivatives forwards \
                     (`sensitivities`) give the same at more cost"
                );
            }
            Self::NoRest(what) => return write!(f, "a state of rest is not yet looked for in models with {what}"),
            Self::Interrupted => "interrupted",
            Self::EndlessEvents => "events keep triggering each other",
            Self::InvalidDelay => "the delay of an event is negative or not a number",
            Self::NegativeDuration => "a `delay` looks into the future: its duration is negative or not a number",
            Self::NotSettable => "a condition sets a value that follows from a rule or a rate",
            Self::InvalidOutputTimes => "output times must be finite, not negative and in order",
            Self::InvalidTolerance => "tolerances must be positive, the relative one below 1",
            Self::NegativePropensity => {
                "the rate of a reaction is negative, which no chance of firing can be; likely a reversible reaction, \
                 which has to be written as two, or more partners asked for than there are molecules"
            }
            Self::NegativeAmount { reaction } => {
                return write!(f, "a firing of reaction {} left less than nothing", reaction.0);
            }
            Self::NotForJumps(what) => {
                return write!(f, "this method cannot {what}");
            }
            Self::Internal => "internal error, please report it",
        };
        write!(f, "{what}")
    }
}

impl fmt::Display for SolveFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            FailureKind::NegativeAmount { .. } => {
                return write!(
                    f,
                    "{} at time {}; likely its rate does not vanish with what it uses up, or amounts are no whole \
                     numbers of molecules",
                    self.kind, self.time
                );
            }
            FailureKind::NotForJumps(_) => return write!(f, "{}", self.kind),
            _ => {}
        }
        write!(f, "{} at time {} (step {:.3e}, order {}", self.kind, self.time, self.step, self.order)?;
        if let Some(symbol) = self.symbol {
            write!(f, ", symbol {}", symbol.0)?;
        }
        write!(f, ")")
    }
}

impl std::error::Error for SolveFailure {}
