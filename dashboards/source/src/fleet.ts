import { begins, dashboard } from './dashboard.js';
import type { Section } from './dashboard.js';
import { belowItsBest, colours, fixed, matching, named, noneIsGood, stat, table, timeSeries } from './panels.js';
import { chooseCollectors, COLLECTORS, several } from './variables.js';

const RUNS = `${COLLECTORS}, run=~"$run"`;
const MEASURED = `${RUNS}, layer=~"$layer", reference=~"$reference"`;
const OBSERVED = 'latentgauge_last_observation_timestamp_seconds';
const SERIES = 'run, layer, reference';
const LIVE = `latentgauge_run_state{${RUNS}, state="live"} == 1`;

const measured = (metric: string): string => `max by (${SERIES}) (${metric}{${MEASURED}})`;
/** What belongs to a run, once for each series that is measured of it. */
const ofRun = (metric: string): string =>
  `0 * ${measured(OBSERVED)} + on (run) group_left () max by (run) (${metric}{${RUNS}})`;
const sinceImproved = `time() - ${measured('attempt:latentgauge_score_improved_timestamp_seconds:max')}`;
const belowBest = belowItsBest(SERIES, MEASURED);
const quantile = (share: string): string =>
  `max by (reference) (reference:latentgauge_score:quantile{${COLLECTORS}, reference=~"$reference", quantile="${share}"})`;
/** Nothing, not none, while no collector is seen. */
const NONE = `0 * sum(up{${COLLECTORS}} == 1)`;
const howMany = (vector: string): string => `count(${vector}) or ${NONE}`;

/** What an alert is about besides a run or a collector, by whatever label it says so. */
const ALERTS = `
  sum by (alertname, severity, alertstate, run, layer, instance, about) (
    label_replace(
      label_replace(ALERTS{${COLLECTORS}, alertname=~"Latentgauge.+"}, "about", "$1", "reason", "(.+)"),
      "about", "$1", "part", "(.+)"
    )
  )`;

const toRun = {
  links: [
    {
      title: 'Look at this run',
      url: '/d/latentgauge-run?var-run=${__value.raw}&${datasource:queryparam}&${cluster:queryparam}&${job:queryparam}&${__url_time_range}',
    },
  ],
};
const wide = (pixels: number): Record<string, unknown> => ({ 'custom.width': pixels });
const asBar = {
  'custom.cellOptions': { type: 'gauge', mode: 'basic', valueDisplayMode: 'text' },
  ...wide(220),
  ...fixed('blue'),
  min: 0,
  max: 1,
};
const asShare = { unit: 'percentunit', decimals: 0 };
const coloured = (first: string, ...from: [value: number, colour: string][]): Record<string, unknown> => ({
  thresholds: colours(first, ...from),
  'custom.cellOptions': { type: 'color-text' },
});

const columnsOfSeries = [
  { name: 'run', of: { label: 'run' }, properties: toRun },
  { name: 'layer', of: { label: 'layer' } },
  { name: 'reference', of: { label: 'reference' }, properties: wide(200) },
];

const liveRuns = stat({
  title: 'Live runs',
  description: 'Trainings that have begun and not ended.',
  unit: 'none',
  queries: { runs: howMany(`max by (run) (${LIVE})`) },
});

const silentRuns = stat({
  title: 'Silent runs',
  description:
    'Live runs without a measurement for half an hour or more, or none at all. They may hang, or have been killed.',
  unit: 'none',
  queries: {
    runs: howMany(`(max by (run) (${LIVE})) unless on (run) (time() - max by (run) (${OBSERVED}{${RUNS}}) < 1800)`),
  },
  thresholds: noneIsGood,
});

const withoutScore = stat({
  title: 'Runs without a score',
  description:
    'Live runs of which a layer is undefined at its newest measurement: embeddings that are not finite, or mostly zero.',
  unit: 'none',
  queries: {
    runs: howMany(
      `max by (run) (${measured(OBSERVED)} unless on (${SERIES}) latentgauge_score{${MEASURED}}) and on (run) ${LIVE}`,
    ),
  },
  thresholds: noneIsGood,
});

const overBudget = stat({
  title: 'Runs over their budget',
  description: 'Live runs that have waited for the monitor a fifth longer than they may, or more.',
  unit: 'none',
  queries: {
    runs: howMany(
      `max by (run) (latentgauge_overhead_ratio{${RUNS}}) > 1.2 * max by (run) (latentgauge_overhead_budget_ratio{${RUNS}}) and on (run) ${LIVE}`,
    ),
  },
  thresholds: noneIsGood,
});

const losingReports = stat({
  title: 'Runs that lose reports',
  description:
    'Runs that have given up reports within half an hour: a spool or disk that is full, or reports that were refused.',
  unit: 'none',
  queries: {
    runs: howMany(`max by (run) (increase(latentgauge_agent_dropped_reports_total{${RUNS}}[30m])) > 0`),
  },
  thresholds: noneIsGood,
});

