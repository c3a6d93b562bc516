// @ts-check
// The reference charts that lie beside the sources, by name; the first is shown where none is named.
import list from '../charts.json' with { type: 'json' };

/** `file` is where it lies in the folder of charts: as JSON, or as columns where there are too many squares. @type {{ name: string, title: string, file: string }[]} */
export const references = list.map(({ name, title, ...more }) => ({ name, title, file: `${name}.${'format' in more ? more.format : 'json'}` }));
