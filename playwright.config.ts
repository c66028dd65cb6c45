import { defineConfig } from '@playwright/test'

// Two ways into the same app: a browser over the loopback host, and the desktop window. `npm test` builds before it runs these.
export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results',
  timeout: 90_000,
  expect: { timeout: 15_000 },
  workers: 1,
  // What holds only at its second try counts as held, and stands by name at the end of `npm test`.
  retries: 1,
  forbidOnly: true,
  reporter: [['list'], ['json', { outputFile: process.env['ROSTER_TEST_REPORT'] ?? 'test-results/results.json' }]],
  use: { trace: 'retain-on-first-failure', actionTimeout: 15_000 },
  projects: [
    { name: 'loopback', testDir: 'tests/e2e/loopback' },
    { name: 'desktop', testDir: 'tests/e2e/desktop' },
  ],
})
