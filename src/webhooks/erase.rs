//! Forgetting a chat: what was told about it, and what was answered to that.

use rusqlite::Connection;

use crate::domain::ids::ChatId;
use crate::store::StoreError;

/// Blanks, within any write, every message about a chat and the answers to it. That something was sent,
/// and when, stays in the log; what has not arrived yet never will.
pub fn forget(db: &Connection, chat: ChatId) -> Result<(), StoreError> {
    let deliveries = "SELECT d.id FROM webhook_deliveries d
                      JOIN webhook_messages m ON m.id = d.message WHERE m.chat = ?1";
    for sql in [
        format!("UPDATE webhook_attempts SET answer = NULL WHERE delivery IN ({deliveries})"),
        format!(
            "UPDATE webhook_deliveries SET state = 'erased'
             WHERE state != 'delivered' AND id IN ({deliveries})"
        ),
        "UPDATE webhook_messages SET data = NULL, words = NULL WHERE chat = ?1".to_string(),
    ] {
        db.prepare_cached(&sql)?.execute([chat.as_bytes()])?;
    }
    Ok(())
}
