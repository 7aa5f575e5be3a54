import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Said, ScpSink, ScpSource, scpCommand } from './index.ts'

describe('the command of scp -O', () => {
  test.each([
    ['scp -t /tmp/a', { op: 'put', path: '/tmp/a' }],
    ['scp -r -p -d -t -- /srv/www', { op: 'put', path: '/srv/www' }],
    ['scp -f ~/logs/*.gz', { op: 'get', path: '~/logs/*.gz' }],
    ['scp -f my\\ file', { op: 'get', path: 'my file' }],
  ] as const)('%s is seen', (command, seen) => expect(scpCommand(command)).toMatchObject(seen))

  test.each([
    ...[
      'scp -t /tmp/a; id',
      'scp -t $(id)',
      'scp -t `id`',
      'scp -t /a /b',
      'scp -t /a && id',
      'scp -f /a | tee x',
      'scp -t /a > /b',
      'scp -t "/a"',
    ],
    ...[
      'scp -t -f /a',
      'scp /a',
      'scp -S /tmp/evil -t /a',
      'scp -t /a\nid',
      'scp -t',
      ' scp -t /a',
      'xscp -t /a',
      "scp -t 'a",
      'scp -t /a\\\nid',
    ],
  ])('%s is a command like any other', (command) => expect(scpCommand(command)).toBeUndefined())
})

/** What a source says, where every file is taken, with each part cut into pieces of `size`; contents are joined. */
function heard(parts: readonly string[], size = 100_000): (Said | string)[] | undefined {
  const source = new ScpSource()
  const all: (Said | string)[] = []
  for (const part of parts.map((text) => Buffer.from(text, 'latin1')))
    for (let at = 0; at < part.length; at += size) {
      const said = source.push(part.subarray(at, at + size))
      if (!said) return undefined
      for (const one of said) {
        if (one.kind === 'file') source.answered(true, one.size)
        if (one.kind !== 'data') all.push(one)
        else if (typeof all.at(-1) === 'string') all.push(`${all.pop()}${one.bytes}`)
        else all.push(String(one.bytes))
      }
    }
  return all
}

describe('what a source says', () => {
  // a side that announced a file waits for the answer
  const parts = [
    'T1700000000 0 1700000000 0\nD0755 0 tree\nC0644 5 a file\n',
    'hello\0C0600 0 empty\n',
    '\0E\n\u0001scp: gone: No such file\n',
  ]

  test('is the same however its bytes are cut', () => {
    const whole = heard(parts)
    expect(whole).toEqual([
      ...[
        { kind: 'times' },
        { kind: 'folder', name: 'tree' },
        { kind: 'file', size: 5, name: 'a file' },
        'hello',
        { kind: 'over', trouble: null },
      ],
      ...[{ kind: 'file', size: 0, name: 'empty' }, { kind: 'over', trouble: null }, { kind: 'up' }],
      { kind: 'trouble', message: 'scp: gone: No such file' },
    ])
    for (let size = 1; size < 60; size++) expect(heard(parts, size), `pieces of ${size}`).toEqual(whole)
  })

  test.each([
    'C0644 5 ../x\n',
    'C0644 5 ..\n',
    'C0644 -1 x\n',
    'D0755 0 .\n',
    'D0755 0 a/b\n',
    'Z\n',
    '\n',
    'C0644 99999999999999999 x\n',
    'x'.repeat(9000),
  ])('%j is nonsense', (line) => expect(heard([line])).toBeUndefined())

  test('is nonsense where contents come before they were taken', () => {
    expect(new ScpSource().push(Buffer.from('C0644 5 x\nhello'))).toBeUndefined()
  })

  test('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        new ScpSource().push(Buffer.from(bytes))
        new ScpSink().push(Buffer.from(bytes))
      }),
    )
  })
})

test('what a sink answers is the same however its bytes are cut; a long or another beginning is nonsense', () => {
  const stream = Buffer.from('\0\0\u0001scp: no\n\0\u0002lost\n')
  const answers = [null, null, 'scp: no', null, 'lost']
  expect(new ScpSink().push(stream)).toEqual(answers)
  const sink = new ScpSink()
  expect([...stream].flatMap((byte) => sink.push(Buffer.from([byte])) ?? ['?'])).toEqual(answers)
  expect(new ScpSink().push(Buffer.from('hello'))).toBeUndefined()
  expect(new ScpSink().push(Buffer.from(`\u0001${'x'.repeat(9000)}`))).toBeUndefined()
})
