//! Builds this crate again when a file of the biology is added or removed; `include_dir` alone sees only changed ones.
fn main() {
    println!("cargo::rerun-if-changed=../../biology");
}
