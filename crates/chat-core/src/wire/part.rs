//! What a frame carries besides text: addresses of sounds, pictures and pages. They are kept as plain data with a checked
//! scheme; nothing here, and nothing after it, makes markup of them.

use crate::json::Json;
use crate::{portable_enum, portable_struct};

/// One entry of `multipleData`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// What the entry holds, by kind.
    pub modal: Modal,
    /// True where it is not what an entry should be, so that what it says is not known.
    pub malformed: bool,
}

/// The contents of one [`Part`], by the keys of the published SDK.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Modal {
    /// Reply text: the part of it that this chunk adds.
    pub answer: Option<String>,
    /// A voice message.
    pub audio: Option<Target>,
    /// The text as speech.
    pub speech: Option<Target>,
    /// A picture.
    pub image: Option<Target>,
    /// A film.
    pub video: Option<Target>,
    /// A page.
    pub link: Option<Target>,
    /// A card; only its address, where it has one, is of use here.
    pub template: Option<Target>,
    /// True where it is not an object, or its answer no text; `Part::malformed` is what is passed on.
    pub malformed: bool,
}

/// An address, and what it is called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target {
    url: String,
    title: Option<String>,
}

/// What a visitor may open or play, when they choose to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// What it is.
    pub kind: AttachmentKind,
    /// Where it is; always http or https.
    pub url: String,
    /// What it is called, where that is known.
    pub title: Option<String>,
}

/// What an [`Attachment`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttachmentKind {
    /// Sound.
    Audio,
    /// A picture.
    Image,
    /// A film.
    Video,
    /// A page, or something this version has no other name for.
    Link,
}

portable_struct!(Part { modal, malformed });
portable_struct!(Modal { answer, audio, speech, image, video, link, template, malformed });
portable_struct!(Target { url, title });
portable_struct!(Attachment { kind, url, title });
portable_enum!(AttachmentKind { 0 Audio, 1 Image, 2 Video, 3 Link; Link });

impl AttachmentKind {
    /// Its stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Audio => "audio",
            Self::Image => "image",
            Self::Video => "video",
            Self::Link => "link",
        }
    }
}

impl Part {
    /// The entry that this is the JSON of. Null is one that says nothing.
    pub(super) fn of(mut json: Json) -> Self {
        match json {
            Json::Null => Self::default(),
            Json::Object(_) => {
                let modal = Modal::of(json.take("modal"));
                Self { malformed: modal.malformed, modal }
            }
            _ => Self::malformed(),
        }
    }

    pub(super) fn malformed() -> Self {
        Self { malformed: true, ..Self::default() }
    }

    /// Hands over the text and the attachments, in a fixed order.
    pub(super) fn take(self, text: &mut String, attachments: &mut Vec<Attachment>) {
        let Modal { answer, audio, speech, image, video, link, template, malformed: _ } = self.modal;
        if let Some(answer) = answer {
            text.push_str(&answer);
        }
        let kinds = [
            (AttachmentKind::Audio, audio.or(speech)),
            (AttachmentKind::Image, image),
            (AttachmentKind::Video, video),
            (AttachmentKind::Link, link.or(template)),
        ];
        let found = kinds.into_iter().filter_map(|(kind, target)| target.map(|target| target.attachment(kind)));
        attachments.extend(found);
    }
}

impl Modal {
    fn of(mut json: Json) -> Self {
        let readable = matches!(json, Json::Null | Json::Object(_));
        // Text is text alone: a number is no answer.
        let (answer, is_answer) = match json.take("answer") {
            Json::Text(text) => (Some(text), true),
            other => (None, other == Json::Null),
        };
        Self {
            answer,
            audio: Target::of(json.take("audio")),
            speech: Target::of(json.take("speech")),
            image: Target::of(json.take("image")),
            video: Target::of(json.take("video")),
            link: Target::of(json.take("link")),
            template: Target::of(json.take("template")),
            malformed: !(readable && is_answer),
        }
    }
}

impl Target {
    /// The shapes are not public: an address as text, or under one of the usual names of an object, is taken.
    fn of(mut json: Json) -> Option<Self> {
        if let Json::Text(text) = &json {
            return safe(text).map(|url| Self { url: url.to_owned(), title: None });
        }
        let url = ["url", "src", "href", "link"].into_iter().find_map(|name| {
            let url = json.take(name).into_text()?;
            safe(&url).map(str::to_owned)
        })?;
        let title = json.take("title").into_text().or_else(|| json.take("name").into_text());
        Some(Self { url, title })
    }

    fn attachment(self, kind: AttachmentKind) -> Attachment {
        Attachment { kind, url: self.url, title: self.title }
    }
}

/// Only what a browser opens as a page or a file: no `javascript:`, no `data:`, nothing relative.
fn safe(url: &str) -> Option<&str> {
    let url = url.trim();
    let scheme = url.get(..8).unwrap_or(url).to_ascii_lowercase();
    let http = scheme.starts_with("http://") || scheme.starts_with("https://");
    (http && !url.contains(|character: char| character.is_control() || character.is_whitespace())).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_web_are_taken() {
        let check = |url: &str, taken: bool| assert_eq!(safe(url).is_some(), taken, "{url:?}");
        check("https://x.example/a.png", true);
        check(" HTTPS://x.example/ ", true);
        check("http://x.example", true);
        check("javascript:alert(1)", false);
        check("java\nscript:alert(1)", false);
        check("https://x.example/\u{0}", false);
        check("data:text/html,x", false);
        check("//x.example", false);
        check("/relative", false);
        check("blob:https://x.example/1", false);
        check("", false);
    }
}
