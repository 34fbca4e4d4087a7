// @ts-check
/** What somebody adds to a training so that it reports here. */

/** @typedef {import('./api.js').Reference} Reference */

/**
 * @typedef {object} Wish
 * @property {string} collector where it is
 * @property {Reference} reference
 * @property {string} run what the run is to be called
 * @property {string} layer
 * @property {boolean} needsToken
 *
 * @typedef {object} Snippet
 * @property {string} id
 * @property {string} label
 * @property {string} needs what must be there first
 * @property {{title: string, text: string}[]} parts
 */

/**
 * @param {Wish} wish
 * @returns {Snippet[]}
 */
export const snippets = (wish) => [pytorch(wish), java(wish), javaagent(wish), http(wish)];

/**
 * @param {Wish} wish
 * @returns {Snippet}
 */
function pytorch({ collector, reference, run, layer, needsToken }) {
  return {
    id: 'pytorch',
    label: 'PyTorch',
    needs: 'examples/pytorch/latentgauge.py beside the script; PyTorch and nothing else.',
    parts: [
      ...tokenPart(needsToken, 'export LATENTGAUGE_TOKEN="$(cat latentgauge.token)"'),
      {
        title: 'In the script',
        text: `import latentgauge

monitor = latentgauge.Monitor(model, ${quoted(layer)}, reference=${quoted(reference.name)}, run=${quoted(run)},
                              collector=${quoted(collector)})
for inputs, labels in loader:
    ...
    optimizer.step()
    monitor.step()
    if monitor.should_stop:
        break
monitor.close()
`,
      },
    ],
  };
}

/**
 * @param {Wish} wish
 * @returns {Snippet}
 */
function java({ collector, reference, run, layer, needsToken }) {
  return {
    id: 'java',
    label: 'Java',
    needs: 'dev.latentgauge:latentgauge-agent on the class path, beside DJL.',
    parts: [
      ...filePart(collector, reference, needsToken),
      ...tokenPart(needsToken, 'export LATENTGAUGE_TOKEN_FILE=latentgauge.token'),
      {
        title: 'Before the trainer is made',
        text: `import dev.latentgauge.agent.Cadence;
import dev.latentgauge.agent.TrainingMonitor;
import dev.latentgauge.agent.report.CollectorReporter;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.probe.Layer;
import dev.latentgauge.reference.Reference;
import java.net.URI;
import java.nio.file.Path;

try (Reference reference = Reference.load(Path.of(${quoted(fileOf(reference))}))) {
  TrainingMonitor monitor =
      TrainingMonitor.builder(reference)
          .layer(Layer.named(${quoted(layer)}))
          .cadence(Cadence.budget(0.01)) // at most 1 % of the time
          .run(RunInfo.named(${quoted(run)}))
          .reportTo(${needsToken && isBare(collector) ? bareReporter(collector) : `CollectorReporter.to(URI.create(${quoted(collector)}))`})
          .build();
  config.addTrainingListeners(monitor);
  // ... your training, unchanged
}
`,
      },
    ],
  };
}

/**
 * @param {Wish} wish
 * @returns {Snippet}
 */
function javaagent({ collector, reference, run, layer, needsToken }) {
  return {
    id: 'javaagent',
    label: '-javaagent',
    needs: 'latentgauge-agent.jar; the program stays as it is.',
    parts: [
      ...filePart(collector, reference, needsToken),
      {
        title: 'monitor.yaml',
        text: `reference: ${yaml(fileOf(reference))}
layers: [${yaml(layer)}]
run: ${yaml(run)}
collector: ${collector}
cadence: 1 %
${needsToken ? 'token-file: latentgauge.token\n' : ''}${needsToken && isBare(collector) ? 'allow-token-over-http: true\n' : ''}`,
      },
      { title: 'Start', text: 'java -javaagent:latentgauge-agent.jar=monitor.yaml -cp ... com.example.Training\n' },
    ],
  };
}

/**
 * @param {Wish} wish
 * @returns {Snippet}
 */
function http({ collector, reference, run, layer, needsToken }) {
  const query = new URLSearchParams({ reference: reference.name, layer, step: '300' });
  return {
    id: 'http',
    label: 'Anything else',
    needs: `A safetensors file of what the layer makes of the anchors (${reference.anchors} rows) and the probes (${reference.probes} rows).`,
    parts: [
      {
        title: 'Every so often',
        text: `curl --data-binary @step-300.safetensors -H 'Content-Type: application/octet-stream' \\
${authorization(needsToken)}    '${collector}/v1/runs/${encoded(run)}/embeddings?${query}'
`,
      },
      {
        title: 'At its end',
        text: `curl -d '{"state": "completed"}' -H 'Content-Type: application/json' \\
${authorization(needsToken)}    '${collector}/v1/runs/${encoded(run)}/end'
`,
      },
    ],
  };
}

/**
 * @param {string} collector
 * @param {Reference} reference
 * @param {boolean} needsToken
 */
function filePart(collector, reference, needsToken) {
  return [
    {
      title: 'Once, the reference',
      text: `curl -f -o ${fileOf(reference)} \\
${authorization(needsToken)}    '${collector}/v1/references/${encodeURIComponent(reference.name)}'
`,
    },
  ];
}

/**
 * @param {boolean} needsToken
 * @param {string} text
 */
const tokenPart = (needsToken, text) =>
  needsToken ? [{ title: 'A token, made by latentgauge token create --scope write', text: text + '\n' }] : [];

/** @param {boolean} needsToken */
const authorization = (needsToken) =>
  needsToken ? '    -H "Authorization: Bearer $(cat latentgauge.token)" \\\n' : '';

/** @param {Reference} reference */
const fileOf = (reference) => reference.name.replaceAll('*', '_') + '.safetensors';

/** A part of an address, within the quotes of a shell. @param {string} text */
const encoded = (text) => encodeURIComponent(text).replaceAll("'", '%27');

/** A string of Java and of Python. @param {string} text */
const quoted = (text) => JSON.stringify(text);

/** What YAML takes for a truth, or for nothing. */
const WORDS = /^(true|false|yes|no|on|off|y|n|null)$/i;

/** A string of YAML. @param {string} text */
const yaml = (text) =>
  /^[A-Za-z][A-Za-z0-9._-]*$/.test(text) && !WORDS.test(text) ? text : `'${text.replaceAll("'", "''")}'`;

/**
 * Whether agents must be told that they may send a token: by plain http to another machine.
 *
 * @param {string} collector
 */
const isBare = (collector) => {
  const { protocol, hostname } = new URL(collector);
  return protocol === 'http:' && !['localhost', '127.0.0.1', '[::1]'].includes(hostname);
};

/** @param {string} collector */
const bareReporter = (collector) =>
  `CollectorReporter.builder(URI.create(${quoted(collector)})).allowTokenOverHttp().build()`;

/**
 * Why a reference does not do for a kind of training; undefined if it does.
 *
 * @param {Snippet} snippet
 * @param {Reference} reference
 */
export function obstacle(snippet, reference) {
  return snippet.id === 'http' || reference.inputs
    ? undefined
    : 'This reference was made without the inputs of its probes, which the monitor would embed: ' +
        'make it anew with them, or post embeddings.';
}
