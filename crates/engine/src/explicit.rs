//! The explicit integrator, for equations that are not stiff: the method of order 5 with seven stages, the last shared with
//! the next step, and dense output of order 4 of Tsitouras 2011 (doi:10.1016/j.camwa.2011.06.002).
//!
//! A step costs six right-hand sides and no matrix. It is as long as accuracy allows as long as it is stable, which is where
//! the product of step and spectral radius stays below about 3; [`Explicit::seems_stiff`] watches that.

use crate::ndf::{Progress, StepFailure, StepFailureKind};
use crate::system::System;
use crate::tolerance::Tolerances;
use crate::trajectory::Statistics;

/// Order of the formula.
pub(crate) const ORDER: usize = 5;

/// Times of the stages after the first, as parts of the step.
const TIMES: [f64; 5] = [0.161, 0.327, 0.9, 0.980_025_540_904_509_7, 1.0];

/// Weights of the stages before in each stage; the last row is the new state, where the seventh stage is evaluated.
const STAGE_2: [f64; 1] = [0.161];
const STAGE_3: [f64; 2] = [-0.008_480_655_492_356_989, 0.335_480_655_492_357];
const STAGE_4: [f64; 3] = [2.897_153_057_105_493_5, -6.359_448_489_975_075, 4.362_295_432_869_581_5];
const STAGE_5: [f64; 4] =
    [5.325_864_828_439_257, -11.748_883_564_062_828, 7.495_539_342_889_836_5, -0.092_495_066_361_755_25];
const STAGE_6: [f64; 5] = [
    5.861_455_442_946_42,
    -12.920_969_317_847_11,
    8.159_367_898_576_159,
    -0.071_584_973_281_401,
    -0.028_269_050_394_068_383,
];
const RESULT: [f64; 6] = [
    0.096_460_766_818_065_23,
    0.01,
    0.479_889_650_414_499_6,
    1.379_008_574_103_742,
    -3.290_069_515_436_081,
    2.324_710_524_099_774,
];

/// Weights of the stages in the error estimate: the result less the embedded one of order 4.
const ERROR: [f64; 7] = [
    -0.001_780_011_052_225_777,
    -0.000_816_434_459_656_746_9,
    0.007_880_878_010_261_995,
    -0.144_711_007_173_262_9,
    0.582_357_165_452_555_2,
    -0.458_082_105_929_186_97,
    1.0 / 66.0,
];

