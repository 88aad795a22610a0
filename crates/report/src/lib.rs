//! Results to tables, figures and a provenance record.
