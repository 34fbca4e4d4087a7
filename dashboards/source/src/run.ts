import { begins, dashboard } from './dashboard.js';
import type { Section } from './dashboard.js';
import {
  band,
  belowItsBest,
  colours,
  dashed,
  fixed,
  matching,
  named,
  noneIsGood,
  stat,
  table,
  text,
  timeSeries,
} from './panels.js';
import { chooseCollectors, COLLECTORS, listed, one } from './variables.js';

const RUN = `${COLLECTORS}, run="$run"`;
const MEASURED = `${RUN}, layer=~"$layer", reference="$reference"`;
const OBSERVED = `latentgauge_last_observation_timestamp_seconds{${RUN}`;

/** Of one layer, where a panel is repeated for each; otherwise the greatest of them. */
const measured = (metric: string): string => `max(${metric}{${MEASURED}})`;
const ofLayers = (metric: string): string => `max by (layer) (${metric}{${MEASURED}})`;
/** At the newest measurement, also of a run that has ended. */
const newest = (metric: string): string => `max(last_over_time(${metric}{${RUN}}[$__range]))`;
const ofRun = (metric: string): string => `max(${metric}{${RUN}})`;

const STATES = ['live', 'completed', 'stopped', 'failed', 'lost'];
const STATE_COLOURS = ['green', 'blue', 'orange', 'red', 'purple'] as const;

/** The number of the state that a run is in, or was in last. */
function states(range: string): string {
  const selected = (name: string): string => `latentgauge_run_state{${RUN}, state="${name}"}${range}`;
  const then = (name: string): string => (range === '' ? selected(name) : `last_over_time(${selected(name)})`);
  return STATES.map((name, number) => `${number} * ${then(name)}`).join(' or ');
}

const state = stat({
  title: 'State',
  description:
    'What the collector knows of the run. "lost" is a live run that has given no word for hours (serve --lost-after); it is live again with its next word. "unknown" is one that was live when the collector was seen last.',
  unit: 'none',
  queries: {
    state: `max(${states('')}) or max(${states('[$__range]')}) > 0`,
  },
  mappings: [
    {
      type: 'value',
      options: Object.fromEntries(
        STATES.map((name, number) => [number, { text: name, color: STATE_COLOURS[number] ?? 'text', index: number }]),
      ),
    },
  ],
  filled: true,
});

const lastMeasurement = stat({
  title: 'Last measurement',
  description:
    'How long ago the newest measurement was made, by the clock of the training machine. If that is longer than the usual time between two, look whether the training still moves.',
  unit: 's',
  queries: { ago: `time() - max(last_over_time(${OBSERVED}}[$__range]))` },
  decimals: 0,
  thresholds: colours('green', [1800, 'orange'], [3600, 'red']),
});

const overhead = stat({
  title: 'Time spent on measuring',
  description:
    'The share of its time that the training has so far waited for the monitor, and the share that it may. If it stays above the budget, take fewer probes or a rarer cadence.',
  unit: 'percentunit',
  queries: { spent: newest('latentgauge_overhead_ratio'), budget: newest('latentgauge_overhead_budget_ratio') },
  decimals: 2,
  thresholds: colours('green', [0.05, 'orange'], [0.1, 'red']),
  overrides: [named('budget', fixed('text'))],
});

const withoutScore = stat({
  title: 'Without a score',
  description:
    'Measurements since the run began that were undefined (embeddings that are not finite, or mostly zero), or failed. The reason of the newest is in the log of the training, and in the collector at /v1/runs/$run.',
  unit: 'none',
  queries: {
    undefined: `sum(max by (layer) (last_over_time(latentgauge_undefined_measurements_total{${MEASURED}}[$__range])))`,
    failed: newest('latentgauge_agent_failures_total'),
  },
  decimals: 0,
  thresholds: noneIsGood,
});

