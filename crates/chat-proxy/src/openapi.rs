//! The description of the proxy's routes in the OpenAPI form. It is written by hand, in `openapi.json`; tests hold it to what
//! the routes do.

/// The description of a proxy with this base path.
pub(crate) fn describe(base_path: &str) -> String {
    include_str!("openapi.json").replace("{base}", base_path)
}
