//! How values are put by, and told to other tabs: one list of all that they hold, field by field, a choice as its number,
//! without names or nesting, so that it is small and quick. Whoever keeps such a list says which version wrote it.

use core::time::Duration;
use std::collections::VecDeque;
use std::vec::IntoIter;

use super::Json;

/// What can be put by as JSON and taken up again.
pub trait Portable: Sized {
    /// Adds what the value holds.
    fn pack(&self, list: &mut Vec<Json>);

    /// Takes up a value; any will do where this is not the list of one, and the reader knows.
    fn unpack(reader: &mut Reader) -> Self;

    /// The value as JSON.
    fn to_json(&self) -> Json {
        let mut list = Vec::new();
        self.pack(&mut list);
        Json::List(list)
    }

    /// The value again; `None` where this is not the JSON of one.
    fn from_json(json: Json) -> Option<Self> {
        let Json::List(items) = json else { return None };
        let mut reader = Reader { items: items.into_iter(), good: true };
        let value = Self::unpack(&mut reader);
        (reader.good && reader.items.next().is_none()).then_some(value)
    }
}

/// Goes through a list. A fault is remembered and not passed on step by step, which would be most of the code.
#[derive(Debug)]
pub struct Reader {
    items: IntoIter<Json>,
    good: bool,
}

impl Reader {
    fn next(&mut self) -> Json {
        self.items.next().unwrap_or_default()
    }

    /// What was found, or anything instead.
    pub(crate) fn expect<T>(&mut self, found: Option<T>, instead: impl FnOnce() -> T) -> T {
        found.unwrap_or_else(|| {
            self.good = false;
            instead()
        })
    }

    /// The list is none of what is looked for.
    pub fn refuse(&mut self) {
        self.good = false;
    }
}

/// Lists the fields of a struct in the order in which they are put by.
#[macro_export]
macro_rules! portable_struct {
    ($name:ty { $($field:tt),+ $(,)? }) => {
        impl $crate::json::Portable for $name {
            fn pack(&self, list: &mut Vec<$crate::json::Json>) {
                $($crate::json::Portable::pack(&self.$field, list);)+
            }

            fn unpack(reader: &mut $crate::json::Reader) -> Self {
                Self { $($field: $crate::json::Portable::unpack(reader)),+ }
            }
        }
    };
}

/// Numbers the choices of an enum, and names what they hold. The last stands in where there is no such number.
#[macro_export]
macro_rules! portable_enum {
    ($name:ty { $($number:literal $variant:ident $(($($item:ident),+))? $({ $($field:ident),+ })?),+; $none:ident }) => {
        impl $crate::json::Portable for $name {
            fn pack(&self, list: &mut Vec<$crate::json::Json>) {
                match self {
                    $(Self::$variant $(($($item),+))? $({ $($field),+ })? => {
                        list.push($crate::json::Json::Number(f64::from($number)));
                        $($($crate::json::Portable::pack($item, list);)+)?
                        $($($crate::json::Portable::pack($field, list);)+)?
                    })+
                }
            }

            fn unpack(reader: &mut $crate::json::Reader) -> Self {
                match <u32 as $crate::json::Portable>::unpack(reader) {
                    $($number => {
                        $($(let $item = $crate::json::Portable::unpack(reader);)+)?
                        $($(let $field = $crate::json::Portable::unpack(reader);)+)?
                        Self::$variant $(($($item),+))? $({ $($field),+ })?
                    })+
                    _ => {
                        reader.refuse();
                        Self::$none
                    }
                }
            }
        }
    };
}

impl Portable for bool {
    fn pack(&self, list: &mut Vec<Json>) {
        list.push(Json::Bool(*self));
    }

    fn unpack(reader: &mut Reader) -> Self {
        let found = reader.next().into_bool();
        reader.expect(found, || false)
    }
}

impl Portable for i64 {
    #[expect(clippy::cast_precision_loss, reason = "numbers of chunks, far below 2^53")]
    fn pack(&self, list: &mut Vec<Json>) {
        list.push(Json::Number(*self as f64));
    }

    fn unpack(reader: &mut Reader) -> Self {
        let found = reader.next().into_whole();
        reader.expect(found, || 0)
    }
}

/// Counts and times. The greatest stands for "never", and comes back as what it was.
impl Portable for u64 {
    #[expect(clippy::cast_precision_loss, reason = "times are far below 2^53, and so is whatever is counted")]
    fn pack(&self, list: &mut Vec<Json>) {
        list.push(Json::Number(*self as f64));
    }

    fn unpack(reader: &mut Reader) -> Self {
        let found = reader.next().into_count();
        reader.expect(found, || 0)
    }
}

macro_rules! smaller {
    ($($number:ty),+) => {$(
        impl Portable for $number {
            fn pack(&self, list: &mut Vec<Json>) {
                (*self as u64).pack(list);
            }

            fn unpack(reader: &mut Reader) -> Self {
                let found = u64::unpack(reader).try_into().ok();
                reader.expect(found, || 0)
            }
        }
    )+};
}

