//! The GPU engine in a real browser, on whatever adapter it has; a software one will do.
#![cfg(all(target_arch = "wasm32", feature = "gpu"))]
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)] // a test may panic

mod noise;
mod steps;

use hash_phase::engine::Engine;
use hash_phase::network::Population;
use hash_phase::sweep::Plan;
use hash_phase::training::{Batches, Preset, Trainer};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

#[wasm_bindgen(inline_js = "
const counts = { dispatches: 0, submits: 0, refused: 0 };
export function count_from_now_on() {
  if (counts.watching) return;
  counts.watching = true;
  const count = (type, name, key) => {
    const own = type.prototype[name];
    type.prototype[name] = function (...given) { counts[key] += 1; return own.apply(this, given); };
  };
  count(GPUComputePassEncoder, 'dispatchWorkgroups', 'dispatches');
  count(GPUComputePassEncoder, 'dispatchWorkgroupsIndirect', 'dispatches');
  count(GPUQueue, 'submit', 'submits');
  const request = GPUAdapter.prototype.requestDevice;
  GPUAdapter.prototype.requestDevice = async function (...given) {
    const device = await request.apply(this, given);
    device.addEventListener('uncapturederror', () => (counts.refused += 1));
    return device;
  };
}
export function counted(key) { return counts[key]; }
")]
extern "C" {
    fn count_from_now_on();
    fn counted(key: &str) -> u32;
}

async fn engine() -> Engine {
    count_from_now_on();
    Engine::gpu().await.unwrap()
}

#[wasm_bindgen_test]
async fn the_first_ten_steps_are_those_of_the_cpu() {
    let known: steps::Steps = serde_json::from_str(include_str!("fixtures/ten-steps.json")).unwrap();
    let engine = engine().await;
    steps::take(&engine).await.assert_same(&known, 1e-3);
    engine.check().unwrap();
    assert_eq!(counted("refused"), 0, "the GPU refused commands");
}

/// What one step costs this side of the GPU.
struct Cost {
    dispatches: f64,
    submits: f64,
    /// Until everything is handed to the GPU, which works on meanwhile.
    milliseconds: f64,
}

impl std::fmt::Display for Cost {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            to,
            "{} dispatches, {} submits, handed over in {:.1} ms",
            self.dispatches, self.submits, self.milliseconds
        )
    }
}

/// Of a step of networks of these widths on images of MNIST's size.
async fn cost_of_a_step(engine: &Engine, widths: &[u32]) -> Cost {
    const STEPS: u32 = 8;
    let data = noise::images();
    let protocol = Preset::Figure.protocol();
    let networks: Vec<_> = widths.iter().map(|&width| protocol.mlp(width as usize)).collect();
    let population = Population::new(784, 10, &networks, &[1], engine.device()).unwrap();
    let mut trainer = Trainer::new(population, protocol, vec![Batches::new(1, 640, 640, 64)]).unwrap();
    trainer.keep_inputs(data.train());
    trainer.step(data.train());
    trainer.losses().await.unwrap(); // what the first step leaves waiting is done
    let before = (counted("dispatches"), counted("submits"), js_sys::Date::now());
    (0..STEPS).for_each(|_| trainer.step(data.train()));
    let milliseconds = (js_sys::Date::now() - before.2) / f64::from(STEPS);
    trainer.losses().await.unwrap();
    let per_step = |now: u32, before: u32| f64::from(now - before) / f64::from(STEPS);
    Cost {
        dispatches: per_step(counted("dispatches"), before.0),
        submits: per_step(counted("submits"), before.1),
        milliseconds,
    }
}

#[wasm_bindgen_test]
async fn a_step_of_23_networks_costs_hardly_more_dispatches_than_a_step_of_one() {
    let engine = engine().await;
    let widths = Plan::preset(Preset::Figure, "mnist").unwrap().axes.width;
    assert_eq!(widths.len(), 23);
    let one = cost_of_a_step(&engine, &[50]).await;
    let all = cost_of_a_step(&engine, &widths).await;
    wasm_bindgen_test::console_log!("a step of one network: {one}; of 23 networks: {all}");
    assert!(one.dispatches > 0.0 && all.dispatches <= 1.5 * one.dispatches, "{all} against {one}");
    assert_eq!(counted("refused"), 0, "the GPU refused commands");
}
