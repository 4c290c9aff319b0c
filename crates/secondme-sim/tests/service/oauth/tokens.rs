//! The endpoints that give tokens for a code, and new ones for a refresh token.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Value, json};

use super::{CHALLENGE, VERIFIER, check, code_form, refresh_form, with};
use crate::caller::{Answer, Caller, answer};

/// A pair of tokens as the document shows it.
fn check_pair((status, body): &Answer, lifetime: u64, scope: &Value) -> [String; 2] {
    assert_eq!(*status, StatusCode::OK, "{body}");
    let [access, refresh] =
        ["accessToken", "refreshToken"].map(|name| body["data"][name].as_str().unwrap_or_default().to_owned());
    assert!(access.starts_with("lba_at_") && refresh.starts_with("lba_rt_"), "{body}");
    let data = json!({
        "accessToken": access, "refreshToken": refresh, "tokenType": "Bearer", "expiresIn": lifetime, "scope": scope,
    });
    assert_eq!(body, &json!({ "code": 0, "data": data }));
    [access, refresh]
}

#[tokio::test]
async fn a_code_is_worth_one_pair_of_tokens() {
    let caller = Caller::with_sign_in().await;
    let everything = json!(["userinfo", "chat.write"]);
    let code = caller.code("ada", &[]).await;
    let tokens = check_pair(&caller.redeem(&code_form(&code)).await, 604_800, &everything);
    check(&caller.redeem(&code_form(&code)).await, 400, "oauth2.code.used");

    let code = caller.code("ada", &[("scope", "chat.write")]).await;
    caller.control().set_user_token_lifetime(Duration::from_secs(90));
    check_pair(&caller.redeem(&code_form(&code)).await, 90, &json!(["chat.write"]));

    let observed = caller.control().observed();
    assert_eq!((observed.code_requests, observed.refresh_requests), (3, 0));
    assert_eq!(observed.user_tokens_issued.len(), 4);
    assert!(tokens.iter().all(|token| observed.user_tokens_issued.contains(token)));
    assert!(observed.app_tokens_issued.is_empty());
}

#[tokio::test]
async fn a_code_is_refused() {
    let caller = Caller::with_sign_in().await;
    let code = caller.code("ada", &[]).await;
    for (name, value, status, sub_code) in [
        ("grant_type", "refresh_token", 400, "oauth2.grant_type.invalid"),
        ("grant_type", "", 400, "oauth2.grant_type.invalid"),
        ("client_id", "someone-else", 401, "oauth2.invalid_client"),
        ("client_secret", "wrong", 401, "oauth2.invalid_client"),
        ("code", "", 400, "invalid.param"),
        ("redirect_uri", "", 400, "invalid.param"),
        ("code", "lba_ac_made_up", 400, "oauth2.code.invalid"),
        ("redirect_uri", "https://shop.example/elsewhere", 400, "oauth2.redirect_uri.mismatch"),
    ] {
        check(&caller.redeem(&with(code_form(&code), name, value)).await, status, sub_code);
    }
    let url = caller.url("/api/oauth/token/code");
    let body: Value = code_form(&code).iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    check(&answer(caller.http.post(&url).json(&body)).await, 415, "invalid.param");
    check(&answer(caller.http.get(&url)).await, 405, "invalid.param");
    check(&caller.redeem(&code_form(&code)).await, 200, "");

    let code = caller.code("ada", &[]).await;
    caller.command(json!({ "command": "expire_codes" })).await;
    check(&caller.redeem(&code_form(&code)).await, 400, "oauth2.code.expired");

    let codes = [caller.code("ada", &[]).await, caller.code("bo", &[]).await];
    caller.command(json!({ "command": "revoke_user", "user": "ada" })).await;
    check(&caller.redeem(&code_form(&codes[0])).await, 400, "oauth2.code.revoked");
    check(&caller.redeem(&code_form(&codes[1])).await, 200, "");
}

