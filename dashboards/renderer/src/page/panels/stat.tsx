import { getDisplayValueAlignmentFactors, getFieldDisplayValues } from '@grafana/data';
import { BigValueGraphMode } from '@grafana/schema';
import type { Options } from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import { BigValue, useTheme2, VizRepeater } from '@grafana/ui';
import type { ComponentProps, JSX } from 'react';
import type { PanelProps } from '../panel';

type BigValueProps = ComponentProps<typeof BigValue>;

/** The schema and the component each have these enums, with the same values. */
function modesOf(options: Options): Pick<BigValueProps, 'colorMode' | 'graphMode' | 'justifyMode' | 'textMode'> {
  const { colorMode, graphMode, justifyMode, textMode } = options;
  return { colorMode, graphMode, justifyMode, textMode } as unknown as BigValueProps;
}

export function StatPanel(props: PanelProps<Options>): JSX.Element {
  const theme = useTheme2();
  const { options, width, height, timeRange } = props;
  const sparkline = options.graphMode !== BigValueGraphMode.None;
  const values = getFieldDisplayValues({
    data: props.frames,
    fieldConfig: props.fieldConfig,
    reduceOptions: options.reduceOptions,
    replaceVariables: props.replaceVariables,
    timeZone: props.timeZone,
    theme,
    sparkline,
    percentChange: options.showPercentChange,
  });
  return (
    <VizRepeater
      getValues={() => values}
      getAlignmentFactors={getDisplayValueAlignmentFactors}
      source={props.frames}
      renderCounter={0}
      autoGrid
      orientation={options.orientation}
      width={width}
      height={height}
      renderValue={({ value, count, ...place }) => (
        <BigValue
          {...modesOf(options)}
          value={value.display}
          sparkline={value.sparkline && { ...value.sparkline, timeRange }}
          count={count}
          width={place.width}
          height={place.height}
          alignmentFactors={place.alignmentFactors}
          text={options.text}
          percentChangeColorMode={options.percentChangeColorMode}
          disableWideLayout={!options.wideLayout}
          theme={theme}
        />
      )}
    />
  );
}
