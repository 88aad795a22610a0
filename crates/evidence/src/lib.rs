//! Statements about signals, and the papers for and against them.
