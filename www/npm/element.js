// @ts-check
// `hash-phase/element`: importing it makes <hash-phase-chart> known; on a server it does nothing.
import { home } from 'hash-phase/addresses';
import { defineChart } from '../element/hash-phase-chart.js';

defineChart(home);
