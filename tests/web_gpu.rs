//! The GPU engine in a real browser, on whatever adapter it has; a software one will do.
#![cfg(all(target_arch = "wasm32", feature = "gpu"))]
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)] // a test may panic

mod noise;
mod steps;

use hash_phase::engine::{Engine, MapShape};
use hash_phase::network::Networks;
use hash_phase::sweep::Plan;
use hash_phase::training::{Batches, Family, Preset, Protocol, Trainer};
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

/// Of a step of networks of these places on the axis of model sizes, on images of MNIST's size.
async fn cost_of_a_step(engine: &Engine, protocol: Protocol, widths: &[u32]) -> Cost {
    const STEPS: u32 = 8;
    let data = noise::images();
    let image = MapShape::of(&data.description().kind);
    let networks = widths.iter().map(|&width| protocol.architecture(width as usize, image).unwrap());
    let networks = Networks::new(784, 10, &networks.collect::<Vec<_>>(), &[1], engine.device()).unwrap();
    let mut trainer = Trainer::new(networks, protocol, vec![Batches::new(1, 640, 640, 64)]).unwrap();
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
    let figure = Preset::Figure.protocol();
    let one = cost_of_a_step(&engine, figure.clone(), &[50]).await;
    let all = cost_of_a_step(&engine, figure, &widths).await;
    wasm_bindgen_test::console_log!("a step of one network: {one}; of 23 networks: {all}");
    assert!(one.dispatches > 0.0 && all.dispatches <= 1.5 * one.dispatches, "{all} against {one}");
    assert_eq!(counted("refused"), 0, "the GPU refused commands");
}

#[wasm_bindgen_test]
async fn eight_convolutional_networks_cost_the_dispatches_of_one() {
    let engine = engine().await;
    for batch_norm in [false, true] {
        let protocol = Protocol { batch_norm, ..Preset::Figure.protocol().with_family(Family::VGG) };
        let one = cost_of_a_step(&engine, protocol.clone(), &[20]).await;
        let eight = cost_of_a_step(&engine, protocol, &[3, 7, 10, 20, 30, 40, 60, 100]).await;
        wasm_bindgen_test::console_log!("a step of one vgg, batch norm {batch_norm}: {one}; of eight: {eight}");
        assert!(one.dispatches > 0.0 && eight.dispatches <= 1.1 * one.dispatches, "{eight} against {one}");
    }
    let resnet = Preset::Figure.protocol().with_family(Family::RESNET);
    let one = cost_of_a_step(&engine, resnet, &[2]).await;
    wasm_bindgen_test::console_log!("a step of one ResNet-8: {one}");
    assert_eq!(counted("refused"), 0, "the GPU refused commands");
}
