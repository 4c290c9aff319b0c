//! What a frame carries besides text: addresses of sounds, pictures and pages. They are kept as plain data with a checked
//! scheme; nothing here, and nothing after it, makes markup of them.

use serde::de::MapAccess;
use serde::{Deserialize, Serialize};

use super::lenient::{Lenient, fields, lenient};

/// One entry of `multipleData`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Part {
    /// What the entry holds, by kind.
    #[serde(deserialize_with = "lenient")]
    pub modal: Modal,
    /// True where it is not what an entry should be, so that what it says is not known.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub malformed: bool,
}

/// The contents of one [`Part`], by the keys of the published SDK.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Contents")]
pub struct Modal {
    /// Reply text: the part of it that this chunk adds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// A voice message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audio: Option<Target>,
    /// The text as speech.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speech: Option<Target>,
    /// A picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<Target>,
    /// A film.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub video: Option<Target>,
    /// A page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<Target>,
    /// A card; only its address, where it has one, is of use here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<Target>,
    /// True where it is not an object, or its answer no text; [`Part::malformed`] is what is passed on.
    #[serde(skip)]
    pub malformed: bool,
}

/// [`Modal`] as it comes.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Contents {
    #[serde(deserialize_with = "lenient")]
    answer: Answer,
    #[serde(deserialize_with = "lenient")]
    audio: Option<Target>,
    #[serde(deserialize_with = "lenient")]
    speech: Option<Target>,
    #[serde(deserialize_with = "lenient")]
    image: Option<Target>,
    #[serde(deserialize_with = "lenient")]
    video: Option<Target>,
    #[serde(deserialize_with = "lenient")]
    link: Option<Target>,
    #[serde(deserialize_with = "lenient")]
    template: Option<Target>,
}

/// Text is text alone: a number is no answer.
#[derive(Default)]
enum Answer {
    #[default]
    Absent,
    Text(String),
    Malformed,
}

impl Lenient for Answer {
    fn from_other() -> Self {
        Self::Malformed
    }

    fn from_text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Contents> for Modal {
    fn from(Contents { answer, audio, speech, image, video, link, template }: Contents) -> Self {
        let malformed = matches!(answer, Answer::Malformed);
        let answer = if let Answer::Text(text) = answer { Some(text) } else { None };
        Self { answer, audio, speech, image, video, link, template, malformed }
    }
}

/// An address, and what it is called.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    url: String,
    title: Option<String>,
}

/// What a visitor may open or play, when they choose to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// What it is.
    pub kind: AttachmentKind,
    /// Where it is; always http or https.
    pub url: String,
    /// What it is called, where that is known.
    pub title: Option<String>,
}

/// What an [`Attachment`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
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

impl Part {
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

impl Target {
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

/// The shapes are not public: an address as text, or under one of the usual names of an object, is taken.
impl Lenient for Option<Target> {
    fn from_text(text: &str) -> Self {
        safe(text).map(|url| Target { url: url.to_owned(), title: None })
    }

    fn from_object<'de, A: MapAccess<'de>>(object: A) -> Result<Self, A::Error> {
        let named: Named = fields(object)?;
        let url = [named.url, named.src, named.href, named.link].into_iter().flatten().find(|url| safe(url).is_some());
        Ok(url
            .and_then(|url| safe(&url).map(str::to_owned))
            .map(|url| Target { url, title: named.title.or(named.name) }))
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Named {
    #[serde(deserialize_with = "lenient")]
    url: Option<String>,
    #[serde(deserialize_with = "lenient")]
    src: Option<String>,
    #[serde(deserialize_with = "lenient")]
    href: Option<String>,
    #[serde(deserialize_with = "lenient")]
    link: Option<String>,
    #[serde(deserialize_with = "lenient")]
    title: Option<String>,
    #[serde(deserialize_with = "lenient")]
    name: Option<String>,
}

impl Lenient for Part {
    fn from_other() -> Self {
        Self { malformed: true, ..Self::default() }
    }

    fn from_object<'de, A: MapAccess<'de>>(object: A) -> Result<Self, A::Error> {
        let part: Self = fields(object)?;
        Ok(Self { malformed: part.malformed || part.modal.malformed, ..part })
    }
}

impl Lenient for Modal {
    fn from_other() -> Self {
        Self { malformed: true, ..Self::default() }
    }

    fn from_object<'de, A: MapAccess<'de>>(object: A) -> Result<Self, A::Error> {
        fields(object)
    }
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
