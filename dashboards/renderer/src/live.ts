/** Takes a picture of a view of the collector's live page, as a browser shows it. */

import { parseArgs } from 'node:util';
import { launch } from './browser';
import { messageOf, Problem } from './problem';

const USAGE = `Takes a picture of a view of a collector's live page.

  node dist/live.js --page URL --output FILE [...]

  --page URL           for example http://127.0.0.1:9475/#/runs/lr-0.01
  --output FILE        the picture to write
  --size WIDTHxHEIGHT  of the window (1400x900)
  --theme dark|light   (light)
`;

interface Arguments {
  readonly page: string;
  readonly output: string;
  readonly width: number;
  readonly height: number;
  readonly theme: 'dark' | 'light';
}

function readArguments(): Arguments {
  const { values } = parseArgs({
    options: {
      page: { type: 'string' },
      output: { type: 'string' },
      size: { type: 'string', default: '1400x900' },
      theme: { type: 'string', default: 'light' },
    },
  });
  const { page, output, size, theme } = values;
  const parts = /^([1-9][0-9]{2,3})x([1-9][0-9]{2,3})$/.exec(size);
  if (page === undefined || output === undefined || !parts || (theme !== 'dark' && theme !== 'light')) {
    throw new Problem(USAGE);
  }
  return { page, output, width: Number(parts[1]), height: Number(parts[2]), theme };
}

async function draw({ page: url, output, width, height, theme }: Arguments): Promise<void> {
  const browser = await launch();
  try {
    const context = await browser.newContext({
      viewport: { width, height },
      colorScheme: theme,
      reducedMotion: 'reduce',
      locale: 'en-US',
    });
    const page = await context.newPage();
    await page.goto(url);
    // The page says so when a view has its data; the small pictures of the table come after that.
    await page.locator('html[data-ready]').waitFor();
    await page.locator('.runs .spark polyline, lg-chart canvas, .planes circle, main form, main dl').first().waitFor();
    await page.screenshot({ path: output, animations: 'disabled' });
  } finally {
    await browser.close();
  }
}

try {
  await draw(readArguments());
} catch (error) {
  console.error(error instanceof Problem ? error.message : messageOf(error));
  process.exitCode = 2;
}
