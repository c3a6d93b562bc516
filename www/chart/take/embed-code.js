// @ts-check
// Three lines of HTML that show a view in another page.
import { writeView } from '../../state/fields.js';

/**
 * @param {string} script address of embed.js
 * @param {string} source address or name of the chart; none where it has still to be trained
 * @param {import('../../state/fields.js').View} view
 * @param {string} plan of what can be trained, as the link writes it
 * @param {string} link to the page, for those who see no script
 */
export function embedCode(script, source, view, plan, link) {
  const attributes = [...(source ? [['src', source]] : []), ...writeView(view), ...(plan ? [['plan', plan], ['controls', 'train']] : [])];
  return `<script async src="${quoted(script)}"></script>
<hash-phase-chart${attributes.map(([name, value]) => ` ${name}="${quoted(value)}"`).join('')}>
  <a href="${quoted(link)}">The activation hash phase chart</a>
</hash-phase-chart>`;
}

/** As the value of an attribute. @param {string} text */
export const quoted = (text) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
