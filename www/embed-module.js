// @ts-check
// embed.mjs: the same as embed.js for whoever imports it, as notebooks do.
import { embedFrom } from './element/embedded.js';

embedFrom(import.meta.url);
