import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';
import { VitePWA } from 'vite-plugin-pwa';
import { packed } from './packed';
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
    globPatterns: ['**/*.{js,css,html,svg,png,bin}'],
    // The scanner's decoder and all the rest stay under 1.5 MB together.
    maximumFileSizeToCacheInBytes: 1_000_000,
    navigateFallback: 'index.html',
    cleanupOutdatedCaches: true,
  },
});

export default defineConfig({
  root: here,
  base: '/phone/',
  plugins: [vue(), packed(), installable],
  define: {
    __PHONE_VERSION__: JSON.stringify(manifest.version),
    __VUE_OPTIONS_API__: 'false',
    __VUE_I18N_FULL_INSTALL__: 'false',
    __VUE_I18N_LEGACY_API__: 'false',
    __INTLIFY_PROD_DEVTOOLS__: 'false',
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
  },
  test: {
    environment: 'node',
    include: ['tests/**/*.test.ts'],
    setupFiles: ['tests/storage.ts'],
  },
});
