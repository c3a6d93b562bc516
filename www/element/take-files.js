// @ts-check
// What is only needed when a reader takes something along, fetched then.
export { bibtex } from '../chart/take/cite.js';
export { sweepCommand } from '../chart/take/command.js';
export { chartCsv } from '../chart/take/csv.js';
export { pngPicture } from '../chart/take/picture.js';
export { webPage } from '../chart/take/web-page.js';
export { pictureOf } from './take-away.js';
