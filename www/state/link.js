// @ts-check
// Links to a view, version 1: the fields of `fields.js`, `reference` and `src`, written as a query. What a link leaves out is
// at its default, so that links stay short; later versions will say `v=2`, and links of this one will be read for good.
import { engineField, readForm, readView, startingSettings, writeForm, writeView } from './fields.js';
import { formOf, readPlanText } from './plan-text.js';

/** @typedef {import('./fields.js').Settings} Settings */
/** @typedef {import('./fields.js').Problem} Problem */
/** @typedef {Settings & { given?: import('../types.d.ts').Plan, carried?: string, reference: string, src: string }} Linked `given` is a whole plan, which stands in the place of the form's; `carried` is a chart, packed; `reference` names a reference chart, and nothing for networks that a reader trained; `src` is the address of a chart that is shown instead */

/** In a link, in place of the name of a reference chart: networks that its reader trained. */
const OWN = 'own';
const VERSION = 1;
/** What a link may have in it as a chart (`chart/take/carried.js`). */
const isCarried = (/** @type {string} */ text) => /^\d+\.[\w-]+$/.test(text);

/**
 * What a link says; what it says wrongly is left out and among the problems.
 * @param {string} text with or without the number sign
 * @param {readonly string[]} references their names, the first of which is shown where a link names none
 * @returns {Linked & { problems: Problem[] }}
 */
export function readLink(text, references) {
  const fields = new URLSearchParams(text.replace(/^#/, ''));
  const said = (/** @type {string} */ name) => fields.get(name);
  const { view, problems } = readView(said, startingSettings().view);
  const { plan, problems: planProblems } = readForm(said);
  problems.push(...planProblems);
  const carried = said('chart');
  if (carried !== null && !isCarried(carried)) problems.push({ name: 'chart', value: `${carried.slice(0, 20)}…`, remedy: 'the whole link: part of it is missing' });
  const whole = said('plan') === null ? null : readPlanText(said('plan') ?? '');
  problems.push(...(whole?.problems ?? []));
  /**
   * @template T
   * @param {string} name
   * @param {(text: string) => T | undefined} read
   * @param {T} otherwise
   * @param {string} remedy
   */
  const field = (name, read, otherwise, remedy) => {
    const value = said(name);
    if (value === null) return otherwise;
    const known = read(value);
    if (known === undefined) problems.push({ name, value, remedy });
    return known ?? otherwise;
  };
  return {
    view,
    plan,
    ...(whole?.given ? { given: whole.given } : {}),
    ...(carried !== null && isCarried(carried) ? { carried } : {}),
    engine: field('engine', engineField.read, startingSettings().engine, engineField.remedy),
    reference: field('reference', (name) => (name === OWN ? '' : references.find((one) => one === name)), references[0], `one of ${references.join(', ')}, or ${OWN}`),
    src: field('src', (address) => (isAddress(address) ? address : undefined), '', 'an address that begins with https:// or http://'),
    problems: [...problems, ...(Number(said('v') ?? VERSION) === VERSION ? [] : [{ name: 'v', value: said('v') ?? '', remedy: 'this page knows version 1: reload it for a newer one' }])],
  };
}

/**
 * @param {Linked} linked
 * @param {readonly string[]} references
 */
export function writeLink({ view, plan, given, carried, engine, reference, src }, references) {
  const fields = [...writeView(view), ...writeForm(plan)];
  if (given) fields.push(['plan', JSON.stringify(given)]);
  if (engine !== startingSettings().engine) fields.push(['engine', engine]);
  if (carried) fields.push(['chart', carried]);
  else if (src) fields.push(['src', src]);
  else if (reference !== references[0]) fields.push(['reference', reference || OWN]);
  return new URLSearchParams(fields).toString().replaceAll('%2C', ',').replaceAll('%3A', ':').replaceAll('%2F', '/');
}

/**
 * The link of what is on show: of a chart that nobody but its reader has, its plan, by which others can train it.
 * @param {Settings & { origin: import('../element/state.js').Origin, chart: import('../types.d.ts').PhaseChart | null }} state
 * @param {readonly string[]} references
 */
export function linkOf({ origin, chart, view, plan, engine }, references) {
  if (origin.kind === 'address') return writeLink({ view, plan, engine, reference: '', src: origin.address }, references);
  if (origin.kind === 'carried') return writeLink({ view, plan: startingSettings().plan, carried: origin.text, engine, reference: '', src: '' }, references);
  if (origin.kind === 'reference' || !chart) return writeLink({ view, plan, engine, reference: origin.kind === 'reference' ? origin.name : references[0], src: '' }, references);
  const own = { dataset: chart.dataset.name, protocol: chart.protocol, axes: chart.axes };
  const form = formOf(own);
  return writeLink({ view, plan: form ?? startingSettings().plan, ...(form ? {} : { given: own }), engine, reference: '', src: '' }, references);
}

/** @param {string} text */
function isAddress(text) {
  return /^https?:$/.test(URL.canParse(text) ? new URL(text).protocol : '');
}

/**
 * What is wrong with a link, as a sentence; nothing where nothing is.
 * @param {Problem[]} problems
 */
export const saidWrongly = (problems) =>
  problems.length
    ? `This link says ${problems.map(({ name, value }) => `${name}=${value}`).join(', ')}, which is nothing this page knows (give ${problems.map(({ name, remedy }) => `${name}: ${remedy}`).join('; ')}); the rest of it is shown.`
    : '';
