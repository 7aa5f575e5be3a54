import { availableParallelism, totalmem } from 'node:os'
import { defineConfig } from 'vitest/config'
import { LongestFirst } from './scripts/longest-first.ts'
import { parts } from './server/src/platform/postgres-server/free-port.fixture.ts'

const outside = ['**/node_modules/**', '**/dist/**', 'data/**', '.bootstrap/**']
const minutes = (count: number) => count * 60_000
/** What comes soon is waited for, on a machine that does much else as well; what never comes fails all the same. */
const expectations = { poll: { timeout: minutes(1) } }
const journeys = 'test/journeys/**/*.test.ts'

/**
 * So many files of real tests and journeys at a time: two for each core. With three a journey that a browser drives is late for what it waits for. A journey also
 * takes up to 1.5 GiB, and each file a part of the ports of its own.
 */
const lanes = Math.max(2, Math.min(2 * availableParallelism(), Math.floor(totalmem() / 2 ** 31), parts))

/*
 * Three kinds of test, told apart by name and place:
 *
 * - unit: `x.test.ts` beside the code. Pure, or with files and sockets of its own; needs no package of the system.
 * - real: `x.real.test.ts` beside the code. Starts real servers and clients.
 * - journeys: `test/journeys/`. The whole product, driven from outside.
 *
 * Real tests and journeys wait more than they work (for disks, for codes, for the end of a grant), so there are more of them at a time than
 * there are cores. None may need another's absence: ports are asked for (`freePorts`), folders, users' homes, mounts and
 * control groups are a test's own, and processes are found as descendants of one's own.
 */
export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          // what a file imported stays for the next: half of the processor time went there. A unit test leaves nothing behind it
          isolate: false,
          include: ['**/*.test.{ts,tsx}'],
          exclude: [...outside, '**/*.real.test.{ts,tsx}', journeys],
          expect: expectations,
          testTimeout: minutes(2),
          hookTimeout: minutes(2),
        },
      },
      {
        test: {
          name: 'real',
          include: ['**/*.real.test.{ts,tsx}'],
          exclude: outside,
          sequence: { groupOrder: 1 },
          globalSetup: 'server/src/domains/identity/test/make-template.ts',
          pool: 'forks', // a test may change its uid or load a native part: never in a thread of another
          maxWorkers: lanes,
          expect: expectations,
          testTimeout: minutes(5),
          hookTimeout: minutes(5),
        },
      },
      {
        test: {
          name: 'journeys',
          include: [journeys],
          exclude: outside,
          sequence: { groupOrder: 2 },
          pool: 'forks',
          maxWorkers: lanes,
          expect: expectations,
          testTimeout: minutes(5),
          hookTimeout: minutes(5),
        },
      },
    ],
  },
})
