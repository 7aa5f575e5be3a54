import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { countsOf } from './vitest.mjs'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'claviger-counts-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const report = (fields: object) => {
  const file = join(folder, 'report.json')
  writeFileSync(
    file,
    JSON.stringify({ numPassedTests: 3, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [], ...fields }),
  )
  return file
}

describe('counting a test run', () => {
  test('passes on what vitest counted', () => {
    expect(countsOf(report({ numPendingTests: 1, numTodoTests: 1 }), true)).toEqual({ passed: 3, failed: 0, skipped: 2 })
  })

  test('counts a file that could not be loaded', () => {
    expect(countsOf(report({ testResults: [{ status: 'failed', assertionResults: [] }] }), false)).toMatchObject({ failed: 1 })
  })

  test('never says zero failed of a run that ended badly', () => {
    expect(countsOf(report({}), false)).toMatchObject({ passed: 3, failed: 1 })
    expect(countsOf(join(folder, 'none.json'), true)).toEqual({ passed: 0, failed: 1, skipped: 0 })
  })
})
