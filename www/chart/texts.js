// @ts-check
// The words of the element in another language: a host page replaces texts by a dictionary whose keys are the English ones, each number
// in them written as {}.

/** @typedef {Record<string, string> & { lang?: string }} Texts `lang` is the language that they are in */

/** Most pages replace nothing. @type {Texts | null} */
let texts = null;

/** @param {Texts} replaced */
export function setTexts(replaced) {
  texts = replaced;
}

/** The language that most texts are in. */
export const language = () => texts?.lang ?? 'en';

/**
 * A text as the dictionary has it; one that it has not stays English.
 * @param {string} text
 */
export function told(text) {
  // A chart needs thousands of accessible names.
  if (!texts) return text;
  if (Object.hasOwn(texts, text)) return texts[text];
  if (!/\d/.test(text)) return text;
  /** @type {string[]} */
  const numbers = [];
  const key = text.replaceAll(/\d[\d.,]*\d|\d/g, (number) => {
    numbers.push(number);
    return '{}';
  });
  return Object.hasOwn(texts, key) ? texts[key].replaceAll('{}', () => numbers.shift() ?? '') : text;
}
