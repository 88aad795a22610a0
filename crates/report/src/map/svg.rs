//! The map for one printed page. Lengths are millimeters; nothing is told by color alone.
//!
//! Cells stand on the side of their tissue, signals in the middle, what they act on beyond. A line from a cell to its
//! signal shows by its dash how the signal leaves; an arrow from a signal shows by color and head what it does, by
//! width how well that is known. Labels stand in white boxes above all lines, so no line runs through a word.

use super::{Map, MapEdge, MapNode};
use crate::figure::escape;
use std::fmt::Write;

/// Height of letters in boxes: 2.3 mm are 6.5 points.
const TEXT: f64 = 2.3;
/// Mean width of a letter relative to its height; wide letters are rarer than narrow ones.
const LETTER: f64 = 0.54;
const BOX_HEIGHT: f64 = 3.3;
/// Arrows that end at one box are so far apart that their heads do not touch.
const ARROW_PITCH: f64 = 1.3;
/// Signals have boxes of one width, so that their column has straight sides.
const SIGNAL_WIDTH: f64 = 54.0;

const MORE: &str = "#0072b2";
const LESS: &str = "#d55e00";
const OPEN: &str = "#777777";

/// A part of the page.
#[derive(Debug, Clone, PartialEq)]
pub struct Rectangle {
    /// What stands in it.
    pub label: String,
    #[allow(missing_docs)]
    pub left: f64,
    #[allow(missing_docs)]
    pub top: f64,
    #[allow(missing_docs)]
    pub width: f64,
    #[allow(missing_docs)]
    pub height: f64,
}

impl Rectangle {
    /// True when the two share more than a border.
    pub fn overlaps(&self, other: &Self) -> bool {
        let apart = |a: f64, width_a: f64, b: f64, width_b: f64| a + width_a <= b || b + width_b <= a;
        !apart(self.left, self.width, other.left, other.width) && !apart(self.top, self.height, other.top, other.height)
    }
}

/// Where every word of the figure stands: titles, boxes, legend and citation.
pub fn label_rectangles(map: &Map) -> Vec<Rectangle> {
    let map = &turned(map);
    let boxes = map.nodes.iter().filter_map(|node| Some((node, node_box(map, node)?))).map(|(_, rectangle)| rectangle);
    let panels = map.panels.iter().map(|(title, area)| text_box(title, (area[0] + 2.0, area[1] + 3.6), 2.8));
    let mut all: Vec<Rectangle> = boxes.chain(panels).collect();
    all.push(text_box(&map.title, (6.0, 8.0), 4.2));
    all.extend(legend(map).into_iter().map(|item| text_box(&item.label, item.at, TEXT)));
    all.extend(footer(map).into_iter().map(|(line, at)| text_box(&line, at, 2.0)));
    all
}

fn text_width(text: &str, size: f64) -> f64 {
    text.chars().count() as f64 * size * LETTER
}

/// The place of a text that starts at a point on its base line.
fn text_box(label: &str, (x, y): (f64, f64), size: f64) -> Rectangle {
    Rectangle { label: label.to_string(), left: x, top: y - 0.8 * size, width: text_width(label, size), height: size }
}

/// The box of a thing: as high as the arrows that end at it need.
fn node_box(map: &Map, node: &MapNode) -> Option<Rectangle> {
    let (x, y) = node.at?;
    let width = if is_signal(node) { SIGNAL_WIDTH } else { text_width(&node.name, TEXT) + 3.0 };
    let arrows = map.edges.iter().filter(|it| it.to == node.id && is_drawn(map, it)).count();
    let height = if is_signal(node) { BOX_HEIGHT } else { BOX_HEIGHT.max(0.8 + ARROW_PITCH * arrows as f64) };
    Some(Rectangle { label: node.name.clone(), left: x - width / 2.0, top: y - height / 2.0, width, height })
}

/// Signals, and channels and proteins that stand among them.
fn is_signal(node: &MapNode) -> bool {
    matches!(node.kind.as_str(), "signal" | "channel" | "protein")
}

/// The map with what is required as the start of its arrow: it acts on what requires it.
fn turned(map: &Map) -> Map {
    let mut map = map.clone();
    for edge in map.edges.iter_mut().filter(|edge| edge.effect == "requires") {
        std::mem::swap(&mut edge.from, &mut edge.to);
    }
    map
}