const reports = stat({
  title: 'Reports',
  description:
    'Those that waited on the disk of the training machine at the newest measurement, and those that were given up since the run began. What waits is delivered later; what was given up is lost.',
  unit: 'none',
  queries: {
    waiting: newest('latentgauge_agent_spooled_reports'),
    lost: newest('latentgauge_agent_dropped_reports_total'),
  },
  decimals: 0,
  thresholds: colours('green', [20, 'orange']),
  overrides: [named('lost', { thresholds: noneIsGood })],
});

const speed = stat({
  title: 'Steps a second',
  description:
    'Optimiser updates a second since the measurement before, without the time to measure. If it drops and stays low, the machine is shared, throttled, or waits for data.',
  unit: 'none',
  queries: { speed: ofRun('latentgauge_training_steps_per_second') },
  sparkline: true,
});

const deviceMemory = stat({
  title: 'Device memory',
  description: 'Memory in use on the device that trains, by all processes. Trainings on a CPU do not tell.',
  unit: 'bytes',
  queries: { memory: ofRun('latentgauge_training_device_memory_bytes') },
  sparkline: true,
  noValue: 'not told',
});

const score = timeSeries({
  title: 'Score of $layer against $reference',
  description:
    'How far the layer agrees with the reference beyond chance: 0 is chance, 1 is identity, which no independent training reaches. The band is twice the standard error over the choice of probes. Floor and ceiling are the scores of an untrained model and of a second good training, if the reference knows them. A run that learns climbs from near the floor towards the ceiling; one that falls is being ruined.',
  unit: 'none',
  decimals: 3,
  queries: {
    'with twice the error': `${measured('latentgauge_score')} + 2 * ${measured('latentgauge_score_standard_error')}`,
    'less twice the error': `${measured('latentgauge_score')} - 2 * ${measured('latentgauge_score_standard_error')}`,
    score: measured('latentgauge_score'),
    'best so far': measured('attempt:latentgauge_score:best'),
    floor: measured('latentgauge_score_floor'),
    ceiling: measured('latentgauge_score_ceiling'),
  },
  overrides: [
    ...band('with twice the error', 'less twice the error', 'blue'),
    named('score', fixed('blue')),
    named('best so far', { ...fixed('text'), 'custom.lineWidth': 1, 'custom.lineInterpolation': 'stepAfter' }),
    dashed('floor', 'orange'),
    dashed('ceiling', 'green'),
  ],
  legend: 'table',
  repeat: 'layer',
  noValue: 'There is no score: it is undefined, or nothing was measured in this time.',
});

const similarity = timeSeries({
  title: 'Similarity and chance',
  description:
    'What the score is made of: the mean agreement on the same probe, and on two different ones. If both rise together, the layer makes everything alike: that is no learning, and the score says so.',
  unit: 'none',
  decimals: 3,
  max: 1,
  queries: {
    'similarity, {{layer}}': ofLayers('latentgauge_similarity'),
    'chance, {{layer}}': ofLayers('latentgauge_similarity_chance'),
  },
  overrides: [matching('/^chance/', { 'custom.lineStyle': { fill: 'dash', dash: [8, 8] }, 'custom.lineWidth': 1 })],
});

const otherViews = timeSeries({
  title: 'Other views of the same embeddings',
  description:
    'Linear CKA with the reference, the share of nearest anchors in common with it, and the share of probes on which both predict the same class, if predictions are given. Where they disagree with the score, trust the agreement of predictions most.',
  unit: 'none',
  decimals: 3,
  max: 1,
  queries: {
    'linear CKA, {{layer}}': ofLayers('latentgauge_linear_cka'),
    'neighbours in common, {{layer}}': ofLayers('latentgauge_neighbour_overlap_ratio'),
    'same predictions, {{layer}}': ofLayers('latentgauge_prediction_agreement_ratio'),
  },
});

const effectiveRank = timeSeries({
  title: 'Effective rank',
  description:
    'In how many directions the embeddings spread, from 1 to their dimension. If it falls towards 1, the representation collapses, whatever the loss says.',
  unit: 'none',
  decimals: 1,
  min: 1,
  queries: { '{{layer}}': ofLayers('latentgauge_effective_rank') },
});

