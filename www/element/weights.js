// @ts-check
// The weights of a network of a chart, which is trained anew for them: a chart holds numbers alone.
import { axisLabel, axisText } from '../chart/metrics.js';
import { trainWeights } from '../engine/ask.js';
import { whyNot } from '../engine/catalogue.js';

/** @typedef {import('../types.d.ts').PhaseChart} PhaseChart */

/**
 * @param {PhaseChart} chart
 * @param {import('../state/fields.js').View} view whose pinned network it is, of the chart's first seed
 * @param {import('./room.js').Room} room
 * @param {(words: string) => void} say how far it is
 * @returns {Promise<{ file: Uint8Array<ArrayBuffer>, name: string, note: string }>} a safetensors file, and how near it comes to the chart
 */
export async function weightsOf(chart, { pin }, room, say) {
  if (!pin) throw new Error('no network is pinned: choose a square first');
  const { dataset, protocol, axes, provenance } = chart;
  const catalogue = await room.engines();
  if (!catalogue.cpu) throw new Error(whyNot(catalogue, 'cpu'));
  const [seed] = axes.seed;
  const here = provenance.backend.endsWith('in WebAssembly') && provenance.engine === 'cpu';
  // Of the whole population each network comes out to the bit as it did; where the chart was made elsewhere it cannot, and alone it is sooner there.
  const plan = { dataset: dataset.name, protocol, axes: { ...axes, width: here ? axes.width : [pin.width] } };
  const population = { samples: pin.samples, seed, ...(axes.factor ? { level: pin.factor } : {}) };
  const end = await room.turn(() => say('Waits until another chart of this page has trained …'));
  try {
    say('Training the network anew …');
    const file = await trainWeights(plan, { width: pin.width, epoch: pin.epoch, population: /** @type {import('../types.d.ts').PopulationPlan} */ (population) }, room.home, catalogue.cpu, (share) => say(`Training the network anew: ${Math.round(100 * share)}% …`));
    const level = axes.factor ? `, ${axisLabel(chart, 'factor')} ${axisText(chart, 'factor', pin.factor)}` : '';
    const which = `Width ${pin.width}, epoch ${pin.epoch}, ${pin.samples} training examples, seed ${seed}${level}`;
    return {
      file,
      name: `width-${pin.width}_epoch-${pin.epoch}_samples-${pin.samples}_seed-${seed}${axes.factor ? `_level-${pin.factor}` : ''}.safetensors`,
      note: `${which}: ${here ? 'the very network of the chart' : 'trained here, where its last digits may differ from the chart’s'}. \`hash-phase encode\` reads it.`,
    };
  } finally {
    end();
  }
}
