// A project that uses the package, as its README says; it is compiled with its types, bundled by Vite, and run.
import { chartCsv, presetPlan, summarise, sweep, type Cell, type PhaseChart } from 'hash-phase';
import 'hash-phase/element';

const plan = presetPlan('quick', 'mnist-small');
plan.axes = { width: [3, 8], epoch: [0, 1], samples: [100], seed: [1] };
const stop = new AbortController();
const cells: Cell[] = [];
let chart: PhaseChart | null = null;
for await (const event of sweep(plan, { engine: 'cpu', signal: stop.signal })) {
  if (event.kind === 'chart') chart = event.chart;
  if (event.kind === 'cell') cells.push(event.cell);
}
const whole: PhaseChart = { ...(chart as unknown as PhaseChart), cells };
const mean: number | undefined = summarise(whole).get('8/1/100/0')?.bands.knn?.mean;

const element = document.querySelector('hash-phase-chart')!;
element.addEventListener('ready', ({ detail }) => document.body.append(` title: ${detail.chart.title};`));
element.view = { metric: 'knn' };
element.chart = whole;
document.body.append(` cells: ${cells.length}; mean: ${mean}; lines: ${chartCsv(whole).trimEnd().split('\n').length};`);
