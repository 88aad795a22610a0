//! Machine code for parts of the graph, by Cranelift. Nothing outside this file knows of Cranelift.
//!
//! The code works on the same memory as the interpreter ([`Layout`]), calls the same functions for what has no
//! instruction, and uses no fused or regrouped arithmetic: its results are the interpreter's, bit for bit.

use crate::bytecode::{Layout, address};
use crate::functions;
use crate::graph::{Binary, Graph, Node, NodeId, NodeMap, Unary, for_each_argument};
use cranelift_codegen::ir::condcodes::FloatCC;
use cranelift_codegen::ir::{AbiParam, InstBuilder, MemFlagsData, SigRef, Signature, Type, Value, types};
use cranelift_codegen::isa::OwnedTargetIsa;
use cranelift_codegen::settings::{self, Configurable};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use cranelift_jit::{JITBuilder, JITModule};
use cranelift_module::{FuncId, Module, default_libcall_names};
use std::fmt;

mod jumps;

pub(crate) use jumps::Firing;

/// Nodes in one function. The compiler's work grows faster than the length of a function; with pieces it stays
/// proportional to the model. Values needed by a later piece travel through scratch memory.
const NODES_PER_FUNCTION: usize = 1000;

/// Reads the first, writes the second.
type Code = unsafe extern "C" fn(memory: *mut f64, results: *mut f64);

/// Machine code for several parts of a graph.
pub(crate) struct MachineCode {
    /// Functions of each part, to be called in order.
    parts: Vec<Part>,
    /// Owns the memory of the code; `None` only while being dropped.
    module: Option<JITModule>,
}

struct Part {
    pieces: Vec<Code>,
    result_count: usize,
    memory_len: usize,
}

// SAFETY: after `compile` returns, nothing touches the module until `drop`, which has exclusive access. The code itself
// is immutable, has no state of its own, and works only on the memory passed to it.
unsafe impl Send for MachineCode {}
// SAFETY: as above; through a shared reference only the finished, immutable code is run.
unsafe impl Sync for MachineCode {}

impl MachineCode {
    /// Compiles a function for each list of nodes.
    ///
    /// # Errors
    /// What Cranelift says; a processor it does not know is the expected reason.
    pub(crate) fn compile(graph: &Graph, layout: &Layout, parts: &[&[NodeId]]) -> Result<Self, String> {
        Self::build(|module| {
            let define_planned = |results: &&[NodeId]| {
                let plan = Plan::new(graph, layout, results);
                let ids = define_part(module, graph, layout, &plan)?;
                Ok((ids, results.len(), layout.first_scratch() + plan.scratch))
            };
            parts.iter().map(define_planned).collect()
        })
    }

    /// Makes code of the functions that `define` defines: for each part its functions, the number of its results and
    /// the length of memory it needs.
    fn build(
        define: impl FnOnce(&mut JITModule) -> Result<Vec<(Vec<FuncId>, usize, usize)>, String>,
    ) -> Result<Self, String> {
        let isa = native_isa()?;
        let mut module = JITModule::new(JITBuilder::with_isa(isa, default_libcall_names()));
        let finished = define(&mut module).and_then(|parts| {
            module.finalize_definitions().map_err(|error| error.to_string())?;
            Ok(parts)
        });
        let defined = match finished {
            Ok(defined) => defined,
            Err(message) => {
                // SAFETY: no pointer to code of this module was ever made.
                unsafe { module.free_memory() };
                return Err(message);
            }
        };
        let parts = defined
            .into_iter()
            .map(|(ids, result_count, memory_len)| Part {
                pieces: ids.into_iter().map(|id| finished_code(&module, id)).collect(),
                result_count,
                memory_len,
            })
            .collect();
        Ok(Self { parts, module: Some(module) })
    }

    /// Length of memory the code works on; at least this is needed to run it.
    pub(crate) fn memory_len(&self) -> usize {
        self.parts.iter().map(|part| part.memory_len).max().unwrap_or(0)
    }

