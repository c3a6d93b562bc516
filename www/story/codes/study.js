// @ts-check
// Trains a network anew, while its section is seen, and looks at its codes at some epochs.
import { write } from '../../element/controls/form.js';
import { dataFor } from '../../engine/home.js';
import { createLive } from '../live.js';
import { pauseButton } from '../pause-button.js';

/** @typedef {import('../../engine/messages.d.ts').FromWorker} FromWorker */
/** @typedef {import('../../types.d.ts').Study} Study */
/** @typedef {{ plan: import('../../types.d.ts').Plan, width: number, epochs: number[], population: import('../../types.d.ts').PopulationPlan, of?: Pick<import('../../types.d.ts').PhaseChart, 'dataset' | 'provenance'> }} Wanted `of` is the chart whose network it is, if it is one's */

/**
 * @param {import('../../element/room.js').Room} room
 * @param {Element} place that must be seen
 * @param {HTMLElement} state where it is said how far it is
 * @param {{ studied: (study: Study, draw: () => HTMLElement[]) => void, finished: (isSame: boolean) => string }} listener `studied` gets a study and what draws it; `finished` has the last word, and is told whether the network is the chart’s to the bit
 */
export function createStudies(room, place, state, { studied, finished }) {
  /** A listener is told of the end alone. @param {string} words @param {boolean} [isBusy] */
  function say(words, isBusy = true) {
    state.ariaBusy = String(isBusy);
    write(state, words);
  }

  /** @type {Wanted | null} */
  let wanted = null;
  let isSame = false;
  /** What draws studies, fetched when there is one to come. @type {typeof import('./views.js')} */
  let views;
  /** @type {ReturnType<typeof createLive>} */
  const live = createLive({
    room,
    address: room.home.workers.cpu,
    place,
    waits: () => say('Waiting for other training on this page …'),
    async engine() {
      const [engine, drawing] = await Promise.all([room.cpu(/** @type {Wanted} */ (wanted).plan, say), import('./views.js')]);
      views = drawing;
      return engine;
    },
    first(engine) {
      const { plan, of } = /** @type {Wanted} */ (wanted);
      say('Loading …');
      return [[{ type: 'load', engine, plan, data: dataFor(room.home.data, plan.dataset), of }]];
    },
    changed: () => pausing.show(),
    /** @param {FromWorker} message */
    hear(message) {
      switch (message.type) {
        case 'loading':
          return say(`Loading the data set: ${Math.round(100 * message.share)}% …`);
        case 'ready':
          isSame = message.isSame;
          return wanted ? live.tell({ type: 'study', ...wanted, plan: undefined, of: undefined }) : undefined;
        case 'event': {
          const { event } = message;
          return event.kind === 'progress' ? say(`Training it in your browser: ${Math.round(100 * (event.progress.steps ? event.progress.step / event.progress.steps : 1))}% …`) : undefined;
        }
        case 'study':
          return studied(message.study, () => views.studied(message.study.codes, message.pictures, { firing: message.study.firing, first: message.first }));
        case 'finished':
          // The worker is no longer needed and holds a data set.
          live.stop();
          return say(finished(isSame), false);
      }
    },
    failed: (error) => say(error.message, false),
  });
  const pausing = pauseButton(live);
  return {
    /** Begins anew with another network. @param {Wanted} what @param {boolean} [byReader] whether a reader asked for it */
    study(what, byReader = true) {
      live.stop();
      wanted = what;
      live.begin(byReader);
    },
    stop: live.stop,
    pause: pausing.element,
  };
}
