//! Tables that fit 80 columns, in a terminal or a pipe.

use comfy_table::{Cell, CellAlignment, ColumnConstraint, ContentArrangement, Table};

/// Width that every table keeps to.
const WIDTH: u16 = 80;

/// A table without frames: columns of text to the left, of numbers to the right, long texts wrapped.
pub fn text(header: &[&str], rows: &[Vec<String>], numbers_from: usize) -> String {
    let mut table = Table::new();
    table
        .load_style(comfy_table::presets::NOTHING)
        .set_width(WIDTH)
        .set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(header.iter().enumerate().map(|(i, text)| cell(text, i >= numbers_from)));
    for row in rows {
        table.add_row(row.iter().enumerate().map(|(i, text)| cell(text, i >= numbers_from)));
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    // Ids are copied into other commands: they are wrapped only when they would leave no room for anything else.
    let widest = rows.iter().filter_map(|row| row.first()).map(|id| id.chars().count()).max().unwrap_or(0);
    let is_listing = numbers_from >= header.len();
    if is_listing
        && widest <= usize::from(WIDTH) / 2
        && let Some(first) = table.column_mut(0)
    {
        first.set_constraint(ColumnConstraint::ContentWidth);
    }
    let lines: Vec<String> = table.lines().map(|line| line.trim_end().to_string()).collect();
    lines.join("\n") + "\n"
}

fn cell(text: &str, is_number: bool) -> Cell {
    Cell::new(text).set_alignment(if is_number { CellAlignment::Right } else { CellAlignment::Left })
}

/// A text wrapped at 80 columns, each line after `indent` spaces.
pub fn wrapped(text: &str, indent: usize) -> String {
    let width = usize::from(WIDTH) - indent;
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    let pad = " ".repeat(indent);
    lines.into_iter().map(|line| format!("{pad}{line}").trim_end().to_string() + "\n").collect()
}

/// A line after `indent` spaces; when it is wrapped, what follows is indented by four more.
pub fn hanging(line: &str, indent: usize) -> String {
    format!("{}{}", " ".repeat(indent), wrapped(line, indent + 4).trim_start_matches(' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_to_the_right() {
        let rows = [vec!["Total hip BMD".to_string(), "-3.1 %".to_string()], vec!["x".into(), "+120 %".into()]];
        assert_eq!(
            text(&["Read-out", "Change"], &rows, 1),
            "Read-out       Change\nTotal hip BMD  -3.1 %\nx              +120 %\n"
        );
    }

    #[test]
    fn no_line_is_longer_than_80_columns() {
        let long = "a word and another ".repeat(20);
        let table = text(&["Id", "About"], &[vec!["some_id".into(), long.clone()]], 9);
        assert!(table.lines().all(|line| line.chars().count() <= 80), "{table}");
        assert!(
            wrapped(&long, 4)
                .lines()
                .all(|line| line.chars().count() <= 80 && line.starts_with("    a") || line.starts_with("    "))
        );
    }
}