const collectorsDown = stat({
  title: 'Collectors down',
  description: 'Collectors that do not answer Prometheus. Trainings go on, and keep their reports.',
  unit: 'none',
  queries: { collectors: `count(up{${COLLECTORS}} == 0) or vector(0)` },
  thresholds: colours('green', [1, 'red']),
});

const alerts = table({
  title: 'Alerts',
  description:
    'What the alerting rules say now: pending ones fire if that lasts. Each is described in dashboards/runbook.md.',
  unit: 'string',
  columns: [
    { name: 'alert', of: { label: 'alertname' }, properties: wide(270) },
    {
      name: 'severity',
      of: { label: 'severity' },
      properties: {
        'custom.cellOptions': { type: 'color-text' },
        ...wide(100),
        mappings: [
          { type: 'value', options: { critical: { color: 'red', index: 0 }, warning: { color: 'orange', index: 1 } } },
        ],
      },
    },
    { name: 'state', of: { label: 'alertstate' }, properties: wide(90) },
    { name: 'run', of: { label: 'run' }, properties: toRun },
    { name: 'layer', of: { label: 'layer' } },
    { name: 'collector', of: { label: 'instance' } },
    { name: 'about', of: { label: 'about' } },
    {
      name: 'alerts',
      of: {
        expr: ALERTS,
      },
      hidden: true,
    },
  ],
  sortBy: { column: 'severity', descending: false },
});

const byState = timeSeries({
  title: 'Runs by state',
  description: 'Live runs, and those that ended a moment ago (serve --linger).',
  unit: 'none',
  min: 0,
  decimals: 0,
  queries: { '{{state}}': `sum by (state) (latentgauge_collector_runs{${COLLECTORS}})` },
  custom: { lineInterpolation: 'stepAfter', fillOpacity: 15 },
  overrides: [
    named('live', fixed('green')),
    named('completed', fixed('blue')),
    named('stopped', fixed('orange')),
    named('failed', fixed('red')),
    named('lost', fixed('purple')),
  ],
});

const scores = timeSeries({
  title: 'The 15 best scores',
  description:
    'How far layers agree with their reference beyond chance, of those that have come furthest in the time shown. Compare runs of one reference only, and at the same step. Choose runs above to see others.',
  unit: 'none',
  decimals: 2,
  queries: {
    '{{run}}, {{layer}}': `${measured('latentgauge_score')} and on (${SERIES}) topk(15, max by (${SERIES}) (max_over_time(latentgauge_score{${MEASURED}}[$__range:$__interval] @ end())))`,
  },
  // How many points a curve has is also how many samples of each run are read to find the best.
  maxDataPoints: 300,
  legend: 'table',
});

const quantiles = timeSeries({
  title: 'All live runs',
  description:
    'Nine in ten live runs of a reference score above its lowest line, one in ten above its highest. (From the recording rules.)',
  unit: 'none',
  decimals: 2,
  queries: {
    '{{reference}}, highest tenth': quantile('0.9'),
    '{{reference}}, median': quantile('0.5'),
    '{{reference}}, lowest tenth': quantile('0.1'),
  },
  overrides: [matching('/ tenth$/', { 'custom.lineWidth': 1, 'custom.lineStyle': { fill: 'dash', dash: [6, 6] } })],
});

const runs = table({
  title: 'Runs',
  description: 'The newest measurement of every run that is shown by its collector. A click on a run leads to it.',
  unit: 'none',
  columns: [
    ...columnsOfSeries,
    { name: 'score', of: { expr: measured('latentgauge_score') }, properties: { ...asBar, decimals: 3 } },
    {
      name: 'floor to ceiling',
      of: { expr: measured('latentgauge_gauged_score_ratio') },
      properties: { ...asShare, ...wide(120) },
    },
    {
      name: 'predicted accuracy',
      of: { expr: measured('latentgauge_predicted_accuracy_ratio') },
      properties: { unit: 'percentunit', decimals: 1, ...wide(150) },
    },
    {
      name: 'effective rank',
      of: { expr: measured('latentgauge_effective_rank') },
      properties: { decimals: 1, ...wide(120) },
    },
    { name: 'epoch', of: { expr: ofRun('latentgauge_epoch') }, properties: { decimals: 1, ...wide(90) } },
    { name: 'step', of: { expr: ofRun('latentgauge_step') }, properties: { decimals: 0, ...wide(100) } },
    {
      name: 'steps a second',
      of: { expr: ofRun('latentgauge_training_steps_per_second') },
      properties: { decimals: 1, ...wide(130) },
    },
  ],
  sortBy: { column: 'score', descending: true },
  paged: true,
});

