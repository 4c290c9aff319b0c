//! The shop on its page. Outside of a browser it does nothing.

fn main() {
    #[cfg(target_arch = "wasm32")]
    leptos::mount::mount_to_body(leptos_shop::Shop);
}
