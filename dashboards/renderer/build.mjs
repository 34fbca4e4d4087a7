// Bundles the command line program and the page it draws, into dist/; with --tests the tests instead.
import { readdirSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

const tests = process.argv.includes('--tests');

const node = {
  bundle: true,
  platform: 'node',
  target: 'node18',
  format: 'esm',
  packages: 'external',
  logLevel: 'warning',
};

if (tests) {
  rmSync('dist/tests', { recursive: true, force: true });
  const entryPoints = readdirSync('tests').map((name) => `tests/${name}`);
  await build({ ...node, entryPoints, outdir: 'dist/tests' });
} else {
  rmSync('dist', { recursive: true, force: true });
  await Promise.all([
    build({ ...node, entryPoints: { render: 'src/cli.ts', live: 'src/live.ts' }, outdir: 'dist' }),
    build({
      bundle: true,
      platform: 'browser',
      target: 'chrome120',
      format: 'esm',
      // Editors and maps are imported where they are used only; split off, they are never loaded.
      splitting: true,
      minify: true,
      jsx: 'automatic',
      define: { 'process.env.NODE_ENV': '"production"' },
      // A font of the editors only.
      loader: { '.ttf': 'empty' },
      entryPoints: { page: 'src/page/main.tsx' },
      outdir: 'dist/page',
      logLevel: 'warning',
    }),
  ]);
}
