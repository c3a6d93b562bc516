// @ts-check
// What the colours are of: their range and scale, how far apart the axes' values are, and what is subtracted.
import { h } from '../../chart/elements.js';
import { axisLabel, axisText, axisValues } from '../../chart/metrics.js';
import { canBeLogarithmic } from '../../chart/scale.js';
import { levelName, otherOf } from '../../chart/subtract.js';
import { references } from '../charts.js';
import { KEPT } from '../minus.js';
import { choice, field } from './form.js';
import { look } from './view.js';

/** @typedef {import('../state.js').State} State */

/**
 * @param {import('../../state/store.js').Store<State>} store
 * @param {import('../room.js').Room} room
 */
export function scaleControls(store, room) {
  const minus = choice('minus', [['', 'nothing']], (value) => look(store, { minus: value }));
  const levels = h('optgroup');
  const charts = h('optgroup', { label: 'reference charts' }, ...references.filter(({ name }) => Object.hasOwn(room.home.charts, name)).map(({ name, title }) => h('option', { value: name }, title)));
  const kept = h('optgroup', { label: 'trained in this browser', hidden: true });
  const other = h('option', { hidden: true });
  minus.append(levels, charts, kept, other);
  const [from, to] = /** @type {const} */ (['from', 'to']).map((id) => h('input', { type: 'number', placeholder: 'auto', id: `colours-${id}`, min: 0, max: 1, step: 0.01 }));
  for (const input of [from, to]) input.addEventListener('input', setRange);
  const logarithmic = h('input', { type: 'checkbox', id: 'logarithmic' });
  logarithmic.addEventListener('change', () => look(store, { scale: logarithmic.checked ? 'log' : 'linear' }));
  const distances = h('input', { type: 'checkbox', id: 'distances' });
  distances.addEventListener('change', () => look(store, { spacing: distances.checked ? 'true' : 'even' }));
  const fromField = field('lowest colour', from);
  const logarithmicField = h('label', { className: 'field check' }, logarithmic, 'logarithmic');
  const element = h(
    'details',
    { id: 'scale' },
    h('summary', {}, 'Scale, and difference from another chart'),
    h('div', { className: 'bar' }, fromField, field('highest colour', to), logarithmicField, h('label', { className: 'field check' }, distances, 'axes at true distances'), field('subtract', minus)),
  );
  element.addEventListener('toggle', async () => {
    if (!element.open || !room.runs) return;
    const runs = await room.runs.list();
    kept.replaceChildren(...runs.filter(({ done }) => done).map(({ id, name }) => h('option', { value: KEPT + id }, name)));
    kept.hidden = !kept.childElementCount;
    show(store.get());
  });

  function setRange() {
    const { chart, view } = store.get();
    // A difference has the same bound on both sides of 0, computed from the data if none is given.
    if (otherOf(chart, view) && to.value === '') return look(store, { range: null });
    const [low, high] = [fromField.hidden ? '0' : from.value, to.value].map((text, which) => (text === '' ? which : Number(text)));
    const good = low >= 0 && high <= 1 && low < high;
    for (const input of [from, to]) input.setAttribute('aria-invalid', String(!good));
    if (good) look(store, { range: low === 0 && high === 1 && !fromField.hidden ? null : [low, high] });
  }

  /** @param {State} state */
  function show({ chart, view }) {
    fromField.hidden = otherOf(chart, view) !== null;
    const [low, high] = view.range ?? (fromField.hidden ? [0, ''] : [0, 1]);
    for (const [input, value] of /** @type {const} */ ([[from, low], [to, high]])) if (!input.matches(':focus') && input.value !== String(value)) input.value = String(value);
    logarithmic.checked = view.scale === 'log';
    logarithmicField.hidden = !canBeLogarithmic(view);
    distances.checked = view.spacing === 'true';
    const values = chart?.axes.factor ? axisValues(chart, 'factor') : [];
    const names = chart ? values.map((level) => axisText(chart, 'factor', level)) : [];
    levels.hidden = values.length < 2;
    if (chart && levels.textContent !== names.join('')) levels.replaceChildren(...names.map((text, level) => h('option', { value: levelName(level) }, text)));
    levels.label = axisLabel(chart, 'factor');
    other.value = other.textContent = '';
    const listed = [...minus.options].some(({ value }) => value === view.minus);
    other.hidden = listed;
    if (!listed) other.value = other.textContent = view.minus;
    minus.value = view.minus;
  }
  return { element, show };
}
