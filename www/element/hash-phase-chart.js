// @ts-check
// <hash-phase-chart>: a phase chart in any page. What it shows is the instrument; here are its attributes, properties and events.
import { fitting } from '../chart/look.js';
import { setTexts } from '../chart/texts.js';
import { soundView, startingSettings, withoutField } from '../state/fields.js';
import { readPlan } from '../state/plan-form.js';
import { createStore } from '../state/store.js';
import { attributes, choiceOf, planOf, viewAttributes, viewOf } from './attributes.js';
import { curtain } from './curtain.js';
import { createInstrument } from './instrument.js';
import { followMinus } from './minus.js';
import { createRoom } from './room.js';
import { createSession } from './session.js';
import { createShowing } from './showing.js';
import { isBusy, startingState } from './state.js';
import { wordsOf } from './words.js';
import style from './style.css?inline';

/** @typedef {import('../types.d.ts').PhaseChart} PhaseChart */
/** @typedef {import('../state/fields.js').View} View */
/** @typedef {import('../types.d.ts').Plan} Plan */
/** @typedef {import('./state.js').State} State */
/** @typedef {import('./state.js').Origin} Origin */

const NAME = 'hash-phase-chart';
/** Properties that a page may set. */
const PROPERTIES = ['chart', 'view', 'src', 'controls', 'loading'];
/** How near the part of the page on show an element must be before it fetches anything. */
const NEAR = '400px';

/**
 * Makes the element known to a document; a second copy of the script leaves the first one's.
 * @param {import('./take-away.js').Home} home
 * @param {import('./room.js').Room} [room] what its charts share with others that train in the same document
 */
export function defineChart(home, room = createRoom(home)) {
  // On a server there is nothing to define.
  if (typeof customElements === 'undefined' || customElements.get(NAME)) return;
  customElements.define(NAME, elementOf(home, room));
}

/**
 * @param {import('./take-away.js').Home} home
 * @param {import('./room.js').Room} room
 */
