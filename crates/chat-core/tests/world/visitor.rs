//! What a visitor, a browser and a bad day do to a page.

use crate::chance::Chance;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    Write,
    Retry,
    Delete,
    Stop,
    Reconnect,
    OwnerSpeaks,
    AvatarSpeaks,
    CutSocket,
    SilenceSocket,
    ServerDown,
    ServerUp,
    ExpireSession,
    Hide,
    Show,
    Offline,
    Online,
    Sleep,
    ClockBack,
    Reload,
    TabTakesOver,
    Garbage,
    Hint,
    Fault,
}

impl Deed {
    pub(crate) fn any(chance: &mut Chance) -> Self {
        let weighted = [
            (30, Self::Write),
            (5, Self::Retry),
            (2, Self::Delete),
            (3, Self::Stop),
            (3, Self::Reconnect),
            (4, Self::OwnerSpeaks),
            (4, Self::AvatarSpeaks),
            (6, Self::CutSocket),
            (3, Self::SilenceSocket),
            (3, Self::ServerDown),
            (8, Self::ServerUp),
            (3, Self::ExpireSession),
            (3, Self::Hide),
            (8, Self::Show),
            (3, Self::Offline),
            (8, Self::Online),
            (1, Self::Sleep),
            (1, Self::ClockBack),
            (2, Self::Reload),
            (2, Self::TabTakesOver),
            (4, Self::Garbage),
            (3, Self::Hint),
            (2, Self::Fault),
        ];
        let mut left = chance.number(0..weighted.iter().map(|(weight, _)| weight).sum());
        for (weight, deed) in weighted {
            if left < weight {
                return deed;
            }
            left -= weight;
        }
        Self::Write
    }
}
