//! Commands on the biology.
