//! SBML to and from a network.
