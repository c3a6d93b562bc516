// @ts-check
// A chart as a web page: one file that shows it by itself, without a network.
import { writeView } from '../../state/fields.js';
import { quoted } from './embed-code.js';

/** @typedef {import('../../types.d.ts').PhaseChart} PhaseChart */

/** Marks the chart in the file, by which the page finds it when the file is opened there. */
const MARK = '<script type="application/json" id="hash-phase-chart">';

/**
 * @param {PhaseChart} chart
 * @param {import('../../state/fields.js').View} view
 * @param {{ script: string, page: string, link: string }} from the text of embed.js, the folder that it is from, and a link to the chart there
 */
export function webPage(chart, view, { script, page, link }) {
  const attributes = writeView(view).map(([name, value]) => ` ${name}="${quoted(value)}"`).join('');
  // Nothing is loaded or sent, whatever the chart contains.
  const policy = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${quoted(chart.title)}</title>
<style>body { max-width: 1000px; margin: 0 auto; padding: 16px; font: 16px/1.5 system-ui, sans-serif }</style>
</head>
<body>
<hash-phase-chart${attributes}>The chart is drawn by JavaScript, which is off.</hash-phase-chart>
<p><a href="${quoted(link)}">The page it is from</a></p>
${MARK}${JSON.stringify(chart).replaceAll('<', '\\u003c')}</script>
<script>document.querySelector('hash-phase-chart').chart = JSON.parse(document.getElementById('hash-phase-chart').textContent)</script>
<script data-hash-phase="${quoted(page)}">${inScript(script)}</script>
</body>
</html>
`;
}

/**
 * The chart's text in such a file.
 * @param {string} file
 * @returns {string | null} nothing where there is none
 */
export function chartInPage(file) {
  const [, rest] = file.split(MARK);
  return rest === undefined ? null : rest.slice(0, rest.indexOf('</script>'));
}

/** A script's text as it may stand in a page: what would end it there is written otherwise. @param {string} script */
const inScript = (script) => script.replaceAll(/<\/(?=script)/gi, '<\\/').replaceAll('<!--', '<\\!--');
