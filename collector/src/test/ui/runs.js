/** Runs and observations to test with. */

/**
 * A run; what is not said is usual.
 *
 * @param {Partial<import('../../main/ui/api.js').Run>} [said]
 * @returns {import('../../main/ui/api.js').Run}
 */
export const run = (said = {}) => ({
  name: 'a',
  state: 'live',
  attempt: 1,
  tags: {},
  registeredAt: '2026-01-01T00:00:00Z',
  lastHeardAt: '2026-01-01T00:00:00Z',
  directive: { action: 'continue' },
  observations: 0,
  latest: [],
  ...said,
});

/**
 * An observation; what is not said is usual.
 *
 * @param {Partial<import('../../main/ui/api.js').Observation>} [said]
 * @returns {import('../../main/ui/api.js').Observation}
 */
export const observation = (said = {}) => ({
  attempt: 1,
  step: 0,
  epoch: 0,
  time: '2026-01-01T00:00:00Z',
  layer: 'encoder',
  reference: 'cnn-v1@0123456789ab',
  profile: 'standardised',
  agent: { failures: 0, spooled: 0, dropped: 0 },
  ...said,
});
