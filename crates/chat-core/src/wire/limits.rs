//! The numbers both documents and the contract fix. Lengths are counted in characters, not in bytes.

/// A message of the visitor: 1 to this many characters (Visitor Chat, Send Message).
pub const MESSAGE: usize = 10_000;
/// The visitor's display name, in characters (Visitor Chat, Initialize Chat).
pub const VISITOR_NAME: usize = 200;
/// The visitor's id, in characters (Visitor Chat, Initialize Chat).
pub const VISITOR_ID: usize = 128;
/// Time between two pings, in milliseconds (Avatar Hub, step 5).
pub const HEARTBEAT_MS: u64 = 15_000;
/// The text of one frame, in bytes. The documents name no bound; a reply comes in chunks of a few words.
pub const FRAME: usize = 512 * 1024;
