// @ts-check
// Fetches a large module, tells how much of it is there, and lets the browser compile what has come.

/**
 * @param {import('./catalogue.js').Module} wanted its `bytes` once unpacked, since a server that packs it tells of the packed ones
 * @param {(share: number) => void} told
 * @returns {Promise<Response>}
 */
export async function loadModule({ module, bytes }, told) {
  const answer = await fetch(module).catch((error) => {
    throw Object.assign(new Error(`The GPU engine cannot be fetched (${error.message}): check the connection and press Train again.`), { code: 'engine/fetch' });
  });
  if (!answer.ok || !answer.body)
    throw Object.assign(new Error(`${module} is not there (${answer.status}): build the page again with \`npm run build\`.`), { code: 'engine/fetch' });
  let come = 0;
  let shown = 0;
  const counter = new TransformStream({
    /**
     * @param {Uint8Array} chunk
     * @param {TransformStreamDefaultController<Uint8Array>} next
     */
    transform(chunk, next) {
      come += chunk.length;
      const share = Math.min(1, come / bytes);
      if (share > shown + 0.01 || share === 1) told((shown = share));
      next.enqueue(chunk);
    },
  });
  return new Response(answer.body.pipeThrough(counter), { headers: { 'content-type': 'application/wasm' } });
}