    /// Runs the code of a part.
    #[inline]
    pub(crate) fn run(&self, part: usize, memory: &mut [f64], results: &mut [f64]) {
        let part = &self.parts[part];
        assert!(memory.len() >= part.memory_len && results.len() >= part.result_count);
        for piece in &part.pieces {
            // SAFETY: the code reads and writes `memory` below `memory_len` and `results` below `result_count`, by
            // construction in `Emitter`; both lengths are checked above. It lives as long as `self`.
            unsafe { piece(memory.as_mut_ptr(), results.as_mut_ptr()) };
        }
    }
}

impl Drop for MachineCode {
    fn drop(&mut self) {
        if let Some(module) = self.module.take() {
            self.parts.clear();
            // SAFETY: `&mut self` means no thread is running the code, and the pointers to it have just been dropped.
            unsafe { module.free_memory() };
        }
    }
}

impl fmt::Debug for MachineCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MachineCode({} parts)", self.parts.len())
    }
}

fn native_isa() -> Result<OwnedTargetIsa, String> {
    let mut flags = settings::builder();
    for (name, value) in [
        ("opt_level", "none"),
        ("regalloc_algorithm", "single_pass"),
        ("enable_verifier", if cfg!(debug_assertions) { "true" } else { "false" }),
        ("is_pic", "false"),
        ("use_colocated_libcalls", "false"),
        ("unwind_info", "false"),
    ] {
        flags.set(name, value).map_err(|error| error.to_string())?;
    }
    cranelift_native::builder()
        .map_err(str::to_string)?
        .finish(settings::Flags::new(flags))
        .map_err(|error| error.to_string())
}

fn finished_code(module: &JITModule, id: FuncId) -> Code {
    let pointer = module.get_finalized_function(id);
    // SAFETY: the function was defined with exactly the signature of `Code`, in the platform's C convention.
    unsafe { std::mem::transmute::<*const u8, Code>(pointer) }
}

/// The nodes of a part in pieces, with places for what crosses from one piece to a later one.
struct Plan<'n> {
    results: &'n [NodeId],
    pieces: Vec<Vec<NodeId>>,
    /// Scratch address of each node that a later piece reads.
    crossing: Vec<Option<u32>>,
    scratch: usize,
}

impl<'n> Plan<'n> {
    fn new(graph: &Graph, layout: &Layout, results: &'n [NodeId]) -> Self {
        let order = layout.needed(graph, results);
        let pieces: Vec<Vec<NodeId>> = order.chunks(NODES_PER_FUNCTION).map(<[NodeId]>::to_vec).collect();
        let mut piece_of = vec![0; graph.nodes().len()];
        for (k, piece) in pieces.iter().enumerate() {
            piece.iter().for_each(|node| piece_of[node.index()] = k);
        }
        let mut crossing = vec![None; graph.nodes().len()];
        let mut scratch = 0;
        for &node in &order {
            for_each_argument(graph.node(node), |argument| {
                let crosses = layout.fixed(argument).is_none() && piece_of[argument.index()] != piece_of[node.index()];
                if crosses && crossing[argument.index()].is_none() {
                    crossing[argument.index()] = Some(address(layout.first_scratch() + scratch));
                    scratch += 1;
                }
            });
        }
        Self { results, pieces, crossing, scratch }
    }
}

