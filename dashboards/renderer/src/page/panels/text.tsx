import { css } from '@emotion/css';
import { renderTextPanelMarkdown, textUtil } from '@grafana/data';
import type { JSX } from 'react';
import type { PanelProps } from '../panel';

export interface TextOptions {
  readonly mode: string;
  readonly content: string;
}

/** Grafana's style of rendered markdown has this class; it is among its global styles. */
export function TextPanel({ options, width, height, replaceVariables }: PanelProps<TextOptions>): JSX.Element {
  const content = replaceVariables(options.content);
  const frame = css({ width, height, overflow: 'hidden' });
  if (options.mode === 'code') {
    return <pre className={frame}>{content}</pre>;
  }
  const html = options.mode === 'html' ? textUtil.sanitizeTextPanelContent(content) : renderTextPanelMarkdown(content);
  return <div className={`${frame} markdown-html`} dangerouslySetInnerHTML={{ __html: html }} />;
}
