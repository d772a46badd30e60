//! Rows of the shop's tables as sentences: "To: Germany; Price: €5.90" reads "Germany: price €5.90."

/// A sentence as it is said: rows of tables in words, everything else as it stands.
pub fn plain(sentence: &str) -> String {
    row(sentence).unwrap_or_else(|| sentence.to_string())
}

fn row(sentence: &str) -> Option<String> {
    let cells: Option<Vec<(&str, &str)>> =
        sentence.split("; ").map(|cell| cell.split_once(": ")).collect();
    let cells = cells.filter(|cells| cells.len() > 1)?;
    let (first, rest) = cells.split_first()?;
    let said: Vec<String> =
        rest.iter().map(|(column, value)| format!("{} {value}", lower(column))).collect();
    Some(format!("{}: {}.", first.1, said.join(", ")))
}

/// With a small first letter, unless it is an abbreviation.
fn lower(column: &str) -> String {
    let mut chars = column.chars();
    match (chars.next(), chars.next()) {
        (Some(first), Some(second)) if second.is_lowercase() => {
            first.to_lowercase().chain(std::iter::once(second)).chain(chars).collect()
        }
        _ => column.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn rows_are_said_in_words_and_sentences_as_they_stand() {
        assert_eq!(
            plain("To: Germany; Price: €5.90; Free from: €70"),
            "Germany: price €5.90, free from €70."
        );
        assert_eq!(plain("We ship on: Monday."), "We ship on: Monday.");
        assert_eq!(plain("Blue; red; green"), "Blue; red; green");
    }
}
