// @ts-check
// Fetches a chart from an address: ours, or anybody's, which is held against the bounds and the schema.
import bounds from '../bounds.json' with { type: 'json' };
import { isArrow } from '../chart/arrow.js';
import { parseChart } from '../chart/check.js';
import { readColumns } from '../chart/read-columns.js';
import { bytesOf } from '../engine/limited.js';
import { forbids } from '../engine/policy.js';

/** @typedef {import('../types.d.ts').PhaseChart} PhaseChart */

/**
 * @param {string} address
 * @param {boolean} ours checked when it was made
 * @param {AbortSignal} signal
 * @returns {Promise<PhaseChart>}
 */
export async function fetchChart(address, ours, signal) {
  if (!/^https?:$/.test(new URL(address).protocol)) throw new Error('only addresses of http and https are fetched');
  const answer = await fetch(address, { signal }).catch(async (error) => {
    if (signal.aborted) throw error;
    throw new Error((await forbids(address)) || (new URL(address).origin === location.origin ? error.message : `${error.message}: its server, ${new URL(address).host}, must send Access-Control-Allow-Origin`));
  });
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  if (ours) return answer.json();
  const said = Number(answer.headers.get('content-length') ?? 0);
  if (said > bounds.page_bytes) throw new Error(`it has ${Math.round(said / 1e6)} MB, and ${bounds.page_bytes / 1e6} are the most`);
  // A server need not say how long it is.
  const bytes = answer.body ? await bytesOf(answer.body, bounds.page_bytes, 'it') : new Uint8Array();
  if (isArrow(bytes)) return readColumns(bytes);
  return parseChart(new TextDecoder().decode(bytes));
}
