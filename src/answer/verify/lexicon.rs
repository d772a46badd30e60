//! What English words do in a claim: which say something, which only hold a sentence together,
//! which limit it, and which may stand for each other.

use super::thesaurus::canonical;

/// A word or phrase that limits, conditions or weighs what stands beside it. Said of another
/// value or thing, or left out, it changes the claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Marker {
    /// "up to", "at most".
    UpTo,
    /// "at least", "from €10", "or more".
    AtLeast,
    /// "over", "more than" before a value.
    Over,
    /// "under", "less than" before a value.
    Under,
    /// "within" a time.
    Within,
    /// "about" a value.
    About,
    /// What a price was: "was", "instead of", "down from".
    Old,
    /// "per", "€5 a month".
    Per,
    /// Later than.
    After,
    /// Earlier than, "by" a day or hour.
    Before,
    /// To a day or hour, "to" between two of them.
    Until,
    /// A place or start.
    From,
    /// What something is compared with.
    Than,
    /// "except", "apart from".
    Except,
    /// Lacking.
    Without,
    /// Not if.
    Unless,
    /// "if", "when", "as long as".
    If,
    /// "only", "just".
    Only,
    /// Not inside.
    Outside,
    /// A past that is over.
    Past,
    /// "can", "may", "able to".
    Can,
    /// "must", "have to".
    Must,
    /// "must not": under denial, a stronger "cannot".
    Barred,
    /// What is still to come.
    Will,
    /// "should".
    Should,
    /// "might", "perhaps".
    Maybe,
    /// "usually", "normally".
    Usually,
}

impl Marker {
    /// Whether it opens a clause of its own.
    pub fn opens_clause(self) -> bool {
        matches!(self, Self::If | Self::Unless | Self::Except | Self::Without)
    }

    /// Whether what it opens is denied.
    pub fn denies(self) -> bool {
        matches!(self, Self::Unless | Self::Except | Self::Without)
    }

    /// Whether it stands between a subject and its verb.
    pub fn is_modal(self) -> bool {
        matches!(
            self,
            Self::Can
                | Self::Must
                | Self::Barred
                | Self::Will
                | Self::Should
                | Self::Past
                | Self::Old
        )
    }

    /// Whether it may stand anywhere in its clause: "usually we deliver", "we deliver usually".
    pub fn roams(self) -> bool {
        matches!(self, Self::Usually | Self::Maybe)
    }
}

/// What a single word is, apart from its surroundings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// Says something: its canonical form.
    Content(String),
    /// Holds the sentence together: its lemma.
    Glue(&'static str),
    /// Limits what follows.
    Marker(Marker),
    /// Denies.
    Not,
}

/// The class of a folded word.
pub(super) fn class(word: &str) -> Class {
    if let Some(marker) = marker(word) {
        return Class::Marker(marker);
    }
    if matches!(
        word,
        "not" | "no" | "never" | "none" | "nothing" | "neither" | "nor" | "nobody" | "nowhere"
    ) {
        return Class::Not;
    }
    glue(word).map_or_else(|| Class::Content(canonical(word)), Class::Glue)
}

fn marker(word: &str) -> Option<Marker> {
    Some(match word {
        "within" => Marker::Within,
        "per" => Marker::Per,
        "after" | "afterwards" => Marker::After,
        "until" | "till" => Marker::Until,
        "than" => Marker::Than,
        "except" | "excluding" | "excludes" | "excluded" => Marker::Except,
        "without" => Marker::Without,
        "unless" => Marker::Unless,
        "if" | "when" | "whenever" | "provided" => Marker::If,
        "only" | "just" | "solely" | "merely" | "exclusively" => Marker::Only,
        "outside" => Marker::Outside,
        "was" | "were" | "had" | "did" => Marker::Past,
        "can" | "could" | "may" => Marker::Can,
        "must" => Marker::Must,
        "will" | "would" | "shall" => Marker::Will,
        "should" | "ought" => Marker::Should,
        "might" | "perhaps" | "maybe" | "possibly" | "probably" | "likely" => Marker::Maybe,
        "usually" | "normally" | "typically" | "generally" | "mostly" | "often" => Marker::Usually,
        _ => return None,
    })
}

