/** Builds the page under test from the sources of the workspace. */
import { defineConfig } from 'vite'

export default defineConfig({
  root: new URL('./app', import.meta.url).pathname,
  resolve: { conditions: ['@unanimous/source', 'module', 'browser', 'import', 'default'] },
  build: { outDir: '../.cache/app', emptyOutDir: true, target: 'es2022', sourcemap: true },
})