fn define_part(module: &mut JITModule, graph: &Graph, layout: &Layout, plan: &Plan<'_>) -> Result<Vec<FuncId>, String> {
    let mut wanted: Vec<Vec<usize>> = vec![Vec::new(); graph.nodes().len()];
    for (position, result) in plan.results.iter().enumerate() {
        wanted[result.index()].push(position);
    }
    let mut ids = Vec::new();
    for piece in &plan.pieces {
        ids.push(define(
            module,
            |emitter| {
                for &node in piece {
                    emitter.compute(node);
                    for &position in &wanted[node.index()] {
                        emitter.store_result(node, position);
                    }
                    if let Some(to) = emitter.crossing[node.index()] {
                        emitter.store_crossing(node, to);
                    }
                }
            },
            graph,
            layout,
            &plan.crossing,
        )?);
    }
    // Results that need no computation: inputs, constants, derived parameters.
    let ready: Vec<usize> =
        (0..plan.results.len()).filter(|&position| layout.fixed(plan.results[position]).is_some()).collect();
    if !ready.is_empty() {
        ids.push(define(
            module,
            |emitter| {
                for &position in &ready {
                    emitter.store_result(plan.results[position], position);
                }
            },
            graph,
            layout,
            &plan.crossing,
        )?);
    }
    Ok(ids)
}

/// Defines one function whose body `emit` writes.
fn define(
    module: &mut JITModule,
    emit: impl FnOnce(&mut Emitter<'_, '_>),
    graph: &Graph,
    layout: &Layout,
    crossing: &[Option<u32>],
) -> Result<FuncId, String> {
    let mut context = module.make_context();
    let pointer = module.target_config().pointer_type();
    context.func.signature.params.extend([AbiParam::new(pointer), AbiParam::new(pointer)]);
    let mut builder_context = FunctionBuilderContext::new();
    let mut builder = FunctionBuilder::new(&mut context.func, &mut builder_context);
    let block = builder.create_block();
    builder.append_block_params_for_function_params(block);
    builder.switch_to_block(block);
    builder.seal_block(block);
    let (memory, results) = (builder.block_params(block)[0], builder.block_params(block)[1]);
    let signature = |arguments: usize| {
        let mut signature = Signature::new(module.isa().default_call_conv());
        signature.params.extend(vec![AbiParam::new(types::F64); arguments]);
        signature.returns.push(AbiParam::new(types::F64));
        signature
    };
    let signatures = [builder.import_signature(signature(1)), builder.import_signature(signature(2))];
    let mut emitter = Emitter {
        builder,
        graph,
        layout,
        crossing,
        pointer,
        memory,
        results,
        signatures,
        numbers: NodeMap::default(),
        truths: NodeMap::default(),
    };
    emit(&mut emitter);
    let mut builder = emitter.builder;
    builder.ins().return_(&[]);
    builder.finalize(module.target_config());
    let id = module.declare_anonymous_function(&context.func.signature).map_err(|error| error.to_string())?;
    module.define_function(id, &mut context).map_err(|error| format!("{error:?}"))?;
    Ok(id)
}

/// Writes the body of one function.
struct Emitter<'f, 'g> {
    builder: FunctionBuilder<'f>,
    graph: &'g Graph,
    layout: &'g Layout,
    crossing: &'g [Option<u32>],
    pointer: Type,
    memory: Value,
    results: Value,
    signatures: [SigRef; 2],
    /// Values already in this function, as numbers.
    numbers: NodeMap<Value>,
    /// Values already in this function, as truth values of the machine.
    truths: NodeMap<Value>,
}