pub(super) fn figure(map: &Map) -> String {
    let map = &turned(map);
    let (width, height) = map.page;
    let mut body = String::new();
    for (title, [left, top, width, height]) in &map.panels {
        let _ = writeln!(
            body,
            r##"<rect x="{left}" y="{top}" width="{width}" height="{height}" rx="2" fill="#f4f4f2"/><text x="{:.1}" y="{:.1}" class="panel">{}</text>"##,
            left + 2.0,
            top + 3.6,
            escape(title)
        );
    }
    for edge in map.edges.iter().filter(|edge| is_drawn(map, edge)) {
        arrow(&mut body, map, edge);
    }
    for node in map.nodes.iter().filter(|node| node.at.is_some() && !node.made_by.is_empty()) {
        release(&mut body, map, node);
    }
    map.nodes.iter().for_each(|node| draw_box(&mut body, map, node));
    let _ = writeln!(body, r#"<text x="6" y="8" class="title">{}</text>"#, escape(&map.title));
    legend(map).iter().for_each(|item| item.draw(&mut body));
    for (line, (x, y)) in footer(map) {
        let _ = writeln!(body, r#"<text x="{x:.1}" y="{y:.1}" class="foot">{}</text>"#, escape(&line));
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}mm\" \
         height=\"{height}mm\" role=\"img\" font-family=\"Helvetica, Arial, 'Liberation Sans', sans-serif\">\n\
         <title>{}</title>\n<desc>{}</desc>\n\
         <style>text{{fill:#111}}.label{{font-size:{TEXT}px}}.panel{{font-size:2.8px;font-weight:bold;fill:#555}}\
         .title{{font-size:4.2px;font-weight:bold}}.foot{{font-size:2px;fill:#444}}</style>\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n{body}</svg>\n",
        escape(&map.title),
        escape(&map.citation)
    )
}

/// It runs between the tissues, and both ends have a place.
pub(super) fn is_drawn(map: &Map, edge: &MapEdge) -> bool {
    let placed = |id: &str| map.node(id).is_some_and(|node| node.at.is_some());
    matches!(edge.direction.as_str(), "bone_to_muscle" | "muscle_to_bone") && placed(&edge.from) && placed(&edge.to)
}

/// Line width in millimeters by tier.
fn width_of(tier: &str) -> f64 {
    match tier {
        "T1" => 0.9,
        "T2" => 0.7,
        "T3" => 0.5,
        "T4" => 0.32,
        _ => 0.2,
    }
}

/// The dash and mark of a way out of a cell; `mark` is drawn in the box of the signal.
fn look_of(route: &str) -> (&'static str, &'static str) {
    match route {
        "hemichannel" => ("0.4 0.8", "◆"),
        "gap_junction" => ("0.4 0.8 2 0.8", "◇"),
        "vesicle" => ("2.4 0.8 0.4 0.8", "▲"),
        "resorption" => ("2.4 1", "■"),
        "shed" => ("1.2 0.6", "▽"),
        "transport" => ("3.2 0.8 0.4 0.8 0.4 0.8", "○"),
        "mechanical" => ("5 1.2", "▶"),
        "leak" => ("0.8 1.6", "△"),
        "secretion" => ("", "●"),
        _ => ("0.2 1.2", "?"),
    }
}

/// A side of a box.
#[derive(Clone, Copy, PartialEq)]
enum BoxSide {
    Left,
    Right,
}

/// The sides on which an edge leaves and enters: those that face each other; within a column both on the left when it
/// runs up and both on the right when it runs down, so that it passes beside the boxes.
fn sides(from: &MapNode, to: &MapNode) -> (BoxSide, BoxSide) {
    let ((x1, y1), (x2, y2)) = (from.at.unwrap_or_default(), to.at.unwrap_or_default());
    if (x1 - x2).abs() < SIGNAL_WIDTH / 2.0 {
        let side = if y2 < y1 { BoxSide::Left } else { BoxSide::Right };
        return (side, side);
    }
    if x2 > x1 { (BoxSide::Right, BoxSide::Left) } else { (BoxSide::Left, BoxSide::Right) }
}

/// A point on a side of a box; several edges are spread over its height.
fn port(map: &Map, node: &MapNode, side: BoxSide, (i, n): (usize, usize)) -> (f64, f64) {
    let area = node_box(map, node).unwrap_or_else(|| text_box("", (0.0, 0.0), TEXT));
    let x = if side == BoxSide::Right { area.left + area.width } else { area.left };
    let pitch = ARROW_PITCH.min((area.height - 0.6) / n.max(1) as f64);
    (x, area.top + area.height / 2.0 + (i as f64 - (n as f64 - 1.0) / 2.0) * pitch)
}

/// The four points of a curve that leaves and enters boxes level.
fn curve(start: (f64, f64), end: (f64, f64), (leaves, enters): (BoxSide, BoxSide)) -> [(f64, f64); 4] {
    let reach = if leaves == enters { 9.0 } else { (end.0 - start.0).abs() * 0.5 };
    let outward = |(x, y): (f64, f64), side: BoxSide| (if side == BoxSide::Right { x + reach } else { x - reach }, y);
    [start, outward(start, leaves), outward(end, enters), end]
}

/// The path of a curve.
fn drawn(points: &[(f64, f64); 4]) -> String {
    let [a, b, c, d] = points.map(|(x, y)| format!("{x:.1} {y:.1}"));
    format!("M{a}C{b} {c} {d}")
}

/// A point of a curve, from 0 at its start to 1 at its end.
fn along(points: &[(f64, f64); 4], t: f64) -> (f64, f64) {
    let s = 1.0 - t;
    let weights = [s * s * s, 3.0 * s * s * t, 3.0 * s * t * t, t * t * t];
    let sum = |of: fn(&(f64, f64)) -> f64| points.iter().zip(weights).map(|(point, weight)| weight * of(point)).sum();
    (sum(|it| it.0), sum(|it| it.1))
}

/// The position of an edge among those that meet at a thing, ordered by where they come from, and their number.
fn rank(map: &Map, edge: &MapEdge, at: &str, is_end: bool) -> (usize, usize) {
    let far = |it: &MapEdge| if is_end { it.from.clone() } else { it.to.clone() };
    let height = |id: &str| map.node(id).and_then(|node| node.at).map_or(0.0, |it| it.1);
    let mut meeting: Vec<&MapEdge> =
        map.edges.iter().filter(|it| is_drawn(map, it) && if is_end { it.to == at } else { it.from == at }).collect();
    meeting.sort_by(|a, b| height(&far(a)).total_cmp(&height(&far(b))).then_with(|| a.id.cmp(&b.id)));
    (meeting.iter().position(|it| it.id == edge.id).unwrap_or(0), meeting.len())
}

fn arrow(body: &mut String, map: &Map, edge: &MapEdge) {
    let (Some(from), Some(to)) = (map.node(&edge.from), map.node(&edge.to)) else { return };
    let sides = sides(from, to);
    let place = rank(map, edge, &edge.from, false);
    let start = port(map, from, sides.0, place);
    let end = port(map, to, sides.1, rank(map, edge, &edge.to, true));
    let (color, head) = match edge.sign {
        Some(true) => (MORE, '>'),
        Some(false) => (LESS, '|'),
        None => (OPEN, 'o'),
    };
    let toward = if sides.1 == BoxSide::Left { 1.0 } else { -1.0 };
    let stop = (end.0 - toward * 1.3, end.1);
    let points = curve(start, stop, sides);
    let words =
        format!("{} ({})", edge.id.replace('_', " "), if edge.tier.is_empty() { "no support" } else { &edge.tier });
    let _ = writeln!(
        body,
        r#"<g class="arrow" id="{}"><title>{}</title><path d="{}" fill="none" stroke="{color}" stroke-width="{}" stroke-opacity="0.85"/>"#,
        escape(&edge.id),
        escape(&words),
        drawn(&points),
        width_of(&edge.tier)
    );
    draw_head(body, stop, toward, head, color);
    if edge.contested {
        // Near its start, where arrows are apart; those of one thing step aside for each other.
        draw_doubt(body, along(&points, 0.1 + 0.06 * place.0 as f64));
    }
    body.push_str("</g>\n");
}

fn draw_head(body: &mut String, (x, y): (f64, f64), toward: f64, head: char, color: &str) {
    let _ = match head {
        '>' => writeln!(
            body,
            r#"<path d="M{:.1} {:.1}L{x:.1} {:.1}L{x:.1} {:.1}Z" fill="{color}"/>"#,
            x + toward * 1.3,
            y,
            y - 0.65,
            y + 0.65
        ),
        '|' => writeln!(
            body,
            r#"<path d="M{x:.1} {y:.1}h{:.1}m0 -0.9v1.8" stroke="{color}" stroke-width="0.5" fill="none"/>"#,
            toward * 0.9
        ),
        _ => writeln!(
            body,
            r##"<circle cx="{:.1}" cy="{y:.1}" r="0.6" fill="#fff" stroke="{color}" stroke-width="0.3"/>"##,
            x + toward * 0.6
        ),
    };
}

/// The mark of a dispute: a white diamond with a bar.
fn draw_doubt(body: &mut String, (x, y): (f64, f64)) {
    let _ = writeln!(
        body,
        r##"<path d="M{:.2} {y:.2}L{x:.2} {:.2}L{:.2} {y:.2}L{x:.2} {:.2}Z" fill="#fff" stroke="#111" stroke-width="0.25"/><path d="M{:.2} {:.2}L{:.2} {:.2}" stroke="#111" stroke-width="0.25"/>"##,
        x - 1.1,
        y - 1.1,
        x + 1.1,
        y + 1.1,
        x - 0.5,
        y + 0.5,
        x + 0.5,
        y - 0.5
    );
}

/// Lines from the cells that make a signal to its box: the cells of the tissue that it comes from.
fn release(body: &mut String, map: &Map, node: &MapNode) {
    let route = node.leaves_by.first().map_or("unknown", String::as_str);
    let x = |node: &MapNode| node.at.map(|at| at.0);
    let comes_from_left =
        map.edges.iter().any(|edge| edge.from == node.id && edge.direction == "bone_to_muscle" && is_drawn(map, edge));
    let makers = node.made_by.iter().filter_map(|id| map.node(id));
    for cell in makers.filter(|cell| x(cell).is_some() && (x(cell) < x(node)) == comes_from_left) {
        let sides = sides(cell, node);
        if sides.0 == sides.1 {
            // A thing within its own cell; the mark in its box tells the route.
            continue;
        }
        let dash = look_of(route).0;
        let _ = writeln!(
            body,
            r##"<path d="{}" fill="none" stroke="#555" stroke-width="0.25"{}/>"##,
            drawn(&curve(port(map, cell, sides.0, (0, 1)), port(map, node, sides.1, (0, 1)), sides)),
            if dash.is_empty() { String::new() } else { format!(" stroke-dasharray=\"{dash}\"") }
        );
    }
}

fn draw_box(body: &mut String, map: &Map, node: &MapNode) {
    let Some(area) = node_box(map, node) else { return };
    let (corner, fill) = match node.kind.as_str() {
        "cell" | "tissue" => (1.6, "#fdf3d8"),
        "signal" => (1.6, "#ffffff"),
        "channel" | "protein" => (0.3, "#eeeeee"),
        _ => (0.3, "#ffffff"),
    };
    let _ = writeln!(
        body,
        r##"<rect x="{:.1}" y="{:.1}" width="{:.1}" height="{:.1}" rx="{corner}" fill="{fill}" stroke="#333" stroke-width="0.2"/>"##,
        area.left, area.top, area.width, area.height
    );
    let base = area.top + area.height / 2.0 + 0.75;
    if is_signal(node) {
        let marks: String = node.leaves_by.iter().map(|route| look_of(route).1).collect();
        let _ = writeln!(
            body,
            r#"<text x="{:.1}" y="{base:.1}" class="label">{}</text><text x="{:.1}" y="{base:.1}" class="label" text-anchor="end">{marks}</text>"#,
            area.left + 1.5,
            escape(&node.name),
            area.left + area.width - 1.5
        );
    } else {
        let _ = writeln!(
            body,
            r#"<text x="{:.1}" y="{base:.1}" class="label" text-anchor="middle">{}</text>"#,
            area.left + area.width / 2.0,
            escape(&node.name)
        );
    }
}

/// One entry of the legend: a sample and its words.
struct Entry {
    sample: Sample,
    label: String,
    /// Where the words start, on their base line.
    at: (f64, f64),
}

enum Sample {
    Head(char, &'static str),
    Width(f64),
    Dash(&'static str, &'static str),
    Doubt,
}

impl Entry {
    fn draw(&self, body: &mut String) {
        let (x, y) = (self.at.0, self.at.1 - 0.8);
        match self.sample {
            Sample::Head(head, color) => {
                let _ = writeln!(body, r#"<path d="M{:.1} {y:.1}h5" stroke="{color}" stroke-width="0.5"/>"#, x - 8.0);
                draw_head(body, (x - 3.0, y), 1.0, head, color);
            }
            Sample::Width(width) => {
                let _ =
                    writeln!(body, r#"<path d="M{:.1} {y:.1}h6.5" stroke="{OPEN}" stroke-width="{width}"/>"#, x - 8.0);
            }
            Sample::Dash(dash, mark) => {
                let dash = if dash.is_empty() { String::new() } else { format!(" stroke-dasharray=\"{dash}\"") };
                let _ = writeln!(
                    body,
                    r##"<path d="M{:.1} {y:.1}h7" stroke="#555" stroke-width="0.25"{dash}/><text x="{:.1}" y="{:.1}" class="label">{mark}</text>"##,
                    x - 11.0,
                    x - 3.2,
                    self.at.1
                );
            }
            Sample::Doubt => draw_doubt(body, (x - 4.0, y)),
        }
        let _ = writeln!(
            body,
            r#"<text x="{:.1}" y="{:.1}" class="label">{}</text>"#,
            self.at.0,
            self.at.1,
            escape(&self.label)
        );
    }
}

/// The legend, in rows below the panels: only routes that occur.
fn legend(map: &Map) -> Vec<Entry> {
    let bottom = map.panels.iter().map(|(_, area)| area[1] + area[3]).fold(0.0, f64::max);
    let mut rows: Vec<Vec<(Sample, String, f64)>> = vec![
        vec![
            (Sample::Head('>', MORE), "more makes more".into(), 9.5),
            (Sample::Head('|', LESS), "more makes less".into(), 9.5),
            (Sample::Head('o', OPEN), "open, or no paper for it".into(), 9.5),
            (Sample::Doubt, "papers on both sides".into(), 7.0),
        ],
        Vec::new(),
    ];
    for (tier, meaning) in
        [("T1", "trial in people"), ("T2", "replicated in vivo"), ("T3", "once in vivo"), ("T4", "in vitro")]
    {
        rows[0].push((Sample::Width(width_of(tier)), format!("{tier} {meaning}"), 9.5));
    }
    rows[0].push((Sample::Width(width_of("T5")), "T5 inferred".into(), 9.5));
    let occurs =
        |route: &str| map.nodes.iter().any(|node| node.at.is_some() && node.leaves_by.iter().any(|it| it == route));
    for (route, name) in [
        ("secretion", "secreted"),
        ("hemichannel", "hemichannel"),
        ("gap_junction", "gap junction"),
        ("vesicle", "vesicle"),
        ("resorption", "freed by resorption"),
        ("shed", "shed"),
        ("transport", "transported"),
        ("leak", "from torn cells"),
        ("mechanical", "pull"),
        ("unknown", "unknown"),
    ] {
        if occurs(route) {
            let (dash, mark) = look_of(route);
            rows[1].push((Sample::Dash(dash, mark), name.to_string(), 12.0));
        }
    }
    let mut entries = Vec::new();
    for (row, items) in rows.into_iter().enumerate() {
        let mut x = 6.0;
        for (sample, label, room) in items {
            let at = (x + room, bottom + 4.6 + row as f64 * 4.2);
            x = at.0 + text_width(&label, TEXT) + 2.0;
            entries.push(Entry { sample, label, at });
        }
    }
    entries
}

/// What is not drawn, and how to cite the page.
fn footer(map: &Map) -> Vec<(String, (f64, f64))> {
    let drawn = map.edges.iter().filter(|edge| is_drawn(map, edge)).count();
    let line = format!(
        "{drawn} of {} statements are drawn: those between the tissues. The others, and every paper and number, are in the \
         other formats of the map and in `enthesis evidence`.",
        map.edges.len()
    );
    vec![(line, (6.0, map.page.1 - 5.4)), (map.citation.clone(), (6.0, map.page.1 - 2.4))]
}
