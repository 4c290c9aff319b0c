//! The seam between the calls to SecondMe and the budget that keeps them within an API key's limit. It counts nothing itself.

use std::time::Duration;

use chat_core::wire::VisitorId;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::fault::Fault;
use crate::budget::{Budget, BudgetKey};
use crate::config::Avatar;

/// What may be asked of SecondMe with an avatar's API key, which all visitors of the site share.
pub(crate) trait Allowance: Send + Sync {
    /// Ready when so many requests may be made for this visitor. Called before a group of requests, with the most that the
    /// group can take, and before each repetition.
    ///
    /// # Errors
    /// [`Fault::OverBudget`] where that would take too long.
    fn spend<'a>(
        &'a self,
        avatar: &'a Avatar,
        visitor: &'a VisitorId,
        requests: u32,
    ) -> BoxFuture<'a, Result<(), Fault>>;

    /// SecondMe says that the key has had its requests, whatever was counted here; it may say for how many seconds.
    fn exhausted(&self, avatar: &Avatar, retry_after: Option<u64>);
}

impl Allowance for Budget {
    fn spend<'a>(
        &'a self,
        avatar: &'a Avatar,
        visitor: &'a VisitorId,
        requests: u32,
    ) -> BoxFuture<'a, Result<(), Fault>> {
        let key = BudgetKey::of(&avatar.api_key);
        let taken = async move { self.take(key, visitor, requests).await };
        taken.map(|taken| taken.map_err(|over| Fault::OverBudget { retry_after: over.seconds() })).boxed()
    }

    fn exhausted(&self, avatar: &Avatar, retry_after: Option<u64>) {
        self.close(BudgetKey::of(&avatar.api_key), retry_after.map(Duration::from_secs));
    }
}
