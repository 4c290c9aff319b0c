//! A conversation for its visitor to keep, as a text to read or as data. It does not know how a day is written, nor what a
//! file is.

use crate::json::Json;
use crate::moment::Moment;
use crate::transcript::{Author, Message, Status};
use crate::wire::part::Attachment;

/// How a person reads it: what stands around the messages, in the language of the visitor.
pub trait Words {
    /// What an author is called.
    fn author(&self, author: Author) -> String;
    /// The date, in full.
    fn day(&self, at: Moment) -> String;
    /// The time of day.
    fn time(&self, at: Moment) -> String;
    /// What is to be said about a message that did not go its usual way.
    fn remark(&self, message: &Message) -> Option<String>;
}

/// The conversation as a text: under each day its messages as `author, time: text`, with what belongs to a message below it.
pub fn text(messages: &[Message], words: &impl Words) -> String {
    let mut text = String::new();
    let mut day = String::new();
    for message in messages {
        let today = words.day(message.at);
        if today != day {
            text.push_str(&format!("{}{today}\n\n", if day.is_empty() { "" } else { "\n" }));
            day = today;
        }
        text.push_str(&format!("{}, {}: {}\n", words.author(message.author), words.time(message.at), message.text));
        for Attachment { url, title, .. } in &message.attachments {
            let title = title.as_ref().map(|title| format!("{title}: ")).unwrap_or_default();
            text.push_str(&format!("  {title}{url}\n"));
        }
        if let Some(remark) = words.remark(message) {
            text.push_str(&format!("  [{remark}]\n"));
        }
    }
    text
}

/// The conversation as data, which stays in this form; `iso` writes a moment as ISO 8601.
pub fn data(avatar: &str, messages: &[Message], now: Moment, iso: impl Fn(Moment) -> String) -> Json {
    let attachment = |Attachment { kind, url, title }: &Attachment| {
        let fields = [("kind", kind.name().into()), ("url", url.as_str().into()), ("title", title.as_deref().into())];
        Json::Object(fields.map(|(name, value)| (name.to_owned(), value)).into())
    };
    let message = |message: &Message| {
        Json::object([
            ("author", message.author.name().into()),
            ("text", message.text.as_str().into()),
            ("at", Json::Text(iso(message.at))),
            ("status", status(&message.status).into()),
            ("attachments", Json::List(message.attachments.iter().map(attachment).collect())),
        ])
    };
    Json::object([
        ("avatar", avatar.into()),
        ("exportedAt", Json::Text(iso(now))),
        ("messages", Json::List(messages.iter().map(message).collect())),
    ])
}

/// What a file is called, made of the avatar's name with nothing in it that a file system takes for its own.
#[must_use]
pub fn file_name(avatar: &str, extension: &str) -> String {
    /// No file system takes fewer than 255 bytes.
    const LONGEST: usize = 40;
    let kept: String = avatar.chars().map(|letter| if letter.is_alphanumeric() { letter } else { ' ' }).collect();
    let name: String = kept.split_whitespace().flat_map(|word| ["-", word]).collect();
    format!("chat{}.{extension}", name.chars().take(LONGEST).collect::<String>())
}

fn status(status: &Status) -> &'static str {
    match status {
        Status::Sending => "sending",
        Status::Sent => "sent",
        Status::Failed(_) => "failed",
        Status::Streaming => "streaming",
        Status::Complete => "complete",
        Status::Interrupted => "interrupted",
        Status::Stopped => "stopped",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::failure::Failure;
    use crate::transcript::MessageId;
    use crate::wire::part::AttachmentKind;

    const DAY: u64 = 86_400_000;

    struct Plain;

    impl Words for Plain {
        fn author(&self, author: Author) -> String {
            match author {
                Author::Visitor => "You",
                Author::Avatar => "Mira",
                Author::Owner => "Mira, in person",
            }
            .into()
        }

        fn day(&self, Moment(at): Moment) -> String {
            format!("Day {}", at / DAY)
        }

        fn time(&self, Moment(at): Moment) -> String {
            format!("{}:00", at % DAY / 3_600_000)
        }

        fn remark(&self, message: &Message) -> Option<String> {
            matches!(message.status, Status::Failed(_)).then(|| "Not sent".into())
        }
    }

    fn message(author: Author, text: &str, status: Status, at: u64) -> Message {
        Message { id: MessageId(at), author, text: text.into(), attachments: Vec::new(), status, at: Moment(at) }
    }

    fn conversation() -> Vec<Message> {
        let mut picture = message(Author::Owner, "Look", Status::Complete, DAY + 7_200_000);
        let url = "https://a.example/b.png".to_owned();
        picture.attachments = vec![Attachment { kind: AttachmentKind::Image, url, title: Some("The cover".into()) }];
        vec![
            message(Author::Visitor, "Hi", Status::Sent, 3_600_000),
            message(Author::Avatar, "Hello.\n\n- one", Status::Complete, 7_200_000),
            message(Author::Visitor, "And?", Status::Failed(Failure::Busy), DAY),
            picture,
        ]
    }

    #[test]
    fn a_text_has_a_header_for_each_day_and_a_line_for_each_message() {
        let expected = "Day 0\n\nYou, 1:00: Hi\nMira, 2:00: Hello.\n\n- one\n\nDay 1\n\nYou, 0:00: And?\n  [Not sent]\n\
                        Mira, in person, 2:00: Look\n  The cover: https://a.example/b.png\n";
        assert_eq!(text(&conversation(), &Plain), expected);
        assert_eq!(text(&[], &Plain), "");
    }

    #[test]
    fn data_keeps_its_shape() {
        let export = data("Mira", &conversation()[2..], Moment(5), |Moment(at)| format!("at {at}"));
        let expected = json!({
            "avatar": "Mira",
            "exportedAt": "at 5",
            "messages": [
                {"author": "visitor", "text": "And?", "at": "at 86400000", "status": "failed", "attachments": []},
                {"author": "owner", "text": "Look", "at": "at 93600000", "status": "complete", "attachments": [
                    {"kind": "image", "url": "https://a.example/b.png", "title": "The cover"},
                ]},
            ],
        });
        assert_eq!(serde_json::to_value(export).unwrap(), expected);
    }

    #[test]
    fn a_file_name_is_one_everywhere() {
        for (avatar, name) in [
            ("Mira", "chat-Mira.txt"),
            ("  Mira  \u{202e}B. ", "chat-Mira-B.txt"),
            ("../../etc/passwd", "chat-etc-passwd.txt"),
            ("CON", "chat-CON.txt"),
            ("米拉 <3", "chat-米拉-3.txt"),
            ("🦉", "chat.txt"),
            ("", "chat.txt"),
        ] {
            assert_eq!(file_name(avatar, "txt"), name, "{avatar:?}");
        }
        assert!(file_name(&"é".repeat(500), "json").len() < 255);
    }
}