/// The lemma of a word that asserts nothing by itself. Verbs are here only in senses that the
/// rest of the claim decides; what adds a claim of its own ("sell", "pay", "include") is not.
pub(super) fn glue(word: &str) -> Option<&'static str> {
    Some(match word {
        "a" | "an" => "a",
        "the" | "this" | "that" | "these" | "those" | "its" | "their" | "theirs" | "there"
        | "here" => "the",
        "it" | "they" | "them" | "itself" => "it",
        "you" | "your" | "yours" => "you",
        "we" | "our" | "ours" | "us" => "we",
        "is" | "are" | "be" | "been" | "being" | "am" => "be",
        "has" | "have" | "having" => "have",
        "do" | "does" | "doing" | "done" => "do",
        "come" | "comes" | "coming" => "come",
        "get" | "gets" | "getting" | "got" => "get",
        "offer" | "offers" | "offering" | "provide" | "provides" | "providing" => "offer",
        "find" | "finds" | "found" | "see" => "find",
        "let" => "let",
        "of" => "of",
        "in" | "on" | "at" | "into" | "onto" | "upon" => "in",
        "for" | "as" | "about" | "regarding" => "for",
        "to" => "to",
        "by" | "via" | "through" => "by",
        "and" | "also" | "too" | "or" | "but" | "while" | "whereas" | "so" | "though"
        | "although" | "however" | "both" | "either" => "and",
        "which" | "who" | "whose" | "where" | "what" => "which",
        "now" | "currently" | "current" | "presently" => "now",
        "please" | "then" | "exactly" | "precisely" => "please",
        "item" | "items" | "product" | "products" | "article" | "articles" | "thing" | "things"
        | "one" | "ones" => "item",
        _ => return None,
    })
}

/// Whether a folded word makes its part of a sentence a clause: the helping verbs, and the verbs
/// of shop talk in forms that are no nouns.
pub(super) fn is_verb(word: &str) -> bool {
    VERBS.contains(&word)
}

const VERBS: &[&str] = &[
    "is", "are", "was", "were", "be", "has", "have", "had", "do", "does", "can", "could", "may",
    "must", "will", "should", "might", "would", "costs", "cost", "comes", "come", "takes", "take",
    "weighs", "weigh", "sleeps", "fits", "lasts", "holds", "uses", "needs", "requires", "require",
    "includes", "include", "ships", "delivers", "deliver", "opens", "closes", "works", "runs",
    "sells", "sell", "buy", "gets", "get", "accepts", "accept", "contains", "measures", "carries",
    "repairs", "rents", "arrives", "leaves", "suits", "applies", "apply", "reaches", "offers",
    "cleans", "heats", "starts", "ends", "begins", "dries", "cools", "protects", "supports",
    "connects", "burns", "tastes", "helps", "moves", "produces", "provides", "features", "depends",
    "becomes", "remains", "belongs", "consists", "means", "allows", "shows", "serves", "grows",
    "fills", "covers", "offer", "lets", "charges", "gives", "makes", "keeps", "stays", "goes",
];

/// Whether a folded word gives an order where it begins a clause.
pub(super) fn is_command(word: &str) -> bool {
    COMMANDS.contains(&word)
}

const COMMANDS: &[&str] = &[
    "keep", "leave", "store", "wash", "use", "order", "bring", "avoid", "dry", "iron", "clean",
    "remove", "press", "open", "close", "write", "call", "phone", "send", "ask", "return", "add",
    "choose", "check", "put", "place", "turn", "charge", "let", "follow", "contact", "visit",
    "bleach", "tumble",
];