const withoutProgress = stat({
  title: 'No progress for an hour',
  description:
    'Live runs none of whose scores has risen above its best, by more than its error, for an hour. (From the recording rules.)',
  unit: 'none',
  queries: { runs: howMany(`min by (run) (${sinceImproved}) > 3600`) },
  thresholds: noneIsGood,
});

const wasted = stat({
  title: 'Their time since then',
  description:
    'How long these runs have gone on since they improved last, together: what stopping them at once would have saved.',
  unit: 's',
  queries: { time: `sum(min by (run) (${sinceImproved}) > 3600) or ${NONE}` },
  decimals: 1,
  thresholds: noneIsGood,
});

const collapsed = stat({
  title: 'Fallen by a quarter',
  description:
    'Live runs of which a score is a quarter below its best or more, and by more than its error. Trainings that diverge look like this. (From the recording rules.)',
  unit: 'none',
  queries: { runs: howMany(`max by (run) (attempt:latentgauge_score:collapsed{${MEASURED}})`) },
  thresholds: colours('green', [1, 'red']),
});

const byPolicies = stat({
  title: 'Stopped by policies',
  description:
    'How often a stop policy told a run to stop within the time shown, because others did better with as much training. Why is on the live page, at #/policies.',
  unit: 'none',
  queries: {
    '{{policy}}': `max by (policy) (increase(latentgauge_collector_stop_decisions_total{${COLLECTORS}, action="stop"}[$__range]))`,
  },
  decimals: 0,
  noValue: 'No policy',
});

const deaf = stat({
  title: 'Told to stop, and live',
  description:
    'Runs that a policy or a person told to stop, and that have not ended. One that stays here does not obey: see obeyDirectives in DJL, and should_stop in PyTorch.',
  unit: 'none',
  queries: { runs: howMany(`max by (run) (latentgauge_run_stop_directive{${RUNS}} == 1 and on (run) (${LIVE}))`) },
  thresholds: colours('green', [1, 'orange']),
});

const candidates = table({
  title: 'Candidates',
  description:
    'Live runs, those that have not improved for longest first. (From the recording rules.) Before you stop one: is its learning rate about to be lowered? Scores level off before that, accuracies rise after it.',
  unit: 'none',
  columns: [
    ...columnsOfSeries,
    {
      name: 'not improved for',
      of: { expr: sinceImproved },
      properties: { unit: 's', decimals: 1, ...coloured('text', [3600, 'orange'], [7200, 'red']) },
    },
    { name: 'best score', of: { expr: measured('attempt:latentgauge_score:best') }, properties: { decimals: 3 } },
    {
      name: 'below it',
      of: { expr: belowBest },
      properties: { ...asShare, ...coloured('text', [0.1, 'orange'], [0.25, 'red']) },
    },
  ],
  sortBy: { column: 'not improved for', descending: true },
  paged: true,
});

const sections: Section[] = [
  {
    question: 'Are they healthy?',
    lines: [
      {
        height: 4,
        panels: [
          [4, liveRuns],
          [4, silentRuns],
          [4, withoutScore],
          [4, overBudget],
          [4, losingReports],
          [4, collectorsDown],
        ],
      },
      {
        height: 7,
        panels: [
          [16, alerts],
          [8, byState],
        ],
      },
    ],
  },
  {
    question: 'Are they learning?',
    lines: [
      {
        height: 10,
        panels: [
          [16, scores],
          [8, quantiles],
        ],
      },
      { height: 11, panels: [[24, runs]] },
    ],
  },
  {
    question: 'Should I stop any?',
    lines: [
      {
        height: 4,
        panels: [
          [5, withoutProgress],
          [5, wasted],
          [5, collapsed],
          [5, byPolicies],
          [4, deaf],
        ],
      },
      { height: 9, panels: [[24, candidates]] },
    ],
  },
];

/** All runs, for those who answer for the machines. */
export const fleet = dashboard({
  uid: 'latentgauge-fleet',
  title: 'Latentgauge / Fleet',
  description: 'All trainings: whether they are healthy, whether they learn, and which to stop.',
  from: 'now-6h',
  variables: [
    ...chooseCollectors,
    several('run', 'Run', 'The trainings.', `latentgauge_run_info{${COLLECTORS}}`),
    several('layer', 'Layer', 'The layers that are measured.', `${OBSERVED}{${RUNS}}`),
    several('reference', 'Reference', 'The models that runs are compared with.', `${OBSERVED}{${RUNS}}`),
  ],
  annotations: [
    {
      name: 'Runs that end badly',
      expr: begins('run, state', `latentgauge_run_state{${RUNS}, state=~"stopped|failed|lost"}`),
      titleFormat: '{{run}}',
      textFormat: '{{state}}',
      colour: 'red',
    },
  ],
  sections,
});
