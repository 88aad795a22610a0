//! The order in which the unknowns of a sparse system are eliminated.

use crate::system::Pattern;
use std::collections::BTreeSet;

/// Unknowns with more neighbors than this times the square root of the dimension come last, in their own order: they would
/// be eliminated near the end anyway, and to follow them until then costs more than all others together.
const DENSE: f64 = 10.0;

/// The order of elimination that takes, at each turn, the unknown with the fewest neighbors in the graph of `A + Aᵀ` (the
/// first among equals), and then joins its neighbors to each other, as elimination does.
///
/// The joined neighbors of an eliminated unknown are kept as one *element* instead of as edges, so that memory never grows,
/// and the number of neighbors is bounded from above instead of counted (Amestoy, Davis & Duff 1996,
/// doi:10.1137/S0895479894278952). Time grows about with the entries of the factors.
pub(crate) fn minimum_degree(pattern: &Pattern) -> Vec<usize> {
    let dimension = pattern.dimension();
    let mut graph = Graph::new(pattern);
    let mut order = Vec::with_capacity(dimension);
    let mut waiting: BTreeSet<(usize, usize)> = BTreeSet::new();
    let limit = (DENSE * (dimension as f64).sqrt()).max(16.0) as usize;
    let dense: Vec<usize> = (0..dimension).filter(|&unknown| graph.degrees[unknown] > limit).collect();
    graph.leave_out(&dense);
    waiting.extend((0..dimension).filter(|&unknown| !graph.gone[unknown]).map(|i| (graph.degrees[i], i)));
    while let Some((_, next)) = waiting.pop_first() {
        order.push(next);
        for neighbor in graph.eliminate(next) {
            let before = graph.degrees[neighbor];
            graph.count(neighbor, next, dimension - order.len() - 1);
            if graph.degrees[neighbor] != before {
                waiting.remove(&(before, neighbor));
                waiting.insert((graph.degrees[neighbor], neighbor));
            }
        }
    }
    order.extend(dense);
    order
}

/// What elimination has made of the graph so far.
struct Graph {
    /// Neighbors of each unknown that no element says.
    edges: Vec<Vec<usize>>,
    /// Elements each unknown belongs to, by the unknown whose elimination made them.
    elements: Vec<Vec<usize>>,
    /// Unknowns of each element, also those that are gone since.
    members: Vec<Vec<usize>>,
    /// Members of each element that are not gone.
    sizes: Vec<usize>,
    /// At least the number of neighbors.
    degrees: Vec<usize>,
    /// Eliminated or left out.
    gone: Vec<bool>,
    /// Elements that are part of a newer one.
    absorbed: Vec<bool>,
    /// In which turn an unknown was met last.
    met: Vec<usize>,
    /// Members of an element outside the newest one, and the turn for which that was counted.
    outside: Vec<(usize, usize)>,
}

impl Graph {
    fn new(pattern: &Pattern) -> Self {
        let dimension = pattern.dimension();
        let mut edges = vec![Vec::new(); dimension];
        for column in 0..dimension {
            for &row in pattern.column(column).iter().filter(|&&row| row != column) {
                edges[row].push(column);
                edges[column].push(row);
            }
        }
        for neighbors in &mut edges {
            neighbors.sort_unstable();
            neighbors.dedup();
        }
        Self {
            degrees: edges.iter().map(Vec::len).collect(),
            edges,
            elements: vec![Vec::new(); dimension],
            members: vec![Vec::new(); dimension],
            sizes: vec![0; dimension],
            gone: vec![false; dimension],
            absorbed: vec![false; dimension],
            met: vec![usize::MAX; dimension],
            outside: vec![(0, usize::MAX); dimension],
        }
    }

    fn leave_out(&mut self, unknowns: &[usize]) {
        for &unknown in unknowns {
            self.gone[unknown] = true;
        }
        for &unknown in unknowns {
            for neighbor in std::mem::take(&mut self.edges[unknown]) {
                self.degrees[neighbor] -= 1;
            }
        }
        let gone = &self.gone;
        self.edges.iter_mut().for_each(|neighbors| neighbors.retain(|&neighbor| !gone[neighbor]));
    }

    /// Takes an unknown out, makes its neighbors one element and returns them.
    fn eliminate(&mut self, unknown: usize) -> Vec<usize> {
        self.gone[unknown] = true;
        self.met[unknown] = unknown;
        let mut neighbors = Vec::new();
        let mut meet = |neighbor: usize, met: &mut [usize]| {
            if met[neighbor] != unknown {
                met[neighbor] = unknown;
                neighbors.push(neighbor);
            }
        };
        for neighbor in std::mem::take(&mut self.edges[unknown]) {
            meet(neighbor, &mut self.met);
        }
        for element in std::mem::take(&mut self.elements[unknown]) {
            self.absorbed[element] = true;
            for member in std::mem::take(&mut self.members[element]) {
                if !self.gone[member] {
                    meet(member, &mut self.met);
                }
            }
        }
        for &neighbor in &neighbors {
            self.elements[neighbor].retain(|&element| !self.absorbed[element]);
            for &element in &self.elements[neighbor] {
                let (count, turn) = &mut self.outside[element];
                if *turn != unknown {
                    (*count, *turn) = (self.sizes[element], unknown);
                }
                *count -= 1;
            }
        }
        for &neighbor in &neighbors {
            // An element with no member outside the new one says nothing of its own any more.
            for &element in &self.elements[neighbor] {
                self.absorbed[element] |= self.outside[element].0 == 0;
            }
            self.elements[neighbor].retain(|&element| !self.absorbed[element]);
            self.edges[neighbor].retain(|&other| self.met[other] != unknown);
            self.elements[neighbor].push(unknown);
        }
        self.members[unknown].clone_from(&neighbors);
        self.sizes[unknown] = neighbors.len();
        neighbors
    }

    /// Bounds the number of neighbors of a member of the newest element.
    fn count(&mut self, unknown: usize, newest: usize, left: usize) {
        let others = self.elements[unknown].iter().filter(|&&element| element != newest);
        let elsewhere: usize = others.map(|&element| self.outside[element].0).sum();
        let bound = self.edges[unknown].len() + elsewhere + self.sizes[newest] - 1;
        let grown = self.degrees[unknown] + self.sizes[newest] - 1;
        self.degrees[unknown] = bound.min(grown).min(left);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(dimension: usize, edges: impl IntoIterator<Item = (usize, usize)>) -> Pattern {
        let mut columns = vec![Vec::new(); dimension];
        for (row, column) in edges {
            columns[column].push(row);
        }
        Pattern::from_columns(columns)
    }

    #[test]
    fn a_chain_is_taken_from_its_ends_and_a_hub_comes_last() {
        let order = minimum_degree(&pattern(5, (1..5).map(|i| (i - 1, i))));
        assert_eq!(order[0], 0);
        let hub = minimum_degree(&pattern(2000, (1..2000).map(|i| (0, i))));
        assert_eq!(hub.last(), Some(&0));
    }

    #[test]
    fn every_unknown_comes_once() {
        let scattered = (0..300).flat_map(|i| [(i, (i * 7 + 3) % 300), ((i * 31 + 11) % 300, i)]);
        let mut order = minimum_degree(&pattern(300, scattered));
        order.sort_unstable();
        assert_eq!(order, (0..300).collect::<Vec<_>>());
    }
}
