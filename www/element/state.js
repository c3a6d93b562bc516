// @ts-check
// What an element knows: all that its views are drawn from.
import { startingSettings } from '../state/fields.js';

/** @typedef {{ status: 'idle' | 'loading' | 'running' | 'paused' | 'done' | 'stopped' | 'failed', plan: string, cells: number, gaps: number, total: number, fraction: number, seconds: number, engine: string, loaded: number, what: string }} Run `plan` is the one that trains, as JSON; `gaps`: networks without numbers; `loaded`: share of `what`, a large module or data set, that is there */
/**
 * @typedef {(
 *   | { kind: 'nothing' }
 *   | { kind: 'reference', name: string }
 *   | { kind: 'address', address: string }
 *   | { kind: 'carried', text: string }
 *   | { kind: 'kept', id: string }
 *   | { kind: 'training', id: string, key: number }
 *   | { kind: 'given', name: string, key: number }
 * )} Origin where the chart on show is from: one of the repository's; an address, whole; a link that carries it, as packed text; a run that is kept in this browser; the one that trains, or was
 *   trained and is not kept, `id` being empty where it cannot be; one that was handed over, by a file of that name or by a program. By its `key` the element
 *   brings back what nobody keeps, as long as the page is open
 */
/**
 * @typedef {{
 *   chart: import('../types.d.ts').PhaseChart | null,
 *   origin: Origin,
 *   coming: string,
 *   view: import('../state/fields.js').View,
 *   linked: import('../state/fields.js').View | null,
 *   plan: import('../state/presets.js').PlanForm,
 *   given: import('../types.d.ts').Plan | null,
 *   engine: import('../state/names.js').EngineWish,
 *   adapter: import('../engine/choose.js').Adapter | null | undefined,
 *   catalogue: import('../engine/catalogue.js').Catalogue | null,
 *   run: Run,
 *   notice: string,
 * }} State `chart` and `origin` are only ever set together; `coming` names a chart that is being fetched; `linked` is how networks shall be
 *   looked at that have still to be trained; `given` is a plan that stands in the place of the form's; `adapter` is not known before the browser has
 *   answered, and null where it has none; `catalogue` are the engines, not known before the server has answered
 */

/** Whether training has begun and not ended.
 * @param {Run} run
 */
export const isBusy = ({ status }) => ['loading', 'running', 'paused'].includes(status);

/**
 * What identifies a chart for good: a training and the run that keeps it are the same chart.
 * @param {Origin} origin
 */
export const identity = (origin) => (origin.kind === 'kept' || (origin.kind === 'training' && origin.id) ? `run ${origin.id}` : JSON.stringify(origin));

/** @returns {Run} */
export const startingRun = () => ({ status: 'idle', plan: '', cells: 0, gaps: 0, total: 0, fraction: 0, seconds: 0, engine: '', loaded: 1, what: '' });

/** @returns {State} */
export const startingState = () => ({
  chart: null,
  origin: { kind: 'nothing' },
  coming: '',
  ...startingSettings(),
  linked: null,
  given: null,
  adapter: undefined,
  catalogue: null,
  run: startingRun(),
  notice: '',
});
