//! The browser's JSON: it reads and writes the text, and the core gets and gives values. It does not know what they mean.

use chat_core::json::Json;
use js_sys::{Array, JSON, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// What lies deeper is nothing: nobody's documents go there, and the stack has an end.
const DEEPEST: usize = 64;

/// The value of a text; `None` where it is no JSON.
pub(crate) fn parse(text: &str) -> Option<Json> {
    JSON::parse(text).ok().map(|value| from_js(&value))
}

/// The text of a value.
pub(crate) fn text(json: &Json) -> Option<String> {
    JSON::stringify(&to_js(json)).ok()?.as_string()
}

/// The text of a value, for people.
pub(crate) fn pretty(json: &Json) -> Option<String> {
    JSON::stringify_with_replacer_and_space(&to_js(json), &JsValue::NULL, &2.into()).ok()?.as_string()
}

/// The value as the browser's own, which can be told to other tabs.
pub(crate) fn to_js(json: &Json) -> JsValue {
    match json {
        Json::Null => JsValue::NULL,
        Json::Bool(value) => JsValue::from_bool(*value),
        Json::Number(number) => JsValue::from_f64(*number),
        Json::Text(text) => JsValue::from_str(text),
        Json::List(items) => items.iter().map(to_js).collect::<Array>().into(),
        Json::Object(fields) => {
            let object = Object::new();
            for (name, value) in fields {
                // Nothing forbids a new object its fields.
                let _ = Reflect::set(&object, &JsValue::from_str(name), &to_js(value));
            }
            object.into()
        }
    }
}

/// The browser's value as the core's.
pub(crate) fn from_js(value: &JsValue) -> Json {
    within(value, DEEPEST)
}

fn within(value: &JsValue, depth: usize) -> Json {
    if let Some(text) = value.as_string() {
        Json::Text(text)
    } else if let Some(number) = value.as_f64() {
        Json::Number(number)
    } else if let Some(value) = value.as_bool() {
        Json::Bool(value)
    } else if depth == 0 {
        Json::Null
    } else if Array::is_array(value) {
        Json::List(value.unchecked_ref::<Array>().iter().map(|item| within(&item, depth - 1)).collect())
    } else if value.is_object() {
        let field = |pair: JsValue| {
            let pair = pair.unchecked_into::<Array>();
            (pair.get(0).as_string().unwrap_or_default(), within(&pair.get(1), depth - 1))
        };
        Json::Object(Object::entries(value.unchecked_ref()).iter().map(field).collect())
    } else {
        Json::Null
    }
}
