//! The points: pure rules over the events of a chat. Each reason counts once.

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::event::{Event, HandoffReason};
use crate::protocol::Point;

static CONTACT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[\w.+-]+@[\w-]+\.[\w.]+|\+?\d[\d ()/-]{7,}\d").expect("a constant pattern")
});

/// The reasons that one event gives.
pub fn points(event: &Event) -> Vec<Point> {
    match event {
        Event::VisitorSaid { text, .. } if CONTACT.is_match(text) => {
            vec![point(25, "left a way to reach them")]
        }
        Event::ContactLeft { .. } => vec![point(25, "left a way to reach them")],
        Event::PersonWanted { reason } => vec![match reason {
            HandoffReason::VisitorAsked | HandoffReason::AskedInWords => {
                point(30, "asked for a person")
            }
            HandoffReason::Complaint => point(35, "is unhappy"),
            HandoffReason::NeedsPerson => point(20, "needs something only a person can look up"),
            HandoffReason::BotFailed => point(20, "the bot could not answer"),
            HandoffReason::BotPaused => point(10, "wrote while the bot was silent"),
            HandoffReason::LeftContact => point(25, "left a way to reach them"),
        }],
        Event::ReplyPlanned { plan, .. } => {
            let mut points = Vec::new();
            points.extend(interest(&plan.intent.name));
            if !plan.context.products.is_empty() {
                points.push(point(10, "is looking at a product"));
            }
            if !plan.gaps.is_empty() {
                points.push(point(5, "asked what the bot did not know"));
            }
            points
        }
        _ => Vec::new(),
    }
}

/// What an intent says about buying.
fn interest(intent: &str) -> Option<Point> {
    Some(match intent {
        "trade" => point(25, "asks for business or in quantity"),
        "ask_price" | "discount" => point(10, "asked about the price"),
        "ask_stock" => point(10, "asked whether it is in stock"),
        "recommend" | "compare" | "superlative" => point(8, "is choosing"),
        "shipping_cost" | "shipping_time" | "payment" => point(8, "asked how to get or pay it"),
        "complaint" => point(10, "complains"),
        _ => return None,
    })
}

/// Adds what is new to what is known.
pub fn add(known: &mut Vec<Point>, event: &Event) {
    for point in points(event) {
        if !known.iter().any(|p| p.reason == point.reason) {
            known.push(point);
        }
    }
}

fn point(points: i32, reason: &str) -> Point {
    Point { points, reason: reason.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Event {
        Event::VisitorSaid {
            client_id: "a".to_string().try_into().expect("valid"),
            text: text.into(),
        }
    }

    #[test]
    fn a_way_to_reach_them_counts_once() {
        let mut known = Vec::new();
        add(&mut known, &said("write to ana@example.org"));
        add(&mut known, &said("or call +353 1 234 5678"));
        assert_eq!(known.len(), 1);
        assert_eq!(known[0].points, 25);
    }

    #[test]
    fn prices_and_sizes_are_not_phone_numbers() {
        assert!(points(&said("is it 49.90 or 59.90 for 42 x 16 cm?")).is_empty());
    }

    #[test]
    fn the_unhappy_come_before_the_curious() {
        let wanted = |reason| points(&Event::PersonWanted { reason })[0].points;
        assert!(wanted(HandoffReason::Complaint) > wanted(HandoffReason::VisitorAsked));
    }
}
