// @ts-check
// Which release a script is of, put in by the build. What is of two does not talk to each other: a page that is open while another release is
// published has old scripts, and its server new ones.

/* global __RELEASE__ -- put in by the build */
// @ts-expect-error -- the build knows it
const built = typeof __RELEASE__ === 'string' ? __RELEASE__ : '';

/** Nothing where it is not known: in sources that are served as they are. */
export const RELEASE = /** @type {string} */ (built);

/** What a reader is told; the page has a button for it. */
export const NEWER = 'There is a new version of this page: reload it.';

/** Whether something of that release may be used. @param {string | undefined} release */
export const isOurs = (release) => !RELEASE || !release || release === RELEASE;
