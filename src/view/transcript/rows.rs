//! What stands in the transcript, row by row: the messages, a line where a day begins, and one where the owner takes over.
//! All of it follows from the messages alone, so that it is the same after a reload and in every tab.

use chat_core::{Author, MessageId, Moment};
use js_sys::Date;

use crate::model::LiveMessage;

/// Messages whose names are this close stand in one block, which the browser lays out when it comes near.
pub(super) const BLOCK: u64 = 40;

/// One row, and the message that it belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Row {
    pub(super) id: MessageId,
    /// Tells it from the rows of every other conversation of this page.
    pub(super) serial: u32,
    pub(super) kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// The day of the message begins.
    Day,
    /// From this message on the owner speaks.
    Joined,
    Message,
}

/// The blocks that there are, oldest first.
pub(super) fn blocks(messages: &[LiveMessage]) -> Vec<u64> {
    let mut blocks: Vec<_> = messages.iter().map(|live| block_of(live.id)).collect();
    blocks.dedup();
    blocks
}

/// The rows of one block.
pub(super) fn rows(messages: &[LiveMessage], block: u64) -> Vec<Row> {
    let start = messages.partition_point(|live| block_of(live.id) < block);
    let end = messages.partition_point(|live| block_of(live.id) <= block);
    let (before, own) = (&messages[..start], &messages[start..end]);
    let mut today = before.last().map_or(0.0, |live| day_after(live.at));
    let mut owner_speaks = before.iter().rev().find(|live| live.author != Author::Visitor).is_some_and(is_owners);
    let mut rows = Vec::with_capacity(own.len() + 1);
    for live in own {
        let mut row = |kind| rows.push(Row { id: live.id, serial: live.serial, kind });
        if milliseconds(live.at) >= today {
            today = day_after(live.at);
            row(Kind::Day);
        }
        if is_owners(live) && !owner_speaks {
            row(Kind::Joined);
        }
        row(Kind::Message);
        owner_speaks = is_owners(live) || owner_speaks && live.author == Author::Visitor;
    }
    rows
}

/// When the day after that of the moment begins, by the visitor's own clock.
pub(super) fn day_after(at: Moment) -> f64 {
    let day = Date::new(&milliseconds(at).into());
    let after = day.get_date().cast_signed() + 1;
    Date::new_with_year_month_day(day.get_full_year(), day.get_month().cast_signed(), after).get_time()
}

/// As JavaScript counts time.
#[expect(clippy::cast_precision_loss, reason = "the clock's milliseconds are far below 2^53")]
fn milliseconds(Moment(at): Moment) -> f64 {
    at as f64
}

fn is_owners(live: &LiveMessage) -> bool {
    live.author == Author::Owner
}

fn block_of(MessageId(number): MessageId) -> u64 {
    number / BLOCK
}
