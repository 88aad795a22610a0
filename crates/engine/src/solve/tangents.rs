//! What a run does for derivatives that are carried along.

use super::{Run, Stop};
use crate::derivatives::{Derivatives, Of};
use crate::options::{FailureKind, SolveFailure};
use crate::roots::{Crossing, just_after};
use crate::system::System;
use crate::tangent::Tangent;
use crate::tape::Tape;
use crate::trajectory::Trajectory;
use network::Change;

impl Run<'_> {
    /// Carries derivatives along from here, the start.
    pub(crate) fn carry(&mut self, mut tangent: Tangent) {
        tangent.set_parameters(&mut self.model);
        tangent.arrive(self.time, &self.y);
        self.integrator.carry(tangent);
    }

    /// Runs to the end and gives the trajectory with the derivatives of outputs.
    pub(crate) fn finish_with_tangent(mut self) -> Result<(Trajectory, Vec<f64>), SolveFailure> {
        match self.go_to_the_end() {
            Ok(()) => {
                let values = std::mem::take(&mut self.output_derivatives);
                Ok((self.trajectory(), values))
            }
            Err(stop) => Err(self.failure(&stop)),
        }
    }

    /// Runs to the end and gives the derivatives there.
    pub(crate) fn go_to_the_end_with_tangent(mut self) -> Result<Tangent, Stop> {
        self.go_to_the_end()?;
        self.integrator
            .tangent()
            .take()
            .map(|tangent| *tangent)
            .ok_or(Stop { kind: FailureKind::Internal, state: None })
    }

    /// Writes the run down from here, the start, with what its moments do to derivatives.
    pub(crate) fn keep_tape(&mut self, derivatives: Derivatives) {
        self.tape = Some(Box::new(Tape::new(self.time, self.model.parameters())));
        self.carry(Tangent::of_moments(derivatives));
    }

    /// Runs to the end and gives the trajectory with what was written down.
    pub(crate) fn finish_with_tape(mut self) -> Result<(Trajectory, Tape, Derivatives), SolveFailure> {
        let done = self.go_to_the_end();
        match (done, self.tape.take(), self.integrator.tangent().take()) {
            (Ok(()), Some(tape), Some(tangent)) => Ok((self.trajectory(), *tape, tangent.into_derivatives())),
            (Err(stop), _, _) => Err(self.failure(&stop)),
            _ => Err(self.failure(&Stop { kind: FailureKind::Internal, state: None })),
        }
    }

    /// Writes down the step just taken.
    pub(super) fn tape_step(&mut self) {
        if let Some(tape) = &mut self.tape {
            let stiff = self.integrator.stiff();
            tape.step(self.time, stiff.time(), stiff.polynomial());
        }
    }

    /// Writes down the moment that is over.
    fn tape_moment(&mut self, tangent: &mut Tangent) {
        let Some(tape) = &mut self.tape else { return };
        if let Some(from) = tape.gap_before(self.time) {
            let stiff = self.integrator.stiff();
            tape.step(from, stiff.time(), stiff.polynomial());
        }
        tape.moment(self.time, tangent.take_matrix(), self.model.parameters());
    }

    /// A moment begins at a time known in advance.
    pub(super) fn meet_time(&mut self) {
        if let Some(tangent) = self.integrator.tangent() {
            tangent.arrive(self.time.next_down().next_down(), &self.y);
        }
    }

    /// A moment begins at a crossing, to which the run is about to go.
    pub(super) fn meet_crossing(&mut self, crossing: &Crossing) {
        let Some(mut tangent) = self.integrator.tangent().take() else { return };
        let mut before = vec![0.0; self.model.root_count()];
        let mut after = before.clone();
        self.integrator.interpolate(crossing.time, &mut self.state);
        self.model.roots(crossing.time, &self.state, &mut after);
        self.integrator.interpolate(crossing.before, &mut self.state);
        self.model.roots(crossing.before, &self.state, &mut before);
        let turned = |&root: &usize| before[root] != 0.0 && before[root] * after[root] <= 0.0;
        let changed: Vec<usize> = (0..before.len()).filter(turned).collect();
        // Where a root function was met exactly, the last look before was some way off: come closer.
        let mut wait = crossing.time - crossing.time.next_down();
        let mut at = crossing.before;
        while crossing.time - wait > crossing.before {
            self.integrator.interpolate(crossing.time - wait, &mut self.state);
            self.model.roots(crossing.time - wait, &self.state, &mut after);
            if changed.iter().all(|&root| before[root] * after[root] > 0.0) {
                at = crossing.time - wait;
                break;
            }
            wait *= 4.0;
        }
        self.integrator.interpolate(at, &mut self.state);
        let (order, steps) = self.integrator.place(at);
        tangent.interpolate(order, steps);
        tangent.cross(&mut self.model, at, &self.state, &changed);
        *self.integrator.tangent() = Some(tangent);
    }

    /// The moment itself jumps over, as a jump of the rates does without any event.
    pub(super) fn cross_with_tangent(&mut self) {
        if let Some(tangent) = self.integrator.tangent() {
            tangent.shift_to_crossing(&mut self.model, self.time, &self.y);
        }
    }

    /// Carries out a scheduled change.
    pub(super) fn change(&mut self, change: &Change) {
        if let Some(tangent) = self.integrator.tangent() {
            tangent.apply(&mut self.model, self.time, &self.y, change.target, change.action);
        }
        self.model.apply(self.time, &mut self.y, change.target, change.action);
        if let Some(tangent) = self.integrator.tangent() {
            tangent.set_parameters(&mut self.model);
        }
    }

    /// Everything has happened at this moment. `anything` says whether the states may have changed.
    pub(super) fn leave_with_tangent(&mut self, anything: bool) {
        let Some(mut tangent) = self.integrator.tangent().take() else { return };
        tangent.set_parameters(&mut self.model);
        // A state on its way through a jump of its rate is beyond it a moment later.
        let after = just_after(self.time);
        if anything || self.starts == 0 {
            tangent.leave(&mut self.model, self.time, &self.y);
        } else {
            self.integrator.interpolate(after, &mut self.state);
            tangent.leave(&mut self.model, self.time, &self.state);
        }
        self.tape_moment(&mut tangent);
        *self.integrator.tangent() = Some(tangent);
    }

    /// Writes down derivatives of the outputs for as many output times as were recorded at this point.
    pub(super) fn record_tangent(&mut self, time: f64, here: bool, rows: usize) {
        let Some(tangent) = self.integrator.tangent() else { return };
        let y = if here { &self.y } else { &self.state };
        if let Some(tape) = &mut self.tape {
            return tape.output(time, y, rows);
        }
        let totals = tangent.total(Of::Outputs, time, y);
        let columns = tangent.columns();
        let outputs = totals.len() / columns.max(1);
        for _ in 0..rows {
            for output in 0..outputs {
                self.output_derivatives.extend((0..columns).map(|column| totals[column * outputs + output]));
            }
        }
    }
}
