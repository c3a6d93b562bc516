// @ts-check
// The reference charts that lie beside the sources, by name; the first is shown where none is named.
import list from '../charts.json' with { type: 'json' };

/** @type {{ name: string, title: string }[]} */
export const references = list.map(({ name, title }) => ({ name, title }));
