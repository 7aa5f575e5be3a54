import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

/** What a process of ours really writes on its stderr. */
const logged = (code: string): string =>
  spawnSync(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { openLog } from '${join(import.meta.dirname, 'log.ts')}'; import { Secret } from '${join(import.meta.dirname, '../../kernel/secret.ts')}'; const log = openLog('test'); ${code}`,
    ],
    { encoding: 'utf8' },
  ).stderr

describe('the log', () => {
  test('never has what a field with a secret’s name holds, at any of its first levels', () => {
    const names = ['password', 'secret', 'token', 'code', 'cookie', 'authorization', 'presence', 'verifier', 'privateKey', 'set-cookie']
    const line = "log.info({ [name]: 'hunter2', a: { [name]: 'hunter2', b: { [name]: 'hunter2' } } }, name)"
    const lines = logged(`for (const name of ${JSON.stringify(names)}) ${line}`)
      .trimEnd()
      .split('\n')
    expect(lines.map((l) => JSON.parse(l).msg)).toEqual(names)
    for (const one of lines) expect(one).not.toContain('hunter2')
  })

  test('never has a secret, wherever it is put', () => {
    const text = logged(
      "const s = Secret.fromText('hunter2'); log.info({ s, list: [s], deep: { a: { b: { c: s } } } }, 'it is ' + s); log.error(new Error(String(s))); log.error({ err: Object.assign(new Error('x'), { s }) })",
    )
    expect(text).toContain('[secret]')
    expect(text).not.toMatch(/hunter2|104,117|aHVudGVyMg/)
  })

  test('is one line of JSON for each entry, whatever the text', () => {
    const text = logged('log.warn(\'two\\nlines \\u001b[31m and "quotes"\')')
    expect(text.trimEnd().split('\n')).toHaveLength(1)
    expect(JSON.parse(text)).toMatchObject({ level: 40, process: 'test', time: expect.stringMatching(/^\d{4}-/) })
    expect(text).not.toContain('\u001b')
  })

  test('never has a share of a seal or a token of ours, whatever line they get to', () => {
    const share = `clvs-${'7zq3k-'.repeat(14)}9k2m`
    const token = `clvt_${'Ab3_'.repeat(8)}`
    const text = logged(
      `log.warn('typed: ${share}'); log.error({ body: { share: '${share.toUpperCase()}' } }, 'x'); log.error(new Error('no ${share}, ${token}')); log.info('clvs- and 74 letters')`,
    )
    expect(text.match(/\[redacted\]/g)?.length).toBeGreaterThanOrEqual(4)
    expect(text).not.toMatch(/7zq3k|Ab3_/i)
    expect(text).toContain('clvs- and 74 letters')
  })
})
