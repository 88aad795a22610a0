//! What one asks of compiled models: ensembles, comparisons.
