//! Phrases that mean more, or less, than their words.

use super::lexicon::Marker;

/// What a phrase stands for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Meaning {
    /// A limit on what follows.
    Marker(Marker),
    /// A limit on what comes before.
    Postfix(Marker),
    /// One word, in canonical form.
    Content(&'static str),
    /// The denial of one word.
    Denied(&'static str),
    /// A word, then a limit on what follows.
    ContentThen(&'static str, Marker),
    /// A limit under denial: "must not".
    NotAnd(Marker),
    /// Nothing of its own, with a lemma.
    Glue(&'static str),
    /// "Yes" in other words.
    Yes,
    /// "Unfortunately" in other words.
    Regret,
}

/// Where a phrase means that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Anywhere,
    BeforeWord,
    BeforeValue,
    BeforeMoney,
    AfterValue,
}

use Marker::*;
use Meaning::{Content, ContentThen, Denied, Glue, Marker as Limit, NotAnd, Postfix, Regret, Yes};
use Place::*;

/// Longer phrases before those they begin with.
pub(super) const PHRASES: &[(&[&str], Place, Meaning)] = &[
    (&["with", "the", "exception", "of"], Anywhere, Limit(Except)),
    (&["at", "no", "extra", "cost"], Anywhere, Content("fre")),
    (&["at", "no", "charge"], Anywhere, Content("fre")),
    (&["free", "of", "charge"], Anywhere, Content("fre")),
    (&["for", "free"], Anywhere, Content("fre")),
    (&["no", "charge", "for"], Anywhere, Content("fre")),
    (&["costs", "nothing"], Anywhere, Content("fre")),
    (&["free", "of"], Anywhere, Content("freeof")),
    (&["free", "from"], BeforeWord, Content("freeof")),
    (&["out", "of", "stock"], Anywhere, Denied("stock")),
    (&["sold", "out"], Anywhere, Denied("stock")),
    (&["in", "stock"], Anywhere, Content("stock")),
    (&["must", "not"], Anywhere, NotAnd(Barred)),
    (&["need", "not"], Anywhere, NotAnd(Must)),
    (&["no", "more", "than"], BeforeValue, Limit(UpTo)),
    (&["not", "more", "than"], BeforeValue, Limit(UpTo)),
    (&["no", "less", "than"], BeforeValue, Limit(AtLeast)),
    (&["not", "less", "than"], BeforeValue, Limit(AtLeast)),
    (&["no", "later", "than"], Anywhere, Limit(Before)),
    (&["a", "maximum", "of"], BeforeValue, Limit(UpTo)),
    (&["a", "minimum", "of"], BeforeValue, Limit(AtLeast)),
    (&["maximum", "of"], BeforeValue, Limit(UpTo)),
    (&["minimum", "of"], BeforeValue, Limit(AtLeast)),
    (&["at", "most"], BeforeValue, Limit(UpTo)),
    (&["at", "least"], BeforeValue, Limit(AtLeast)),
    (&["up", "to"], BeforeValue, Limit(UpTo)),
    (&["more", "than"], BeforeValue, Limit(Over)),
    (&["less", "than"], BeforeValue, Limit(Under)),
    (&["fewer", "than"], BeforeValue, Limit(Under)),
    (&["starting", "at"], BeforeMoney, Limit(AtLeast)),
    (&["starting", "from"], BeforeMoney, Limit(AtLeast)),
    (&["starts", "at"], BeforeMoney, Limit(AtLeast)),
    (&["starts", "from"], BeforeMoney, Limit(AtLeast)),
    (&["start", "at"], BeforeMoney, Limit(AtLeast)),
    (&["start", "from"], BeforeMoney, Limit(AtLeast)),
    (&["or", "more"], AfterValue, Postfix(AtLeast)),
    (&["or", "over"], AfterValue, Postfix(AtLeast)),
    (&["or", "above"], AfterValue, Postfix(AtLeast)),
    (&["and", "above"], AfterValue, Postfix(AtLeast)),
    (&["and", "over"], AfterValue, Postfix(AtLeast)),
    (&["and", "up"], AfterValue, Postfix(AtLeast)),
    (&["and", "more"], AfterValue, Postfix(AtLeast)),
    (&["or", "less"], AfterValue, Postfix(UpTo)),
    (&["or", "fewer"], AfterValue, Postfix(UpTo)),
    (&["or", "under"], AfterValue, Postfix(UpTo)),
    (&["over"], BeforeValue, Limit(Over)),
    (&["above"], BeforeValue, Limit(Over)),
    (&["exceeding"], BeforeValue, Limit(Over)),
    (&["exceeds"], BeforeValue, Limit(Over)),
    (&["under"], BeforeValue, Limit(Under)),
    (&["below"], BeforeValue, Limit(Under)),
    (&["about"], BeforeValue, Limit(About)),
    (&["around"], BeforeValue, Limit(About)),
    (&["approximately"], BeforeValue, Limit(About)),
    (&["approx"], BeforeValue, Limit(About)),
    (&["roughly"], BeforeValue, Limit(About)),
    (&["circa"], BeforeValue, Limit(About)),
    (&["ca"], BeforeValue, Limit(About)),
    (&["maximum"], BeforeValue, Limit(UpTo)),
    (&["max"], BeforeValue, Limit(UpTo)),
    (&["minimum"], BeforeValue, Limit(AtLeast)),
    (&["min"], BeforeValue, Limit(AtLeast)),
    (&["instead", "of"], BeforeMoney, Limit(Old)),
    (&["rather", "than"], BeforeMoney, Limit(Old)),
    (&["reduced", "from"], BeforeMoney, ContentThen("reduc", Old)),
    (&["discounted", "from"], BeforeMoney, ContentThen("discount", Old)),
    (&["down", "from"], BeforeMoney, Limit(Old)),
    (&["used", "to", "be"], BeforeMoney, Limit(Old)),
    (&["used", "to", "cost"], BeforeMoney, Limit(Old)),
    (&["as", "long", "as"], Anywhere, Limit(If)),
    (&["provided", "that"], Anywhere, Limit(If)),
    (&["in", "case"], Anywhere, Limit(If)),
    (&["apart", "from"], Anywhere, Limit(Except)),
    (&["except", "for"], Anywhere, Limit(Except)),
    (&["other", "than"], Anywhere, Limit(Except)),
    (&["able", "to"], Anywhere, Limit(Can)),
    (&["allowed", "to"], Anywhere, Limit(Can)),
    (&["have", "to"], Anywhere, Limit(Must)),
    (&["has", "to"], Anywhere, Limit(Must)),
    (&["need", "to"], Anywhere, Limit(Must)),
    (&["needs", "to"], Anywhere, Limit(Must)),
    (&["required", "to"], Anywhere, Limit(Must)),
    (&["please", "note"], Anywhere, Glue("please")),
    (&["let", "us", "know"], Anywhere, Content("tel")),
    (&["send", "back"], Anywhere, Content("return")),
    (&["sent", "back"], Anywhere, Content("return")),
    (&["pick", "up"], Anywhere, Content("pickup")),
    (&["picked", "up"], Anywhere, Content("pickup")),
    (&["made", "of"], Anywhere, Content("mak")),
    (&["made", "from"], Anywhere, Content("mak")),
    (&["of", "course"], Anywhere, Yes),
    (&["i", "am", "sorry"], Anywhere, Regret),
    (&["i", "am", "afraid"], Anywhere, Regret),
    (&["we", "are", "sorry"], Anywhere, Regret),
    (&["we", "are", "afraid"], Anywhere, Regret),
    (&["right", "now"], Anywhere, Glue("now")),
    (&["at", "the", "moment"], Anywhere, Glue("now")),
    (&["at", "present"], Anywhere, Glue("now")),
    (&["at", "the", "same", "time"], Anywhere, Content("onc")),
    (&["for", "now"], Anywhere, Glue("now")),
    (&["as", "well", "as"], Anywhere, Glue("and")),
    (&["as", "well"], Anywhere, Glue("and")),
    (&["in", "addition"], Anywhere, Glue("and")),
    (&["in", "order", "to"], Anywhere, Glue("to")),
    (&["such", "as"], Anywhere, Glue("for")),
];