impl Emitter<'_, '_> {
    fn compute(&mut self, id: NodeId) {
        match self.graph.node(id) {
            Node::Unary(Unary::Not, x) => {
                let x = self.truth(x);
                let one = self.builder.ins().iconst(types::I8, 1);
                let value = self.builder.ins().bxor(x, one);
                self.truths.insert(id, value);
            }
            Node::Unary(function, x) => {
                let x = self.number(x);
                let value = self.unary(function, x);
                self.numbers.insert(id, value);
            }
            Node::Binary(Binary::And, a, b) => {
                let (a, b) = (self.truth(a), self.truth(b));
                let value = self.builder.ins().band(a, b);
                self.truths.insert(id, value);
            }
            Node::Binary(Binary::Or, a, b) => {
                let (a, b) = (self.truth(a), self.truth(b));
                let value = self.builder.ins().bor(a, b);
                self.truths.insert(id, value);
            }
            Node::Binary(function, a, b) => {
                let (a, b) = (self.number(a), self.number(b));
                if let Some(code) = comparison(function) {
                    let value = self.builder.ins().fcmp(code, a, b);
                    self.truths.insert(id, value);
                } else {
                    let value = self.binary(function, a, b);
                    self.numbers.insert(id, value);
                }
            }
            Node::Select(condition, chosen, otherwise) => {
                let condition = self.truth(condition);
                let (chosen, otherwise) = (self.number(chosen), self.number(otherwise));
                let value = self.builder.ins().select(condition, chosen, otherwise);
                self.numbers.insert(id, value);
            }
            Node::Constant(_) | Node::Time | Node::State(_) | Node::Parameter(_) | Node::Draw(_) | Node::Delayed(_) => {
            }
        }
    }

    fn store_result(&mut self, id: NodeId, position: usize) {
        let value = self.number(id);
        self.store(value, self.results, position);
    }

    fn store_crossing(&mut self, id: NodeId, to: u32) {
        let value = self.number(id);
        self.store(value, self.memory, to as usize);
    }

    fn number(&mut self, id: NodeId) -> Value {
        if let Some(&value) = self.numbers.get(&id) {
            return value;
        }
        let value = if let Some(bits) = constant_bits(self.graph.node(id)) {
            self.builder.ins().f64const(f64::from_bits(bits))
        } else if let Some(&truth) = self.truths.get(&id) {
            let one = self.builder.ins().f64const(1.0);
            let zero = self.builder.ins().f64const(0.0);
            self.builder.ins().select(truth, one, zero)
        } else {
            let from = self.layout.fixed(id).or(self.crossing[id.index()]).expect("computed before it is read");
            self.load(from as usize)
        };
        self.numbers.insert(id, value);
        value
    }

    fn truth(&mut self, id: NodeId) -> Value {
        if let Some(&value) = self.truths.get(&id) {
            return value;
        }
        let number = self.number(id);
        let zero = self.builder.ins().f64const(0.0);
        let value = self.builder.ins().fcmp(FloatCC::NotEqual, number, zero);
        self.truths.insert(id, value);
        value
    }

    fn unary(&mut self, function: Unary, x: Value) -> Value {
        match function {
            Unary::Negate => self.builder.ins().fneg(x),
            Unary::Abs => self.builder.ins().fabs(x),
            Unary::Sqrt => self.builder.ins().sqrt(x),
            Unary::Floor => self.builder.ins().floor(x),
            Unary::Ceiling => self.builder.ins().ceil(x),
            Unary::Truncate => self.builder.ins().trunc(x),
            Unary::Not => unreachable!("truth values are computed apart"),
            Unary::Exp => self.call_one(functions::exp, x),
            Unary::Ln => self.call_one(functions::ln, x),
            Unary::Log10 => self.call_one(functions::log10, x),
            Unary::Sin => self.call_one(functions::sin, x),
            Unary::Cos => self.call_one(functions::cos, x),
            Unary::Tan => self.call_one(functions::tan, x),
            Unary::Arcsin => self.call_one(functions::arcsin, x),
            Unary::Arccos => self.call_one(functions::arccos, x),
            Unary::Arctan => self.call_one(functions::arctan, x),
            Unary::Sinh => self.call_one(functions::sinh, x),
            Unary::Cosh => self.call_one(functions::cosh, x),
            Unary::Tanh => self.call_one(functions::tanh, x),
            Unary::Arcsinh => self.call_one(functions::arcsinh, x),
            Unary::Arccosh => self.call_one(functions::arccosh, x),
            Unary::Arctanh => self.call_one(functions::arctanh, x),
            Unary::Factorial => self.call_one(functions::factorial, x),
            Unary::IntegerCrossing => self.call_one(functions::integer_crossing, x),
        }
    }

