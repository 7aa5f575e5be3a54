import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { writePrivate } from '../kit/files.ts'
import { makeKeyPair } from './key.ts'

const folder = mkdtempSync(join(tmpdir(), 'claviger-key-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a key pair that we make', () => {
  // comments of each length up to eight try every padding
  test.each(Array.from({ length: 8 }, (_, length) => 'c'.repeat(length)))('is one that OpenSSH reads, with the comment "%s"', (comment) => {
    const pair = makeKeyPair(comment)
    const file = join(folder, `key-${comment.length}`)
    writePrivate(file, pair.privateKey)
    const { stdout, stderr } = spawnSync('ssh-keygen', ['-y', '-f', file], { encoding: 'utf8', timeout: 60_000 })
    expect(stderr).toBe('')
    expect(stdout.trim().split(' ').slice(0, 2)).toEqual(pair.publicKey.trim().split(' ').slice(0, 2))
  })

  test('is a new one each time', () => {
    expect(makeKeyPair('x').publicKey).not.toBe(makeKeyPair('x').publicKey)
  })
})
