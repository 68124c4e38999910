import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';
import { VitePWA } from 'vite-plugin-pwa';
import type { Plugin } from 'vite';
import manifest from '../package.json' with { type: 'json' };

const here = fileURLToPath(new URL('.', import.meta.url));

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
    globPatterns: ['**/*.{js,css,html,svg,png}'],
    navigateFallback: 'index.html',
    cleanupOutdatedCaches: true,
  },
});

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
  plugins: [vue(), compiledWhileRead, installable],
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
      output: {
        // What a page needs to stand is one file, not eight requests.
        codeSplitting: { groups: [{ name: pagesOf, tags: ['$initial'] }] },
      },
    },
  },
  test: {
    environment: 'node',
    include: ['tests/**/*.test.ts'],
    setupFiles: ['tests/storage.ts'],
  },
});