const losses = timeSeries({
  title: 'Its own losses',
  description: 'What the evaluators of the training say, of those with "loss" in their names.',
  unit: 'none',
  queries: { '{{evaluator}}': `max by (evaluator) (latentgauge_evaluation{${RUN}, evaluator=~"(?i).*loss.*"})` },
  noValue: 'it reports none',
});

const evaluations = timeSeries({
  title: 'Its other evaluators',
  description: 'What the other evaluators of the training say, such as accuracies.',
  unit: 'none',
  queries: { '{{evaluator}}': `max by (evaluator) (latentgauge_evaluation{${RUN}, evaluator!~"(?i).*loss.*"})` },
  noValue: 'it reports none',
});

const progress = timeSeries({
  title: 'Progress',
  description:
    'Steps, that is optimiser updates (left), and passes over the data (right) at the newest measurement. A flat line is a training that stands still, or is not measured.',
  unit: 'none',
  queries: { steps: ofRun('latentgauge_step'), epochs: ofRun('latentgauge_epoch') },
  overrides: [
    named('epochs', {
      'custom.axisPlacement': 'right',
      'custom.lineStyle': { fill: 'dash', dash: [8, 8] },
      decimals: 1,
    }),
  ],
});

const notImproved = stat({
  title: 'Not improved for',
  description:
    'Since when no score of a live run has risen above its best by more than its standard error; of several layers, the one that did so last. Patience is up to you: two hours raise an alert. (From the recording rules: there is none before their first evaluation, and after the end of a run.)',
  unit: 's',
  queries: { time: `time() - ${measured('attempt:latentgauge_score_improved_timestamp_seconds:max')}` },
  decimals: 0,
  thresholds: colours('green', [3600, 'orange'], [7200, 'red']),
  noValue: 'no value',
});

const belowBest = stat({
  title: 'Below its best',
  description:
    'How far the score of a live run has fallen from its best, as a share of that; of several layers, the one that fell most. A quarter for ten minutes raises an alert: trainings that diverge look like this. (From the recording rules.)',
  unit: 'percentunit',
  queries: {
    share: `max(${belowItsBest('layer', MEASURED)})`,
  },
  decimals: 0,
  thresholds: colours('green', [0.1, 'orange'], [0.25, 'red']),
  noValue: 'no value',
});

const gauged = stat({
  title: 'Between floor and ceiling',
  description:
    'Where the score lies between an untrained model (0 %) and a second good training (100 %); of several layers, the highest. At 100 % there is little left to learn from this reference.',
  unit: 'percentunit',
  queries: { share: measured('latentgauge_gauged_score_ratio') },
  decimals: 0,
  sparkline: true,
  noValue: 'unknown',
});

const whatToDo = text(
  'To stop it',
  'How to end a training from here.',
  [
    'Tell the collector (`-H "Authorization: Bearer $(cat admin.token)"`, where it wants tokens):',
    '',
    "    curl -X PUT -H 'Content-Type: application/json' \\",
    '      -d \'{"action": "stop", "reason": "no progress"}\' \\',
    '      http://COLLECTOR:9475/v1/runs/$run/directive',
    '',
    'A training that obeys (DJL: `obeyDirectives(true)`; Java agent: `obey-directives: true`; PyTorch: `should_stop`) ends with its next report. Any other is ended where it runs.',
  ].join('\n'),
);

const distance = timeSeries({
  title: 'Distance from its best',
  description:
    'How far each score is below its best so far, which is looked at once a minute. Between zero and the dashed line is noise; a line that stays below it goes backwards. (From the recording rules.)',
  unit: 'none',
  decimals: 3,
  queries: {
    '{{layer}}': `clamp_max(${ofLayers('latentgauge_score')} - ${ofLayers('attempt:latentgauge_score:best')}, 0)`,
    'standard error, {{layer}}': `-${ofLayers('latentgauge_score_standard_error')}`,
  },
  custom: { fillOpacity: 15 },
  overrides: [dashed('/^standard error/', 'text')],
});

