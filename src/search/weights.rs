//! Every constant that ranks, in one place: what each does, and which way it moves the results. They were tuned by hand on
//! the query sets in `tests/queries`; `cargo test --test relevance -- --nocapture` shows what a change does to each set.
//!
//! Bounds that only limit work, such as the number of candidates, stand beside the code that they bound.

/// The constants that rank. Unless said otherwise, each is a factor from 0 to 1, where 1 leaves a score as it is.
pub(super) struct Weights {
    // Trust: how much of a query a result must cover not to be weak.
    /// The share of the informative words that a result of a long query must cover, from 0 to 1. Higher: more results
    /// are weak.
    pub(super) min_coverage: f32,
    /// Added to it divided by the number of informative words: a short query must be covered better.
    pub(super) min_coverage_per_word: f32,
    /// The upper bound of the two together.
    pub(super) max_min_coverage: f32,
    /// The fit of a phone number, from 0 to 1, under which a result is weak: its keys must exist.
    pub(super) min_number_fit: f32,
    /// From this many informative words on, a query is a sentence, of which less must be covered if the first result
    /// leads.
    pub(super) sentence_words: usize,
    /// How many times the score of the second result the first must have to lead.
    pub(super) clear_lead: f32,
    /// What is left of the coverage that a leading result of a sentence needs.
    pub(super) lead_discount: f32,
    /// With more equally good results than this, none can be trusted.
    pub(super) max_alike: usize,
    /// The share of the best score from which a result is equally good.
    pub(super) alike: f32,
    // Which results are returned.
    /// The share of the best score under which results are cut off.
    pub(super) min_share_of_best: f32,
    /// The share of the best score from which results for different audiences are shown together.
    pub(super) near_best: f32,
    /// The share of the best coverage that they must also have.
    pub(super) near_coverage: f32,
    /// How many times the best score inside an audience a result outside must have to be pointed out.
    pub(super) better_outside: f32,
    // Fields: how much a word counts by where it stands in an entry.
    /// Its name, label or title.
    pub(super) title: f32,
    /// One of its needs.
    pub(super) need: f32,
    /// Another name, or the label of a channel.
    pub(super) alias: f32,
    /// One of its services.
    pub(super) service: f32,
    /// Who may use it.
    pub(super) role: f32,
    /// The name of an audience it is for.
    pub(super) audience: f32,
    /// The title of the entry above it, its source, the kind of a channel.
    pub(super) path: f32,
    /// A note, or the text of a notice.
    pub(super) note: f32,
    /// How fast a word stops counting for more in more phrases of one entry (the k1 of BM25). Lower: sooner.
    pub(super) saturation: f32,
    /// What a stop word counts in a phrase, beside its rarity.
    pub(super) stop_word: f32,
    // Entries: what an entry is worth beside another that fits as well.
    /// A line whose menu is known: its options answer better.
    pub(super) bare_line: f32,
    /// A line whose menu has one option.
    pub(super) bare_line_with_one_key: f32,
    /// An entry without a number or address.
    pub(super) no_target: f32,
    /// An option that also serves the named audience.
    pub(super) also_for: f32,
    /// An entry for every audience, when one is named.
    pub(super) for_everyone: f32,
    /// An entry for other audiences than the named one.
    pub(super) for_others: f32,
    /// An entry that does not serve the named audience.
    pub(super) not_for: f32,
    /// A notice, when an audience is chosen: its caller wants a contact.
    pub(super) notice_for_audience: f32,
    /// An entry without the channel that was named.
    pub(super) no_channel: f32,
    /// An entry without a phone, when a call was named, which need not mean one.
    pub(super) no_phone: f32,
    // Similarity: how likely a known word was meant, by how it was found.
    /// The same word.
    pub(super) exact: f32,
    /// Another form of the word.
    pub(super) stem: f32,
    /// A related word with the same stem and a longer ending.
    pub(super) distant_stem: f32,
    /// A word that it begins.
    pub(super) prefix: f32,
    /// Two words written as one.
    pub(super) split: f32,
    /// A word with one or two typos.
    pub(super) typo: f32,
    /// A word with its letters in order.
    pub(super) fuzzy: f32,
    /// A word that a stop word begins.
    pub(super) unfinished_stop_word: f32,
    /// The score, from 0 to 1, under which letters in order are no abbreviation.
    pub(super) min_fuzzy: f32,
    /// Two typed words that the directory writes as one.
    pub(super) joined: f32,
    /// A word that a synonym of the directory means.
    pub(super) synonym: f32,
    /// A word that the table of everyday English means.
    pub(super) everyday_synonym: f32,
    /// The similarity above which a typed name of an audience steers the search.
    pub(super) min_audience_similarity: f32,
    /// A typed address that is but a word of a name.
    pub(super) word_of_address: f32,
    /// The fit of a phone number whose typed keys lead nowhere.
    pub(super) wrong_keys: f32,
    // Queries: how much a word of a query counts.
    /// A word that says nothing by itself; it decides among entries that are worded much alike.
    pub(super) filler: f32,
    /// An address or a part of one.
    pub(super) address: f32,
    /// The name of a channel: it chooses among the channels of an entry more than among entries.
    pub(super) channel_word: f32,
    /// A word that no entry has, beside the rarest one that some entry has.
    pub(super) unknown_word: f32,
    /// Being of the chosen audience, beside the rarest word, for a query without informative words: "phone number".
    pub(super) chosen_audience: f32,
    // Scores: how the parts are combined.
    /// The words of the query, wherever they stand in the entry.
    pub(super) all_words: f32,
    /// The name or need of the entry that fits best.
    pub(super) best_phrase: f32,
    /// The share of the coverage that comes from words standing together in one phrase.
    pub(super) together: f32,
    /// The share of the fit of a phrase that depends on how much of the phrase was typed.
    pub(super) whole_phrase: f32,
}

/// The weights in use.
pub(super) const WEIGHTS: Weights = Weights {
    min_coverage: 0.25,
    min_coverage_per_word: 0.6,
    max_min_coverage: 0.6,
    min_number_fit: 0.6,
    sentence_words: 5,
    clear_lead: 1.5,
    lead_discount: 0.6,
    max_alike: 4,
    alike: 0.99,
    min_share_of_best: 0.4,
    near_best: 0.85,
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
    bare_line: 0.9,
    bare_line_with_one_key: 0.75,
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
    split: 0.9,
    typo: 0.85,
    fuzzy: 0.65,
    unfinished_stop_word: 0.6,
    min_fuzzy: 0.3,
    joined: 0.95,
    synonym: 0.85,
    everyday_synonym: 0.7,
    min_audience_similarity: 0.75,
    word_of_address: 0.5,
    wrong_keys: 0.5,
    filler: 0.4,
    address: 2.0,
    channel_word: 0.4,
    unknown_word: 0.8,
    chosen_audience: 0.7,
    all_words: 0.5,
    best_phrase: 0.5,
    together: 0.8,
    whole_phrase: 0.6,
};
