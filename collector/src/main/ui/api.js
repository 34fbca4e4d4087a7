// @ts-check
/**
 * The collector's API, as openapi.yaml describes it.
 *
 * Addresses are relative, so that the page works behind a proxy that serves it under a path of its own.
 */

/**
 * @typedef {'live' | 'completed' | 'stopped' | 'failed' | 'lost'} RunState
 *
 * @typedef {object} Observation
 * @property {number} attempt
 * @property {number} step
 * @property {number} epoch
 * @property {string} time
 * @property {string} layer
 * @property {string} reference
 * @property {string} profile
 * @property {number} [similarity]
 * @property {number} [chance]
 * @property {number} [score]
 * @property {number} [standardError]
 * @property {number} [probes]
 * @property {number} [anchors]
 * @property {string} [undefined]
 * @property {number} [scoreFloor]
 * @property {number} [scoreCeiling]
 * @property {number} [gaugedScore]
 * @property {number} [probeSeconds]
 * @property {number} [overheadRatio]
 * @property {number} [overheadBudgetRatio]
 * @property {Record<string, number>} [companions]
 * @property {{value: number, low: number, high: number}} [predictedAccuracy]
 * @property {Record<string, number>} [evaluations]
 * @property {{stepsPerSecond?: number, deviceMemoryBytes?: number}} [training]
 * @property {{failures: number, spooled: number, dropped: number}} agent
 *
 * @typedef {object} Run
 * @property {string} name
 * @property {RunState} state
 * @property {number} attempt
 * @property {string} [model]
 * @property {string} [dataset]
 * @property {Record<string, string>} tags
 * @property {string} [startedAt]
 * @property {string} [command]
 * @property {string} registeredAt
 * @property {string} lastHeardAt
 * @property {string} [endedAt]
 * @property {string} [reason]
 * @property {{action: 'continue' | 'stop', reason?: string}} directive
 * @property {number} observations
 * @property {Observation[]} latest
 *
 * @typedef {object} SeriesTrend
 * @property {string} layer
 * @property {string} reference
 * @property {number} attempt
 * @property {number[]} steps
 * @property {(number | null)[]} scores
 *
 * @typedef {{run: string, series: SeriesTrend[]}} Trend
 *
 * @typedef {{attempt: number, observations: number, firstStep: number, lastStep: number}} Attempt
 *
 * @typedef {{model: string, score: number, standardError: number, anchorError?: number}} FixedPoint
 *
 * @typedef {object} Reference
 * @property {string} reference the name with the fingerprint
 * @property {string} name
 * @property {string} model
 * @property {string} [modelHash]
 * @property {string} [layer]
 * @property {string} createdAt
 * @property {string} libraryVersion
 * @property {string} profile
 * @property {number} anchors
 * @property {number} probes
 * @property {boolean} inputs
 * @property {string} [probeSet]
 * @property {number} [dimensions]
 * @property {boolean} predictions
 * @property {FixedPoint} [floor]
 * @property {FixedPoint} [ceiling]
 * @property {{points: number, coverage: number, fromStep: number, lowestScore: number, highestScore: number,
 *     condition: string}} [calibration]
 * @property {string} sha256
 * @property {string} uploadSha256
 *
 * @typedef {object} ComparedRun
 * @property {string} run
 * @property {RunState} state
 * @property {number} attempt of its sketch, as are step, epoch and time
 * @property {number} step
 * @property {number} [epoch]
 * @property {string} time
 *
 * @typedef {{layer: string, probes: string, runs: number}} SketchGroup what runs have in common that can be compared
 *
 * @typedef {object} Compared of its first four, all are missing if there is nothing to compare
 * @property {string} [layer]
 * @property {string} [probes] what tells the anchors and probes from others
 * @property {number} [probeCount]
 * @property {number} [anchors]
 * @property {string} profile
 * @property {SketchGroup[]} groups
 * @property {{run: string, reason: string}[]} missing
 *
 * @typedef {{score?: number, standardError?: number, undefined?: string}} Consensus
 *
 * @typedef {object} Matrices by the places of two runs; null where there is no score
 * @property {(ComparedRun & {consensus: Consensus})[]} runs
 * @property {(number | null)[][]} scores
 * @property {(number | null)[][]} standardErrors
 * @property {(number | null)[][]} similarities
 *
 * @typedef {Compared & Matrices} Comparison
 *
 * @typedef {[x: number, y: number]} Point
 *
 * @typedef {object} Points
 * @property {[number, number]} explained the share of the variance along each axis
 * @property {number} every 1 if all probes have points; m if the first and each m-th after it have
 * @property {(ComparedRun & {points: Point[]})[]} runs
 *
 * @typedef {Compared & Points} Plane
 *
 * @typedef {'undecided' | 'continue' | 'stop'} StopAction
 *
 * @typedef {object} Policy
 * @property {string} name
 * @property {string} [runs] a pattern of names
 * @property {Record<string, string>} [tags]
 * @property {string} watch
 * @property {'max' | 'min'} mode
 * @property {string} [layer]
 * @property {string} [reference]
 * @property {'epoch' | 'step'} resource
 * @property {'median' | 'successive-halving' | 'hyperband'} rule
 * @property {number} gracePeriod
 * @property {number} [interval]
 * @property {number} [reductionFactor]
 * @property {number} [maxResource]
 * @property {number} minPeers
 * @property {string} createdAt
 * @property {Record<StopAction, number>} decisions
 *
 * @typedef {object} Decision
 * @property {string} policy
 * @property {string} run
 * @property {number} attempt
 * @property {number} bracket
 * @property {number} checkpoint
 * @property {number} step
 * @property {number} value
 * @property {StopAction} action
 * @property {number} rank
 * @property {number} peers
 * @property {number} [threshold]
 * @property {string} reason
 * @property {string} time
 *
 * @typedef {object} RunDecision
 * @property {{policy: string, awaits: string, decisions: Decision[]}[]} policies
 *
 * @typedef {{tokensRequired: boolean, version: string, name?: string, scopes?: string[]}} Session
 */