#[tokio::test]
async fn a_code_with_a_challenge_needs_its_verifier() {
    let caller = Caller::with_sign_in().await;
    let pkce = [("code_challenge", CHALLENGE), ("code_challenge_method", "S256")];
    let code = caller.code("ada", &pkce).await;
    let form = |verifier| [code_form(&code).as_slice(), &[("code_verifier", verifier)]].concat();
    check(&caller.redeem(&code_form(&code)).await, 400, "oauth2.code.invalid");
    check(&caller.redeem(&form("")).await, 400, "oauth2.code.invalid");
    check(&caller.redeem(&form(CHALLENGE)).await, 400, "oauth2.code.invalid");
    check(&caller.redeem(&form(VERIFIER)).await, 200, "");

    let code = caller.code("ada", &[]).await;
    let form = [code_form(&code).as_slice(), &[("code_verifier", VERIFIER)]].concat();
    check(&caller.redeem(&form).await, 400, "oauth2.code.invalid");
}

#[tokio::test]
async fn a_refresh_token_is_worth_many_access_tokens() {
    let caller = Caller::with_sign_in().await;
    let first = caller.user_tokens("ada").await;
    let refresh_token = first["refreshToken"].as_str().unwrap();
    let mut access_tokens = vec![first["accessToken"].as_str().unwrap().to_owned()];
    for lifetime in [3_600, 1] {
        caller.command(json!({ "command": "set_user_token_lifetime", "seconds": lifetime })).await;
        let answer = caller.refresh(&refresh_form(refresh_token)).await;
        let [access, same] = check_pair(&answer, lifetime, &first["scope"]);
        assert_eq!(same, refresh_token, "it is not rotated");
        assert!(!access_tokens.contains(&access));
        access_tokens.push(access);
    }
    let observed = caller.control().observed();
    assert_eq!((observed.refresh_requests, observed.user_tokens_issued.len()), (2, 4));
}

#[tokio::test]
async fn a_refresh_token_is_refused() {
    let caller = Caller::with_sign_in().await;
    let tokens = caller.user_tokens("ada").await;
    let token = tokens["refreshToken"].as_str().unwrap();
    for (name, value, status, sub_code) in [
        ("grant_type", "authorization_code", 400, "oauth2.grant_type.invalid"),
        ("client_id", "someone-else", 401, "oauth2.invalid_client"),
        ("client_secret", "", 401, "oauth2.invalid_client"),
        ("refresh_token", "", 400, "invalid.param"),
        ("refresh_token", "lba_rt_made_up", 400, "oauth2.refresh_token.invalid"),
        ("refresh_token", tokens["accessToken"].as_str().unwrap(), 400, "oauth2.refresh_token.invalid"),
    ] {
        check(&caller.refresh(&with(refresh_form(token), name, value)).await, status, sub_code);
    }
    let url = caller.url("/api/oauth/token/refresh");
    check(&answer(caller.http.post(&url).json(&json!({}))).await, 415, "invalid.param");

    caller.command(json!({ "command": "expire_refresh_tokens" })).await;
    check(&caller.refresh(&refresh_form(token)).await, 400, "oauth2.refresh_token.expired");
    caller.command(json!({ "command": "revoke_user", "user": "ada" })).await;
    check(&caller.refresh(&refresh_form(token)).await, 400, "oauth2.refresh_token.revoked");
}

#[tokio::test]
async fn both_endpoints_fail_on_command() {
    let caller = Caller::with_sign_in().await;
    for (operation, status) in [("code", 503), ("refresh", 429)] {
        caller.command(json!({ "command": "refuse_next", "operation": operation, "status": status })).await;
    }
    check(&caller.redeem(&[]).await, 503, "connection.error");
    check(&caller.refresh(&[]).await, 429, "open.api.rate.limited");
    check(&caller.redeem(&[]).await, 400, "oauth2.grant_type.invalid");
    check(&caller.refresh(&[]).await, 400, "oauth2.grant_type.invalid");
}

#[tokio::test]
async fn only_users_there_are_can_be_spoken_of() {
    let caller = Caller::new().await;
    for command in ["revoke_user", "sign_in"] {
        let request = caller.http.post(caller.simulator.control_url());
        let (status, body) = answer(request.json(&json!({ "command": command, "user": "eve" }))).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert!(body["message"].as_str().unwrap().contains("eve"), "{body}");
    }
    assert!(caller.control().revoke_user("bo").is_ok());
}
