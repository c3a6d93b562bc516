// @ts-check
// A chart file from anywhere, as JSON or as columns, held against the bounds and the schema.
import { isArrow } from './arrow.js';
import { parseChart } from './check.js';
import { readColumns } from './read-columns.js';

/** @param {Uint8Array<ArrayBuffer>} bytes */
export const readChartFile = (bytes) => (isArrow(bytes) ? readColumns(bytes) : parseChart(new TextDecoder().decode(bytes)));
