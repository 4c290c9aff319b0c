//! Colours as the browser has computed them, and how they stand out from each other (WCAG 2.2, contrast ratio).

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::page::document;

/// Red, green and blue from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Color([f64; 3]);

impl Color {
    /// What an element's property has come to.
    pub(crate) fn of(element: &Element, property: &str) -> Self {
        Self::parse(&computed(element, property))
    }

    /// What a colour in CSS comes to inside of an element, `var(…)` included.
    pub(crate) fn inside(element: &Element, color: &str) -> Self {
        let probe = document().create_element("i").unwrap().unchecked_into::<HtmlElement>();
        element.append_child(&probe).unwrap();
        probe.style().set_property("color", color).unwrap();
        assert_ne!(probe.style().get_property_value("color").unwrap(), "", "{color} is a colour");
        let found = Self::of(&probe, "color");
        probe.remove();
        found
    }

    pub(crate) fn contrast(self, other: Self) -> f64 {
        let (one, other) = (self.luminance() + 0.05, other.luminance() + 0.05);
        one.max(other) / one.min(other)
    }

    /// `rgb(1, 2, 3)`, or any other that the browser's canvas turns into one.
    fn parse(text: &str) -> Self {
        let plain = if text.starts_with("rgb(") { text.to_owned() } else { painted(text) };
        let numbers = plain.trim_start_matches("rgb(").trim_end_matches(')').split(", ");
        let numbers: Vec<f64> = numbers.map(|number| number.parse::<f64>().expect("three numbers") / 255.0).collect();
        Self(numbers.try_into().expect("a colour without alpha"))
    }

    fn luminance(self) -> f64 {
        let linear = |value: f64| if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) };
        let [red, green, blue] = self.0.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
}

pub(crate) fn computed(element: &Element, property: &str) -> String {
    let style = web_sys::window().unwrap().get_computed_style(element).unwrap().unwrap();
    style.get_property_value(property).unwrap()
}

/// The pixel that a colour makes.
fn painted(color: &str) -> String {
    let paint = js_sys::Function::new_with_args(
        "color",
        "const canvas = new OffscreenCanvas(1, 1).getContext('2d');
        canvas.fillStyle = color;
        canvas.fillRect(0, 0, 1, 1);
        return `rgb(${[...canvas.getImageData(0, 0, 1, 1).data.slice(0, 3)].join(', ')})`",
    );
    paint.call1(&wasm_bindgen::JsValue::NULL, &color.into()).unwrap().as_string().unwrap()
}
