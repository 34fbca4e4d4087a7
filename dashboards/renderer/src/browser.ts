/** Chromium draws the page; it is given every file from here and reaches no network. */

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page, type Route } from 'playwright-core';
import type { PanelResult, Picture } from './picture';
import { messageOf, Problem } from './problem';

/** A name that no network knows (RFC 2606); requests to it are answered here. */
const ORIGIN = 'http://picture.invalid/';
const PATIENCE_MS = 60_000;

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

const HTML =
  '<!doctype html><html><head><meta charset="utf-8"><link rel="icon" href="data:,">' +
  '<style>body { margin: 0; }</style>' +
  '<link rel="stylesheet" href="page/page.css">' +
  '<script type="module" src="page/page.js"></script></head><body><div id="picture"></div></body></html>';

const bundle = dirname(fileURLToPath(import.meta.url));
const modules = createRequire(import.meta.url);

function packageFolder(name: string, inside: string): string {
  return join(dirname(modules.resolve(`${name}/package.json`)), inside);
}

/** Where the files lie that Grafana's styles and icons ask for, by the paths that they ask with. */
function fileFor(path: string): string | undefined {
  const places: ReadonlyArray<readonly [prefix: string, folder: () => string]> = [
    ['page/', () => join(bundle, 'page')],
    ['public/fonts/inter/', () => packageFolder('inter-ui', 'web')],
    ['public/build/img/', () => packageFolder('@grafana/ui', 'dist/public/img')],
  ];
  // Grafana serves one variable file for both weights, under a name of its own.
  if (path.startsWith('public/fonts/roboto/')) {
    return packageFolder('@fontsource/roboto-mono', 'files/roboto-mono-latin-400-normal.woff2');
  }
  const place = places.find(([prefix]) => path.startsWith(prefix));
  return place ? join(place[1](), normalize(`/${path.slice(place[0].length)}`)) : undefined;
}

/** Answers the page's requests, and counts them. */
class Files {
  pending = 0;
  answered = 0;

  async answer(route: Route): Promise<void> {
    this.pending += 1;
    await answer(route).finally(() => {
      this.pending -= 1;
      this.answered += 1;
    });
  }
}

async function answer(route: Route): Promise<void> {
  const { href, origin, pathname } = new URL(route.request().url());
  if (href === ORIGIN) {
    return route.fulfill({ contentType: String(TYPES['.html']), body: HTML });
  }
  const file = `${origin}/` === ORIGIN ? fileFor(pathname.slice(1)) : undefined;
  const body = file === undefined ? undefined : await readFile(file).catch(() => undefined);
  return body === undefined
    ? route.fulfill({ status: 404, body: '' })
    : route.fulfill({ contentType: TYPES[extname(pathname)] ?? 'application/octet-stream', body });
}

export interface Drawn {
  readonly results: readonly PanelResult[];
  readonly png: Buffer;
  /** What went wrong in the page outside of any panel. */
  readonly problems: readonly string[];
}

export async function draw(picture: Picture, scale: number): Promise<Drawn> {
  const browser = await launch();
  try {
    return await drawIn(browser, picture, scale);
  } finally {
    await browser.close();
  }
}

/** Playwright's messages go on with the log of what it did. */
function firstLine(error: unknown): string {
  return messageOf(error).split('\n')[0] ?? '';
}

export async function launch(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM'] || '/usr/bin/chromium';
  try {
    // Playwright ends the browser with this program, also where a signal ends it.
    return await chromium.launch({ executablePath, args: ARGUMENTS });
  } catch (error) {
    throw new Problem(`no browser could be started as ${executablePath} (CHROMIUM names another): ${firstLine(error)}`);
  }
}

async function drawIn(browser: Browser, picture: Picture, scale: number): Promise<Drawn> {
  const zone =
    picture.timeZone === 'browser' ? {} : { timezoneId: picture.timeZone === 'utc' ? 'UTC' : picture.timeZone };
  const errors: string[] = [];
  try {
    const context = await browser.newContext({
      viewport: { width: picture.width, height: 1000 },
      deviceScaleFactor: scale,
      colorScheme: picture.theme,
      reducedMotion: 'reduce',
      locale: 'en-US',
      ...zone,
    });
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    page.on('pageerror', (error) => errors.push(error.message));
    const files = new Files();
    await page.route('**/*', (route) => files.answer(route));
    await page.goto(ORIGIN);
    await page.waitForFunction(() => typeof window.drawPicture === 'function');
    const height = await page.evaluate((one) => window.drawPicture(one), picture);
    await page.setViewportSize({ width: picture.width, height });
    return { ...(await takePicture(page, files)), problems: errors };
  } catch (error) {
    throw new Problem(`the page could not be drawn: ${[firstLine(error), ...errors].join('; ')}`);
  }
}

/** Icons are asked for after what shows them is drawn, and are drawn after they are there. */
async function takePicture(page: Page, files: Files): Promise<Omit<Drawn, 'problems'>> {
  let answered: number;
  do {
    answered = files.answered;
    await page.evaluate(() => window.settled());
  } while (files.pending > 0 || files.answered > answered);
  const png = await page.screenshot({ fullPage: true, animations: 'disabled' });
  return { results: await page.evaluate(() => window.results()), png };
}
