// @ts-check
// Terms: a link to one opens the glossary there. The page's address stays, since it says what the chart shows.

/** @param {HTMLDetailsElement} glossary */
export function openTerms(glossary) {
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a[href^="#term-"]') : null;
    if (!link) return;
    event.preventDefault();
    glossary.open = true;
    const term = /** @type {HTMLElement} */ (document.querySelector(/** @type {string} */ (link.getAttribute('href'))));
    term.tabIndex = -1;
    term.focus({ preventScroll: true });
    term.scrollIntoView({ block: 'center' });
  });
}
