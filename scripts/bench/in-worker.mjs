// @ts-check
// What a worker of the measurements does, in a page of its own beside the engine: it is handed to the browser as text, so it uses nothing
// from outside itself.

/** Says what it is asked to do, and answers when that is done. */
export function work() {
  const WARM = 60; // until the browser has optimised the hot code
  /** @type {any} */
  let hashPhase;
  /** @type {any} */
  let engine;
  /** @type {Record<string, any>} */
  const loaded = {};
  /** What one round is. @type {() => Promise<number>} */
  let round;

  /** @param {string} data @param {string} name @param {number} most @param {string} [images] the file of its first examples */
  async function load(data, name, most, images = 'train-images') {
    const part = async (/** @type {string} */ file) => {
      const bytes = new Uint8Array(await (await fetch(`${data}/${name}/${file}.gz`)).arrayBuffer());
      // Some servers declare the files as encoded; then the browser has already unpacked them.
      if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
      return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer());
    };
    return hashPhase.Dataset.fromIdx(name, most, [await part(images)], await part('train-labels'), await part('test-images'), await part('test-labels'));
  }

  /** @type {Record<string, (order: any) => Promise<number | void>>} */
  const does = {
    async start({ engines, data }) {
      const { cpu } = await (await fetch(engines)).json();
      hashPhase = await import(new URL(cpu.script, engines).href);
      await hashPhase.default({ module_or_path: new URL(cpu.module, engines).href });
      engine = hashPhase.Engine.cpu();
      loaded.small = await load(data, 'mnist-small', 8000);
      loaded.whole = await load(data, 'mnist', 48000);
      loaded.cifar10 = await load(data, 'cifar10', 1000, 'train-images-00');
    },
    /** Some steps of a population; gives the seconds that they took. */
    async training({ plan, samples, seed, calls }) {
      const run = new hashPhase.PopulationRun(plan, { samples, seed, level: 0 }, loaded[plan.dataset] ?? loaded.small, engine);
      round = async () => {
        const start = performance.now();
        for (let call = 0; call < calls; call++) await run.next();
        return (performance.now() - start) / 1e3;
      };
      for (let call = 0; call < WARM; call++) await run.next();
    },
    /** The properties of a network's codes; gives the seconds that they took. */
    async properties({ plan, samples, seed }) {
      round = async () => {
        const run = new hashPhase.PopulationRun(plan, { samples, seed, level: 0 }, loaded.whole, engine);
        let event = await run.next();
        let start = performance.now();
        while (event?.kind === 'progress') {
          start = performance.now();
          event = await run.next();
        }
        run.free();
        return (performance.now() - start) / 1e3;
      };
    },
    /** Products of square matrices; gives the seconds that they took. */
    async products({ plan: { side, times } }) {
      const [left, right] = [0.37, 0.73].map((step) => Float32Array.from({ length: side * side }, (_, at) => Math.sin(at * step)));
      round = async () => {
        const start = performance.now();
        for (let time = 0; time < times; time++) hashPhase.matrixProduct(left, right, side, side, side);
        return (performance.now() - start) / 1e3;
      };
      for (let warm = 0; warm < WARM; warm++) hashPhase.matrixProduct(left, right, side, side, side);
    },
    round: () => round(),
  };
  addEventListener('message', async ({ data: order }) => {
    try {
      postMessage({ done: (await does[order.what](order)) ?? 0 });
    } catch (error) {
      postMessage({ failed: String(error) });
    }
  });
}
