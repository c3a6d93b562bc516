// @ts-check
// The weights of a network of a chart, which is trained anew for them: a chart holds numbers alone.
import { axisLabel, axisText } from '../chart/metrics.js';
import { trainWeights } from '../engine/ask.js';
import { whyNot } from '../engine/catalogue.js';
import { cpuModule } from '../engine/cpu-module.js';

/** @typedef {import('../state/fields.js').Place} Place */

/** @typedef {import('../types.d.ts').PhaseChart} PhaseChart */

/**
 * How a network of a chart is trained anew, of the chart's first seed.
 * @param {PhaseChart} chart
 * @param {Place} pin
 * @returns {{ plan: import('../types.d.ts').Plan, population: import('../types.d.ts').PopulationPlan }}
 */
export function retrained({ dataset, protocol, axes, provenance }, pin) {
  const same = provenance.backend.endsWith('in WebAssembly') && provenance.engine === 'cpu';
  // Trained with its whole population, the network comes out the same to the bit. For a chart made elsewhere that is impossible, and training it alone is faster.
  const plan = { dataset: dataset.name, protocol, axes: { ...axes, width: same ? axes.width : [pin.width] } };
  return { plan, population: { samples: pin.samples, seed: axes.seed[0], ...(axes.factor ? { level: pin.factor } : {}) } };
}

/**
 * @param {PhaseChart} chart
 * @param {import('../state/fields.js').View} view whose pinned network it is, of the chart's first seed
 * @param {import('./room.js').Room} room
 * @param {(words: string) => void} say how far it is
 * @returns {Promise<{ file: Uint8Array<ArrayBuffer>, name: string, note: string }>} a safetensors file, and how near it comes to the chart
 */
export async function weightsOf(chart, { pin }, room, say) {
  if (!pin) throw new Error('no network is pinned: choose a square first');
  const { plan, population } = retrained(chart, pin);
  const [catalogue, name] = [await room.engines(), cpuModule(plan)];
  const engine = catalogue[name];
  if (!engine) throw new Error(whyNot(catalogue, name));
  const end = await room.turn(() => say('Waiting for another chart on this page to finish training …'));
  try {
    say('Training the network again …');
    const { file, isSame } = await trainWeights(chart, plan, { width: pin.width, epoch: pin.epoch, population }, room.home, engine, (share) => say(`Training the network again: ${Math.round(100 * share)}% …`));
    const { axes } = chart;
    const level = axes.factor ? `, ${axisLabel(chart, 'factor')} ${axisText(chart, 'factor', pin.factor)}` : '';
    const which = `Width ${pin.width}, epoch ${pin.epoch}, ${pin.samples} training examples, seed ${population.seed}${level}`;
    return {
      file,
      name: `width-${pin.width}_epoch-${pin.epoch}_samples-${pin.samples}_seed-${population.seed}${axes.factor ? `_level-${pin.factor}` : ''}.safetensors`,
      note: `${which}: ${isSame ? 'the same network as in the chart' : 'trained here, where its last digits may differ from the chart’s'}. \`hash-phase encode\` reads it.`,
    };
  } finally {
    end();
  }
}
