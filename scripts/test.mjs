// `npm test`: everything, with real servers and clients. `npm test -- ssh` runs only the test files with "ssh" in their path.
import { check } from './house/check.mjs'
import { buildConsole } from './house/console.mjs'
import { installPackages } from './house/debian.mjs'
import { home, pathsOf } from './house/paths.mjs'
import { refuse, say } from './house/print.mjs'
import { vitestInFront } from './house/vitest.mjs'

const paths = pathsOf(home)
const filters = process.argv.slice(2)
const total = { passed: 0, failed: 0, skipped: 0 }

/** @param {import('./house/vitest.mjs').Counts} counts */
const add = ({ passed, failed, skipped }) => {
  total.passed += passed
  total.failed += failed
  total.skipped += skipped
}

if (await installPackages()) {
  add(filters.length > 0 ? await vitestInFront(paths, 'unit', filters) : await check(paths))
  if (await buildConsole(paths)) {
    say('tests with real servers')
    add(await vitestInFront(paths, 'real', filters))
    say('journeys through the whole product')
    add(await vitestInFront(paths, 'journeys', filters))
  } else total.failed += 1
} else total.failed += 1

if (total.passed + total.failed === 0) {
  refuse(`no test file has ${filters.join(' or ')} in its path`)
  total.failed += 1
}
process.stdout.write(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}\n`)
process.exitCode = total.failed === 0 ? 0 : 1
