import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { VitePWA } from 'vite-plugin-pwa';
import { gridWorker } from './gridWorker';
import { packed } from './packed';
import manifest from '../package.json' with { type: 'json' };

const here = fileURLToPath(new URL('.', import.meta.url));

const page = (name: string): string => `${here}${name}.html`;

/** The traveller's page and the grid worker's are built beside the officer's program and have files of their own: see globIgnores. */
const BESIDE = ['declare', 'grid'];
const folderOf = (name: string): string => (BESIDE.includes(name) ? `assets/${name}` : 'assets');
const ownOf = (module: string): string => /\/src\/(?:i18n\/[\w-]+\/)?(declare|grid)/.exec(module)?.[1] ?? '';

/** A file that holds one page's modules alone lies in that page's folder. */
function folderFor(moduleIds: string[]): string {
  const owners = [...new Set(moduleIds.map(ownOf))];
  return folderOf(owners.length === 1 ? owners[0]! : '');
}

const installable = VitePWA({
  // An update waits until the officer has an empty form and says yes: see src/device/update.ts.
  registerType: 'prompt',
  injectRegister: false,
  manifest: {
    id: '/phone/',
    name: '联防 · 卡口登记',
    short_name: '卡口登记',
    description: '卡口车辆和人员登记，断网可用。',
    lang: 'zh-Hans',
    start_url: '/phone/',
    scope: '/phone/',
    display: 'standalone',
    background_color: '#eef1f5',
    theme_color: '#0b3f7a',
    icons: [
      { src: 'icon-192.png', sizes: '192x192', type: 'image/png' },
      { src: 'icon-512.png', sizes: '512x512', type: 'image/png' },
      { src: 'icon-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
    ],
  },
  workbox: {
    globPatterns: ['**/*.{js,css,html,svg,png,bin}'],
    // The scanner's decoder and all the rest stay under 1.5 MB together.
    maximumFileSizeToCacheInBytes: 1_000_000,
    // The other pages are no part of the officer's program: strangers' phones keep nothing, grid workers' have a worker of their own.
    globIgnores: ['declare.html', 'assets/declare/**', 'grid.html', 'grid/**', 'assets/grid/**'],
    navigateFallback: 'index.html',
    cleanupOutdatedCaches: true,
  },
});

/** Strangers are not asked to install the officer's program, and a grid worker's page names its own. */
const MANIFESTS: Record<string, string> = { 'declare.html': '', 'grid.html': '<link rel="manifest" href="/grid/manifest.webmanifest">' };
const ownManifest: Plugin = {
  name: 'own-manifest',
  enforce: 'post',
  transformIndexHtml: {
    order: 'post',
    handler: (html, { path }) => html.replace(/<link rel="manifest"[^>]*>/, (officers) => MANIFESTS[basename(path)] ?? officers),
  },
};

/**
 * Chromium from 136 on compiles a file that begins so on another thread while it is read: a third less work before the form
 * stands. For all others it is a comment. Written last, or the minifier would take it out.
 */
const compiledWhileRead: Plugin = {
  name: 'compiled-while-read',
  enforce: 'post',
  generateBundle: {
    order: 'post',
    handler(_, bundle) {
      for (const chunk of Object.values(bundle)) if (chunk.type === 'chunk' && chunk.isEntry) chunk.code = `//# allFunctionsCalledOnLoad\n${chunk.code}`;
    },
  },
};

interface Graph {
  getModuleInfo: (id: string) => { isEntry: boolean; importers: readonly string[] } | null;
}

/** The pages that cannot stand without a module, as a name: what they share and what is only one's come as a file each. */
function pagesOf(id: string, graph: Graph): string {
  const seen = new Set([id]);
  for (const one of seen) for (const importer of graph.getModuleInfo(one)?.importers ?? []) seen.add(importer);
  const pages = [...seen].filter((one) => graph.getModuleInfo(one)?.isEntry).map((one) => basename(one).replace(/\..*$/, ''));
  return pages.sort().join('-');
}

export default defineConfig({
  root: here,
  base: '/phone/',
  plugins: [vue(), packed(), compiledWhileRead, installable, ownManifest, gridWorker()],
  define: {
    __PHONE_VERSION__: JSON.stringify(manifest.version),
    __VUE_OPTIONS_API__: 'false',
    __VUE_I18N_FULL_INSTALL__: 'false',
    __VUE_I18N_LEGACY_API__: 'false',
    __INTLIFY_PROD_DEVTOOLS__: 'false',
    // src/i18n/sentences.ts does all that these sentences need.
    __INTLIFY_DROP_MESSAGE_COMPILER__: 'true',
  },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // Officers' own phones are often five years old; Vue 3 and IndexedDB set the floor.
    target: ['chrome87', 'safari14'],
    // The content security policy knows no inline script, style or font.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: true,
    rolldownOptions: {
      input: { index: page('index'), declare: page('declare'), grid: page('grid') },
      output: {
        entryFileNames: ({ name }) => `${folderOf(name)}/[name]-[hash].js`,
        chunkFileNames: ({ moduleIds }) => `${folderFor(moduleIds)}/[name]-[hash].js`,
        assetFileNames: ({ names }) => `${folderOf(names[0]?.split('.')[0] ?? '')}/[name]-[hash][extname]`,
        // What a page needs to stand is one file, not eight requests.
        codeSplitting: {
          groups: [
            // First what several pages need: a group takes along whatever its modules import. What travellers never need they never load.
            { name: (id, graph) => (/^declare-(grid-)?index$/.test(pagesOf(id, graph)) ? 'shared' : null), tags: ['$initial'], priority: 2 },
            { name: (id, graph) => (pagesOf(id, graph) === 'grid-index' ? 'outbox' : null), tags: ['$initial'], priority: 1 },
            { name: (id, graph) => (pagesOf(id, graph) === 'index' ? 'index' : null), tags: ['$initial'] },
          ],
        },
      },
    },
  },
  test: {
    environment: 'node',
    // Nothing is judged by how long it takes: a slow machine is not a fault.
    testTimeout: 60_000,
    include: ['tests/**/*.test.ts'],
    setupFiles: ['tests/storage.ts'],
    // An IndexedDB in memory goes step by step; on a busy machine hundreds of records take their time.
    hookTimeout: 60_000,
  },
});
