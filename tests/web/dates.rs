//! Days as a visitor names them, also where a day is longer or shorter than the others. Whoever runs these tests is in a
//! place where that happens: the time zone is Europe/Berlin.

use js_sys::Date;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen(module = "/src/language.js")]
extern "C" {
    fn day(tag: &str, at: f64, now: f64) -> String;
    fn time(tag: &str, at: f64) -> String;
}

/// A moment by the clock on the wall; months count from 1.
fn at(year: u32, month: i32, day: i32, hour: i32, minute: i32) -> f64 {
    Date::new_with_year_month_day_hr_min(year, month - 1, day, hour, minute).get_time()
}

#[wasm_bindgen_test]
fn a_day_is_named_as_seen_from_today() {
    let check = |tag: &str, then: f64, now: f64, expected: &str| assert_eq!(day(tag, then, now), expected, "{tag}");
    let now = at(2026, 5, 20, 0, 5);
    check("en", at(2026, 5, 20, 0, 1), now, "today");
    check("en", at(2026, 5, 20, 23, 59), now, "today");
    check("en", at(2026, 5, 19, 23, 59), now, "yesterday");
    check("en", at(2026, 5, 19, 0, 0), now, "yesterday");
    check("en", at(2026, 5, 18, 23, 59), now, "Monday, May 18");
    check("en", at(2025, 5, 18, 12, 0), now, "Sunday, May 18, 2025");
    check("de", at(2026, 5, 19, 12, 0), now, "gestern");
    check("de", at(2026, 5, 1, 12, 0), now, "Freitag, 1. Mai");
    check("ja", at(2025, 12, 31, 12, 0), now, "2025年12月31日水曜日");
    check("ar", at(2026, 5, 20, 0, 1), now, "اليوم");
    // A visitor's clock was set back: what is still to come is named by its date.
    check("en", at(2026, 5, 21, 0, 1), now, "Thursday, May 21");
}

#[wasm_bindgen_test]
fn yesterday_may_have_been_last_year_and_need_not_have_had_24_hours() {
    let check = |then: f64, now: f64, expected: &str| assert_eq!(day("en", then, now), expected);
    check(at(2025, 12, 31, 23, 59), at(2026, 1, 1, 0, 0), "yesterday");
    check(at(2025, 12, 30, 23, 59), at(2026, 1, 1, 0, 0), "Tuesday, December 30, 2025");
    let hours = |day: i32, month: i32| (at(2026, month, day + 1, 0, 0) - at(2026, month, day, 0, 0)) / 3_600_000.0;
    assert_eq!((hours(29, 3), hours(25, 10)), (23.0, 25.0), "the time zone is not Europe/Berlin");
    for (day, month, name) in [(29, 3, "Saturday, March 28"), (25, 10, "Saturday, October 24")] {
        for (hour, minute) in [(0, 0), (2, 30), (3, 30), (23, 59)] {
            check(at(2026, month, day, hour, minute), at(2026, month, day, 23, 59), "today");
            check(at(2026, month, day, hour, minute), at(2026, month, day + 1, 0, 0), "yesterday");
            check(at(2026, month, day - 1, hour, minute), at(2026, month, day, 0, 0), "yesterday");
            check(at(2026, month, day - 1, hour, minute), at(2026, month, day + 1, 0, 0), name);
        }
    }
}

#[wasm_bindgen_test]
fn the_time_of_day_is_written_as_the_language_does() {
    let afternoon = at(2026, 5, 20, 15, 4);
    assert_eq!(time("de", afternoon), "15:04");
    assert_eq!(time("en", afternoon).replace('\u{202f}', " "), "3:04 PM");
}
