/** One panel in its frame. */

import { css } from '@emotion/css';
import { renderMarkdown, type TimeRange } from '@grafana/data';
import { Icon, PanelChrome, PanelContextProvider, useTheme2 } from '@grafana/ui';
import { Component, type JSX, type ReactNode } from 'react';
import { over, type Json } from '../json';
import type { Annotation, PanelPicture } from '../picture';
import { messageOf } from '../problem';
import { panelContext } from './context';
import type { Prepared } from './data';
import { DEFINITIONS, type PanelType } from './definitions';
import { replaceWith } from './macros';
import type { PanelProps } from './panel';
import { StatPanel } from './panels/stat';
import { TablePanel } from './panels/table';
import { TextPanel } from './panels/text';
import { TimeSeriesPanel } from './panels/timeseries';

export type Content =
  | { readonly kind: 'shown'; readonly type: PanelType; readonly prepared: Prepared; readonly empty: boolean }
  | { readonly kind: 'failed'; readonly message: string };

export interface PanelViewProps {
  readonly panel: PanelPicture;
  readonly content: Content;
  readonly timeRange: TimeRange;
  readonly timeZone: string;
  readonly annotations: readonly Annotation[];
  readonly onError: (key: string, message: string) => void;
}

interface BoundaryProps {
  readonly onError: (message: string) => void;
  readonly children: ReactNode;
}

class Boundary extends Component<BoundaryProps, { readonly message?: string }> {
  override state: { readonly message?: string } = {};

  static getDerivedStateFromError(error: unknown): { readonly message: string } {
    return { message: messageOf(error) };
  }

  override componentDidCatch(error: unknown): void {
    this.props.onError(messageOf(error));
  }

  override render(): ReactNode {
    const { message } = this.state;
    return message === undefined ? this.props.children : <Message text={message} />;
  }
}

function Message({ text }: { readonly text: string }): JSX.Element {
  const theme = useTheme2();
  const style = css({
    ...theme.typography.body,
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'center',
    height: '100%',
    color: theme.colors.text.secondary,
    textAlign: 'center',
    overflow: 'hidden',
  });
  return <div className={style}>{text}</div>;
}

const COMPONENTS = {
  timeseries: TimeSeriesPanel,
  stat: StatPanel,
  table: TablePanel,
  text: TextPanel,
};

function componentOf(type: PanelType): (props: PanelProps<Json>) => ReactNode {
  // A dashboard's options have the types of the panel that it names, or Grafana could not show it.
  return COMPONENTS[type] as unknown as (props: PanelProps<Json>) => ReactNode;
}

function Inside({
  panel,
  content,
  timeRange,
  timeZone,
  annotations,
  width,
  height,
}: Omit<PanelViewProps, 'onError'> & { readonly width: number; readonly height: number }): ReactNode {
  if (content.kind === 'failed') {
    return <Message text={content.message} />;
  }
  if (content.empty && !DEFINITIONS[content.type].saysNoData) {
    return <Message text={content.prepared.fieldConfig.defaults.noValue ?? 'No data'} />;
  }
  const Shown = componentOf(content.type);
  return (
    <Shown
      width={width}
      height={height}
      options={over(DEFINITIONS[content.type].options, panel.options)}
      frames={content.prepared.frames}
      fieldConfig={content.prepared.fieldConfig}
      timeRange={timeRange}
      timeZone={timeZone}
      replaceVariables={replaceWith(panel.values)}
      annotations={annotations}
    />
  );
}

export function PanelView({ onError, ...view }: PanelViewProps): JSX.Element {
  const { panel, content } = view;
  const failed = content.kind === 'failed' ? content.message : panel.error;
  const padded = content.kind === 'failed' || content.empty || DEFINITIONS[content.type].padded;
  return (
    <PanelContextProvider value={panelContext}>
      <PanelChrome
        width={panel.box.width}
        height={panel.box.height}
        title={panel.title}
        description={panel.description && (() => renderMarkdown(panel.description))}
        titleItems={panel.links > 0 && <Icon name="external-link-alt" size="md" />}
        statusMessage={failed}
        displayMode={panel.transparent ? 'transparent' : 'default'}
        padding={padded ? 'md' : 'none'}
        hoverHeader={panel.title === ''}
      >
        {(width, height) => (
          <Boundary onError={(message) => onError(panel.key, message)}>
            <Inside {...view} width={width} height={height} />
          </Boundary>
        )}
      </PanelChrome>
    </PanelContextProvider>
  );
}
