//! The rules of a conversation, without any model: what is decided and said from records and pages.

use std::path::Path;

use floorwalker_engine::{Models, Options};

use super::*;
use crate::domain::event::HandoffReason;
use crate::knowledge::folder;

/// A Monday, ten in the morning in Dublin.
const MONDAY: Instant = Instant(1_796_032_800_000);

fn clogs() -> Answerer {
    let dir = Path::new("tests/fixtures/shops/clogs");
    let catalogue = folder::load(dir).unwrap_or_else(|error| panic!("{error}")).catalogue;
    let engine = Engine::start(&Models::default(), &Options::default());
    let knowledge = Knowledge::build(1, catalogue, None).expect("an index in memory");
    Answerer::new(engine, knowledge, None)
}

/// The plan for the last of these messages, after the ones before.
async fn asked(messages: &[&str]) -> Plan {
    let answerer = clogs();
    let mut context = Context::default();
    let mut last = None;
    for message in messages {
        let plan = answerer.plan(&[(*message).to_string()], &context, MONDAY).await.plan;
        context = plan.context.clone();
        last = Some(plan);
    }
    last.expect("a message")
}

/// What is said.
async fn said(messages: &[&str]) -> String {
    let facts = asked(messages).await.facts;
    facts.into_iter().map(|fact| fact.text).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn which_variant_is_asked_only_where_the_answer_differs() {
    let plan = asked(&["how much is the Alder Clog?"]).await;
    assert_eq!(plan.decision, Decision::Clarify, "{:?}", plan.facts);
    assert_eq!(plan.choices.len(), 3, "{:?}", plan.choices);
    assert!(plan.choices.contains(&"red, 38".to_string()), "{:?}", plan.choices);
    let weight = asked(&["how heavy is the Alder Clog?"]).await;
    assert_eq!(weight.decision, Decision::Answer);
    assert!(weight.facts[0].text.contains("0,7 kg"), "{:?}", weight.facts);
}

#[tokio::test]
async fn a_choice_is_an_answer_to_the_question_that_offered_it() {
    let text = said(&["how much is the Alder Clog?", "red, 38"]).await;
    assert!(text.contains("€45.00") && !text.contains("green"), "{text}");
}

#[tokio::test]
async fn a_variant_is_asked_for_by_what_differs() {
    let text = said(&["is the Alder Clog in green 38 in stock?", "and in 39?"]).await;
    assert!(text.contains("39 is out of stock"), "{text}");
    let text = said(&["price of the Alder Clog in green, 38", "and in red?"]).await;
    assert!(text.contains("€45.00"), "{text}");
}

#[tokio::test]
async fn what_is_out_of_stock_comes_with_what_can_be_had() {
    let text = said(&["is the Alder Clog, green, 39 in stock?"]).await;
    assert!(text.contains("out of stock") && text.contains("green, 38 at €60.00"), "{text}");
}

#[tokio::test]
async fn choices_are_listed_when_they_are_asked_for() {
    let text = said(&["which colours does the Alder Clog come in?"]).await;
    assert!(text.contains("green and red"), "{text}");
    let text = said(&["what sizes do you have of the Alder Clog in green"]).await;
    assert!(text.contains("38 and 39"), "{text}");
}

#[tokio::test]
async fn products_are_meant_by_their_place_and_by_their_rank() {
    let compare = "which is cheaper, the Willow Slipper or the Hazel Slipper?";
    let text = said(&[compare, "how heavy is the second one?"]).await;
    assert!(text.contains("Hazel") && text.contains("0,4 kg"), "{text}");
    let text = said(&["how much is the Hazel Slipper?", "is there a cheaper one?"]).await;
    assert!(text.contains("Willow Slipper") && text.contains("€30.00"), "{text}");
    let text = said(&["how much is the Hazel Slipper?", "anything cheaper?"]).await;
    assert!(text.contains("Willow Slipper"), "{text}");
}

#[tokio::test]
async fn two_things_asked_of_one_product_are_both_answered() {
    let text = said(&["price and weight of the Birch Boot"]).await;
    assert!(text.contains("€120.00") && text.contains("1,4 kg"), "{text}");
}

#[tokio::test]
async fn sums_are_added_up_over_records_and_rules() {
    let text = said(&["what do two Willow Slippers and the Hazel Slipper come to?"]).await;
    assert!(text.contains("€60.00") && text.contains("€100.00 in all"), "{text}");
    let text = said(&["three pairs of Willow Slippers, how much?"]).await;
    assert!(text.contains("€90.00"), "{text}");
    let text = said(&["the Birch Boot sent to Germany, total with postage?"]).await;
    assert!(text.contains("€132.00"), "{text}");
    let text = said(&["total for the Birch Boot with delivery to Dublin"]).await;
    assert!(text.contains("free") && text.contains("€120.00 in all"), "{text}");
}

#[tokio::test]
async fn delivery_is_told_for_the_place_that_is_asked_about() {
    let text = said(&["what is postage to Vienna?"]).await;
    assert!(text.contains("€18.00") && !text.contains("€12.00"), "{text}");
    let text = said(&["what is postage to Vienna?", "and to Paris?"]).await;
    assert!(text.contains("€12.00") && !text.contains("€18.00"), "{text}");
    let text = said(&["do you deliver to Norway?"]).await;
    assert!(text.contains("do not ship outside the EU"), "{text}");
}

#[tokio::test]
async fn a_day_is_held_against_the_rules_and_the_clock() {
    let text = said(&["can I have a parcel by Wednesday if you send it to Galway?"]).await;
    assert!(text.contains("in time for Wednesday"), "{text}");
    let text = said(&["can I have it delivered to Berlin by Tuesday?"]).await;
    assert!(text.contains("not by Tuesday"), "{text}");
}

#[tokio::test]
async fn a_model_or_a_measure_that_is_not_sold_is_not_known() {
    let plan = asked(&["what does the Alder Clog 45 cost"]).await;
    assert_ne!(plan.decision, Decision::Answer, "{:?}", plan.facts);
}

#[tokio::test]
async fn a_certain_order_goes_to_a_person() {
    let plan = asked(&["where is my parcel? order 48213"]).await;
    assert_eq!(
        (plan.decision, plan.handoff),
        (Decision::Handoff, Some(HandoffReason::NeedsPerson))
    );
}

#[tokio::test]
async fn columns_that_say_yes_or_no_choose_products() {
    let text = said(&["do you have slippers that are washable under 35 euro?"]).await;
    assert!(text.contains("Willow") && !text.contains("Hazel"), "{text}");
}

#[tokio::test]
async fn hours_of_a_day_and_the_day_after_come_from_the_settings() {
    let text = said(&["when are you open on Monday?"]).await;
    assert!(text.contains("09:00 to 17:00"), "{text}");
    let text = said(&["when are you open on Monday?", "and on Sunday?"]).await;
    assert!(text.contains("closed on Sunday"), "{text}");
}

#[tokio::test]
async fn anger_and_names_of_colleagues_bring_a_person() {
    for text in ["This is ridiculous, I am furious", "I'd like to speak to Anneke"] {
        assert_eq!(asked(&[text]).await.decision, Decision::Handoff, "{text}");
    }
}

#[tokio::test]
async fn what_is_wished_for_may_be_out_of_stock_and_then_that_is_said() {
    let text = said(&["a green clog in 39 in stock"]).await;
    assert!(text.contains("out of stock"), "{text}");
}
