//! The constants that rank, in one place, so that they can be tuned together.
//!
//! They were tuned by hand on the query sets in `tests/queries`; `cargo test --test relevance -- --nocapture` prints the
//! figures of each set. Bounds that only limit work, such as the number of candidates, and the lengths from which a word
//! counts as a prefix or as mistyped stand beside the code that uses them.

/// The constants that rank. Unless a field says otherwise, it is a factor from 0 to 1: a score is multiplied by it, 1
/// leaves the score as it is, and raising the factor ranks what it describes higher.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    // Confidence: the part of a query that a result must cover, or it is weak.
    /// The coverage that a result of a long query needs, from 0 to 1. Raising it makes more results weak.
    pub min_coverage: f32,
    /// Added to `min_coverage`, divided by the number of informative words, so that a short query must be covered
    /// better; 0 or more. Raising it makes more results of short queries weak.
    pub min_coverage_per_word: f32,
    /// The upper bound of the sum of those two, from 0 to 1. Raising it makes more results of short queries weak.
    pub max_min_coverage: f32,
    /// The fit that a phone number needs, from 0 to 1. Above `wrong_keys`, a number with keys that do not exist is weak.
    pub min_number_fit: f32,
    /// The number of informative words from which a query counts as a sentence, whose first result may lead. Raising it
    /// makes more results of sentences weak.
    pub sentence_words: usize,
    /// The first result leads if its score is more than this many times that of the second; 1 or more. Raising it makes
    /// more results of sentences weak.
    pub clear_lead: f32,
    /// The required coverage of a sentence is multiplied by this if its first result leads. Raising it makes more
    /// results of sentences weak.
    pub lead_discount: f32,
    /// If more results than this are equally good, all are weak, because nothing tells them apart. Raising it makes
    /// fewer results of vague queries weak.
    pub max_equal_results: usize,
    /// The share of the best score from which a result is equally good. Raising it makes fewer results equal.
    pub equal_score: f32,

    // Selection: which results are returned.
    /// Results with less than this share of the best score are cut off. Raising it returns fewer results.
    pub min_share_of_best: f32,
    /// Results for different audiences are shown together if they have at least this share of the best score. Raising
    /// it shows fewer together.
    pub near_score: f32,
    /// They must also have at least this share of the best result's coverage. Raising it shows fewer together.
    pub near_coverage: f32,
    /// A result outside the chosen audience is pointed out if its score is more than this many times the best inside; 1
    /// or more. Raising it points out fewer.
    pub better_outside: f32,

    // Fields: how much a word counts by the field of the entry that it stands in.
    /// The name, label or title.
    pub title: f32,
    /// A need.
    pub need: f32,
    /// An alias, an address, or the label of a channel.
    pub alias: f32,
    /// A service.
    pub service: f32,
    /// Who the entry serves, and the account that it belongs to.
    pub role: f32,
    /// The name of an audience of the entry.
    pub audience: f32,
    /// The title of the parent entry, the source, and the kind of a channel.
    pub path: f32,
    /// A note, or the text of a notice.
    pub note: f32,
    /// How slowly a word that occurs in several phrases of an entry saturates: k1 of BM25; 0 or more. At 0, further
    /// occurrences count nothing; raising it lets them count for more.
    pub saturation: f32,
    /// The share of its idf that a stop word keeps in a phrase. Raising it makes entries that differ only in stop words
    /// less alike.
    pub stop_word: f32,

    // Entries: how an entry compares to another that fits the query equally well.
    /// A phone line with a menu of several options, which are more specific results than the line.
    pub line_with_menu: f32,
    /// A phone line with a menu of one option.
    pub line_with_one_option: f32,
    /// An entry without a number or address.
    pub no_target: f32,
    /// An option that also serves the audience that the query names, beside those of its contact.
    pub also_for: f32,
    /// An entry for every audience, when the query names one.
    pub for_everyone: f32,
    /// An entry for other audiences than the named one.
    pub for_others: f32,
    /// An entry that excludes the named audience.
    pub not_for: f32,
    /// A notice, when an audience is chosen: a user with a caller wants a contact.
    pub notice_for_audience: f32,
    /// An entry without the channel that the query names, such as a fax.
    pub no_channel: f32,
    /// An entry without a phone, when the query says "call", which need not mean a phone.
    pub no_phone: f32,

    // Similarity: how likely a word of the catalog is meant by a typed word, by the way in which it matches.
    /// The same word.
    pub exact: f32,
    /// Another form of the word: the same stem, and endings of about the same length.
    pub stem: f32,
    /// A related word: the same stem, but a much longer ending.
    pub distant_stem: f32,
    /// A word of which the whole but the last letters is typed.
    pub prefix: f32,
    /// The share of `prefix` for a very short prefix of a long word. Raising it makes unfinished words count for more.
    pub short_prefix: f32,
    /// The same if the prefix is itself a word of the catalog.
    pub short_prefix_of_known: f32,
    /// A stop word that is still being typed, such as "on", which may become "online". Raising it ranks entries with the
    /// stop word higher than those with a completion.
    pub unfinished_stop_word: f32,
    /// Each half of two words that are written as one.
    pub split: f32,
    /// Two typed words that the catalog writes as one.
    pub joined: f32,
    /// A long word with one typo.
    pub typo: f32,
    /// The share of `typo` that a second typo takes away. Raising it ranks words with two typos lower.
    pub second_typo: f32,
    /// The share of `typo` that a typo takes away in a word of one letter; in a word of n letters, an nth of it. Raising
    /// it ranks typos in short words lower.
    pub typo_in_short_word: f32,
    /// An abbreviation: letters of the word in their order.
    pub fuzzy: f32,
    /// The share of `fuzzy` for a very short abbreviation of a long word.
    pub short_abbreviation: f32,
    /// The fuzzy score, from 0 to 1, below which letters in order are no abbreviation. Raising it finds fewer.
    pub min_fuzzy_score: f32,
    /// A word that a synonym of the directory stands for.
    pub synonym: f32,
    /// A word that means nearly the same by the built-in table of everyday English.
    pub everyday_synonym: f32,
    /// The similarity above which a synonym of an audience's name also selects that audience. Raising it selects fewer.
    pub min_audience_similarity: f32,

    // Lookups: how well a part of a phone number or address fits.
    /// Digits at the start of a group: the area code, exchange or line.
    pub number_group: f32,
    /// Digits elsewhere in a number.
    pub number_infix: f32,
    /// A phone number followed by keys that its phone tree does not have.
    pub wrong_keys: f32,
    /// The beginning of an address.
    pub address_prefix: f32,
    /// A part of an address after a dot, an at sign or an underscore.
    pub address_word: f32,
    /// A part of an address elsewhere.
    pub address_infix: f32,
    /// The words of a typed address, where they are only words of a name.
    pub word_of_address: f32,

    // Query: how much a word of the query counts.
    /// A stop word, which decides among entries with nearly the same words.
    pub filler: f32,
    /// An address, beside a word; may be more than 1.
    pub address: f32,
    /// The name of a channel, which chooses among the channels of an entry rather than among entries.
    pub channel_word: f32,
    /// A word that no entry has, beside the rarest word that one has. Raising it makes more results weak.
    pub unknown_word: f32,
    /// Belonging to the chosen audience, beside the rarest word, for a query without informative words: "phone number".
    pub chosen_audience: f32,

    // Score: how the parts are combined.
    /// The share of the score for all words of the query, wherever they stand in the entry.
    pub all_words: f32,
    /// The share of the score for the best phrase: the name or need that fits best. With `all_words`, 1.
    pub best_phrase: f32,
    /// The share of the coverage that comes from the words that stand together in one phrase. Raising it makes more
    /// results weak whose words are spread over several phrases.
    pub together: f32,
    /// The share of a phrase's fit that depends on how much of the phrase is typed. Raising it ranks short phrases
    /// higher.
    pub whole_phrase: f32,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            min_coverage: 0.25,
            min_coverage_per_word: 0.6,
            max_min_coverage: 0.6,
            min_number_fit: 0.6,
            sentence_words: 5,
            clear_lead: 1.5,
            lead_discount: 0.6,
            max_equal_results: 4,
            equal_score: 0.99,
            min_share_of_best: 0.4,
            near_score: 0.85,
            near_coverage: 0.95,
            better_outside: 1.4,
            title: 1.0,
            need: 0.85,
            alias: 0.95,
            service: 0.85,
            role: 0.7,
            audience: 0.7,
            path: 0.6,
            note: 0.3,
            saturation: 1.0,
            stop_word: 0.3,
            line_with_menu: 0.9,
            line_with_one_option: 0.75,
            no_target: 0.6,
            also_for: 0.8,
            for_everyone: 0.9,
            for_others: 0.5,
            not_for: 0.3,
            notice_for_audience: 0.6,
            no_channel: 0.6,
            no_phone: 0.92,
            exact: 1.0,
            stem: 0.97,
            distant_stem: 0.8,
            prefix: 0.92,
            short_prefix: 0.97,
            short_prefix_of_known: 0.3,
            unfinished_stop_word: 0.6,
            split: 0.9,
            joined: 0.95,
            typo: 0.85,
            second_typo: 0.2,
            typo_in_short_word: 0.5,
            fuzzy: 0.65,
            short_abbreviation: 0.8,
            min_fuzzy_score: 0.3,
            synonym: 0.85,
            everyday_synonym: 0.7,
            min_audience_similarity: 0.75,
            number_group: 0.9,
            number_infix: 0.7,
            wrong_keys: 0.5,
            address_prefix: 0.95,
            address_word: 0.7,
            address_infix: 0.5,
            word_of_address: 0.5,
            filler: 0.4,
            address: 2.0,
            channel_word: 0.4,
            unknown_word: 0.8,
            chosen_audience: 0.7,
            all_words: 0.5,
            best_phrase: 0.5,
            together: 0.8,
            whole_phrase: 0.6,
        }
    }
}
