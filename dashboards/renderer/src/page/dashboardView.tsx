/** The whole dashboard: its title, what is chosen, its rows and panels. */

import { css } from '@emotion/css';
import { dateTimeFormat, rangeUtil, type GrafanaTheme2, type TimeRange } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';
import type { JSX } from 'react';
import type { Box } from '../layout';
import type { Picture, RowPicture } from '../picture';
import { PanelView, type Content } from './panelView';

export interface DashboardViewProps {
  readonly picture: Picture;
  readonly contents: ReadonlyMap<string, Content>;
  readonly timeRange: TimeRange;
  readonly onError: (key: string, message: string) => void;
}

export function DashboardView({ picture, contents, timeRange, onError }: DashboardViewProps): JSX.Element {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.page}>
      <div className={styles.title}>{picture.title}</div>
      <div className={styles.controls}>
        {picture.variables.map(({ name, text }, index) => (
          <div key={index} className={styles.control}>
            {name !== '' && <span className={styles.name}>{name}</span>}
            <span className={styles.value}>{text === '' ? '\u00a0' : text}</span>
          </div>
        ))}
        <div className={styles.time}>
          <Icon name="clock-nine" size="sm" />
          {rangeText(picture)}
        </div>
      </div>
      <div className={styles.grid} style={{ height: picture.gridHeight }}>
        {picture.rows.map((row) => (
          <RowView key={row.key} row={row} />
        ))}
        {picture.panels.map((panel) => {
          const content = contents.get(panel.key);
          return (
            content && (
              <div key={panel.key} style={placeOf(panel.box)}>
                <PanelView
                  panel={panel}
                  content={content}
                  timeRange={timeRange}
                  timeZone={picture.timeZone}
                  annotations={picture.annotations}
                  onError={onError}
                />
              </div>
            )
          );
        })}
      </div>
    </div>
  );
}

function placeOf({ left, top, width, height }: Box): {
  position: 'absolute';
  left: number;
  top: number;
  width: number;
  height: number;
} {
  return { position: 'absolute', left, top, width, height };
}

function rangeText({ rawFrom, rawTo, from, to, timeZone }: Picture): string {
  return rawFrom.startsWith('now') && rawTo.startsWith('now')
    ? rangeUtil.describeTimeRange({ from: rawFrom, to: rawTo })
    : `${dateTimeFormat(from, { timeZone })} to ${dateTimeFormat(to, { timeZone })}`;
}

function RowView({ row }: { readonly row: RowPicture }): JSX.Element {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.row} style={placeOf(row.box)}>
      <Icon name={row.collapsed ? 'angle-right' : 'angle-down'} />
      <span className={styles.rowTitle}>{row.title}</span>
      {row.collapsed && (
        <span className={styles.hidden}>{`(${row.hidden} ${row.hidden === 1 ? 'panel' : 'panels'})`}</span>
      )}
    </div>
  );
}

function getStyles(theme: GrafanaTheme2) {
  const boxed = {
    display: 'inline-flex',
    alignItems: 'center',
    height: 32,
    padding: theme.spacing(0, 1),
    border: `1px solid ${theme.components.input.borderColor}`,
    fontSize: theme.typography.bodySmall.fontSize,
  };
  return {
    page: css({
      boxSizing: 'border-box',
      padding: theme.spacing(2),
      background: theme.colors.background.canvas,
      color: theme.colors.text.primary,
      fontFamily: theme.typography.fontFamily,
    }),
    title: css({ ...theme.typography.h4, margin: theme.spacing(0, 0, 1, 0) }),
    controls: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1), marginBottom: theme.spacing(2) }),
    control: css({ display: 'flex' }),
    name: css({
      ...boxed,
      background: theme.colors.background.primary,
      fontWeight: theme.typography.fontWeightMedium,
      borderRight: 'none',
      borderRadius: `${theme.shape.radius.default} 0 0 ${theme.shape.radius.default}`,
    }),
    value: css({
      ...boxed,
      background: theme.components.input.background,
      borderRadius: theme.shape.radius.default,
      'span + &': { borderTopLeftRadius: 0, borderBottomLeftRadius: 0 },
    }),
    time: css({
      ...boxed,
      gap: theme.spacing(1),
      marginLeft: 'auto',
      background: theme.colors.secondary.main,
      borderColor: theme.colors.border.weak,
      borderRadius: theme.shape.radius.default,
      fontWeight: theme.typography.fontWeightMedium,
    }),
    grid: css({ position: 'relative' }),
    row: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(1), paddingLeft: theme.spacing(0.5) }),
    rowTitle: css({ fontSize: theme.typography.h5.fontSize, fontWeight: theme.typography.fontWeightMedium }),
    hidden: css({
      fontSize: theme.typography.bodySmall.fontSize,
      fontStyle: 'italic',
      color: theme.colors.text.secondary,
    }),
  };
}
