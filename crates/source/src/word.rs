//! Words of closed lists.

/// A word of a closed list, as it is written in files; made by [`words!`](crate::words).
pub trait Word: Copy + 'static {
    /// Every value, in order.
    const WORDS: &'static [Self];

    /// The word for it in files.
    fn in_files(self) -> &'static str;
}

/// Defines an enum whose values are words in files: `ALL`, `word()`, `Display` and [`Word`].
///
/// ```
/// source::words! {
///     /// Whether a door is open.
///     Door {
///         /// One can pass.
///         Open = "open",
///         /// One cannot.
///         Closed = "closed",
///     }
/// }
/// assert_eq!(Door::Open.to_string(), "open");
/// assert_eq!(Door::ALL.len(), 2);
/// ```
#[macro_export]
macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(missing_docs)]
        pub enum $name { $($(#[$doc])* $variant),+ }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word for it in files.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl $crate::Word for $name {
            const WORDS: &'static [Self] = Self::ALL;

            fn in_files(self) -> &'static str {
                self.word()
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.word())
            }
        }
    };
}
