/** How the page is built: every package from its sources, for browsers that know `light-dark()`. Starts no server. */
import { defaultClientConditions, defineConfig } from 'vite'

export default defineConfig({
  root: import.meta.dirname,
  // Relative, so that the result may lie in any folder of a web server.
  base: './',
  resolve: { conditions: ['@unanimous/source', ...defaultClientConditions] },
  build: {
    target: 'es2023',
    cssTarget: ['chrome123', 'firefox121', 'safari17.5'],
    // Everything is one page: a preload of its parts would only add requests.
    modulePreload: false,
    assetsInlineLimit: 0,
  },
  server: { host: '127.0.0.1', port: 4173 },
  preview: { host: '127.0.0.1', port: 4173 },
})
