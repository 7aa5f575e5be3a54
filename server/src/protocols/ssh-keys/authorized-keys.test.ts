import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ed25519Blob, formatAuthorizedKeys, formatPublicKeyLine, parseAuthorizedKeys, parseAuthorizedLine } from './index.ts'

const key = formatPublicKeyLine({ type: 'ssh-ed25519', blob: ed25519Blob(new Uint8Array(32).fill(9)), comment: 'ann@laptop' })
const bytes = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'))

describe('an authorized_keys line', () => {
  test.each([
    ['a bare key', key, []],
    ['blanks in front', ` \t${key}`, []],
    ['a flag', `no-pty ${key}`, [{ name: 'no-pty' }]],
    ['a value', `from="10.0.0.0/8,!10.1.0.0/16" ${key}`, [{ name: 'from', value: '10.0.0.0/8,!10.1.0.0/16' }]],
    [
      'a value with blanks, commas and quotes',
      `command="echo \\"a, b\\" # c",NO-PTY\t ${key}`,
      [{ name: 'command', value: 'echo "a, b" # c' }, { name: 'no-pty' }],
    ],
    ['an authority', `cert-authority,principals="ann,bob" ${key}`, [{ name: 'cert-authority' }, { name: 'principals', value: 'ann,bob' }]],
    [
      'options written twice',
      `environment="A=1",environment="B=2" ${key}`,
      [
        { name: 'environment', value: 'A=1' },
        { name: 'environment', value: 'B=2' },
      ],
    ],
  ])('with %s gives key and options', (_what, line, options) => {
    expect(parseAuthorizedLine(line)).toMatchObject({
      kind: 'key',
      raw: line,
      options,
      key: { type: 'ssh-ed25519', comment: 'ann@laptop' },
    })
  })

  test.each([
    ['an open quote', `from="10.0.0.1 ${key}`],
    ['a comma at the end of the options', `no-pty, ${key}`],
    ['an option without a key', 'no-pty'],
    ['options twice over', `no-pty no-x11-forwarding ${key}`],
    ['a key cut off', key.slice(0, 60)],
    ['another type in front', key.replace('ssh-ed25519', 'ssh-rsa')],
    ['the old format 1', '1024 35 1234567890 ann@old'],
    ['a NUL in front', `\0${key}`],
  ])('with %s is kept as malformed', (_what, line) => {
    expect(parseAuthorizedLine(line)).toEqual({ kind: 'malformed', raw: line })
  })

  test.each(['', '   ', '\t', '# a remark', `  # ${key}`, '\r'])('that opens nothing is a remark: %j', (line) => {
    expect(parseAuthorizedLine(line)).toEqual({ kind: 'remark', raw: line })
  })

  test('gives a comment in UTF-8, without what could move a cursor', () => {
    const line = Buffer.from(`${key.replace('ann@laptop', 'Änn \x1b[2J\u202eevil')}`, 'utf8').toString('latin1')
    expect(parseAuthorizedLine(line)).toMatchObject({ key: { comment: 'Änn  [2J evil' } })
  })
})

describe('an authorized_keys file', () => {
  test('is written back byte by byte, whatever it holds', () => {
    const line = fc.oneof(
      fc.constantFrom(key, `no-pty ${key}`, '# remark', ''),
      fc.uint8Array({ maxLength: 50 }).map((b) => Buffer.from(b).toString('latin1')),
    )
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
        const file = bytes(lines.map((l) => `${l}\n`).join(''))
        expect(formatAuthorizedKeys(parseAuthorizedKeys(file))).toEqual(file)
      }),
    )
  })

  test('gets the newline that its last line lacks, so that the next key does not join it', () => {
    expect(formatAuthorizedKeys(parseAuthorizedKeys(bytes(`# a\n${key}`)))).toEqual(bytes(`# a\n${key}\n`))
  })

  test('never crashes, at every cut', () => {
    const file = bytes(`# a\nfrom="1.2.3.4",command="x \\"y\\"" ${key}\n\n${key}\n`)
    for (let cut = 0; cut <= file.length; cut++) expect(parseAuthorizedKeys(file.subarray(0, cut)).length).toBeLessThanOrEqual(4)
  })
})
