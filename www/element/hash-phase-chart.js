// @ts-check
// <hash-phase-chart>: a phase chart in any page. What it shows is the instrument; here are its attributes, properties and events.
import bounds from '../bounds.json' with { type: 'json' };
import { isArrow } from '../chart/arrow.js';
import { parseChart } from '../chart/check.js';
import { readColumns } from '../chart/read-columns.js';
import { firstView, fitting } from '../chart/look.js';
import { bytesOf } from '../engine/limited.js';
import { withoutField } from '../state/fields.js';
import { readPlan } from '../state/plan-form.js';
import { createStore } from '../state/store.js';
import { attributes, choiceOf, planOf, viewAttributes, viewOf } from './attributes.js';
import { createInstrument } from './instrument.js';
import { createRoom } from './room.js';
import { createSession } from './session.js';
import { isBusy, startingState } from './state.js';
import style from './style.css?inline';

/** @typedef {import('../types.d.ts').PhaseChart} PhaseChart */
/** @typedef {import('../state/fields.js').View} View */
/** @typedef {import('../types.d.ts').Plan} Plan */
/** @typedef {import('./state.js').State} State */

const NAME = 'hash-phase-chart';
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

    #store = createStore(startingState());
    #session = createSession(this.#store, room, (name, detail) => this.#tell(name, detail));
    #root = this.attachShadow({ mode: 'open' });
    /** What is to be ended when the element leaves the page; nothing while it is not at work. @type {(() => void)[]} */
    #ends = [];
    /** @type {ReturnType<typeof createInstrument> | null} */
    #instrument = null;
    /** Whether it is told of engines. */
    #watches = false;
    /** Charts asked for, and which of them counts: the last. */
    #opened = 0;

    connectedCallback() {
      if (this.#ends.length) return; // moved
      if (choiceOf(this, 'loading') === 'eager' || typeof IntersectionObserver === 'undefined') return this.#begin();
      const observer = new IntersectionObserver((seen) => seen.some(({ isIntersecting }) => isIntersecting) && this.#begin(), { rootMargin: NEAR });
      observer.observe(this);
      this.#ends = [() => observer.disconnect()];
      if (!this.#root.firstChild) this.#root.append(document.createElement('slot'));
    }

    disconnectedCallback() {
      queueMicrotask(() => {
        if (this.isConnected) return; // moved
        this.#session.stop();
        this.#end();
      });
    }

    /** @param {string} name @param {string | null} before @param {string | null} now */
    attributeChangedCallback(name, before, now) {
      if (before === now || !this.#instrument) return;
      if (name === 'src') this.#openSource();
      else if (name === 'controls') this.#control();
      else if (name === 'plan') this.#store.set(planOf(this) ?? {});
      else if (viewAttributes.includes(name)) this.view = viewOf(this, now === null ? withoutField(this.view, name) : this.view);
    }

    /** Fetches and draws. */
    #begin() {
      this.#end();
      this.#root.replaceChildren();
      // A sheet that is constructed is no inline style, which a strict policy would refuse.
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(style);
      this.#root.adoptedStyleSheets = [sheet];
      const { view } = this.#store.get();
      const looked = viewAttributes.some((name) => this.hasAttribute(name)) ? viewOf(this, view) : null;
      this.#store.set({ ...planOf(this), ...(looked ? { view: looked, linked: this.#store.get().linked ?? looked } : {}) });
      this.#instrument = createInstrument(this.#root, this.#store, this.#session, room, (id) => this.showKept(id));
      this.#ends = [this.#instrument.end, this.#store.subscribe((state, before) => this.#changed(state, before))];
      this.#instrument.unfold(!this.hasAttribute('plan'));
      this.#control();
      if (this.#store.get().chart) return; // given before, or back on the page
      // An empty `src` is a chart that will be told.
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
      // Only who may train is asked for a GPU, and only then are engines looked for.
      this.#ends.push(room.watch((catalogue) => this.#store.set({ catalogue })));
      room.adapter().then((adapter) => this.#store.set({ adapter }));
    }

    /** @param {State} state @param {State} before */
    #changed(state, before) {
      if (state.view.pin !== before.view.pin) this.#tell('pin', { pin: state.view.pin });
      if (state.chart !== before.chart || state.view !== before.view || state.plan !== before.plan || state.engine !== before.engine || state.source !== before.source || state.shown !== before.shown) this.#tell('change', { settings: this.settings });
    }

    /** @param {string} name @param {object} detail */
    #tell(name, detail) {
      this.dispatchEvent(new CustomEvent(name, { detail }));
    }

    #openSource() {
      const source = this.getAttribute('src') || Object.keys(home.charts)[0];
      return this.open(source);
    }

    /**
     * Shows a chart from an address, or one of the reference charts by its name; one that cannot be had leaves the one before.
     * @param {string} source
     * @param {View | null} [view] how it is looked at, if not as before
     * @param {{ waits?: boolean }} [options] whether the view is of networks that have still to be trained, and waits for them
     */
    async open(source, view = this.#store.get().linked, { waits = false } = {}) {
      const mine = ++this.#opened;
      const before = this.#store.get();
      if (isBusy(before.run)) this.#session.stop();
      this.#store.set({ source, linked: view, notice: '' });
      try {
        const chart = await load(home.charts[source] ?? new URL(source, this.baseURI).href, source in home.charts);
        if (mine !== this.#opened) return;
        this.#show(chart, source, waits);
      } catch (error) {
        if (mine !== this.#opened) return;
        const { message } = /** @type {Error} */ (error);
        const { chart } = this.#store.get();
        this.#store.set({ source: chart ? before.source : '', notice: `The chart ${source} cannot be loaded (${message}): ${source in home.charts ? 'reload the page' : 'check its address, and that its server sends Access-Control-Allow-Origin'}. Training works without it.` });
        this.#tell('error', { error });
      }
    }

    /** @param {PhaseChart} chart @param {string} source @param {boolean} [waits] */
    #show(chart, source, waits = false) {
      const { linked, view } = this.#store.get();
      this.#store.set({ chart, source, shown: '', view: linked ? fitting(chart, linked) : firstView(chart, view), ...(waits ? {} : { linked: null }) });
      this.#tell('ready', { chart });
    }

    /**
     * Shows a chart that was trained in this browser and is kept: the one of that name among the runs, or else the last one.
     * @param {string} [id]
     * @returns {Promise<boolean>} whether there is one
     */
    async showKept(id) {
      const mine = ++this.#opened;
      const wanted = id ?? (await room.runs?.list())?.[0]?.id;
      if (!wanted || !room.runs) return false;
      const { chart } = await room.runs.read(wanted);
      if (mine !== this.#opened) return true;
      this.chart = chart;
      this.#store.set({ shown: wanted });
      return true;
    }

    /** The chart, with all that is finished; one that is set is shown in its place. */
    get chart() {
      this.#session.flush();
      return this.#store.get().chart;
    }

    set chart(chart) {
      this.#opened += 1;
      if (isBusy(this.#store.get().run)) this.#session.stop();
      this.#store.set({ notice: '' });
      if (chart) this.#show(chart, '');
      else this.#store.set({ chart, source: '', shown: '' });
    }

    /** How it is looked at; what is set without the other fields leaves them as they are. @type {View} */
    get view() {
      return this.#store.get().view;
    }

    set view(change) {
      const { chart, view } = this.#store.get();
      const next = { ...view, ...change };
      this.#store.set(chart ? { view: fitting(chart, next) } : { view: next, linked: next });
    }

    /** Everything a reader can set: view, plan, engine, and what is on show. @returns {import('../state/fields.js').Settings & { source: string, shown: string }} */
    get settings() {
      const { view, plan, engine, source, shown } = this.#store.get();
      return { view, plan, engine, source, shown };
    }

    /** @param {Partial<Pick<State, 'plan' | 'engine' | 'notice'>>} change */
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

/**
 * @param {string} address
 * @param {boolean} ours checked when it was made
 * @returns {Promise<PhaseChart>}
 */
async function load(address, ours) {
  if (!/^https?:$/.test(new URL(address).protocol)) throw new Error('only addresses of http and https are fetched');
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  if (ours) return answer.json();
  const said = Number(answer.headers.get('content-length') ?? 0);
  if (said > bounds.page_bytes) throw new Error(`it has ${Math.round(said / 1e6)} MB, and ${bounds.page_bytes / 1e6} are the most`);
  // A server need not say how long it is.
  const bytes = answer.body ? await bytesOf(answer.body, bounds.page_bytes, 'it') : new Uint8Array();
  if (isArrow(bytes)) return readColumns(bytes);
  return parseChart(new TextDecoder().decode(bytes));
}
