//! The link reference definitions of a text, as far as they are known. The first of a label counts.

use unicase::UniCase;

use crate::tree::Destination;

/// Definitions by label, in the order of their labels.
#[derive(Debug, Default)]
pub(crate) struct Definitions(Vec<(UniCase<String>, Destination)>);

impl Definitions {
    /// Keeps a definition unless its label has one already.
    pub(crate) fn add(&mut self, label: &str, destination: Destination) {
        let label = UniCase::new(label.to_owned());
        if let Err(place) = self.0.binary_search_by(|(known, _)| known.cmp(&label)) {
            self.0.insert(place, (label, destination));
        }
    }

    pub(crate) fn find(&self, label: &str) -> Option<&Destination> {
        if self.0.is_empty() {
            return None;
        }
        let label = UniCase::new(label.to_owned());
        let place = self.0.binary_search_by(|(known, _)| known.cmp(&label)).ok()?;
        self.0.get(place).map(|(_, destination)| destination)
    }
}
