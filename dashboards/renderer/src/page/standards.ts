/**
 * What Grafana's core gives its libraries before they work: the standard properties of fields and
 * the transformations.
 */

import {
  displayNameOverrideProcessor,
  FieldColorModeId,
  FieldConfigOptionsRegistry,
  FieldType,
  identityOverrideProcessor,
  numberOverrideProcessor,
  standardEditorsRegistry,
  standardFieldConfigEditorRegistry,
  standardTransformers,
  standardTransformersRegistry,
  ThresholdsMode,
  type FieldConfigPropertyItem,
  type ThresholdsConfig,
} from '@grafana/data';

type Process = FieldConfigPropertyItem['process'];

/** Nothing is edited in a picture. */
function NoEditor(): null {
  return null;
}

/** In JSON the first step's value is null, as there is no -Infinity in it. */
export function withLowestStep(thresholds: ThresholdsConfig): ThresholdsConfig {
  const steps = thresholds.steps.map((step, index) => (index === 0 ? { ...step, value: -Infinity } : step));
  return { ...thresholds, steps };
}

const PROCESSED: Readonly<Record<string, Process>> = {
  displayName: displayNameOverrideProcessor,
  min: numberOverrideProcessor,
  max: numberOverrideProcessor,
  decimals: numberOverrideProcessor,
  thresholds: (value: ThresholdsConfig | undefined) => (value ? withLowestStep(value) : undefined),
};

const STANDARD = [
  'displayName',
  'unit',
  'min',
  'max',
  'decimals',
  'noValue',
  'description',
  'filterable',
  'fieldMinMax',
  'color',
  'thresholds',
  'mappings',
  'links',
  'actions',
];

/** What one field's override changes inside a value, another field must not see. */
const ownCopy: Process = (value: unknown) => structuredClone(value);

/** Those that would also describe the axis of time (source: commonOptionsBuilder of @grafana/ui). */
const OF_NUMBERS = ['axisCenteredZero', 'axisLabel', 'scaleDistribution', 'stacking'];

function property(path: string, custom: boolean): FieldConfigPropertyItem {
  return {
    id: custom ? `custom.${path}` : path,
    path,
    name: path,
    isCustom: custom,
    editor: NoEditor,
    override: NoEditor,
    process: custom ? ownCopy : (PROCESSED[path] ?? identityOverrideProcessor),
    settings: path === 'displayName' ? { expandTemplateVars: true } : {},
    shouldApply: ({ type }) => !OF_NUMBERS.includes(path) || type === FieldType.number,
  };
}

export interface OwnProperties {
  /** Their paths, which are their names. */
  readonly properties: readonly string[];
}

/** The properties that a panel's fields may have: the standard ones, and its own under "custom". */
export function fieldConfigRegistry({ properties }: OwnProperties): FieldConfigOptionsRegistry {
  const registry = new FieldConfigOptionsRegistry();
  STANDARD.forEach((path) => registry.register(property(path, false)));
  properties.forEach((path) => registry.register(property(path, true)));
  return registry;
}

/** Source: the defaults that a new panel shows in Grafana. */
export const STANDARD_DEFAULTS = {
  color: { mode: FieldColorModeId.Thresholds },
  mappings: [],
  thresholds: {
    mode: ThresholdsMode.Absolute,
    steps: [
      { value: -Infinity, color: 'green' },
      { value: 80, color: 'red' },
    ],
  },
};

export function supplyStandards(): void {
  standardEditorsRegistry.setInit(() => []);
  standardFieldConfigEditorRegistry.setInit(() => STANDARD.map((path) => property(path, false)));
  standardTransformersRegistry.setInit(() => {
    // One of them is there under two names.
    const distinct = new Map(Object.values(standardTransformers).map((transformer) => [transformer.id, transformer]));
    return [...distinct.values()].map((transformer) => ({
      id: transformer.id,
      name: transformer.name,
      transformation: () => Promise.resolve(transformer),
      editor: NoEditor,
      imageDark: '',
      imageLight: '',
    }));
  });
}