/// Row by row, the weights of the stages in the coefficients of θ, θ², θ³ and θ⁴ of the dense output.
const DENSE: [[f64; 7]; 4] = [
    [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
    [
        -2.763_706_197_274_826,
        0.131_699_999_999_999_98,
        3.930_296_236_894_751_6,
        -12.411_077_166_933_676,
        37.509_313_416_511_04,
        -27.896_526_289_197_286,
        1.5,
    ],
    [
        2.913_255_461_821_912_6,
        -0.2234,
        -5.941_033_872_131_505,
        30.338_188_630_282_32,
        -88.178_904_894_766_4,
        65.091_894_674_793_66,
        -4.0,
    ],
    [
        -1.053_088_497_729_021_6,
        0.1017,
        2.490_627_285_651_253,
        -16.548_102_889_244_902,
        47.379_521_962_819_28,
        -34.870_657_861_496_61,
        2.5,
    ],
];

/// Part of the step predicted to be just accurate enough that is taken.
const MARGIN: f64 = 0.9;

/// No step is more than so many times the one before, or less than this part of it.
const FASTEST_GROWTH: f64 = 5.0;
const DEEPEST_CUT: f64 = 0.2;

/// Part of the step that is kept when a value on the way is not a finite number.
const CUT_WHEN_NOT_FINITE: f64 = 0.25;

/// The control weighs the error before against the error now, which keeps steps from swinging where stability limits them
/// (Gustafsson 1991, doi:10.1145/210232.210242).
const MEMORY: f64 = 0.04;

/// Product of step and spectral radius beyond which stability and not accuracy limits the step.
const STABLE: f64 = 3.0;

/// So many steps at that limit, with no more than six in a row that are not, count as stiff (as in Hairer & Wanner 1996,
/// section IV.2).
const STIFF_STEPS: usize = 15;

/// Advances a solution step by step.
pub(crate) struct Explicit {
    tolerances: Tolerances,
    /// End of the last step.
    time: f64,
    /// The last step, or the one being tried.
    step: f64,
    /// The step to try next.
    next_step: f64,
    maximum_step: f64,
    /// Error of the last step taken, in units of what is allowed.
    error_before: f64,
    failed: bool,
    steps_at_limit: usize,
    steps_below_limit: usize,
    /// The state at `time`.
    y: Vec<f64>,
    /// The slope at the beginning of the step, then how much those of the other stages differ from it: where nothing
    /// changes the slope, sums of differences are exactly zero and time-like states exactly as long as the step.
    stages: [Vec<f64>; 7],
    /// The slope at the end of the step.
    slope: Vec<f64>,
    /// State of the stage computed last, and of the one before.
    state: Vec<f64>,
    sixth: Vec<f64>,
    estimate: Vec<f64>,
    /// Coefficients of the dense output, and the stretch of time in which it is written.
    dense: [Vec<f64>; 5],
    stretch_start: f64,
    stretch: f64,
}

impl Explicit {
    /// An integrator that must be started.
    pub fn new(dimension: usize, tolerances: Tolerances) -> Self {
        let zeros = || vec![0.0; dimension];
        Self {
            tolerances,
            time: 0.0,
            step: 0.0,
            next_step: 0.0,
            maximum_step: f64::INFINITY,
            error_before: 1e-4,
            failed: false,
            steps_at_limit: 0,
            steps_below_limit: 0,
            y: zeros(),
            stages: std::array::from_fn(|_| zeros()),
            slope: zeros(),
            state: zeros(),
            sixth: zeros(),
            estimate: zeros(),
            dense: std::array::from_fn(|_| zeros()),
            stretch_start: 0.0,
            stretch: 1.0,
        }
    }

    /// Starts, or starts anew after a jump. No step will be longer than `maximum_step`.
    pub fn start(
        &mut self,
        system: &mut dyn System,
        time: f64,
        y: &[f64],
        maximum_step: f64,
        statistics: &mut Statistics,
    ) -> Result<(), StepFailure> {
        let not_finite = |state| StepFailure { kind: StepFailureKind::NotFinite, state: Some(state) };
        if let Some(state) = y.iter().position(|value| !value.is_finite()) {
            return Err(not_finite(state));
        }
        self.tolerances.observe(y);
        self.time = time;
        self.maximum_step = maximum_step;
        self.error_before = 1e-4;
        self.failed = false;
        (self.steps_at_limit, self.steps_below_limit) = (0, 0);
        self.y.copy_from_slice(y);
        system.rhs(time, y, &mut self.stages[0]);
        statistics.rhs_evaluations += 1;
        if let Some(state) = self.stages[0].iter().position(|value| !value.is_finite()) {
            return Err(not_finite(state));
        }
        self.next_step = self.first_step(system, statistics);
        self.step = self.next_step;
        // Until there is a step, a straight line.
        self.dense.iter_mut().for_each(|row| row.fill(0.0));
        self.dense[0].copy_from_slice(y);
        (self.stretch_start, self.stretch) = (time, self.step);
        for (coefficient, slope) in self.dense[1].iter_mut().zip(&self.stages[0]) {
            *coefficient = self.step * slope;
        }
        Ok(())
    }

    /// Tries to take a step, as long as accuracy allows.
    pub fn step(&mut self, system: &mut dyn System, statistics: &mut Statistics) -> Result<Progress, StepFailure> {
        self.step = self.next_step;
        let tried = self.time + self.step;
        if let Err(state) = self.stages(system, statistics) {
            self.shorten(CUT_WHEN_NOT_FINITE, StepFailureKind::NotFinite, Some(state))?;
            return Ok(Progress::Shortened { tried, not_finite: true });
        }
        weigh(None, self.step, &self.stages, 0.0, ERROR, &mut self.estimate);
        self.tolerances.weigh(&self.y, &self.state);
        let error = self.tolerances.norm(&self.estimate);
        let growth = error.max(1e-10).powf(-1.0 / ORDER as f64 + 0.75 * MEMORY);
        if error > 1.0 {
            statistics.error_failures += 1;
            let worst = self.tolerances.worst(&self.estimate);
            self.shorten((MARGIN * growth).clamp(DEEPEST_CUT, 0.9), StepFailureKind::StepTooSmall, worst)?;
            return Ok(Progress::Shortened { tried, not_finite: false });
        }
        statistics.steps += 1;
        self.watch_stability();
        let factor = MARGIN * growth * self.error_before.powf(MEMORY);
        // Right after a failure the step does not grow.
        let most = if self.failed { 1.0 } else { FASTEST_GROWTH };
        self.next_step = (self.step * factor.clamp(DEEPEST_CUT, most)).min(self.maximum_step);
        self.error_before = error.max(1e-4);
        self.failed = false;
        self.write_dense();
        self.time = tried;
        std::mem::swap(&mut self.y, &mut self.state);
        std::mem::swap(&mut self.stages[0], &mut self.slope);
        self.tolerances.observe(&self.y);
        Ok(Progress::Accepted)
    }

    /// Makes the next try end at `time`.
    pub fn aim(&mut self, time: f64) {
        self.next_step = time - self.time;
        self.step = self.next_step;
    }

    /// Time reached.
    pub fn time(&self) -> f64 {
        self.time
    }

    /// The state there.
    pub fn y(&self) -> &[f64] {
        &self.y
    }

    /// Length of the last step, or of the one being tried.
    pub fn step_size(&self) -> f64 {
        self.step
    }

    /// Writes the state at a time within the last step, or not far beyond it.
    pub fn interpolate(&self, time: f64, y: &mut [f64]) {
        let theta = (time - self.stretch_start) / self.stretch;
        let [a, b, c, d, e] = &self.dense;
        let coefficients = a.iter().zip(b).zip(c.iter().zip(d)).zip(e);
        for (y, (((a, b), (c, d)), e)) in y.iter_mut().zip(coefficients) {
            *y = a + theta * (b + theta * (c + theta * (d + theta * e)));
        }
    }

    /// True when stability has limited many steps.
    pub fn seems_stiff(&self) -> bool {
        self.steps_at_limit >= STIFF_STEPS
    }

    /// What is allowed of errors.
    pub fn tolerances(&self) -> &Tolerances {
        &self.tolerances
    }

    /// To hand over what has been seen of the states to another integrator.
    pub fn tolerances_mut(&mut self) -> &mut Tolerances {
        &mut self.tolerances
    }

    /// True when the step tried last went below zero in this state.
    pub fn tried_below_zero(&self, state: usize) -> bool {
        self.state[state] < 0.0 || self.sixth[state] < 0.0
    }

    /// Computes the stages and the new state; the state that is not finite if there is one.
    fn stages(&mut self, system: &mut dyn System, statistics: &mut Statistics) -> Result<(), usize> {
        let Self { time, step, y, stages, slope, state, sixth, .. } = self;
        let mut evaluate = |stage: usize, part: f64, state: &[f64], stages: &mut [Vec<f64>; 7]| {
            system.rhs(*time + part * *step, state, slope);
            statistics.rhs_evaluations += 1;
            let [first, rest @ ..] = stages;
            let mut not_finite = 0.0;
            for (difference, (slope, first)) in rest[stage - 1].iter_mut().zip(slope.iter().zip(&*first)) {
                *difference = slope - first;
                not_finite += 0.0 * *difference;
            }
            if not_finite == 0.0 {
                return Ok(());
            }
            Err(slope.iter().position(|value| !value.is_finite()).unwrap_or(0))
        };
        weigh(Some(y), *step, stages, TIMES[0], STAGE_2, state);
        evaluate(1, TIMES[0], state, stages)?;
        weigh(Some(y), *step, stages, TIMES[1], STAGE_3, state);
        evaluate(2, TIMES[1], state, stages)?;
        weigh(Some(y), *step, stages, TIMES[2], STAGE_4, state);
        evaluate(3, TIMES[2], state, stages)?;
        weigh(Some(y), *step, stages, TIMES[3], STAGE_5, state);
        evaluate(4, TIMES[3], state, stages)?;
        weigh(Some(y), *step, stages, TIMES[4], STAGE_6, sixth);
        evaluate(5, TIMES[4], sixth, stages)?;
        weigh(Some(y), *step, stages, 1.0, RESULT, state);
        evaluate(6, 1.0, state, stages)
    }

    fn shorten(&mut self, factor: f64, kind: StepFailureKind, state: Option<usize>) -> Result<(), StepFailure> {
        self.next_step = self.step * factor;
        self.step = self.next_step;
        self.failed = true;
        let shortest = (4.0 * f64::EPSILON * self.time.abs()).max(f64::MIN_POSITIVE);
        if self.step < shortest { Err(StepFailure { kind, state }) } else { Ok(()) }
    }

    /// The last two stages are at one time: the difference of their slopes over that of their states is the rate of the
    /// fastest mode that errors excite.
    fn watch_stability(&mut self) {
        for ((estimate, state), sixth) in self.estimate.iter_mut().zip(&self.state).zip(&self.sixth) {
            *estimate = state - sixth;
        }
        let apart = self.tolerances.norm(&self.estimate);
        let [.., before, last] = &self.stages;
        for ((estimate, last), before) in self.estimate.iter_mut().zip(last).zip(before) {
            *estimate = last - before;
        }
        if self.step * self.tolerances.norm(&self.estimate) > STABLE * apart {
            self.steps_at_limit += 1;
            self.steps_below_limit = 0;
        } else {
            self.steps_below_limit += 1;
            if self.steps_below_limit > 6 {
                self.steps_at_limit = 0;
            }
        }
    }

    fn write_dense(&mut self) {
        (self.stretch_start, self.stretch) = (self.time, self.step);
        let [constant, coefficients @ ..] = &mut self.dense;
        constant.copy_from_slice(&self.y);
        for (coefficients, (weights, sum)) in coefficients.iter_mut().zip(DENSE.into_iter().zip([1.0, 0.0, 0.0, 0.0])) {
            weigh(None, self.step, &self.stages, sum, weights, coefficients);
        }
    }

    /// A step of which a hundredth of the error allowed is expected, from the size of the first two derivatives (Hairer,
    /// Nørsett & Wanner 1993, section II.4).
    fn first_step(&mut self, system: &mut dyn System, statistics: &mut Statistics) -> f64 {
        let longest = 1e-2 * self.maximum_step;
        self.tolerances.weigh(&self.y, &self.y);
        let size = self.tolerances.norm(&self.y);
        let slope = self.tolerances.norm(&self.stages[0]);
        let shortest = 16.0 * f64::EPSILON * self.time.abs();
        let stretch = if size < 1e-5 || slope < 1e-5 { 1e-6 * longest } else { 1e-2 * size / slope };
        let stretch = stretch.min(longest).max(shortest);
        weigh(Some(&self.y), stretch, &self.stages, 1.0, [1.0], &mut self.state);
        system.rhs(self.time + stretch, &self.state, &mut self.estimate);
        statistics.rhs_evaluations += 1;
        for (value, slope) in self.estimate.iter_mut().zip(&self.stages[0]) {
            *value = (*value - slope) / stretch;
        }
        let curvature = self.tolerances.norm(&self.estimate);
        if !curvature.is_finite() {
            return stretch;
        }
        let steepest = slope.max(curvature);
        let step = if steepest <= 1e-15 { longest } else { (1e-2 / steepest).powf(1.0 / (ORDER + 1) as f64) };
        step.min(100.0 * stretch).min(longest).max(shortest)
    }
}

/// Writes `y + step * Σ weights[j] slope of stage j`, where the weights have the sum `all`; without `y` if there is none.
#[inline]
fn weigh<const COUNT: usize>(
    y: Option<&Vec<f64>>,
    step: f64,
    stages: &[Vec<f64>; 7],
    all: f64,
    weights: [f64; COUNT],
    sum: &mut [f64],
) {
    let count = sum.len();
    let rows: [&[f64]; COUNT] = std::array::from_fn(|j| &stages[j][..count]);
    for (i, sum) in sum.iter_mut().enumerate() {
        let mut value = all * rows[0][i];
        for j in 1..COUNT {
            value += weights[j] * rows[j][i];
        }
        *sum = step * value;
    }
    if let Some(y) = y {
        for (sum, y) in sum.iter_mut().zip(y) {
            *sum += y;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The conditions of the orders claimed, for quadrature and for `y' = y`, which every digit of the tables enters.
    #[test]
    fn the_tables_fulfill_their_conditions() {
        let times = [0.0, TIMES[0], TIMES[1], TIMES[2], TIMES[3], 1.0];
        for power in 0..5 {
            let sum: f64 = RESULT.iter().zip(times).map(|(weight, time)| weight * time.powi(power)).sum();
            assert!((sum - 1.0 / f64::from(power + 1)).abs() < 1e-14, "power {power}: {sum}");
        }
        let rows: [&[f64]; 5] = [&STAGE_2, &STAGE_3, &STAGE_4, &STAGE_5, &STAGE_6];
        for (row, time) in rows.iter().zip(TIMES) {
            assert!((row.iter().sum::<f64>() - time).abs() < 1e-13, "{time}");
        }
        assert!(ERROR.iter().sum::<f64>().abs() < 1e-14);
        for theta in [0.3_f64, 0.7, 1.0] {
            let weight = |stage: usize| (0..4).map(|k| DENSE[k][stage] * theta.powi(k as i32 + 1)).sum::<f64>();
            for power in 0..4 {
                let all = times.iter().chain([&1.0]).enumerate();
                let sum: f64 = all.map(|(stage, time)| weight(stage) * time.powi(power)).sum();
                let exact = theta.powi(power + 1) / f64::from(power + 1);
                assert!((sum - exact).abs() < 1e-13, "theta {theta}, power {power}: {sum} is not {exact}");
            }
        }
    }
}
