//! Compiles a network to indices and machine code, and solves it.