smaller!(u16, u32, usize);

impl Portable for String {
    fn pack(&self, list: &mut Vec<Json>) {
        list.push(Json::Text(self.clone()));
    }

    fn unpack(reader: &mut Reader) -> Self {
        let found = if let Json::Text(text) = reader.next() { Some(text) } else { None };
        reader.expect(found, Self::new)
    }
}

impl Portable for Duration {
    fn pack(&self, list: &mut Vec<Json>) {
        crate::moment::milliseconds(*self).pack(list);
    }

    fn unpack(reader: &mut Reader) -> Self {
        Self::from_millis(u64::unpack(reader))
    }
}

impl<T: Portable> Portable for Option<T> {
    fn pack(&self, list: &mut Vec<Json>) {
        self.is_some().pack(list);
        if let Some(value) = self {
            value.pack(list);
        }
    }

    fn unpack(reader: &mut Reader) -> Self {
        bool::unpack(reader).then(|| T::unpack(reader))
    }
}

impl<T: Portable> Portable for VecDeque<T> {
    fn pack(&self, list: &mut Vec<Json>) {
        self.len().pack(list);
        self.iter().for_each(|item| item.pack(list));
    }

    fn unpack(reader: &mut Reader) -> Self {
        Vec::unpack(reader).into()
    }
}

impl<T: Portable> Portable for Vec<T> {
    fn pack(&self, list: &mut Vec<Json>) {
        self.len().pack(list);
        self.iter().for_each(|item| item.pack(list));
    }

    fn unpack(reader: &mut Reader) -> Self {
        let mut left = usize::unpack(reader);
        let mut items = Self::new();
        // A length that is not true ends with the list.
        while left > 0 && reader.good {
            items.push(T::unpack(reader));
            left -= 1;
        }
        items
    }
}

impl<T: Portable> Portable for Box<T> {
    fn pack(&self, list: &mut Vec<Json>) {
        T::pack(self, list);
    }

    fn unpack(reader: &mut Reader) -> Self {
        Self::new(T::unpack(reader))
    }
}

impl Portable for () {
    fn pack(&self, _: &mut Vec<Json>) {}

    fn unpack(_: &mut Reader) -> Self {}
}

impl<T: Portable, E: Portable> Portable for Result<T, E> {
    fn pack(&self, list: &mut Vec<Json>) {
        self.is_ok().pack(list);
        match self {
            Ok(value) => value.pack(list),
            Err(error) => error.pack(list),
        }
    }

    fn unpack(reader: &mut Reader) -> Self {
        if bool::unpack(reader) { Ok(T::unpack(reader)) } else { Err(E::unpack(reader)) }
    }
}

impl<A: Portable, B: Portable> Portable for (A, B) {
    fn pack(&self, list: &mut Vec<Json>) {
        self.0.pack(list);
        self.1.pack(list);
    }

    fn unpack(reader: &mut Reader) -> Self {
        (A::unpack(reader), B::unpack(reader))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq)]
    enum Sign {
        Plain,
        Of(u32, String),
        At { place: (u16, Option<Duration>), names: Vec<String> },
    }

    portable_enum!(Sign { 0 Plain, 1 Of(number, text), 2 At { place, names }; Plain });

    #[test]
    fn what_is_put_by_comes_back() {
        for sign in [
            Sign::Plain,
            Sign::Of(u32::MAX, "你\u{0}".to_owned()),
            Sign::At { place: (7, None), names: vec!["a".into(), "b".into()] },
            Sign::At { place: (0, Some(Duration::from_millis(1_500))), names: Vec::new() },
        ] {
            let text = serde_json::to_string(&sign.to_json()).unwrap();
            assert_eq!(Sign::from_json(serde_json::from_str(&text).unwrap()), Some(sign), "{text}");
        }
        for number in [0, 1, 1 << 52, u64::MAX] {
            assert_eq!(u64::from_json(number.to_json()), Some(number));
        }
        assert_eq!(i64::from_json((-1_i64).to_json()), Some(-1));
    }

    #[test]
    fn what_is_something_else_is_refused() {
        let check = |text: &str| assert_eq!(Sign::from_json(serde_json::from_str(text).unwrap()), None, "{text}");
        check("null");
        check("{}");
        check("[]");
        check("[3]");
        check("[0.5]");
        check("[0, 1]");
        check("[1, 2]");
        check("[1, -2, \"a\"]");
        check("[1, 4294967296, \"a\"]");
        check("[1, 2, null]");
        check("[2, 1, 2, 3, 0]");
        check("[2, 70000, false, 0]");
        check("[2, 7, false, 4294967295]");
        check("[2, 7, false, 1, 5]");
    }
}
