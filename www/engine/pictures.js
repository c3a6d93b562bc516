// @ts-check
// The examples that a look at codes names, for the page to show.

/** @typedef {{ examples: (test: boolean, places: Uint32Array) => Float32Array, description: () => import('../types.d.ts').Description }} Dataset */

/**
 * @param {Dataset} dataset
 * @param {import('../types.d.ts').CodeStudy} study
 * @param {{ firing?: number[], isSeen?: boolean }} [more] other training examples; whether networks see noise in the place of examples, which then say nothing
 * @returns {import('./messages.d.ts').Pictures}
 */
export function pictures(dataset, { shared, kmeans, knn, logistic }, { firing = [], isSeen = true } = {}) {
  const of = (/** @type {boolean} */ test, /** @type {number[]} */ places) => {
    const once = isSeen ? [...new Set(places)] : [];
    return { places: once, values: /** @type {Float32Array<ArrayBuffer>} */ (dataset.examples(test, new Uint32Array(once))) };
  };
  const wrong = (/** @type {import('../types.d.ts').Answers} */ answers) => answers.wrong.map(({ example }) => example);
  return {
    description: dataset.description(),
    train: of(false, [...shared.flatMap(({ examples }) => examples), ...firing, ...wrong(kmeans)]),
    test: of(true, [...wrong(knn), ...wrong(logistic)]),
  };
}
