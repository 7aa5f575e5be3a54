import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ok } from '../../kernel/result.ts'
import { parseAuthorizedLine } from '../../protocols/ssh-keys/index.ts'
import { readKeyFile, replaceKeyFile } from './authorized-files.ts'
import type { Remote } from './remote.ts'
import { afterBeginning, commandFor } from './script.ts'

const { username, uid, gid } = userInfo()
const me = { name: username, uid, gid, home: '/', shell: '/bin/sh' }
let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'claviger keys '))
  path = join(folder, 'authorized_keys')
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Runs the scripts on this machine; `cut` drops that many bytes from the end of the input, as a broken connection does. */
const here = (cut = 0): Remote => ({
  me,
  power: 'own',
  run: async (what, stdin = '') => {
    const input = Buffer.from(stdin as string)
    const ran = spawnSync('/bin/sh', ['-c', commandFor('own', what)], {
      input: input.subarray(0, input.length - cut),
      maxBuffer: 8_388_608,
    })
    return ok({ status: ran.status ?? -1, stdout: afterBeginning(ran.stdout) ?? Buffer.alloc(0), stderr: ran.stderr.toString() })
  },
})
const lines = (...raw: string[]) => raw.map(parseAuthorizedLine)
async function read() {
  const file = await readKeyFile(here(), me, { path, inHome: true })
  if (!file.ok) throw new Error(JSON.stringify(file.error))
  return file.value
}

describe('a file of authorized keys', () => {
  test('is made where there is none, for its owner alone', async () => {
    path = join(folder, 'new', 'authorized_keys')
    const file = await read()
    expect(file).toMatchObject({ checksum: 'none', lines: [] })
    expect(await replaceKeyFile(here(), me, file, lines('# one'))).toEqual({ ok: true, value: 'replaced' })
    expect(readFileSync(path, 'utf8')).toBe('# one\n')
    expect([statSync(path), statSync(join(folder, 'new'))].map(({ mode }) => mode & 0o777)).toEqual([0o600, 0o700])
  })

  test('keeps its mode, and bytes that are no text', async () => {
    writeFileSync(path, Buffer.from([0x23, 0xff, 0x00, 0xfe, 0x0a]))
    chmodSync(path, 0o644)
    const file = await read()
    expect(await replaceKeyFile(here(), me, file, [...file.lines, ...lines('# more')])).toEqual({ ok: true, value: 'replaced' })
    expect(readFileSync(path)).toEqual(Buffer.concat([Buffer.from([0x23, 0xff, 0x00, 0xfe, 0x0a]), Buffer.from('# more\n')]))
    expect(statSync(path).mode & 0o777).toBe(0o644)
  })

  test('that somebody else changed meanwhile is not touched', async () => {
    writeFileSync(path, '# one\n')
    const file = await read()
    writeFileSync(path, '# theirs\n')
    expect(await replaceKeyFile(here(), me, file, lines('# ours'))).toEqual({ ok: true, value: 'changed' })
    expect(readFileSync(path, 'utf8')).toBe('# theirs\n')
    rmSync(path)
    expect(await replaceKeyFile(here(), me, file, lines('# ours'))).toEqual({ ok: true, value: 'changed' })
    expect(existsSync(path)).toBe(false)
  })

  test('stays as it is when the connection breaks at any byte, and nothing is left beside it', async () => {
    writeFileSync(path, '# one\n')
    const file = await read()
    for (const cut of [1, 3, 6, 7, 10, 20, 50]) {
      expect(await replaceKeyFile(here(cut), me, file, lines('# longer than before'))).not.toEqual({ ok: true, value: 'replaced' })
      expect(readFileSync(path, 'utf8')).toBe('# one\n')
      expect(readdirSync(folder)).toEqual(['authorized_keys'])
    }
  })

  test('that is a folder, or too large, is not read', async () => {
    symlinkSync(folder, path)
    expect(await readKeyFile(here(), me, { path, inHome: true })).toMatchObject({ ok: false, error: { code: 'target.not_permitted' } })
    rmSync(path)
    writeFileSync(path, Buffer.alloc(1_048_577, '#'))
    expect(await readKeyFile(here(), me, { path, inHome: true })).toMatchObject({ ok: false, error: { code: 'target.protocol' } })
  })
})
