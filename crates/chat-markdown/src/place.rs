//! An element of the page in which a tree is shown. Text becomes text nodes; there is no path from it to markup.

use wasm_bindgen::JsCast;
use web_sys::{Element, Node as DomNode, Text};

use crate::element;
use crate::patch::Page;
use crate::tree::Node;

/// Where a text is shown, and how.
pub(crate) struct Place {
    pub(crate) element: Element,
    pub(crate) settings: Settings,
}

/// What the site decides, and the words that a person reads.
pub(crate) struct Settings {
    pub(crate) image_hosts: Vec<String>,
    pub(crate) copy: String,
    pub(crate) copied: String,
    pub(crate) done: String,
    pub(crate) open: String,
}

impl Place {
    fn find(&self, path: &[usize]) -> Option<DomNode> {
        let mut parent = self.element.clone().unchecked_into::<DomNode>();
        for place in path {
            parent = element::content(parent)?.child_nodes().item(u32::try_from(*place).ok()?)?;
        }
        Some(parent)
    }

    fn build(&self, parent: &DomNode, outermost: bool, node: &Node) -> Option<DomNode> {
        let linked = parent.dyn_ref::<Element>().is_some_and(|parent| matches!(parent.closest("a"), Ok(Some(_))));
        element::build(&self.element.owner_document()?, &self.settings, node, linked, outermost)
    }

    fn try_append(&self, parent: &[usize], node: &Node) -> Option<()> {
        let place = element::content(self.find(parent)?)?;
        place.append_child(&self.build(&place, parent.is_empty(), node)?).ok().map(drop)
    }

    fn try_replace(&self, place: &[usize], node: &Node) -> Option<()> {
        let old = self.find(place)?;
        let parent = old.parent_node()?;
        parent.replace_child(&self.build(&parent, place.len() == 1, node)?, &old).ok().map(drop)
    }

    fn try_truncate(&self, parent: &[usize], count: usize) -> Option<()> {
        let parent = element::content(self.find(parent)?)?;
        let count = u32::try_from(count).ok()?;
        while parent.child_nodes().length() > count {
            parent.remove_child(&parent.last_child()?).ok()?;
        }
        Some(())
    }
}

/// Where the page is not as it was left, because somebody else has changed it, there is nothing to be changed.
impl Page for Place {
    fn append(&mut self, parent: &[usize], node: &Node) {
        self.try_append(parent, node);
    }

    fn replace(&mut self, place: &[usize], node: &Node) {
        self.try_replace(place, node);
    }

    fn truncate(&mut self, parent: &[usize], count: usize) {
        self.try_truncate(parent, count);
    }

    fn extend(&mut self, text: &[usize], more: &str) {
        // Only a text that would be too long for the browser is refused.
        if let Some(Ok(text)) = self.find(text).map(DomNode::dyn_into::<Text>) {
            let _ = text.append_data(more);
        }
    }
}
