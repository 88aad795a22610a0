use super::*;

fn biology() -> Biology {
    Biology::embedded().expect("the biology inside the program is checked").0
}

fn made(kind: DocumentKind, format: DocumentFormat) -> String {
    document(&biology(), kind, "human", format, &|_, _| ()).expect("it can be made")
}

#[test]
fn parameters_are_one_table_with_a_row_each() {
    let table = made(DocumentKind::Parameters, DocumentFormat::Tsv);
    let mut lines = table.lines();
    let header = "section\tParameter\tName\tValue\tUnit\tOrganism\tBasis\tRange\tQuality\tSources\tRemark\tWritten in";
    assert_eq!(lines.next(), Some(header));
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split('\t').collect()).collect();
    let biology = biology();
    let parameters: usize = biology.modules().map(|it| it.parameters.len() + 3 * it.links.len()).sum();
    assert!(rows.len() > parameters / 2 && rows.len() <= parameters, "{} rows, {parameters} parameters", rows.len());
    let half_life = rows.iter().find(|row| row[1] == "sclerostin_half_life").expect("it is there");
    assert_eq!(half_life[4..8], ["min", "human, mouse", "fitted", "20 to 90"]);
    assert!(half_life[9].starts_with("Eudy 2015 https://doi.org/"), "{half_life:?}");
    let reference = rows.iter().find(|row| row[1] == "sclerostin_reference").expect("it is there");
    // 3.725 nmol/L/day times 39.92 min over ln 2.
    assert_eq!(reference[3], "0.14898 = sclerostin_production * sclerostin_half_life / ln(2)");
    assert!(rows.iter().all(|row| row.len() == 12 && ["A", "B", "C", "D"].contains(&row[8])));
    // An assumption that rests on nothing is never called good.
    assert!(rows.iter().all(|row| row[6] != "assumed" || ["C", "D"].contains(&row[8])));
}

#[test]
fn equations_are_rates_of_change_and_what_they_need() {
    let page = made(DocumentKind::Equations, DocumentFormat::Markdown);
    for text in ["## Rates of change", "d(pge2_in_bone)/dt", "## Assignments", "## Values at the start"] {
        assert!(page.contains(text), "{text} is missing");
    }
}

#[test]
fn the_ten_rules_have_scores_and_reasons() {
    let table = made(DocumentKind::TenRules, DocumentFormat::Tsv);
    assert_eq!(table.lines().count(), 11);
    assert!(table.contains("Rules\t8\tGet independent reviews\t0 insufficient\t"), "{table}");
}

#[test]
fn what_is_no_table_is_refused_as_one() {
    let error =
        document(&biology(), DocumentKind::Equations, "human", DocumentFormat::Tsv, &|_, _| ()).expect_err("no rows");
    let expected =
        "error: this document is not one table\n  at --output\n  hint: end the name of the file in .md or .html";
    assert_eq!(error.to_string(), expected);
}
