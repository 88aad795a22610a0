//! A page of SVG, written element by element.

use std::fmt::Write;

/// Where a text is anchored.
#[derive(Clone, Copy)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// SVG in the making. Lengths are in CSS pixels; coordinates are written with one decimal.
pub(crate) struct Canvas {
    body: String,
    width: f64,
    height: f64,
}

pub(crate) const FONT_SIZE: f64 = 12.0;

impl Canvas {
    pub fn new(width: f64, height: f64) -> Self {
        Self { body: String::new(), width, height }
    }

    /// The width a text is likely to take, in pixels.
    pub fn text_width(text: &str, size: f64) -> f64 {
        text.chars().count() as f64 * size * 0.56
    }

    pub fn line(&mut self, from: (f64, f64), to: (f64, f64), color: &str, width: f64) {
        let _ = writeln!(
            self.body,
            r#"<line x1="{:.1}" y1="{:.1}" x2="{:.1}" y2="{:.1}" stroke="{color}" stroke-width="{width}"/>"#,
            from.0, from.1, to.0, to.1
        );
    }

    pub fn polyline(&mut self, points: &[(f64, f64)], color: &str, dash: &str) {
        let _ = writeln!(
            self.body,
            r#"<polyline points="{}" fill="none" stroke="{color}" stroke-width="2"{} stroke-linejoin="round"/>"#,
            coordinates(points),
            if dash.is_empty() { String::new() } else { format!(r#" stroke-dasharray="{dash}""#) }
        );
    }

    /// A filled area without outline.
    pub fn area(&mut self, points: &[(f64, f64)], color: &str) {
        let _ = writeln!(
            self.body,
            r#"<polygon points="{}" fill="{color}" fill-opacity="0.16" stroke="none"/>"#,
            coordinates(points)
        );
    }

    /// The i-th of a set of marks that differ in shape, about 9 pixels wide.
    pub fn mark(&mut self, (x, y): (f64, f64), shape: usize, color: &str) {
        let _ = match shape % 4 {
            0 => writeln!(self.body, r#"<circle cx="{x:.1}" cy="{y:.1}" r="4.5" fill="{color}"/>"#),
            1 => {
                let points =
                    coordinates(&[(x - 4.0, y - 4.0), (x + 4.0, y - 4.0), (x + 4.0, y + 4.0), (x - 4.0, y + 4.0)]);
                writeln!(self.body, r#"<polygon points="{points}" fill="{color}"/>"#)
            }
            2 => {
                let points = coordinates(&[(x, y - 5.0), (x + 5.0, y + 4.0), (x - 5.0, y + 4.0)]);
                writeln!(self.body, r#"<polygon points="{points}" fill="{color}"/>"#)
            }
            _ => {
                let points = coordinates(&[(x, y - 5.5), (x + 5.5, y), (x, y + 5.5), (x - 5.5, y)]);
                writeln!(self.body, r#"<polygon points="{points}" fill="{color}"/>"#)
            }
        };
    }

    /// A circle with a name that shows under the pointer.
    pub fn ring(&mut self, (x, y): (f64, f64), color: &str, name: &str) {
        let _ = writeln!(
            self.body,
            r##"<circle cx="{x:.1}" cy="{y:.1}" r="3.6" fill="#ffffff" stroke="{color}" stroke-width="1.8"><title>{}</title></circle>"##,
            escape(name)
        );
    }

    pub fn text(&mut self, (x, y): (f64, f64), text: &str, anchor: Anchor, class: &str) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let _ = writeln!(
            self.body,
            r#"<text x="{x:.1}" y="{y:.1}" text-anchor="{anchor}" class="{class}">{}</text>"#,
            escape(text)
        );
    }

    /// A text that reads upwards, centered on a point.
    pub fn upward_text(&mut self, (x, y): (f64, f64), text: &str) {
        let _ = writeln!(
            self.body,
            r#"<text transform="translate({x:.1} {y:.1}) rotate(-90)" text-anchor="middle" class="axis">{}</text>"#,
            escape(text)
        );
    }

    /// The finished image, with a description for people who cannot see it.
    pub fn finish(self, description: &str) -> String {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w:.0} {h:.0}\" width=\"{w:.0}\" height=\"{h:.0}\" \
             role=\"img\" font-family=\"system-ui, 'Segoe UI', Helvetica, Arial, sans-serif\">\n\
             <title>{title}</title>\n\
             <style>.tick{{font-size:10.5px;fill:#444}}.axis{{font-size:11px;fill:#333}}\
             .title{{font-size:12.5px;font-weight:600;fill:#111}}.legend{{font-size:12px;fill:#111}}\
             .group{{font-size:12px;font-weight:600;fill:#555}}</style>\n\
             <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n{body}</svg>\n",
            w = self.width,
            h = self.height,
            title = escape(description),
            body = self.body
        )
    }
}

fn coordinates(points: &[(f64, f64)]) -> String {
    let mut text = String::with_capacity(points.len() * 12);
    for (x, y) in points {
        let _ = write!(text, "{x:.1},{y:.1} ");
    }
    text.truncate(text.trim_end().len());
    text
}

pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A text cut to a width in pixels, with an ellipsis when something is missing.
pub(crate) fn fitted(text: &str, width: f64, size: f64) -> String {
    let fits = (width / Canvas::text_width("x", size)) as usize;
    if text.chars().count() <= fits {
        return text.to_string();
    }
    let kept: String = text.chars().take(fits.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// A text broken between words into at most `most` lines of a width in pixels; what does not fit ends in an ellipsis.
pub(crate) fn wrapped(text: &str, width: f64, size: f64, most: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let full = lines.len() == most;
        let line = lines.last_mut().expect("there is always a line");
        let longer = if line.is_empty() { word.to_string() } else { format!("{line} {word}") };
        if line.is_empty() || full || Canvas::text_width(&longer, size) <= width {
            *line = longer;
        } else {
            lines.push(word.to_string());
        }
    }
    lines.iter().map(|line| fitted(line, width, size)).collect()
}

/// What a line or mark of a figure stands for.
pub(crate) struct Key<'a> {
    pub label: &'a str,
    pub style: usize,
}

/// Draws the legend above the panels, wrapped to the width; returns the height it took.
pub(crate) fn legend(canvas: &mut Canvas, keys: &[Key], with_marks: bool, width: f64) -> f64 {
    let (mut x, mut y) = (10.0, 16.0);
    for key in keys {
        let needed = 46.0 + Canvas::text_width(key.label, FONT_SIZE);
        if x > 10.0 && x + needed > width {
            (x, y) = (10.0, y + 18.0);
        }
        let style = super::style(key.style);
        if with_marks {
            canvas.mark((x + 13.0, y - 4.0), key.style, style.color);
        } else {
            canvas.polyline(&[(x, y - 4.0), (x + 26.0, y - 4.0)], style.color, style.dash);
        }
        canvas.text((x + 32.0, y), key.label, Anchor::Start, "legend");
        x += needed;
    }
    y + 12.0
}
