import { datasource } from './panels.js';
import type { Variable } from './schema.js';

const all = { text: 'All', value: '$__all' };

const chooseDatasource: Variable = {
  name: 'datasource',
  label: 'Data source',
  description: 'The Prometheus that scrapes the collectors.',
  type: 'datasource',
  query: 'prometheus',
  current: { text: 'default', value: 'default' },
  hide: 0,
};

/** Rules and stores that several Prometheus share have this label; elsewhere nothing is to be chosen. */
const chooseCluster: Variable = {
  ...several('cluster', 'Cluster', 'The label cluster, where series have it.', 'latentgauge_collector_runs'),
  allValue: '.*',
};

// All jobs and instances are those of collectors: other servers have metrics of the same names.
const chooseJob = listed(
  'job',
  'Job',
  'The scrape jobs of the collectors.',
  'latentgauge_collector_runs{cluster=~"$cluster"}',
);

export const chooseInstance = listed(
  'instance',
  'Instance',
  'The collectors.',
  'latentgauge_collector_runs{cluster=~"$cluster", job=~"$job"}',
);

/** Chosen above every dashboard. */
export const chooseCollectors = [chooseDatasource, chooseCluster, chooseJob];
export const COLLECTORS = 'cluster=~"$cluster", job=~"$job"';

/** One value of a label, the first unless another is chosen. */
export function one(name: string, label: string, description: string, series: string): Variable {
  return {
    name,
    label,
    description,
    type: 'query',
    datasource,
    query: { query: `label_values(${series}, ${name})`, refId: name },
    refresh: 2,
    sort: 7,
    hide: 0,
    multi: false,
    includeAll: false,
  };
}

/** Any values of a label; so many that all of them are not listed. */
export function several(name: string, label: string, description: string, series: string): Variable {
  return { ...listed(name, label, description, series), allValue: '.+' };
}

/** Any values of a label, and all of them by their names. */
export function listed(name: string, label: string, description: string, series: string): Variable {
  return { ...one(name, label, description, series), multi: true, includeAll: true, current: all };
}
