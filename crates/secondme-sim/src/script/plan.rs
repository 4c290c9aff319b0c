//! From a script to what a socket does, step by step. It is one pure function: the same script and scene give the same
//! steps.

use std::time::Duration;

use super::{
    Echo, Noise, Resend, Script, content,
    drafts::{Body, Draft, Role, place_after},
    noise,
    writer::{Scene, Writer},
};
use crate::step::{Action, Step};

/// What the socket does to tell this reply.
pub(crate) fn plan(script: &Script, scene: &Scene<'_>) -> Vec<Step> {
    if script.silent {
        return Vec::new();
    }
    let mut writer = Writer::new(script.frames, scene);
    let mut opening = opening(script, &mut writer);
    let mut reply = content::drafts(script, scene, &mut writer);
    take_over(script, &mut reply, &mut writer);
    fail(script, &mut reply, &mut writer);
    slow_down(script, &mut reply);
    // The place of the cut counts chunks once: it is marked before any of them is doubled.
    if let Some(chunks) = script.cut_after_chunks {
        reply.insert(place_after(&reply, chunks), Draft::raw(Action::Cut));
    }
    resend(script.resend, &mut reply);
    sprinkle(noise::frames(&script.noise, &mut writer), &mut reply);
    opening.append(&mut reply);
    if script.noise.contains(&Noise::UnknownFields) {
        for draft in &mut opening {
            if let Body::Frame(frame) = &mut draft.body {
                noise::add_unknown_fields(frame);
            }
        }
    }
    opening.into_iter().map(Draft::into_step).collect()
}

/// What comes before the content.
fn opening(script: &Script, writer: &mut Writer<'_>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    if script.echo != Echo::Nothing {
        drafts.push(Draft::aside(writer.echo(script.echo)));
    }
    if let Some(hint) = script.hint {
        let [running, outcome] = writer.hint(hint);
        drafts.extend([Draft::aside(running), Draft::aside(outcome).after(hint.ms)]);
    }
    drafts
}

fn take_over(script: &Script, reply: &mut Vec<Draft>, writer: &mut Writer<'_>) {
    let Some(takeover) = &script.takeover else { return };
    if let Some(further) = takeover.further_chunks {
        reply.truncate(place_after(reply, takeover.after_chunks.saturating_add(further)));
    }
    reply.insert(place_after(reply, takeover.after_chunks), Draft::aside(writer.owner(&takeover.text)));
}

fn fail(script: &Script, reply: &mut Vec<Draft>, writer: &mut Writer<'_>) {
    let Some(failure) = script.failure else { return };
    reply.truncate(place_after(reply, failure.after_chunks));
    reply.push(Draft::aside(writer.failure(failure.sub_code)));
}

fn slow_down(script: &Script, reply: &mut [Draft]) {
    let pause = script.pause.map(|pause| (place_after(reply, pause.after_chunks), pause.ms));
    for (place, ms) in [Some((0, script.first_chunk_delay_ms)), pause].into_iter().flatten() {
        if let Some(draft) = reply.get_mut(place) {
            draft.pause += Duration::from_millis(ms);
        }
    }
}

fn resend(resend: Resend, reply: &mut Vec<Draft>) {
    let again = |draft: &Draft| draft.clone().after(0);
    let is_content = |draft: &Draft| draft.role != Role::Aside;
    match resend {
        Resend::Nothing => {}
        Resend::Everything => {
            let doubled = reply.iter().flat_map(|draft| [Some(draft.clone()), is_content(draft).then(|| again(draft))]);
            *reply = doubled.flatten().collect();
        }
        Resend::One { frame, later } => {
            let found = reply.iter().enumerate().filter(|(_, draft)| is_content(draft)).nth(frame);
            if let Some((place, copy)) = found.map(|(place, draft)| (place, again(draft))) {
                reply.insert((place + 1).saturating_add(later).min(reply.len()), copy);
            }
        }
    }
}

/// Puts each of the frames before some frame of the content, evenly. Without any content they come first.
fn sprinkle(noise: Vec<Draft>, reply: &mut Vec<Draft>) {
    let places = reply.iter().filter(|draft| draft.role != Role::Aside).count().max(1);
    let mut heaps = vec![Vec::new(); places];
    for (number, draft) in noise.into_iter().enumerate() {
        heaps[number % places].push(draft);
    }
    let mut heaps = heaps.into_iter();
    let mut mixed =
        if reply.iter().all(|draft| draft.role == Role::Aside) { heaps.next().unwrap_or_default() } else { Vec::new() };
    for draft in reply.drain(..) {
        if draft.role != Role::Aside {
            mixed.extend(heaps.next().unwrap_or_default());
        }
        mixed.push(draft);
    }
    *reply = mixed;
}

#[cfg(test)]
mod tests;
