//! The closest known name for a misspelled one.

/// The known names closest to `name`, best first, at most three; empty when nothing is near.
pub fn did_you_mean<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let mut scored: Vec<(f64, &str)> = known
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(name, candidate), candidate))
        .filter(|(score, _)| *score > 0.84)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    scored.dedup_by_key(|(_, candidate)| *candidate);
    scored.into_iter().take(3).map(|(_, candidate)| candidate).collect()
}

#[cfg(test)]
mod tests {
    use super::did_you_mean;

    fn check(name: &str, expected: &[&str]) {
        let known = ["sclerostin", "sclerostin_reference", "osteocalcin", "osteocyte", "pge2", "igf1"];
        assert_eq!(did_you_mean(name, known), expected, "{name}");
    }

    #[test]
    fn the_closest_come_first() {
        check("sclerostim", &["sclerostin", "sclerostin_reference"]);
        check("osteocyt", &["osteocyte", "osteocalcin"]);
        check("pge", &["pge2"]);
    }

    #[test]
    fn nothing_is_better_than_a_wild_guess() {
        check("denosumab", &[]);
        check("", &[]);
    }
}
