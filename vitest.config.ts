import { defineConfig } from 'vitest/config'

const outside = ['**/node_modules/**', '**/dist/**', 'data/**', '.bootstrap/**']
const minutes = (count: number) => count * 60_000

/*
 * Three kinds of test, told apart by name and place:
 *
 * - unit: `x.test.ts` beside the code. Pure, or with files and sockets of its own; needs no package of the system.
 * - real: `x.real.test.ts` beside the code. Starts real servers and clients.
 * - journeys: `test/journeys/`. The whole product, driven from outside, one journey at a time.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.test.{ts,tsx}'],
          exclude: [...outside, '**/*.real.test.{ts,tsx}', 'test/journeys/**'],
          testTimeout: minutes(0.5),
          hookTimeout: minutes(0.5),
        },
      },
      {
        test: {
          name: 'real',
          include: ['**/*.real.test.{ts,tsx}'],
          exclude: outside,
          pool: 'forks', // a test may change its uid or load a native part: never in a thread of another
          maxWorkers: 2,
          testTimeout: minutes(2),
          hookTimeout: minutes(2),
        },
      },
      {
        test: {
          name: 'journeys',
          include: ['test/journeys/**/*.test.ts'],
          exclude: outside,
          pool: 'forks',
          fileParallelism: false,
          testTimeout: minutes(5),
          hookTimeout: minutes(5),
        },
      },
    ],
  },
})
