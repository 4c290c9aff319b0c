//! An object's fields for serde, by which programs that are no browser read and write JSON.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serializer};

use super::Json;

pub(super) fn serialize<S: Serializer>(fields: &[(String, Json)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(fields.iter().map(|(name, value)| (name, value)))
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<(String, Json)>, D::Error> {
    // Of two fields with one name the last counts, as in a browser.
    Ok(BTreeMap::deserialize(deserializer)?.into_iter().collect())
}
