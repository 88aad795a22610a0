//! A run written down so that it can be followed backwards: its polynomials, what its moments did, its output times.

use crate::tangent::Matrix;

/// The polynomial of one step of the integrator.
struct Piece {
    /// Where it begins to speak for the run: up to the next piece.
    from: f64,
    /// The latest of its points.
    end: f64,
    step: f64,
    order: usize,
    /// Where its differences begin.
    differences: usize,
}

/// A time at which a run was looked at or jumped.
pub(crate) struct Stop {
    pub time: f64,
    /// Pieces that were there before.
    pub pieces: usize,
    pub what: StopKind,
}

pub(crate) enum StopKind {
    /// Values were written down here, for as many output times in a row.
    Output { y: Vec<f64>, rows: usize },
    /// A moment has made of the derivatives before it those after it, and has replaced these parameters, if any.
    Moment { matrix: Matrix, parameters_before: Option<Vec<f64>> },
}

/// A run, written down.
#[derive(Default)]
pub(crate) struct Tape {
    pieces: Vec<Piece>,
    differences: Vec<f64>,
    /// In the order in which they came.
    pub stops: Vec<Stop>,
    /// The parameters in force at present.
    pub parameters: Vec<f64>,
    /// Where the run began.
    pub start: f64,
    last_moment: f64,
    pieces_at_last_moment: usize,
}

impl Tape {
    /// A tape that begins here.
    pub fn new(start: f64, parameters: &[f64]) -> Self {
        Self { start, last_moment: start, parameters: parameters.to_vec(), ..Self::default() }
    }

    /// Takes in the polynomial of a step, with its order, the distance of its points, and its differences.
    pub fn step(&mut self, from: f64, end: f64, (order, step, differences): (usize, f64, &[f64])) {
        self.pieces.push(Piece { from, end, step, order, differences: self.differences.len() });
        self.differences.extend_from_slice(differences);
    }

    /// Where a piece is missing that leads to a moment: no step was taken since the last one.
    pub fn gap_before(&self, time: f64) -> Option<f64> {
        (self.pieces.len() == self.pieces_at_last_moment && time > self.last_moment).then_some(self.last_moment)
    }

    /// A moment is over.
    pub fn moment(&mut self, time: f64, matrix: Option<Matrix>, parameters: &[f64]) {
        self.last_moment = time;
        self.pieces_at_last_moment = self.pieces.len();
        let changed = parameters != self.parameters;
        let parameters_before = changed.then(|| std::mem::replace(&mut self.parameters, parameters.to_vec()));
        if matrix.is_some() || changed {
            let what = StopKind::Moment { matrix: matrix.unwrap_or_default(), parameters_before };
            self.stops.push(Stop { time, pieces: self.pieces.len(), what });
        }
    }

    /// Values were written down.
    pub fn output(&mut self, time: f64, y: &[f64], rows: usize) {
        let what = StopKind::Output { y: y.to_vec(), rows };
        self.stops.push(Stop { time, pieces: self.pieces.len(), what });
    }

    /// Number of pieces.
    pub fn pieces(&self) -> usize {
        self.pieces.len()
    }

    /// The piece that speaks for a time, among those before `end`.
    pub fn piece_at(&self, time: f64, end: usize) -> usize {
        self.pieces[..end].partition_point(|piece| piece.from <= time).saturating_sub(1)
    }

    /// Where a piece begins to speak for the run.
    pub fn from(&self, piece: usize) -> f64 {
        self.pieces[piece].from
    }

    /// Writes the state at a time that a piece speaks for.
    pub fn interpolate(&self, piece: usize, time: f64, y: &mut [f64]) {
        let Piece { end, step, order, differences, .. } = self.pieces[piece];
        let weights = crate::differences::interpolation(order, (time - end) / step);
        y.fill(0.0);
        for (row, weight) in weights[..=order].iter().enumerate() {
            let row = &self.differences[differences + row * y.len()..][..y.len()];
            y.iter_mut().zip(row).for_each(|(sum, difference)| *sum += weight * difference);
        }
    }

    /// The largest absolute value each state has had at the end of a step.
    pub fn magnitudes(&self, states: usize) -> Vec<f64> {
        let mut magnitudes = vec![0.0_f64; states];
        for piece in &self.pieces {
            let y = &self.differences[piece.differences..][..states];
            magnitudes.iter_mut().zip(y).for_each(|(largest, value)| *largest = largest.max(value.abs()));
        }
        magnitudes
    }
}
