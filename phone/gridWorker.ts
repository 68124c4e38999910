/** Vite: the service worker of the grid worker's page, made by Workbox as the officer's is, but over its own files and under its own scope. */
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { generateSW } from 'workbox-build';

const DIST = fileURLToPath(new URL('./dist/', import.meta.url));
const PAGE = 'grid.html';

interface Built {
  type: string;
  fileName: string;
  isEntry?: boolean;
  name?: string;
  imports?: string[];
  dynamicImports?: string[];
  viteMetadata?: { importedCss: Set<string>; importedAssets: Set<string> };
}

type Bundle = Record<string, Built>;

/** Everything the page's own script leads to, whatever file it came to lie in. */
function filesOf(bundle: Bundle): string[] {
  const entry = Object.values(bundle).find(({ isEntry, name }) => isEntry && name === 'grid');
  const found = new Set(entry ? [entry.fileName] : []);
  for (const file of found) {
    const { imports = [], dynamicImports = [], viteMetadata } = bundle[file] ?? {};
    for (const next of [...imports, ...dynamicImports, ...(viteMetadata?.importedCss ?? []), ...(viteMetadata?.importedAssets ?? [])]) found.add(next);
  }
  return [...found];
}

export function gridWorker(): Plugin {
  let files: string[] = [];
  return {
    name: 'grid-worker',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler: (_, bundle) => void (files = filesOf(bundle as unknown as Bundle)),
    },
    closeBundle: {
      sequential: true,
      async handler() {
        const { warnings } = await generateSW({
          globDirectory: DIST,
          globPatterns: [PAGE, 'icon.svg', ...files],
          swDest: `${DIST}grid/sw.js`,
          cacheId: 'lianfang-grid',
          inlineWorkboxRuntime: true,
          sourcemap: false,
          navigateFallback: '/grid/',
          cleanupOutdatedCaches: true,
          // Named by their content already: they are asked for as they are.
          dontCacheBustURLsMatching: /^assets\//,
          manifestTransforms: [
            (entries) => ({ manifest: entries.map((entry) => ({ ...entry, url: entry.url === PAGE ? '/grid/' : `/phone/${entry.url}` })) }),
          ],
        });
        if (warnings.length) throw new Error(warnings.join('\n'));
      },
    },
  };
}
