import type { Options } from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen';
import { TableNG } from '@grafana/ui/unstable';
import type { JSX } from 'react';
import type { PanelProps } from '../panel';

export function TablePanel({
  frames,
  options,
  width,
  height,
  timeRange,
  fieldConfig,
}: PanelProps<Options>): JSX.Element | null {
  const frame = frames[options.frameIndex] ?? frames[0];
  if (!frame) {
    return null;
  }
  return (
    <TableNG
      data={frame}
      width={width}
      height={height}
      noHeader={!options.showHeader}
      showTypeIcons={options.showTypeIcons === true}
      sortBy={options.sortBy ?? []}
      enablePagination={options.enablePagination === true}
      cellHeight={options.cellHeight}
      maxRowHeight={options.maxRowHeight}
      frozenColumns={options.frozenColumns?.left ?? 0}
      fieldConfig={fieldConfig}
      timeRange={timeRange}
      structureRev={1}
      enableVirtualization={false}
    />
  );
}
