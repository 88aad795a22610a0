//! The simple interaction format.

use super::Map;

pub(super) fn text(map: &Map) -> String {
    map.edges.iter().map(|it| format!("{}\t{}\t{}\n", it.from, it.effect, it.to)).collect()
}
