import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

const node = { environment: 'node' as const, testTimeout: 60_000, hookTimeout: 120_000 }

// Two kinds of place: Node for everything that runs there, happy-dom for what is drawn. `quick` is what `npm run check` runs.
export default defineConfig({
  plugins: [vue()],
  test: {
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          ...node,
          name: 'core',
          include: [
            'tests/unit/**/*.test.ts',
            'tests/laws/**/*.test.ts',
            'tests/conformance/**/*.test.ts',
            'tests/architecture/**/*.test.ts',
          ],
        },
      },
      {
        extends: true,
        test: {
          ...node,
          name: 'real',
          include: ['tests/{cli,faults,parity,security}/**/*.test.ts'],
          globalSetup: ['tests/support/build-once.ts'],
        },
      },
      { extends: true, test: { name: 'window', css: true, environment: 'happy-dom', include: ['tests/component/**/*.test.ts'] } },
    ],
  },
})
