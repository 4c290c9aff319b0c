//! Reading what others may have written wrongly: a field of an unexpected type counts as absent, and never fails the rest.

use core::fmt;
use core::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// What a value becomes from each kind of JSON; null is always the default.
pub(super) trait Lenient: Sized + Default {
    /// From a value of a type that means nothing here.
    fn from_other() -> Self {
        Self::default()
    }

    fn from_text(_: &str) -> Self {
        Self::from_other()
    }

    fn from_integer(_: i64) -> Self {
        Self::from_other()
    }

    fn from_list<'de, A: SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Self::from_other())
    }

    fn from_object<'de, A: MapAccess<'de>>(mut object: A) -> Result<Self, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Self::from_other())
    }
}

/// For `#[serde(deserialize_with)]`.
pub(super) fn lenient<'de, D: Deserializer<'de>, T: Lenient>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_any(LenientVisitor(PhantomData))
}

/// An object's fields by their own derived reading, for [`Lenient::from_object`].
pub(super) fn fields<'de, A: MapAccess<'de>, T: Deserialize<'de>>(object: A) -> Result<T, A::Error> {
    T::deserialize(MapAccessDeserializer::new(object))
}

/// Ids are text in the documents; some systems write them as numbers.
impl Lenient for Option<String> {
    fn from_text(text: &str) -> Self {
        Some(text.to_owned())
    }

    fn from_integer(integer: i64) -> Self {
        Some(integer.to_string())
    }
}

impl Lenient for Option<i64> {
    fn from_text(text: &str) -> Self {
        text.parse().ok()
    }

    fn from_integer(integer: i64) -> Self {
        Some(integer)
    }
}

impl<T: Lenient> Lenient for Vec<T> {
    /// What should have been a list is one item that is none.
    fn from_other() -> Self {
        vec![T::from_other()]
    }

    fn from_list<'de, A: SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        let mut items = Self::new();
        while let Some(Item(item)) = list.next_element()? {
            items.push(item);
        }
        Ok(items)
    }
}

struct Item<T>(T);

impl<'de, T: Lenient> Deserialize<'de> for Item<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        lenient(deserializer).map(Item)
    }
}

struct LenientVisitor<T>(PhantomData<T>);

impl<'de, T: Lenient> Visitor<'de> for LenientVisitor<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any JSON value")
    }

    fn visit_bool<E>(self, _: bool) -> Result<T, E> {
        Ok(T::from_other())
    }

    fn visit_i64<E>(self, value: i64) -> Result<T, E> {
        Ok(T::from_integer(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<T, E> {
        Ok(i64::try_from(value).map_or_else(|_| T::from_other(), T::from_integer))
    }

    #[expect(clippy::cast_possible_truncation, reason = "only whole numbers within a double's exact range are cast")]
    fn visit_f64<E>(self, value: f64) -> Result<T, E> {
        const EXACT: f64 = 9_007_199_254_740_992.0;
        let whole = value.fract() == 0.0 && value.abs() <= EXACT;
        Ok(if whole { T::from_integer(value as i64) } else { T::from_other() })
    }

    fn visit_str<E>(self, text: &str) -> Result<T, E> {
        Ok(T::from_text(text))
    }

    fn visit_unit<E>(self) -> Result<T, E> {
        Ok(T::default())
    }

    fn visit_none<E>(self) -> Result<T, E> {
        Ok(T::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<T, A::Error> {
        T::from_list(list)
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<T, A::Error> {
        T::from_object(object)
    }
}
