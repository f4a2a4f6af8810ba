//! The constants that rank, in one place, so that they can be tuned together.
//!
//! They were tuned by hand on the query sets in `tests/queries`; `cargo bench --bench relevance` prints the figures of
//! each set. Bounds that only limit work, such as the number of candidates, and the lengths from which a word
//! counts as a prefix or as mistyped are next to the code that uses them.

/// Declares the constants, each with its default.
macro_rules! weights {
    ($($(#[$doc:meta])* $field:ident: $kind:ty = $default:expr,)*) => {
        /// The constants that rank. Unless a field says otherwise, it is a factor from 0 to 1: a score is multiplied by
        /// it, 1 leaves the score as it is, and raising the factor ranks what it describes higher.
        #[derive(Clone, Debug, PartialEq)]
        pub struct Weights {
            $($(#[$doc])* pub $field: $kind,)*
        }

        impl Default for Weights {
            fn default() -> Self {
                Self { $($field: $default,)* }
            }
        }
    };
}

weights! {
    // Confidence: what makes a result weak whatever its probability.
    /// The fit that a phone number needs, from 0 to 1. Above `wrong_keys`, a number with keys that do not exist is
    /// weak.
    min_number_fit: f32 = 0.6,
    /// The share of a query that entries have only as a word that means the same, from 0 to 1, above which no notice is
    /// trusted.
    max_reworded: f32 = 0.95,
    /// The probability below which what is only close in meaning is not returned, from 0 to 1.
    min_probability_of_close: f32 = 0.03,
    /// If more results than this are equally good, all are weak, because nothing tells them apart. Raising it makes
    /// fewer results of vague queries weak.
    max_equal_results: usize = 4,
    /// The share of the best score from which a result is equally good. Raising it makes fewer results equal.
    equal_score: f32 = 0.99,

    // Selection: which results are returned.
    /// Results with less than this share of the best score are cut off. Raising it returns fewer results.
    min_share_of_best: f32 = 0.4,
    /// Results for different audiences are shown together if they have at least this share of the best score. Raising
    /// it shows fewer together.
    near_score: f32 = 0.85,
    /// They must also have at least this share of the best result's coverage. Raising it shows fewer together.
    near_coverage: f32 = 0.95,
    /// A result outside the chosen audience is pointed out if its score is more than this many times the best inside; 1
    /// or more. Raising it points out fewer.
    better_outside: f32 = 1.4,

    // Fields: how much a word counts by the field of the entry that it occurs in.
    /// The name, label or title.
    title: f32 = 1.0,
    /// The title of an option after that of its parent.
    title_with_path: f32 = 0.9,
    /// A need.
    need: f32 = 0.85,
    /// An alias, an address, or the label of a channel.
    alias: f32 = 0.95,
    /// A service.
    service: f32 = 0.85,
    /// Who the entry serves, and the account that it belongs to.
    role: f32 = 0.7,
    /// The name of an audience of the entry.
    audience: f32 = 0.7,
    /// The title of the parent entry, the source, and the kind of a channel.
    path: f32 = 0.6,
    /// A note, or the text of a notice.
    note: f32 = 0.3,
    /// How slowly a word that occurs in several phrases of an entry saturates: k1 of BM25; 0 or more. At 0, further
    /// occurrences count nothing; raising it lets them count for more.
    saturation: f32 = 1.0,
    /// The share of its idf that a stop word keeps in a phrase. Raising it makes entries that differ only in stop words
    /// less alike.
    stop_word: f32 = 0.3,

    // Entries: how an entry compares to another that fits the query equally well.
    /// A phone line with a menu of several options, which are more specific results than the line.
    line_with_menu: f32 = 0.9,
    /// A phone line with a menu of one option.
    line_with_one_option: f32 = 0.75,
    /// A phone line, with a menu or without, when the query says "line". Raising it ranks lines higher.
    named_line: f32 = 1.0,
    /// An entry without a number or address.
    no_target: f32 = 0.6,
    /// An option that also serves the audience that the query names, beside those of its contact.
    also_for: f32 = 0.8,
    /// An entry for every audience, when the query names one.
    for_everyone: f32 = 0.9,
    /// An entry for other audiences than the named one.
    for_others: f32 = 0.5,
    /// An entry that excludes the named audience.
    not_for: f32 = 0.3,
    /// A notice, when an audience is chosen: a user with a caller wants a contact.
    notice_for_audience: f32 = 0.6,
    /// The closeness in meaning of the best phrase, beside the words.
    meaning: f32 = 0.5,
    /// The share of a query's words that a phrase must have for the meaning not to matter.
    words_suffice: f32 = 0.95,
    /// The closeness in meaning from which an entry is found that shares no word with the query.
    min_closeness: f32 = 0.4,
    /// What the share of an entry's score that the query says it is not about takes away. Raising it ranks such entries
    /// lower.
    unwanted: f32 = 0.7,
    /// An entry without a phone, when the query asks for opening hours.
    no_hours: f32 = 0.4,
    /// An entry without the channel that the query names, such as a fax.
    no_channel: f32 = 0.6,
    /// An entry without a phone, when the query says "call", which need not mean a phone.
    no_phone: f32 = 0.92,

    // Similarity: how likely a word of the catalog is meant by a typed word, by the way in which it matches.
    /// The same word.
    exact: f32 = 1.0,
    /// Another form of the word: the same stem, and endings of about the same length.
    stem: f32 = 0.97,
    /// A related word: the same stem, but a much longer ending.
    distant_stem: f32 = 0.8,
    /// A word of which the whole but the last letters is typed.
    prefix: f32 = 0.92,
    /// The share of `prefix` for a very short prefix of a long word. Raising it makes unfinished words count for more.
    short_prefix: f32 = 0.97,
    /// The same if the prefix is itself a word of the catalog.
    short_prefix_of_known: f32 = 0.3,
    /// A stop word that is still being typed, such as "on", which may become "online". Raising it ranks entries with
    /// the stop word higher than those with a completion.
    unfinished_stop_word: f32 = 0.6,
    /// Each half of two words that are written as one.
    split: f32 = 0.9,
    /// Two typed words that the catalog writes as one.
    joined: f32 = 0.95,
    /// A long word with one typo.
    typo: f32 = 0.85,
    /// The share of `typo` that a second typo takes away. Raising it ranks words with two typos lower.
    second_typo: f32 = 0.2,
    /// The share of `typo` that a typo takes away in a word of one letter; in a word of n letters, 1/n of that share.
    /// Raising it ranks typos in short words lower.
    typo_in_short_word: f32 = 0.5,
    /// An abbreviation: letters of the word in their order.
    fuzzy: f32 = 0.65,
    /// The share of `fuzzy` for a very short abbreviation of a long word.
    short_abbreviation: f32 = 0.8,
    /// The fuzzy score, from 0 to 1, below which letters in order are no abbreviation. Raising it finds fewer.
    min_fuzzy_score: f32 = 0.3,
    /// A word that a synonym of the directory stands for.
    synonym: f32 = 0.85,
    /// A word that means nearly the same according to the built-in table of everyday English.
    everyday_synonym: f32 = 0.8,
    /// The same, where the catalog also has the word itself.
    everyday_synonym_of_known: f32 = 0.75,
    /// A word that translates one of another language.
    translation: f32 = 0.9,
    /// The similarity above which a synonym of an audience's name also selects that audience. Raising it selects fewer.
    min_audience_similarity: f32 = 0.75,

    // Lookups: how well a part of a phone number or address fits.
    /// Digits at the start of a group: the area code, exchange or line.
    number_group: f32 = 0.9,
    /// Digits elsewhere in a number.
    number_infix: f32 = 0.7,
    /// A phone number followed by keys that its phone tree does not have.
    wrong_keys: f32 = 0.5,
    /// The beginning of an address.
    address_prefix: f32 = 0.95,
    /// A part of an address after a dot, an at sign or an underscore.
    address_word: f32 = 0.7,
    /// A part of an address elsewhere.
    address_infix: f32 = 0.5,
    /// The words of a typed address, where they are only words of a name.
    word_of_address: f32 = 0.5,

    // Query: how much a word of the query counts.
    /// A stop word, which decides among entries with nearly the same words.
    filler: f32 = 0.4,
    /// An address, beside a word; may be more than 1.
    address: f32 = 2.0,
    /// The name of a channel, which chooses among the channels of an entry rather than among entries.
    channel_word: f32 = 0.4,
    /// A word that no entry has, beside the rarest word that one has. Raising it makes more results weak.
    unknown_word: f32 = 0.8,
    /// Belonging to the chosen audience, beside the rarest word, for a query without informative words: "phone number".
    chosen_audience: f32 = 0.7,

    // Score: how the parts are combined.
    /// The share of the score for all words of the query, wherever they occur in the entry.
    all_words: f32 = 0.5,
    /// The share of the score for the best phrase: the name or need that fits best. With `all_words`, 1.
    best_phrase: f32 = 0.5,
    /// The share of a phrase's fit that depends on how much of the phrase is typed. Raising it ranks short phrases
    /// higher.
    whole_phrase: f32 = 0.75,
}
