import { readFile, writeFile } from 'node:fs/promises';
import { readArguments, USAGE, type Arguments } from './arguments';
import { draw } from './browser';
import { compose, type Composition } from './compose';
import { parseDashboard } from './dashboard';
import type { PanelPicture, PanelResult } from './picture';
import { messageOf, Problem } from './problem';

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new Problem(`the dashboard cannot be read: ${messageOf(error)}`);
  }
}

async function write(file: string, png: Buffer): Promise<void> {
  try {
    await writeFile(file, png);
  } catch (error) {
    throw new Problem(`the picture cannot be written: ${messageOf(error)}`);
  }
}

async function render(args: Arguments): Promise<boolean> {
  const dashboard = parseDashboard(await read(args.dashboard), args.dashboard);
  const composition = await compose(dashboard, args);
  const drawn = await draw(composition.picture, args.scale);
  await write(args.output, drawn.png);
  const lines = composition.picture.panels.map((panel) => lineOf(panel, composition, drawn.results, args.mayBeEmpty));
  lines.forEach(({ well, text }) => console.log(`${well ? 'ok  ' : 'FAIL'}  ${text}`));
  const problems = [...composition.problems, ...drawn.problems, ...unusedAllowances(composition, args.mayBeEmpty)];
  problems.forEach((problem) => console.log(`FAIL  ${problem}`));
  return problems.length === 0 && lines.every(({ well }) => well);
}

function idOf({ key }: PanelPicture): string {
  return key.split('/')[0] ?? '';
}

function isNamed(panel: PanelPicture, name: string): boolean {
  return name === idOf(panel) || name === panel.title;
}

function unusedAllowances({ picture }: Composition, mayBeEmpty: readonly string[]): readonly string[] {
  return mayBeEmpty
    .filter((name) => !picture.panels.some((panel) => isNamed(panel, name)))
    .map((name) => `--may-be-empty "${name}" is neither the id nor the title of a panel that is drawn`);
}

interface Line {
  readonly well: boolean;
  readonly text: string;
}

function lineOf(
  panel: PanelPicture,
  { emptyQueries }: Composition,
  results: readonly PanelResult[],
  mayBeEmpty: readonly string[],
): Line {
  const result = results.find(({ key }) => key === panel.key) ?? {
    shown: 'nothing',
    empty: false,
    problem: 'it was not drawn',
  };
  const queries = emptyQueries.get(panel.key) ?? [];
  const fromQueries = queries.length > 0 ? `no data from ${queries.join(', ')}` : undefined;
  const empty = fromQueries ?? (result.empty && panel.error === undefined ? 'no data' : undefined);
  const problems = [panel.error, result.problem].filter((problem) => problem !== undefined);
  const allowed = mayBeEmpty.some((name) => isNamed(panel, name));
  const found = [result.shown, ...(empty === undefined ? [] : [empty]), ...problems].join('; ');
  return {
    well: problems.length === 0 && (empty === undefined || allowed),
    text: `${panel.key}  "${panel.title}"  ${panel.type}  ${found}`,
  };
}

async function main(): Promise<number> {
  try {
    const args = readArguments(process.argv.slice(2));
    if (!args) {
      console.log(USAGE);
      return 0;
    }
    return (await render(args)) ? 0 : 1;
  } catch (error) {
    console.error(error instanceof Problem ? error.message : error);
    return 2;
  }
}

process.exitCode = await main();
