//! Version 4 UUIDs from the best source of chance that the page has.

use wasm_bindgen::{JsCast, JsValue};

/// `crypto.randomUUID` exists in secure contexts only; `getRandomValues` exists everywhere.
pub(crate) fn uuid() -> String {
    let crypto = web_sys::window().and_then(|window| window.crypto().ok());
    let Some(crypto) = crypto else { return uuid_of(&by_math()) };
    let name = JsValue::from_str("randomUUID");
    let made = js_sys::Reflect::get(&crypto, &name)
        .ok()
        .and_then(|function| function.dyn_into::<js_sys::Function>().ok())
        .and_then(|function| function.call0(&crypto).ok())
        .and_then(|uuid| uuid.as_string());
    made.unwrap_or_else(|| {
        let mut bytes = [0; 16];
        match crypto.get_random_values_with_u8_array(&mut bytes) {
            Ok(_) => uuid_of(&bytes),
            Err(_) => uuid_of(&by_math()),
        }
    })
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the product lies within 0 to 255")]
fn by_math() -> [u8; 16] {
    core::array::from_fn(|_| (js_sys::Math::random() * 256.0) as u8)
}

/// 16 random bytes as a version 4 UUID (RFC 9562, section 5.4).
fn uuid_of(bytes: &[u8; 16]) -> String {
    let mut bytes = *bytes;
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let mut text = String::with_capacity(36);
    for (place, byte) in bytes.into_iter().enumerate() {
        if matches!(place, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        for half in [byte >> 4, byte & 0x0f] {
            text.extend(char::from_digit(half.into(), 16));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn sixteen_bytes_are_a_uuid_of_version_four() {
        assert_eq!(uuid_of(&[0; 16]), "00000000-0000-4000-8000-000000000000");
        assert_eq!(uuid_of(&[255; 16]), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    }
}
