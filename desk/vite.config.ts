import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const here = fileURLToPath(new URL('.', import.meta.url));
const entry = (name: string): string => `${here}src/${name}.ts`;

// Pages find these files by dist/.vite/manifest.json; names carry a hash of the content, so they may be kept for ever.
export default defineConfig({
  root: here,
  base: '/static/',
  publicDir: false,
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    manifest: true,
    // Headquarters' machines are often locked to a browser of 2020.
    target: ['es2019', 'chrome80'],
    cssTarget: 'chrome80',
    modulePreload: false,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700, // the wall's charts
    rollupOptions: {
      input: { checkIn: entry('checkIn'), desk: entry('desk'), display: entry('display'), start: entry('start'), village: entry('village'), wall: entry('wall') },
      output: {
        entryFileNames: 'desk/[name].[hash:12].js',
        chunkFileNames: 'desk/[name].[hash:12].js',
        assetFileNames: 'desk/[name].[hash:12][extname]',
        hashCharacters: 'hex',
      },
    },
  },
  test: {
    environment: 'node',
    include: ['tests/**/*.test.ts'],
  },
});
