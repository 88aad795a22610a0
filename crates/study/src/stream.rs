//! Work on many items by several threads, with the results in the order of the items.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Results that may wait for an earlier one, per thread: enough that a slow item does not hold up the others for long.
const WINDOW_PER_THREAD: usize = 16;

/// Works on items by several threads and hands the results to `sink`, in the order of the items.
///
/// Items are taken as they are needed, and no more than a fixed number of results per thread waits for an earlier one,
/// so that memory does not grow with the number of items. `sink` is called by one thread at a time. What it gets does not
/// depend on the number of threads.
///
/// # Errors
/// The first error of `sink`; nothing is begun after it.
pub fn stream<I, T: Send, E: Send>(
    items: impl Iterator<Item = I> + Send,
    threads: usize,
    work: impl Fn(I) -> T + Sync,
    sink: impl FnMut(T) -> Result<(), E> + Send,
) -> Result<(), E> {
    let threads = threads.max(1);
    let line = Line {
        state: Mutex::new(State { items, taken: 0, delivered: 0, waiting: VecDeque::new(), ended: false, error: None }),
        sink: Mutex::new(sink),
        moved: Condvar::new(),
        window: threads * WINDOW_PER_THREAD,
    };
    std::thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(|| line.work_on(&work));
        }
        line.work_on(&work);
    });
    let state = line.state.into_inner().unwrap_or_else(PoisonError::into_inner);
    state.error.map_or(Ok(()), Err)
}

/// What the threads share.
struct Line<S, F> {
    state: Mutex<S>,
    sink: Mutex<F>,
    /// Results were delivered, or the work has ended.
    moved: Condvar,
    window: usize,
}

struct State<J, T, E> {
    items: J,
    /// Items begun.
    taken: usize,
    /// Results handed over.
    delivered: usize,
    /// Results from `delivered` on; `None` is being worked on.
    waiting: VecDeque<Option<T>>,
    /// True when nothing more is to be begun.
    ended: bool,
    error: Option<E>,
}

impl<I, J: Iterator<Item = I>, T, E, F: FnMut(T) -> Result<(), E>> Line<State<J, T, E>, F> {
    fn lock(&self) -> MutexGuard<'_, State<J, T, E>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work_on(&self, work: &(impl Fn(I) -> T + Sync)) {
        let _release = ReleaseOthers(self);
        while let Some((position, item)) = self.next() {
            let result = work(item);
            self.deliver(position, result);
        }
    }

    /// The next item, when there is room for its result.
    fn next(&self) -> Option<(usize, I)> {
        let mut state = self.lock();
        while !state.ended && state.waiting.len() >= self.window {
            state = self.moved.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.ended {
            return None;
        }
        let Some(item) = state.items.next() else {
            state.ended = true;
            self.moved.notify_all();
            return None;
        };
        let position = state.taken;
        state.taken += 1;
        state.waiting.push_back(None);
        Some((position, item))
    }

    /// Puts a result in its place and hands over all that are next, unless another thread is about to.
    fn deliver(&self, position: usize, result: T) {
        let mut state = self.lock();
        let place = position - state.delivered;
        state.waiting[place] = Some(result);
        // Who holds the sink looks for more before letting it go, and does so holding the state.
        let Ok(mut sink) = self.sink.try_lock() else { return };
        while state.error.is_none() && matches!(state.waiting.front(), Some(Some(_))) {
            let Some(Some(next)) = state.waiting.pop_front() else { break };
            state.delivered += 1;
            drop(state);
            let handed_over = sink(next);
            state = self.lock();
            if let Err(error) = handed_over {
                state.error = Some(error);
                state.ended = true;
            }
            self.moved.notify_all();
        }
        drop(sink);
    }
}

/// Ends the work when a thread panics, so that the others do not wait for it forever.
struct ReleaseOthers<'l, J, T, E, F>(&'l Line<State<J, T, E>, F>);

impl<J, T, E, F> Drop for ReleaseOthers<'_, J, T, E, F> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.state.lock().unwrap_or_else(PoisonError::into_inner).ended = true;
            self.0.moved.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    #[test]
    fn results_come_in_order_whatever_thread_is_slow() {
        for threads in [1, 2, 5] {
            let mut got = Vec::new();
            let slow = |i: u64| {
                std::thread::sleep(Duration::from_micros((i * 7919) % 300));
                i * i
            };
            let sink = |it| {
                got.push(it);
                Ok::<(), ()>(())
            };
            stream(0..500, threads, slow, sink).expect("the sink takes everything");
            assert_eq!(got, (0..500).map(|i| i * i).collect::<Vec<_>>(), "{threads} threads");
        }
    }

    #[test]
    fn memory_is_bounded_when_the_first_item_is_slow() {
        let (begun, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let work = |i: usize| {
            begun.fetch_add(1, Ordering::Relaxed);
            if i == 0 {
                std::thread::sleep(Duration::from_millis(100));
                most.store(begun.load(Ordering::Relaxed), Ordering::Relaxed);
            }
        };
        stream(0..10_000, 3, work, |()| Ok::<(), ()>(())).expect("the sink takes everything");
        assert!(most.load(Ordering::Relaxed) <= 3 * WINDOW_PER_THREAD, "{most:?} were begun behind the first");
        assert_eq!(begun.load(Ordering::Relaxed), 10_000);
    }

    #[test]
    fn an_error_of_the_sink_stops_the_work() {
        let mut seen = 0;
        let sink = |i| {
            seen += 1;
            if i == 10 { Err("the disk is full") } else { Ok(()) }
        };
        assert_eq!(stream(0.., 4, |i: u64| i, sink), Err("the disk is full"));
        assert_eq!(seen, 11, "nothing is handed over after the error");
    }

    #[test]
    fn a_panic_of_one_item_ends_the_work() {
        let work = |i: u64| assert!(i != 50, "item 50");
        let ended = std::panic::catch_unwind(|| stream(0..100_000, 2, work, |()| Ok::<(), ()>(())));
        assert!(ended.is_err());
    }
}
