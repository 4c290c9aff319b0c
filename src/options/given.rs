//! The options as they were given: texts from attributes, or a program's own values. It knows how to read a kind of value,
//! and not one option.

use js_sys::{Array, JSON, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use super::InvalidOptions;

/// The object that the loader, or a program, hands to `mount`.
pub(super) struct Given(Object);

impl Given {
    pub(super) fn new(options: JsValue) -> Result<Self, InvalidOptions> {
        options.dyn_into().map(Self).map_err(|_| InvalidOptions::Unreadable)
    }

    /// Whether anything is said at all.
    pub(super) fn is_said(&self, name: &str) -> bool {
        let value = self.get(name);
        !value.is_null() && !value.is_undefined()
    }

    /// A text without the spaces around it. One that is not there, or empty, says nothing.
    pub(super) fn text(&self, name: &'static str) -> Result<Option<String>, InvalidOptions> {
        if !self.is_said(name) {
            return Ok(None);
        }
        let text = self.get(name).as_string().ok_or(InvalidOptions::NoText(name))?;
        Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty()))
    }

    /// An attribute that is there, or a program's true and false.
    pub(super) fn flag(&self, name: &'static str) -> Result<bool, InvalidOptions> {
        let value = self.get(name);
        let known = match value.as_string().as_deref() {
            None if !self.is_said(name) => Some(false),
            None => value.as_bool(),
            Some("" | "true") => Some(true),
            Some("false") => Some(false),
            Some(_) => None,
        };
        known.ok_or_else(|| InvalidOptions::Choice(name, "there, true or false", shown(&value)))
    }

    /// One of some names, the first where nothing is said.
    pub(super) fn choice<T: Copy>(
        &self,
        name: &'static str,
        names: &'static str,
        choices: &[(&str, T)],
        otherwise: T,
    ) -> Result<T, InvalidOptions> {
        let Some(text) = self.text(name)? else { return Ok(otherwise) };
        let chosen = choices.iter().find(|(choice, _)| *choice == text).map(|(_, value)| *value);
        chosen.ok_or(InvalidOptions::Choice(name, names, text))
    }

    /// A program's array of texts, or the lines of an attribute.
    pub(super) fn lines(&self, name: &'static str) -> Result<Vec<String>, InvalidOptions> {
        if let Some(array) = self.get(name).dyn_ref::<Array>() {
            let texts: Option<Vec<_>> = array.iter().map(|text| text.as_string()).collect();
            return texts.ok_or(InvalidOptions::NoText(name));
        }
        let text = self.text(name)?.unwrap_or_default();
        Ok(text.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect())
    }

    /// A program's object, or an attribute's text in JSON.
    pub(super) fn object(&self, name: &'static str) -> Result<Object, InvalidOptions> {
        let value = self.get(name);
        let value = match value.as_string() {
            Some(text) if text.trim().is_empty() => JsValue::UNDEFINED,
            Some(text) => JSON::parse(&text).unwrap_or(value),
            None => value,
        };
        if value.is_null() || value.is_undefined() {
            return Ok(Object::new());
        }
        value.dyn_into().map_err(|_| InvalidOptions::NoObject(name))
    }

    fn get(&self, name: &str) -> JsValue {
        Reflect::get(&self.0, &name.into()).unwrap_or_default()
    }
}

/// How a value that cannot be used is named to the site owner.
fn shown(value: &JsValue) -> String {
    value.as_string().unwrap_or_else(|| String::from(value.js_typeof().unchecked_ref::<js_sys::JsString>()))
}
