import { dashboard } from './dashboard.js';
import type { Section } from './dashboard.js';
import { dashed, fixed, matching, named, noneIsGood, stat, timeSeries } from './panels.js';
import { chooseCollectors, chooseInstance, COLLECTORS } from './variables.js';

const INSTANCES = `${COLLECTORS}, instance=~"$instance"`;

const rate = (counter: string, more = ''): string => `rate(${counter}{${INSTANCES}${more}}[$__rate_interval])`;
const mean = (summary: string, by = 'instance'): string =>
  `sum by (${by}) (${rate(`${summary}_sum`)}) / sum by (${by}) (${rate(`${summary}_count`)})`;
/** Means have no value while nothing happens: a point is a time when something did. */
const OF_EVENTS = { spanNulls: true, showPoints: 'auto' } as const;

const ofEach = (gauge: string): string => `max by (instance) (${gauge}{${INSTANCES}})`;
const total = (gauge: string): string => `sum(${gauge}{${INSTANCES}})`;

const up = stat({
  title: 'Up',
  description:
    'Whether Prometheus can scrape every collector. If not, trainings go on and keep their reports on their disks.',
  unit: 'none',
  queries: { up: `min(up{${INSTANCES}})` },
  mappings: [
    {
      type: 'value',
      options: { 0: { text: 'down', color: 'red', index: 0 }, 1: { text: 'up', color: 'green', index: 1 } },
    },
  ],
  filled: true,
});

const writable = stat({
  title: 'History',
  description:
    'Whether what came in last could be stored. If not, nothing is acknowledged: see the log, the disk, and the database.',
  unit: 'none',
  queries: { writable: `min(latentgauge_collector_history_writable{${INSTANCES}})` },
  mappings: [
    {
      type: 'value',
      options: {
        0: { text: 'not writable', color: 'red', index: 0 },
        1: { text: 'writable', color: 'green', index: 1 },
      },
    },
  ],
  filled: true,
});

const version = stat({
  title: 'Version',
  description: 'Of the collectors. Two of them are an upgrade that is under way.',
  unit: 'none',
  queries: { '{{version}}': `count by (version) (latentgauge_collector_build_info{${INSTANCES}})` },
  names: true,
});

const runningFor = stat({
  title: 'Running for',
  description: 'Since the youngest collector was started.',
  unit: 's',
  queries: { time: `time() - max(process_start_time_seconds{${INSTANCES}})` },
  decimals: 0,
});

const liveRuns = stat({
  title: 'Live runs',
  description: 'Trainings that have begun and not ended.',
  unit: 'none',
  queries: { runs: `sum(latentgauge_collector_runs{${INSTANCES}, state="live"})` },
  sparkline: true,
});

const refusedNow = stat({
  title: 'Refused',
  description: 'Requests that were refused within the time shown. Below they are told apart by their reasons.',
  unit: 'none',
  queries: { refused: `sum(increase(latentgauge_collector_rejected_total{${INSTANCES}}[$__range]))` },
  decimals: 0,
  thresholds: noneIsGood,
});

const observations = timeSeries({
  title: 'Observations stored a second',
  description: 'Those that are durable; duplicates do not count.',
  unit: 'none',
  min: 0,
  queries: { '{{instance}}': `sum by (instance) (${rate('latentgauge_collector_observations_total')})` },
  custom: { fillOpacity: 15 },
});

const requests = timeSeries({
  title: 'Requests by answer',
  description:
    'Requests a second, by the status of their answers. 4xx is a client that is refused, 5xx is trouble here.',
  unit: 'reqps',
  min: 0,
  queries: { '{{code}}': `sum by (code) (${rate('vertx_http_server_requests_total')})` },
  custom: { fillOpacity: 30, stacking: { mode: 'normal', group: 'A' }, lineWidth: 1 },
  overrides: [matching('/^2/', fixed('green')), matching('/^4/', fixed('orange')), matching('/^5/', fixed('red'))],
});

const refused = timeSeries({
  title: 'Refused, by reason',
  description:
    'Requests refused a second. unauthenticated and forbidden: look at tokens; conflict: a run that starts anew needs a new attempt; rate, busy, scoring: too much at once; space and history: the disk or the database.',
  unit: 'reqps',
  min: 0,
  queries: { '{{reason}}': `sum by (reason) (${rate('latentgauge_collector_rejected_total')}) > 0` },
  custom: { showPoints: 'auto' },
  noValue: 'Nothing is refused',
});

const commits = timeSeries({
  title: 'Time to make reports durable',
  description:
    'Mean duration of a commit, each for all that waited. Above half a second agents fall behind: the disk or the database is slow.',
  unit: 's',
  min: 0,
  queries: { '{{instance}}': mean('latentgauge_collector_commit_duration_seconds') },
  custom: OF_EVENTS,
});

const answers = timeSeries({
  title: 'Time to answer',
  description:
    'Mean time from a request to its answer, by the pattern of its path. Readers of events and long polls take as long as they like.',
  unit: 's',
  min: 0,
  queries: {
    '{{method}} {{route}}': mean('vertx_http_server_response_time_seconds', 'method, route'),
  },
  custom: OF_EVENTS,
});

const eventLoop = timeSeries({
  title: 'Delay of the thread that accepts requests',
  description: 'How late it is on average. Above .1 seconds the collector is overloaded.',
  unit: 's',
  min: 0,
  queries: { '{{instance}}': mean('latentgauge_collector_event_loop_delay_seconds') },
});

const waiting = timeSeries({
  title: 'What waits',
  description:
    'Reports that wait to be made durable, work that waits for a thread, and embeddings that are being received or scored.',
  unit: 'none',
  min: 0,
  decimals: 0,
  queries: {
    reports: total('latentgauge_collector_waiting_changes'),
    'work for threads': total('vertx_pool_queue_pending'),
    embeddings: total('latentgauge_collector_scoring_in_progress'),
  },
});