/** What the collector says that is wrong with a request. */
export class Problem extends Error {
  /**
   * @param {number} status of HTTP; 0 if there was no answer
   * @param {string} detail
   */
  constructor(status, detail) {
    super(detail);
    this.name = 'Problem';
    this.status = status;
  }
}

/** @typedef {Record<string, string | number | string[] | undefined>} Parameters */

/**
 * An address of the collector.
 *
 * @param {string[]} path its parts, which may have any characters
 * @param {Parameters} [parameters]
 */
export function address(path, parameters = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined) {
        query.append(name, String(one));
      }
    }
  }
  const text = query.toString();
  return 'v1/' + path.map(encodeURIComponent).join('/') + (text && '?' + text);
}

/**
 * Asks the collector.
 *
 * @param {string} method
 * @param {string} where
 * @param {RequestInit} [more]
 * @returns {Promise<Response>} an answer that is no problem
 * @throws {Problem} if it is one, or there is none
 */
async function request(method, where, more = {}) {
  let response;
  try {
    response = await fetch(where, { method, ...more });
  } catch (failure) {
    if (more.signal?.aborted) {
      throw failure;
    }
    throw new Problem(0, 'The collector does not answer.');
  }
  if (!response.ok) {
    throw new Problem(response.status, await complaint(response));
  }
  return response;
}

/** @param {Response} response */
async function complaint(response) {
  try {
    const { detail, title } = await response.json();
    return String(detail ?? title);
  } catch {
    return `The answer was ${response.status} ${response.statusText}.`;
  }
}

/**
 * Reads a document.
 *
 * @param {string[]} path
 * @param {Parameters} [parameters]
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>} the document that openapi.yaml has at this address
 */
export async function read(path, parameters, signal) {
  const response = await request('GET', address(path, parameters), {
    headers: { accept: 'application/json' },
    ...(signal && { signal }),
  });
  return response.json();
}

/**
 * Reads a list, page by page.
 *
 * @param {string[]} path
 * @param {Parameters} parameters
 * @param {AbortSignal} [signal]
 * @returns {AsyncGenerator<any>} the pages
 */
export async function* pages(path, parameters, signal) {
  /** @type {string | undefined} */
  let cursor;
  do {
    const page = await read(path, { limit: 1000, ...parameters, cursor }, signal);
    yield page;
    cursor = page.next ?? undefined;
  } while (cursor);
}

/** @returns {Promise<Session>} */
export const session = () => read(['session']);

/** Asks for a stream of events and leaves it: who is refused one by an EventSource does not hear why. */
export async function canReadEvents() {
  const leaving = new AbortController();
  await request('GET', address(['events']), { signal: leaving.signal });
  leaving.abort();
}

/**
 * Exchanges a token for a cookie.
 *
 * @param {string} token
 */
export const signIn = (token) =>
  request('POST', address(['session']), { headers: { authorization: 'Bearer ' + token } });

export const signOut = () => request('DELETE', address(['session']));

/**
 * Tells a run to stop, or to go on after all.
 *
 * @param {string} run
 * @param {{action: 'continue' | 'stop', reason?: string}} directive
 */
export const direct = (run, directive) =>
  request('PUT', address(['runs', run, 'directive']), {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(directive),
  });

/** @param {string} run */
export const deleteRun = (run) => request('DELETE', address(['runs', run]));

/** @param {string} policy */
export const deletePolicy = (policy) => request('DELETE', address(['policies', policy]));

/** @param {string} reference */
export const deleteReference = (reference) => request('DELETE', address(['references', reference]));

/**
 * Has a reference kept, or made of embeddings.
 *
 * @param {string} name
 * @param {Blob} file
 * @param {Parameters} parameters
 * @returns {Promise<Reference>}
 */
export async function putReference(name, file, parameters) {
  const response = await request('PUT', address(['references', name], parameters), {
    headers: { 'content-type': 'application/octet-stream' },
    body: file,
  });
  return response.json();
}
