//! The widget's calls in the name of whoever makes them. What a call does, the conversations know.

use axum::http::HeaderMap;
use secrecy::SecretString;

use super::{Answered, Authority, Identities};
use crate::contract::{InitAnswer, InitRequest, SendAnswer, SendRequest};
use crate::conversation::Conversations;
use crate::failure::Failure;

impl Identities {
    /// Opens a conversation for whoever asks.
    pub(crate) async fn init(
        &self,
        conversations: &Conversations,
        request: InitRequest,
        headers: &HeaderMap,
    ) -> Answered<InitAnswer> {
        let (visitor, authority) = match self.of_init(&request, headers) {
            Ok(found) => found,
            Err(failure) => return self.refuse(failure),
        };
        let signed_in = matches!(authority, Authority::SignedIn(_));
        let (request, visitor) = (&request, &visitor);
        let call =
            |token: Option<SecretString>| async move { conversations.init(request, visitor, token.as_ref()).await };
        let mut answered = self.act(authority, call).await;
        if let Ok(answer) = &mut answered.outcome {
            answer.signed_in = signed_in;
        }
        answered
    }

    /// Hands a message over for whoever the conversation belongs to.
    pub(crate) async fn send(
        &self,
        conversations: &Conversations,
        request: SendRequest,
        headers: &HeaderMap,
    ) -> Answered<SendAnswer> {
        let ticket = match conversations.ticket(&request) {
            Ok(ticket) => ticket,
            Err(failure) => return failure.into(),
        };
        let authority = match self.of_send(&request, ticket.visitor.identity, headers) {
            Ok(authority) => authority,
            Err(failure) => return self.refuse(failure),
        };
        let (ticket, message) = (&ticket, request.message.as_str());
        let call =
            |token: Option<SecretString>| async move { conversations.send(ticket, message, token.as_ref()).await };
        self.act(authority, call).await
    }

    /// The call gets the user's token, where it is made in a user's name.
    async fn act<T, F: Future<Output = Result<T, Failure>>>(
        &self,
        authority: Authority,
        call: impl Fn(Option<SecretString>) -> F,
    ) -> Answered<T> {
        match (authority, &self.login) {
            (Authority::Site, _) => call(None).await.into(),
            (Authority::User(token), _) => call(Some(token)).await.into(),
            (Authority::SignedIn(tokens), Some(login)) => login.act(tokens, |token| call(Some(token))).await,
            // Nobody is signed in where nobody can be.
            (Authority::SignedIn(_), None) => Failure::LoginRequired.into(),
        }
    }

    fn refuse<T>(&self, failure: Failure) -> Answered<T> {
        match &self.login {
            Some(login) => login.refuse(failure),
            None => failure.into(),
        }
    }
}
