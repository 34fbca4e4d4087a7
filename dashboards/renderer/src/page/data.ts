/** From the frames of a panel's queries to what its component is given. */

import {
  applyFieldOverrides,
  cacheFieldDisplayNames,
  createDataFrame,
  FieldType,
  standardTransformersRegistry,
  transformDataFrame,
  type DataFrame,
  type DataTransformerConfig,
  type FieldConfig,
  type FieldConfigSource,
  type GrafanaTheme2,
} from '@grafana/data';
import { lastValueFrom } from 'rxjs';
import { asGlob, interpolate } from '../interpolation';
import { isRecord, over, record, records, type Json } from '../json';
import type { FrameData, PanelPicture } from '../picture';
import type { Definition } from './definitions';
import { replaceWith } from './macros';
import { fieldConfigRegistry, withLowestStep } from './standards';

const FIELD_TYPES = { time: FieldType.time, number: FieldType.number, string: FieldType.string };

function dataFrame(frame: FrameData): DataFrame {
  return createDataFrame({
    refId: frame.refId,
    name: frame.name,
    fields: frame.fields.map((field) => ({
      name: field.name,
      type: FIELD_TYPES[field.type],
      config: { ...field.config },
      values: [...field.values],
      labels: field.labels && { ...field.labels },
    })),
  });
}

function transformationOf(written: Json): DataTransformerConfig {
  const id = String(written['id']);
  if (!standardTransformersRegistry.getIfExists(id)) {
    const known = standardTransformersRegistry.list().map((one) => one.id);
    throw new Error(`there is no transformation "${id}"; there are ${known.join(', ')}`);
  }
  return {
    id,
    options: record(written['options']),
    disabled: written['disabled'] === true,
    filter: isRecord(written['filter'])
      ? { id: String(written['filter']['id']), options: written['filter']['options'] }
      : undefined,
  };
}

/**
 * @grafana/data types a field's properties, which a dashboard's JSON has not been checked against;
 * what it does not know it leaves aside.
 */
function fieldConfigSource(panel: PanelPicture, definition: Definition): FieldConfigSource {
  const defaults: FieldConfig = structuredClone(over(definition.fieldDefaults, record(panel.fieldConfig['defaults'])));
  return {
    defaults: { ...defaults, thresholds: defaults.thresholds && withLowestStep(defaults.thresholds) },
    overrides: records(panel.fieldConfig['overrides']).map((rule) => {
      const { id, options, scope } = record(rule['matcher']);
      return {
        matcher: { id: String(id), options, scope: scope === 'nested' ? 'nested' : 'series' },
        properties: records(rule['properties']).map((property) => ({
          id: String(property['id']),
          value: property['value'],
        })),
      };
    }),
  };
}

/** Grafana passes over a property it does not know; in a picture that is checked, it is a mistake. */
function checkProperties(source: FieldConfigSource, registry: ReturnType<typeof fieldConfigRegistry>): void {
  const own = Object.keys(record(source.defaults.custom)).map((path) => `custom.${path}`);
  const overridden = source.overrides.flatMap((rule) => rule.properties.map(({ id }) => id));
  const unknown = [...own, ...overridden].filter((id) => !registry.getIfExists(id));
  if (unknown.length > 0) {
    throw new Error(`there is no field property "${unknown.join('", "')}"`);
  }
}

export interface Prepared {
  readonly frames: DataFrame[];
  readonly fieldConfig: FieldConfigSource;
}

export async function prepare(
  panel: PanelPicture,
  definition: Definition,
  theme: GrafanaTheme2,
  timeZone: string,
): Promise<Prepared> {
  const interpolated = (written: string): string => interpolate(written, panel.values, asGlob);
  const transformed = await lastValueFrom(
    transformDataFrame(panel.transformations.map(transformationOf), panel.frames.map(dataFrame), {
      interpolate: interpolated,
    }),
  );
  const registry = fieldConfigRegistry(definition);
  const fieldConfig = fieldConfigSource(panel, definition);
  checkProperties(fieldConfig, registry);
  const frames = applyFieldOverrides({
    data: transformed,
    fieldConfig,
    fieldConfigRegistry: registry,
    replaceVariables: replaceWith(panel.values),
    theme,
    timeZone,
  });
  cacheFieldDisplayNames(frames);
  return { frames, fieldConfig };
}
