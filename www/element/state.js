// @ts-check
// What an element knows: all that its views are drawn from.
import { startingSettings } from '../state/fields.js';

/** @typedef {{ status: 'idle' | 'loading' | 'running' | 'paused' | 'done' | 'stopped' | 'failed', plan: string, cells: number, gaps: number, total: number, fraction: number, seconds: number, engine: string, loaded: number, what: string }} Run `plan` is the one that trains, as JSON; `gaps`: networks without numbers; `loaded`: share of `what`, a large module or data set, that is there */
/**
 * @typedef {{
 *   chart: import('../types.d.ts').PhaseChart | null,
 *   source: string,
 *   shown: string,
 *   view: import('../state/fields.js').View,
 *   linked: import('../state/fields.js').View | null,
 *   plan: import('../state/presets.js').PlanForm,
 *   given: import('../types.d.ts').Plan | null,
 *   engine: import('../state/names.js').EngineWish,
 *   adapter: import('../engine/choose.js').Adapter | null | undefined,
 *   catalogue: import('../engine/catalogue.js').Catalogue | null,
 *   run: Run,
 *   notice: string,
 * }} State `source` names or addresses the chart on show, and is empty where it was trained or handed over here; `shown` is the run among those that are kept that is on show, if it is one; `linked` is how networks shall be
 *   looked at that have still to be trained; `given` is a plan that stands in the place of the form's; `adapter` is not known before the browser has
 *   answered, and null where it has none; `catalogue` are the engines, not known before the server has answered
 */

/** Whether training has begun and not ended.
 * @param {Run} run
 */
export const isBusy = ({ status }) => ['loading', 'running', 'paused'].includes(status);

/** @returns {Run} */
export const startingRun = () => ({ status: 'idle', plan: '', cells: 0, gaps: 0, total: 0, fraction: 0, seconds: 0, engine: '', loaded: 1, what: '' });

/** @returns {State} */
export const startingState = () => ({
  chart: null,
  source: '',
  shown: '',
  ...startingSettings(),
  linked: null,
  given: null,
  adapter: undefined,
  catalogue: null,
  run: startingRun(),
  notice: '',
});
