// @ts-check
// Trains a network anew, while its section is seen, and looks at its codes at some epochs.
import { write } from '../../element/controls/form.js';
import { createLive } from '../live.js';

/** @typedef {import('../../engine/messages.d.ts').FromWorker} FromWorker */
/** @typedef {import('../../engine/messages.d.ts').Pictures} Pictures */
/** @typedef {import('../../types.d.ts').Study} Study */
/** @typedef {{ plan: import('../../types.d.ts').Plan, width: number, epochs: number[], population: import('../../types.d.ts').PopulationPlan }} Wanted */

/**
 * @param {import('../../element/room.js').Room} room
 * @param {Element} place that must be seen
 * @param {HTMLElement} state where it is said how far it is
 * @param {{ studied: (study: Study, pictures: Pictures) => void, finished: () => string }} listener `finished` has the last word
 */
export function createStudies(room, place, state, { studied, finished }) {
  /** A listener is told of the end alone. @param {string} words @param {boolean} [isBusy] */
  function say(words, isBusy = true) {
    state.ariaBusy = String(isBusy);
    write(state, words);
  }

  /** @type {Wanted | null} */
  let wanted = null;
    /** @type {ReturnType<typeof createLive>} */
  const live = createLive({
    room,
    address: room.home.workers.cpu,
    place,
    waits: () => say('Waits until nothing else trains …'),
    async first() {
      if (!wanted) return [];
      const { plan } = wanted;
      const engine = await room.cpu(plan, say);
      say('Loading …');
      return [[{ type: 'load', engine, plan, data: room.home.data }]];
    },
    /** @param {FromWorker} message */
    hear(message) {
      switch (message.type) {
        case 'loading':
          return say(`Loading the data set: ${Math.round(100 * message.share)}% …`);
        case 'ready':
          return wanted ? live.tell({ type: 'study', ...wanted, plan: undefined }) : undefined;
        case 'event': {
          const { event } = message;
          return event.kind === 'progress' ? say(`Training it in your browser: ${Math.round(100 * (event.progress.steps ? event.progress.step / event.progress.steps : 1))}% …`) : undefined;
        }
        case 'study':
          return studied(message.study, message.pictures);
        case 'finished':
          // Nobody will ask it again, and it holds a data set.
          live.stop();
          return say(finished(), false);
      }
    },
    failed: (error) => say(error.message, false),
  });
  return {
    /** Begins anew with another network. @param {Wanted} what */
    study(what) {
      live.stop();
      wanted = what;
      live.begin();
    },
    stop: live.stop,
  };
}