const scoring = timeSeries({
  title: 'Time to score embeddings',
  description: 'Mean duration, once embeddings were received and had a thread. Empty while nobody posts embeddings.',
  unit: 's',
  min: 0,
  queries: { '{{instance}}': mean('latentgauge_collector_scoring_duration_seconds') },
  custom: OF_EVENTS,
  noValue: 'No embeddings are posted',
});

const scrapes = timeSeries({
  title: 'Time of a scrape',
  description:
    'As the collector sees it, and as Prometheus does. Near the scrape timeout (10 s unless set) samples are lost: show fewer metrics (serve --metrics).',
  unit: 's',
  min: 0,
  queries: {
    '{{instance}}': mean('latentgauge_collector_scrape_duration_seconds'),
    '{{instance}}, by Prometheus': ofEach('scrape_duration_seconds'),
  },
});

const historySize = timeSeries({
  title: 'Size of the history',
  description:
    'What is stored, roughly; at its limit (serve --history-size) runs that have ended are deleted, the first to end first.',
  unit: 'bytes',
  min: 0,
  queries: { '{{instance}}': ofEach('latentgauge_collector_history_size_bytes') },
  custom: { fillOpacity: 15 },
});

const historyContent = timeSeries({
  title: 'What is kept',
  description: 'Observations (left), and runs and references (right).',
  unit: 'short',
  min: 0,
  queries: {
    observations: total('latentgauge_collector_history_observations'),
    runs: total('latentgauge_collector_history_runs'),
    references: total('latentgauge_collector_references'),
  },
  overrides: [matching('/runs|references/', { 'custom.axisPlacement': 'right' })],
});

const deleted = stat({
  title: 'Deleted, dropped',
  description:
    'Within the time shown: runs that were deleted for their age or for room, and readers of events that were too slow and were dropped.',
  unit: 'none',
  queries: {
    runs: `sum(increase(latentgauge_collector_expired_runs_total{${INSTANCES}}[$__range]))`,
    readers: `sum(increase(latentgauge_collector_event_dropped_readers_total{${INSTANCES}}[$__range]))`,
  },
  decimals: 0,
});

const heap = timeSeries({
  title: 'Heap',
  description:
    'Memory of the Java virtual machine in use, and the most it may use. The engine that scores embeddings needs memory beside it.',
  unit: 'bytes',
  min: 0,
  queries: {
    used: `sum(jvm_memory_used_bytes{${INSTANCES}, area="heap"})`,
    'at most': `sum(jvm_memory_max_bytes{${INSTANCES}, area="heap"} > 0)`,
  },
  custom: { fillOpacity: 15 },
  overrides: [dashed('at most', 'text')],
});

const processor = timeSeries({
  title: 'Processor',
  description:
    'Shares of all processors that the collector uses, and of its time that it waits for the garbage collection.',
  unit: 'percentunit',
  min: 0,
  queries: {
    '{{instance}}': ofEach('process_cpu_usage'),
    '{{instance}}, garbage collection': `sum by (instance) (${rate('jvm_gc_pause_seconds_sum')})`,
  },
});

const connections = timeSeries({
  title: 'Connections and files',
  description:
    'Open connections, readers of events among them, and open files. Near the most files that a process may open nobody can connect.',
  unit: 'none',
  min: 0,
  decimals: 0,
  queries: {
    connections: total('vertx_http_server_active_connections'),
    'readers of events': total('latentgauge_collector_event_readers'),
    files: total('process_files_open_files'),
  },
});

const log = timeSeries({
  title: 'Trouble in the log',
  description: 'Lines a second with warnings and errors. Read them: they name what is wrong.',
  unit: 'none',
  min: 0,
  queries: { '{{level}}': `sum by (level) (${rate('logback_events_total', ', level=~"warn|error"')})` },
  custom: { axisSoftMax: 1 },
  overrides: [named('error', fixed('red')), named('warn', fixed('orange'))],
});

const sections: Section[] = [
  {
    question: 'Is it healthy?',
    lines: [
      {
        height: 4,
        panels: [
          [4, up],
          [4, writable],
          [4, refusedNow],
          [4, liveRuns],
          [4, runningFor],
          [4, version],
        ],
      },
    ],
  },
  {
    question: 'Does it keep up?',
    lines: [
      {
        height: 8,
        panels: [
          [8, observations],
          [8, requests],
          [8, refused],
        ],
      },
      {
        height: 8,
        panels: [
          [8, commits],
          [8, answers],
          [8, eventLoop],
        ],
      },
      {
        height: 8,
        panels: [
          [8, waiting],
          [8, scoring],
          [8, scrapes],
        ],
      },
    ],
  },
  {
    question: 'Has it room?',
    lines: [
      {
        height: 8,
        panels: [
          [8, historySize],
          [8, historyContent],
          [8, heap],
        ],
      },
      {
        height: 8,
        panels: [
          [8, processor],
          [8, connections],
          [5, log],
          [3, deleted],
        ],
      },
    ],
  },
];

/** The collectors themselves, for those who run them. */
export const collector = dashboard({
  uid: 'latentgauge-collector',
  title: 'Latentgauge / Collector',
  description: 'The collectors: whether they are healthy, keep up with what comes in, and have room for it.',
  from: 'now-1h',
  variables: [...chooseCollectors, chooseInstance],
  annotations: [
    {
      name: 'A collector starts',
      expr: `max by (instance) (time() - process_start_time_seconds{${INSTANCES}} < bool 60) == 1`,
      titleFormat: '{{instance}}',
      textFormat: 'started',
      colour: 'blue',
    },
  ],
  sections,
});
