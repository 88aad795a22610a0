//! The public face: open a biology, run a scenario, explain a link.
