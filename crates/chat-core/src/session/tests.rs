//! Conversations against a scripted proxy and socket, in virtual time; a file a subject.

mod chat;
mod connecting;
mod memory;
mod opening;
mod replies;
mod sending;
mod speakers;
mod unread;
