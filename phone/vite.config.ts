import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { VitePWA } from 'vite-plugin-pwa';
import { packed } from './packed';
import manifest from '../package.json' with { type: 'json' };

const here = fileURLToPath(new URL('.', import.meta.url));

const page = (name: string): string => `${here}${name}.html`;

/** The traveller's page is built beside the officer's program and has files of its own: see globIgnores. */
const folderOf = (name: string): string => (name === 'declare' ? 'assets/declare' : 'assets');
const isTravellers = (module: string): boolean => /\/src\/(declare|i18n\/[\w-]+\/declare)/.test(module);

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
    // The traveller's page is no part of the officer's program, and strangers' phones keep nothing.
    globIgnores: ['declare.html', 'assets/declare/**'],
    navigateFallback: 'index.html',
    cleanupOutdatedCaches: true,
  },
});

/** Strangers are not asked to install the officer's program. */
const nothingToInstall: Plugin = {
  name: 'nothing-to-install',
  enforce: 'post',
  transformIndexHtml: {
    order: 'post',
    handler: (html, { path }) => (path.endsWith('declare.html') ? html.replace(/<link rel="manifest"[^>]*>/, '') : html),
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
  plugins: [vue(), packed(), compiledWhileRead, installable, nothingToInstall],
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
      input: { index: page('index'), declare: page('declare') },
      output: {
        entryFileNames: ({ name }) => `${folderOf(name)}/[name]-[hash].js`,
        chunkFileNames: ({ moduleIds }) => `${moduleIds.every(isTravellers) ? 'assets/declare' : 'assets'}/[name]-[hash].js`,
        assetFileNames: ({ names }) => `${folderOf(names[0]?.split('.')[0] ?? '')}/[name]-[hash][extname]`,
        // What a page needs to stand is one file, not eight requests.
        codeSplitting: {
          groups: [
            // First what both pages need: a group takes along whatever its modules import.
            { name: (id, graph) => (pagesOf(id, graph) === 'declare-index' ? 'shared' : null), tags: ['$initial'], priority: 1 },
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
