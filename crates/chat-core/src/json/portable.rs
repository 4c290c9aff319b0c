//! How values are put by, and told to other tabs: a struct as the list of its fields, a choice as its number and what it
//! holds. No names, so that it is small and quick; whoever keeps such a list says which version wrote it.

use core::time::Duration;
use std::collections::VecDeque;

use super::Json;

/// What can be put by as JSON and taken up again.
pub trait Portable: Sized {
    /// The value as JSON.
    fn pack(&self) -> Json;

    /// The value again; `None` where this is not the JSON of one.
    fn unpack(json: Json) -> Option<Self>;
}

/// Lists the fields of a struct in the order in which they are put by.
#[macro_export]
macro_rules! portable_struct {
    ($name:ty { $($field:tt),+ $(,)? }) => {
        impl $crate::json::Portable for $name {
            fn pack(&self) -> $crate::json::Json {
                $crate::json::Json::List(vec![$($crate::json::Portable::pack(&self.$field)),+])
            }

            fn unpack(json: $crate::json::Json) -> Option<Self> {
                let $crate::json::Json::List(items) = json else { return None };
                let mut items = items.into_iter();
                let value = Self { $($field: $crate::json::Portable::unpack(items.next()?)?),+ };
                items.next().is_none().then_some(value)
            }
        }
    };
}

/// Numbers the choices of an enum, and names what they hold.
#[macro_export]
macro_rules! portable_enum {
    ($name:ty { $($number:literal $variant:ident $(($($item:ident),+))? $({ $($field:ident),+ })?),+ $(,)? }) => {
        impl $crate::json::Portable for $name {
            fn pack(&self) -> $crate::json::Json {
                $crate::json::Json::List(match self {
                    $(Self::$variant $(($($item),+))? $({ $($field),+ })? => vec![
                        $crate::json::Json::Number(f64::from($number)),
                        $($($crate::json::Portable::pack($item)),+)?
                        $($($crate::json::Portable::pack($field)),+)?
                    ]),+
                })
            }

            fn unpack(json: $crate::json::Json) -> Option<Self> {
                let $crate::json::Json::List(items) = json else { return None };
                let mut items = items.into_iter();
                let value = match <i64 as $crate::json::Portable>::unpack(items.next()?)? {
                    $($number => {
                        $($(let $item = $crate::json::Portable::unpack(items.next()?)?;)+)?
                        $($(let $field = $crate::json::Portable::unpack(items.next()?)?;)+)?
                        Self::$variant $(($($item),+))? $({ $($field),+ })?
                    })+
                    _ => return None,
                };
                items.next().is_none().then_some(value)
            }
        }
    };
}

impl Portable for Json {
    fn pack(&self) -> Json {
        self.clone()
    }

    fn unpack(json: Json) -> Option<Self> {
        Some(json)
    }
}

impl Portable for bool {
    fn pack(&self) -> Json {
        Json::Bool(*self)
    }

    fn unpack(json: Json) -> Option<Self> {
        if let Json::Bool(value) = json { Some(value) } else { None }
    }
}

impl Portable for i64 {
    #[expect(clippy::cast_precision_loss, reason = "numbers of chunks, far below 2^53")]
    fn pack(&self) -> Json {
        Json::Number(*self as f64)
    }

    #[expect(clippy::cast_possible_truncation, reason = "only whole numbers within a double's exact range are cast")]
    fn unpack(json: Json) -> Option<Self> {
        const EXACT: f64 = 9_007_199_254_740_992.0;
        match json {
            Json::Number(number) if number.fract() == 0.0 && number.abs() <= EXACT => Some(number as Self),
            _ => None,
        }
    }
}

/// Counts and times. The greatest stands for "never", and comes back as what it was.
impl Portable for u64 {
    #[expect(clippy::cast_precision_loss, reason = "times are far below 2^53, and so is whatever is counted")]
    fn pack(&self) -> Json {
        Json::Number(*self as f64)
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "only whole and positive numbers are cast"
    )]
    fn unpack(json: Json) -> Option<Self> {
        match json {
            Json::Number(number) if number.fract() == 0.0 && number >= 0.0 => Some(number as Self),
            _ => None,
        }
    }
}

