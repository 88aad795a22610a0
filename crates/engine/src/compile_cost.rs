//! What compiling and evaluating cost, printed for a person: not a test of speed, which a busy machine would fail.
//!
//! `cargo test --release -p engine compile_cost -- --ignored --nocapture`

use crate::system::System;
use crate::test_models::TestModel;
use crate::{Backend, CompileOptions, CompiledModel, compile};
use network::{Condition, Network};
use std::hint::black_box;
use std::time::Instant;

/// A chain of species that activate and inhibit each other with Hill kinetics, as blocks of signaling models do.
fn hill_chain(species: usize) -> Network {
    let name = |i: usize| format!("s{}", i % species);
    let mut model = TestModel::new();
    for i in 0..species {
        model = model
            .species(&name(i), 1.0 + 0.01 * i as f64)
            .parameter(&format!("vmax{i}"), 1.5)
            .parameter(&format!("k{i}"), 0.7)
            .parameter(&format!("n{i}"), 1.0 + (i % 4) as f64 * 0.9)
            .parameter(&format!("decay{i}"), 0.4);
    }
    for i in 0..species {
        let (own, before, after) = (name(i), name(i + species - 1), name(i + 3));
        let hill = format!("{before}^n{i} / (k{i}^n{i} + {before}^n{i})");
        model = model
            .parameter(&format!("activity{i}"), 0.0)
            .assignment(&format!("activity{i}"), &format!("1 + {hill} + 0.3 * {after} / (k{i} + {after})"))
            .reaction(&format!("make{i}"), &format!("=> {own}"), &format!("cell * vmax{i} * activity{i}"))
            .reaction(&format!("lose{i}"), &format!("{own} =>"), &format!("cell * decay{i} * {own} * activity{i}"));
    }
    model.check()
}

fn nanoseconds(repeats: usize, mut work: impl FnMut()) -> f64 {
    let best = (0..5).map(|_| {
        let start = Instant::now();
        (0..repeats).for_each(|_| work());
        start.elapsed().as_secs_f64()
    });
    best.fold(f64::INFINITY, f64::min) / repeats as f64 * 1e9
}

fn evaluation(model: &CompiledModel) -> (f64, f64) {
    let start = model.start(&Condition::default()).expect("starts");
    let mut bound = model.bind(start.parameters);
    let mut rates = vec![0.0; start.states.len()];
    let mut jacobian = vec![0.0; model.size().jacobian_nonzeros];
    let rhs = nanoseconds(1000, || bound.rhs(0.0, black_box(&start.states), &mut rates));
    let jacobian = nanoseconds(1000, || bound.jacobian(0.0, black_box(&start.states), &mut jacobian));
    (rhs, jacobian)
}

#[test]
#[ignore = "prints costs for a person"]
fn compile_cost() {
    for species in [3, 40, 200, 500] {
        let network = hill_chain(species);
        let timed = |backend: Backend| {
            let mut model = None;
            let cost =
                nanoseconds(1, || model = Some(compile(&network, &CompileOptions { backend }).expect("compiles")));
            (cost * 1e-6, model.expect("compiled"))
        };
        let (interpreter_ms, interpreter) = timed(Backend::Interpreter);
        let (machine_ms, machine) = timed(Backend::MachineCode);
        println!("{species} species: {:?}", interpreter.size());
        println!("  compile: bytecode {interpreter_ms:.2} ms, with machine code {machine_ms:.2} ms");
        let (rhs, jacobian) = evaluation(&interpreter);
        println!("  bytecode: rhs {rhs:.0} ns, jacobian {jacobian:.0} ns");
        let (rhs, jacobian) = evaluation(&machine);
        println!("  machine code: rhs {rhs:.0} ns, jacobian {jacobian:.0} ns");
        println!(
            "  start and bind: {:.0} ns",
            nanoseconds(100, || {
                let start = interpreter.start(&Condition::default()).expect("starts");
                black_box(interpreter.bind(start.parameters));
            })
        );
    }
}