const elementOf = (home, room) =>
  class HashPhaseChart extends HTMLElement {
    static observedAttributes = attributes;

    /** Replaces words of all charts that are drawn from now on. @param {import('../chart/texts.js').Texts} texts */
    static set texts(texts) {
      setTexts(texts);
    }

    #store = createStore(startingState());
    #session = createSession(this.#store, room, (name, detail) => {
      if (name === 'ready') this.#showing.trained();
      this.#tell(name, detail);
    });
    #root = this.attachShadow({ mode: 'open' });
    /** What is to be ended when the element leaves the page; nothing while it is not at work. @type {(() => void)[]} */
    #ends = [];
    /** @type {ReturnType<typeof createInstrument> | null} */
    #instrument = null;
    /** Whether it is told of engines. */
    #watches = false;
    /** Whether its attributes were read: from then on they are read one by one, as they change. */
    #began = false;
    /** Whether `src` names another chart than the one that was opened last. @type {'open' | 'changed'} */
    #source = 'open';
    #showing = createShowing(this.#store, this.#session, room, {
      base: () => this.baseURI,
      shown: (chart) => this.#tell('ready', { chart }),
      failed: (error) => this.#tell('error', { error }),
    });
    /** @type {(chart: PhaseChart) => void} */
    #arrived = () => {};
    /** The first chart, once it is on show. @type {Promise<PhaseChart>} */
    ready = new Promise((arrived) => (this.#arrived = arrived));

    constructor() {
      super();
      // Slotted controls fire change events of their own; listeners of this element must hear only its events.
      this.addEventListener('change', (event) => event.target !== this && event.stopImmediatePropagation());
      // Properties set by a page before this script has loaded would shadow the element's accessors for good.
      for (const name of PROPERTIES) {
        if (!Object.hasOwn(this, name)) continue;
        const value = /** @type {any} */ (this)[name];
        delete (/** @type {any} */ (this)[name]);
        /** @type {any} */ (this)[name] = value;
      }
    }

    connectedCallback() {
      if (this.#ends.length) return; // moved
      const isManual = choiceOf(this, 'reveal') === 'manual' && !this.#began;
      if (!this.#root.firstChild) this.#root.append(...curtain(this.getAttribute('poster'), isManual ? () => this.reveal() : null));
      if (isManual) return;
      if (choiceOf(this, 'loading') === 'eager' || typeof IntersectionObserver === 'undefined') return this.#begin();
      const observer = new IntersectionObserver((seen) => seen.some(({ isIntersecting }) => isIntersecting) && this.#begin(), { rootMargin: NEAR });
      observer.observe(this);
      this.#ends = [() => observer.disconnect()];
    }

    /** Fetches and draws, wherever the element is. */
    reveal() {
      if (this.isConnected && !this.#instrument) this.#begin();
    }

    disconnectedCallback() {
      queueMicrotask(() => {
        if (this.isConnected) return; // moved
        this.#showing.supersede();
        this.#store.set({ coming: '' });
        this.#session.stop();
        this.#end();
      });
    }

    /** @param {string} name @param {string | null} before @param {string | null} now */
    attributeChangedCallback(name, before, now) {
      if (before === now) return;
      if (name === 'src' && this.#began) this.#source = 'changed';
      if (!this.#instrument) return;
      if (name === 'src') this.#openSource();
      else if (name === 'controls') this.#control();
      else if (name === 'plan') this.#store.set(planOf(this) ?? { given: null, plan: startingSettings().plan });
      // Only this field: the reader may have changed the others since.
      else if (viewAttributes.includes(name)) this.view = now === null ? withoutField(this.view, name) : viewOf(this, this.view, [name]);
    }

    /** Fetches and draws. */
    #begin() {
      this.#end();
      this.#root.replaceChildren();
      // A constructed style sheet is allowed by a strict policy that refuses inline styles.
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(style);
      this.#root.adoptedStyleSheets = [sheet];
      // Put back into the page, it is as its reader left it.
      if (!this.#began) {
        const { view, linked } = this.#store.get();
        const looked = viewAttributes.some((name) => this.hasAttribute(name)) ? viewOf(this, view) : null;
        this.#store.set({ ...planOf(this), ...(looked ? { view: looked, linked: linked ?? looked } : {}) });
      }
      this.#began = true;
      this.#instrument = createInstrument(this.#root, this.#store, this.#session, room, (id) => this.showKept(id));
      this.#ends = [this.#instrument.end, followMinus(this.#store, room, this.baseURI), this.#store.subscribe((state, before) => this.#changed(state, before))];
      this.#instrument.unfold(!this.hasAttribute('plan'));
      this.#control();
      if (this.#store.get().chart && this.#source !== 'changed') return; // already given, or put back into the page
      // With an empty `src`, the chart will be given by a script.
      if (this.getAttribute('src') ?? !this.hasAttribute('plan')) this.#openSource();
    }

    #end() {
      this.#ends.forEach((end) => end());
      this.#ends = [];
      this.#watches = false;
      this.#instrument = null;
    }

    #control() {
      const controls = choiceOf(this, 'controls');
      this.#instrument?.control(controls);
      if (controls !== 'train' || this.#watches) return;
      this.#watches = true;
      // A GPU and engines are looked for only if training is allowed.
      this.#ends.push(room.watch((catalogue) => this.#store.set({ catalogue })));
      room.adapter().then((adapter) => this.#store.set({ adapter }));
    }

    /** @param {State} state @param {State} before */
    #changed(state, before) {
      this.#showing.hold(state);
      if (state.view.pin !== before.view.pin) this.#tell('pin', { pin: state.view.pin });
      if (state.chart !== before.chart || state.view !== before.view || state.plan !== before.plan || state.engine !== before.engine || state.origin !== before.origin) this.#tell('change', { settings: this.settings });
    }

    /** @param {string} name @param {object} detail */
    #tell(name, detail) {
      if (name === 'ready') this.#arrived(/** @type {{ chart: PhaseChart }} */ (detail).chart);
      this.dispatchEvent(new CustomEvent(name, { detail }));
    }

    #openSource() {
      this.#source = 'open';
      const source = this.getAttribute('src') || Object.keys(home.charts)[0];
      return this.open(source);
    }

    /**
     * Shows a chart from an address, or one of the reference charts by its name; one that cannot be had leaves the one before.
     * @param {string} source
     * @param {View | null} [view] how it is looked at, if not as before
     * @param {{ waits?: boolean }} [options] whether the view is of networks that have still to be trained, and waits for them
     * @returns {Promise<boolean>} whether it is on show
     */
    async open(source, view = this.#store.get().linked, { waits = false } = {}) {
      return this.#showing.open(source, view, waits);
    }

    /**
     * Shows a chart that was trained in this browser and is kept.
     * @param {string} id
     * @param {View | null} [view]
     * @returns {Promise<boolean>} whether it is on show
     */
    async showKept(id, view = null) {
      const { origin } = this.#store.get();
      // It is already shown, and may be training.
      if ((origin.kind === 'training' || origin.kind === 'kept') && origin.id === id) {
        if (view) this.view = view;
        return true;
      }
      return this.#showing.kept(id, view);
    }

    /**
     * Shows again what this page has shown before and nobody keeps.
     * @param {number} key
     * @param {View | null} [view]
     * @returns {boolean} whether it was there
     */
    showHeld(key, view = null) {
      return this.#showing.held(key, view);
    }

    /**
     * Shows a chart that is handed over.
     * @param {PhaseChart} chart
     * @param {string} [name] of its file
     */
    give(chart, name = '') {
      this.#showing.give(chart, name);
    }

    /**
     * Shows a chart that a link carries.
     * @param {string} text as `packChart` wrote it
     * @param {View} view how it is looked at
     * @returns {Promise<boolean>} whether it is on show
     */
    async showCarried(text, view) {
      return this.#showing.carried(text, view);
    }

    /** The chart, with all that is finished; one that is set is shown in its place. */
    get chart() {
      this.#session.flush();
      return this.#store.get().chart;
    }

    set chart(chart) {
      if (chart) this.give(chart);
      else this.#showing.clear();
    }

    /** How it is looked at; what is set without the other fields leaves them as they are. @type {View} */
    get view() {
      return this.#store.get().view;
    }

    set view(asked) {
      const { chart, view } = this.#store.get();
      const { change, problems } = soundView(asked);
      problems.forEach(({ name, value, remedy }) => console.warn(`<${NAME}>.view: ${name} is ${value}: give ${remedy}; it stays as it was.`));
      const next = { ...view, ...change };
      this.#store.set(chart ? { view: fitting(chart, next) } : { view: next, linked: next });
    }

    /** Everything a reader can set: view, plan, engine, and what is on show. @returns {import('../state/fields.js').Settings & { origin: Origin }} */
    get settings() {
      const { view, plan, engine, origin } = this.#store.get();
      return { view, plan, engine, origin };
    }

    /** The words that lead back to what is on show: its link, its embed code. */
    get words() {
      return wordsOf(this.#store.get(), home);
    }

    /** @param {Partial<Pick<State, 'plan' | 'given' | 'engine' | 'notice'>>} change */
    set(change) {
      this.#store.set(change);
    }

    /** What is said to the reader of what went wrong. */
    get notice() {
      return this.#store.get().notice;
    }

    /** Whether training has begun and not ended. */
    get isTraining() {
      return isBusy(this.#store.get().run);
    }

    /** The engines and where they are, once known. */
    get engines() {
      return this.#store.get().catalogue;
    }

    /**
     * Trains a plan, or the one that the form has.
     * @param {Plan} [plan]
     * @returns {Promise<void>} when it is done, stopped or failed (see the events)
     */
    async train(plan) {
      if (!this.#instrument) this.#begin();
      const { given, plan: form } = this.#store.get();
      const typed = readPlan(form);
      const [name, problem] = Object.entries(typed.problems)[0] ?? [];
      const chosen = plan ?? given;
      if (!chosen && problem) throw new TypeError(`${name}: ${problem}`);
      await this.#session.train(chosen ?? typed.plan);
    }

    /** The view as an SVG file, in the colours that the element has here. @returns {Promise<string>} */
    async toSVG() {
      const { chart, view } = this.#store.get();
      if (!chart || !this.#instrument) throw new Error(`<${NAME}> shows no chart yet: wait for its promise \`ready\``);
      return (await import('./take-files.js')).pictureOf(this.#root, chart, view);
    }

    /** The same as a PNG. @returns {Promise<Blob>} */
    async toBlob() {
      return (await import('./take-files.js')).pngPicture(await this.toSVG());
    }

    pause() {
      this.#session.pause();
    }

    resume() {
      this.#session.resume();
    }

    stop() {
      this.#session.stop();
    }

    get src() {
      return this.getAttribute('src') ?? '';
    }

    set src(source) {
      this.setAttribute('src', source);
    }

    get controls() {
      return choiceOf(this, 'controls');
    }

    set controls(controls) {
      this.setAttribute('controls', controls);
    }

    get loading() {
      return choiceOf(this, 'loading');
    }

    set loading(loading) {
      this.setAttribute('loading', loading);
    }
  };

/** @typedef {InstanceType<ReturnType<typeof elementOf>>} HashPhaseChart */
