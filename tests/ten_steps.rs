//! The first ten steps natively; tests/web.rs takes the same in the browser.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)] // a test may panic

mod steps;

#[test]
fn ten_steps_go_where_they_went_before() {
    let taken = pollster::block_on(steps::take(&hash_phase::engine::Engine::cpu()));
    let path = format!("{}/tests/fixtures/ten-steps.json", std::env::var("CARGO_MANIFEST_DIR").unwrap());
    if std::env::var_os("WRITE_FIXTURES").is_some() {
        std::fs::write(&path, serde_json::to_string(&taken).unwrap() + "\n").unwrap();
    }
    let known: steps::Steps = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    taken.assert_same(&known, 1e-4);
}
