import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Secret } from '../../../kernel/secret.ts'
import { type KeeperFolder, openFolder } from '../../state/folder.ts'
import { pinMark, pinMarkFile } from './pin-mark.ts'

let folder: KeeperFolder
beforeEach(() => {
  folder = openFolder(mkdtempSync(join(tmpdir(), 'claviger-pin-')))
})
afterEach(() => rmSync(folder.path(''), { recursive: true, force: true }))

const mark = (pin: string) => pinMark(folder, Secret.fromText(pin))

test('a PIN that was refused is known again, is not in the file, and another one may be given', async () => {
  const first = await mark('12345678')
  expect(first).toMatchObject({ why: undefined, another: false })
  first.trying()
  first.refused()
  expect(readFileSync(folder.path(pinMarkFile), 'utf8')).not.toContain('12345678')
  expect(await mark('12345678')).toMatchObject({ why: 'refused' })
  const second = await mark('87654321')
  expect(second).toMatchObject({ why: undefined, another: true })
  // the token was away: it still has the other one on its count
  second.trying()
  second.kept()
  expect(await mark('12345678')).toMatchObject({ why: 'refused' })
  second.accepted()
  expect(await mark('12345678')).toMatchObject({ why: undefined, another: false })
})

test('a PIN of which nobody knows whether it was counted is given three times', async () => {
  for (let tries = 0; tries < 3; tries++) {
    const again = await mark('12345678')
    expect(again.why).toBeUndefined()
    // and then the process was killed
    again.trying()
  }
  expect(await mark('12345678')).toMatchObject({ why: 'unsure' })
})