macro_rules! smaller {
    ($($number:ty),+) => {$(
        impl Portable for $number {
            #[expect(clippy::cast_lossless, reason = "one of them has no conversion of its own")]
            fn pack(&self) -> Json {
                (*self as u64).pack()
            }

            fn unpack(json: Json) -> Option<Self> {
                u64::unpack(json)?.try_into().ok()
            }
        }
    )+};
}

smaller!(u16, u32, usize);

impl Portable for String {
    fn pack(&self) -> Json {
        Json::Text(self.clone())
    }

    fn unpack(json: Json) -> Option<Self> {
        if let Json::Text(text) = json { Some(text) } else { None }
    }
}

impl Portable for Duration {
    fn pack(&self) -> Json {
        crate::moment::milliseconds(*self).pack()
    }

    fn unpack(json: Json) -> Option<Self> {
        u64::unpack(json).map(Self::from_millis)
    }
}

/// Nothing of what may be missing is itself written as null.
impl<T: Portable> Portable for Option<T> {
    fn pack(&self) -> Json {
        self.as_ref().map_or(Json::Null, T::pack)
    }

    fn unpack(json: Json) -> Option<Self> {
        if json == Json::Null { Some(None) } else { T::unpack(json).map(Some) }
    }
}

impl<T: Portable> Portable for Vec<T> {
    fn pack(&self) -> Json {
        Json::List(self.iter().map(T::pack).collect())
    }

    fn unpack(json: Json) -> Option<Self> {
        if let Json::List(items) = json { items.into_iter().map(T::unpack).collect() } else { None }
    }
}

impl<T: Portable> Portable for VecDeque<T> {
    fn pack(&self) -> Json {
        Json::List(self.iter().map(T::pack).collect())
    }

    fn unpack(json: Json) -> Option<Self> {
        Vec::unpack(json).map(Self::from)
    }
}

impl<T: Portable> Portable for Box<T> {
    fn pack(&self) -> Json {
        T::pack(self)
    }

    fn unpack(json: Json) -> Option<Self> {
        T::unpack(json).map(Self::new)
    }
}

impl Portable for () {
    fn pack(&self) -> Json {
        Json::List(Vec::new())
    }

    fn unpack(json: Json) -> Option<Self> {
        (json == Json::List(Vec::new())).then_some(())
    }
}

impl<T: Portable, E: Portable> Portable for Result<T, E> {
    fn pack(&self) -> Json {
        Json::List(match self {
            Ok(value) => vec![Json::Bool(true), value.pack()],
            Err(error) => vec![Json::Bool(false), error.pack()],
        })
    }

    fn unpack(json: Json) -> Option<Self> {
        let [good, content] = Vec::unpack(json)?.try_into().ok()?;
        Some(if bool::unpack(good)? { Ok(T::unpack(content)?) } else { Err(E::unpack(content)?) })
    }
}

impl<A: Portable, B: Portable> Portable for (A, B) {
    fn pack(&self) -> Json {
        Json::List(vec![self.0.pack(), self.1.pack()])
    }

    fn unpack(json: Json) -> Option<Self> {
        let [first, second] = Vec::unpack(json)?.try_into().ok()?;
        Some((A::unpack(first)?, B::unpack(second)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq)]
    enum Sign {
        Plain,
        Of(u32, String),
        At { place: (u16, Option<Duration>) },
    }

    portable_enum!(Sign { 0 Plain, 1 Of(number, text), 2 At { place } });

    #[test]
    fn what_is_put_by_comes_back() {
        for sign in [
            Sign::Plain,
            Sign::Of(u32::MAX, "你\u{0}".to_owned()),
            Sign::At { place: (7, None) },
            Sign::At { place: (0, Some(Duration::from_millis(1_500))) },
        ] {
            let text = serde_json::to_string(&sign.pack()).unwrap();
            assert_eq!(Sign::unpack(serde_json::from_str(&text).unwrap()), Some(sign), "{text}");
        }
        for number in [0, 1, 1 << 52, u64::MAX] {
            assert_eq!(u64::unpack(number.pack()), Some(number));
        }
    }

    #[test]
    fn what_is_something_else_is_refused() {
        let check = |text: &str| assert_eq!(Sign::unpack(serde_json::from_str(text).unwrap()), None, "{text}");
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
        check("[2, [1, 2, 3]]");
        check("[2, [70000, null]]");
    }
}