    fn binary(&mut self, function: Binary, a: Value, b: Value) -> Value {
        match function {
            Binary::Add => self.builder.ins().fadd(a, b),
            Binary::Subtract => self.builder.ins().fsub(a, b),
            Binary::Multiply => self.builder.ins().fmul(a, b),
            Binary::Divide => self.builder.ins().fdiv(a, b),
            Binary::Power => self.call_two(functions::power, a, b),
            Binary::Remainder => self.call_two(functions::remainder, a, b),
            Binary::Minimum => self.call_two(functions::minimum, a, b),
            Binary::Maximum => self.call_two(functions::maximum, a, b),
            Binary::Less | Binary::LessOrEqual | Binary::Equal | Binary::NotEqual | Binary::And | Binary::Or => {
                unreachable!("truth values are computed apart")
            }
        }
    }

    fn call_one(&mut self, function: extern "C" fn(f64) -> f64, x: Value) -> Value {
        self.call(function as usize, 0, &[x])
    }

    fn call_two(&mut self, function: extern "C" fn(f64, f64) -> f64, a: Value, b: Value) -> Value {
        self.call(function as usize, 1, &[a, b])
    }

    fn call(&mut self, address: usize, signature: usize, arguments: &[Value]) -> Value {
        let callee = self.builder.ins().iconst(self.pointer, address as i64);
        let call = self.builder.ins().call_indirect(self.signatures[signature], callee, arguments);
        self.builder.inst_results(call)[0]
    }

    fn load(&mut self, index: usize) -> Value {
        self.builder.ins().load(types::F64, MemFlagsData::trusted(), self.memory, offset(index))
    }

    fn store(&mut self, value: Value, base: Value, index: usize) {
        self.builder.ins().store(MemFlagsData::trusted(), value, base, offset(index));
    }
}

fn comparison(function: Binary) -> Option<FloatCC> {
    match function {
        Binary::Less => Some(FloatCC::LessThan),
        Binary::LessOrEqual => Some(FloatCC::LessThanOrEqual),
        Binary::Equal => Some(FloatCC::Equal),
        Binary::NotEqual => Some(FloatCC::NotEqual),
        _ => None,
    }
}

fn constant_bits(node: Node) -> Option<u64> {
    match node {
        Node::Constant(bits) => Some(bits),
        _ => None,
    }
}

fn offset(index: usize) -> i32 {
    i32::try_from(index * size_of::<f64>()).expect("fewer than 2^28 values: memory ends long before")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_graphs::{any_graph, any_number, same};
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]
        #[test]
        fn machine_code_gives_the_bits_of_the_interpreter(
            built in any_graph(60),
            point in proptest::collection::vec(any_number(), 6),
        ) {
            let expected = built.interpreted(&point);
            let computed = built.by_machine_code(&point);
            prop_assert!(same(&computed, &expected), "{computed:?} instead of {expected:?}");
        }
    }

    #[test]
    fn long_code_in_several_functions_gives_the_same() {
        let mut graph = Graph::default();
        let (y, p) = (graph.state(0), graph.parameter(0));
        let early = graph.unary(Unary::Sin, y);
        let mut value = early;
        let mut results = vec![y, p];
        for step in 0..3 * NODES_PER_FUNCTION {
            value = match step % 3 {
                0 => graph.unary(Unary::Sin, value),
                1 => graph.add(value, y),
                _ => graph.multiply(value, p),
            };
            if step % 700 == 0 {
                // Truth values and early values cross from piece to piece, too.
                let later = graph.binary(Binary::Less, early, value);
                results.push(later);
                value = graph.select(later, value, early);
            }
        }
        results.push(value);
        let built = crate::test_graphs::TestGraph { graph, results };
        let point = [0.5, 0.3, 0.0, 0.0, 1.1, 0.0];
        assert!(same(&built.by_machine_code(&point), &built.interpreted(&point)));
    }
}
