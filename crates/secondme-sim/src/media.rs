//! What the parts of a reply point to: a tone, a picture and a page, so that a person can open them and a test can see
//! whether anybody did.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, State},
    http::header::CONTENT_TYPE,
    response::{IntoResponse, Response},
    routing,
};

use crate::{answer, world::World};

const PICTURE: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" width="240" height="160" viewBox="0 0 240 160"><rect width="240" height="160" fill="#f3ede2"/><rect x="70" y="20" width="100" height="120" rx="6" fill="#2f5d50"/><rect x="82" y="20" width="6" height="120" fill="#24483e"/><rect x="100" y="44" width="56" height="22" rx="3" fill="#f3ede2"/></svg>"##;

const PAGE: &str = "The Paper Shop's catalogue: the Field Notebook, the Studio Notebook, the Cedar Pen.\n";

/// Samples of the tone in a second.
const RATE: u32 = 8_000;

pub(crate) fn router() -> Router<Arc<World>> {
    Router::new().route("/media/{name}", routing::get(serve))
}

async fn serve(State(world): State<Arc<World>>, Path(name): Path<String>) -> Response {
    world.lock().media_requests += 1;
    match name.as_str() {
        "tone.wav" => ([(CONTENT_TYPE, "audio/wav")], tone()).into_response(),
        "notebook.svg" => ([(CONTENT_TYPE, "image/svg+xml")], PICTURE).into_response(),
        "catalogue" => PAGE.into_response(),
        _ => answer::not_found().await.into_response(),
    }
}

/// One second of a soft square wave at 400 Hz: a WAVE file of one channel with eight bits for each sample.
fn tone() -> Vec<u8> {
    let samples = (0..RATE).map(|at| if at % 20 < 10 { 112 } else { 144 });
    let mut file = Vec::new();
    file.extend(b"RIFF");
    file.extend((36 + RATE).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16_u32.to_le_bytes());
    // Plain samples, one channel.
    file.extend([1, 0, 1, 0]);
    file.extend(RATE.to_le_bytes());
    // Bytes in a second, bytes and bits in a sample.
    file.extend(RATE.to_le_bytes());
    file.extend([1, 0, 8, 0]);
    file.extend(b"data");
    file.extend(RATE.to_le_bytes());
    file.extend(samples);
    file
}
