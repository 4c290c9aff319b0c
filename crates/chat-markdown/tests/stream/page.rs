//! A page that is a tree of plain values, and that counts what is done to it.

use chat_markdown::patch::Page;
use chat_markdown::stream::Stream;
use chat_markdown::tree::{Kind, Node};

/// What is shown, and what it cost.
#[derive(Default)]
pub(super) struct Tree {
    pub(super) nodes: Vec<Node>,
    /// How many nodes were built.
    pub(super) built: usize,
    /// The first top-level nodes, which may not be touched any more.
    pub(super) frozen: usize,
}

impl Tree {
    fn at(&mut self, path: &[usize]) -> &mut Vec<Node> {
        assert!(path.first().is_none_or(|first| *first >= self.frozen), "{path:?} is finished");
        path.iter().fold(&mut self.nodes, |nodes, place| &mut nodes[*place].children)
    }
}

impl Page for Tree {
    fn append(&mut self, parent: &[usize], node: &Node) {
        self.built += count(node);
        self.at(parent).push(node.clone());
    }

    fn replace(&mut self, place: &[usize], node: &Node) {
        self.built += count(node);
        let (last, parent) = place.split_last().unwrap();
        self.at(parent)[*last] = node.clone();
    }

    fn truncate(&mut self, parent: &[usize], count: usize) {
        let nodes = self.at(parent);
        assert!(count < nodes.len(), "nothing is taken away");
        nodes.truncate(count);
    }

    fn extend(&mut self, text: &[usize], more: &str) {
        let (last, parent) = text.split_last().unwrap();
        let Kind::Text(text) = &mut self.at(parent)[*last].kind else { panic!("{text:?} is no text") };
        text.push_str(more);
    }
}

fn count(node: &Node) -> usize {
    1 + node.children.iter().map(count).sum::<usize>()
}

/// What a text is when it comes in these parts.
pub(super) fn shown<'a>(parts: impl IntoIterator<Item = &'a str>) -> Vec<Node> {
    let mut page = Tree::default();
    let mut stream = Stream::default();
    parts.into_iter().for_each(|part| stream.append(part, &mut page));
    stream.finish(&mut page);
    page.nodes
}

/// A text's characters, each as a part.
pub(super) fn characters(text: &str) -> impl Iterator<Item = &str> {
    text.char_indices().map(|(place, c)| &text[place..place + c.len_utf8()])
}
