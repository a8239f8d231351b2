import { defineConfig } from '@playwright/test'

const page = Number(process.env['PAGE_PORT'] ?? 4173)
const signal = Number(process.env['SIGNAL_PORT'] ?? 8787)

export default defineConfig({
  testDir: 'tests',
  workers: 1,
  timeout: 120_000,
  use: { baseURL: `http://127.0.0.1:${page}/` },
  webServer: [
    {
      command: `npx unanimous-signaling --port ${signal} --origin http://127.0.0.1:${page}`,
      url: `http://127.0.0.1:${signal}/healthz`,
    },
    {
      command: `npx vite build && npx vite preview --host 127.0.0.1 --port ${page} --strictPort`,
      url: `http://127.0.0.1:${page}/`,
      env: { VITE_SIGNAL: `ws://127.0.0.1:${signal}` },
    },
  ],
})
