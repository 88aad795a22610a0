//! Bone, muscle, signals, drugs, genotypes: reads the biology folder and assembles a network.