const predictedAccuracy = timeSeries({
  title: 'Predicted accuracy',
  description:
    'The accuracy that such a score meant for the runs of the calibration, with its interval. It holds at the number of updates that the calibration was made for; before, it is too high.',
  unit: 'percentunit',
  min: 0,
  max: 1,
  queries: {
    '{{layer}}': ofLayers('latentgauge_predicted_accuracy_ratio'),
    '{{layer}}, low': ofLayers('latentgauge_predicted_accuracy_ratio_low'),
    '{{layer}}, high': ofLayers('latentgauge_predicted_accuracy_ratio_high'),
  },
  overrides: [
    matching('/, (low|high)$/', { 'custom.lineStyle': { fill: 'dash', dash: [4, 6] }, 'custom.lineWidth': 1 }),
  ],
  noValue: 'the reference is not calibrated',
});

const measuring = timeSeries({
  title: 'Time of a measurement',
  description: 'How long the training waited for each measurement: one forward pass over anchors and probes.',
  unit: 's',
  min: 0,
  queries: { '{{layer}}': ofLayers('latentgauge_probe_duration_seconds') },
});

const info = table({
  title: 'What it says of itself',
  description: 'Its attempt, model, data set and tags, such as its hyperparameters.',
  unit: 'string',
  columns: [
    { name: 'run', of: { label: 'run' } },
    { name: 'attempt', of: { label: 'attempt' } },
    { name: 'model', of: { label: 'model' } },
    { name: 'dataset', of: { label: 'dataset' } },
    {
      name: 'info',
      of: { expr: `max without (instance) (last_over_time(latentgauge_run_info{${RUN}}[$__range]))` },
      hidden: true,
    },
  ],
  without: ['cluster', 'job'],
  prefix: 'tag_',
  minWidth: 80,
});

const sections: Section[] = [
  {
    question: 'Is it healthy?',
    lines: [
      {
        height: 5,
        panels: [
          [3, state],
          [3, lastMeasurement],
          [4, overhead],
          [4, withoutScore],
          [4, reports],
          [3, speed],
          [3, deviceMemory],
        ],
      },
    ],
  },
  {
    question: 'Is it learning?',
    lines: [
      { height: 11, panels: [[24, score]] },
      {
        height: 8,
        panels: [
          [8, similarity],
          [8, otherViews],
          [8, effectiveRank],
        ],
      },
      {
        height: 8,
        panels: [
          [6, losses],
          [6, evaluations],
          [6, progress],
          [6, measuring],
        ],
      },
    ],
  },
  {
    question: 'Should I stop it?',
    lines: [
      {
        height: 7,
        panels: [
          [4, notImproved],
          [4, belowBest],
          [4, gauged],
          [12, whatToDo],
        ],
      },
      {
        height: 8,
        panels: [
          [12, distance],
          [12, predictedAccuracy],
        ],
      },
    ],
  },
  {
    question: 'What is it?',
    lines: [{ height: 4, panels: [[24, info]] }],
  },
];

/** One run, for those who wait for it. */
export const run = dashboard({
  uid: 'latentgauge-run',
  title: 'Latentgauge / Run',
  description: 'One training: whether it is healthy, whether it learns, and whether to stop it.',
  from: 'now-6h',
  variables: [
    ...chooseCollectors,
    one('run', 'Run', 'The training.', `latentgauge_run_info{${COLLECTORS}}`),
    listed('layer', 'Layer', 'The layers that are measured.', `${OBSERVED}}`),
    one('reference', 'Reference', 'The model that the run is compared with.', `${OBSERVED}}`),
  ],
  annotations: [
    {
      name: 'The run ends',
      expr: begins('run, state', `latentgauge_run_state{${RUN}, state!="live"}`),
      titleFormat: '{{run}}',
      textFormat: '{{state}}',
      colour: 'red',
    },
    {
      name: 'Alerts',
      expr: `max by (alertname, layer) (ALERTS{${RUN}, alertstate="firing"})`,
      titleFormat: '{{alertname}}',
      textFormat: '{{layer}}',
      colour: 'orange',
    },
  ],
  sections,
});
