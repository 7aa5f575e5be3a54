import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { bucketVariables, readBucket } from './bucket-settings.ts'
import { outageVariables, readOutage } from './outage-settings.ts'

const read = (given: Record<string, string>) => {
  const parsed = z.object(bucketVariables).safeParse(given)
  return parsed.success ? readBucket(parsed.data) : { ok: false as const, error: parsed.error.issues[0]?.message }
}
function keysFile(text = 'AKID\nsecret\n', mode = 0o600): string {
  const folder = mkdtempSync(join(tmpdir(), 'keys-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'keys')
  writeFileSync(file, text)
  chmodSync(file, mode)
  return file
}
const given = (more: Record<string, string>) => ({ CLAVIGER_S3_BUCKET: 'recordings', CLAVIGER_S3_KEYS_FILE: keysFile(), ...more })

test('nothing set is no bucket', () => expect(read({})).toEqual({ ok: true, value: undefined }))

test('a store of one’s own is reached by path, with keys from a file', () => {
  const more = { CLAVIGER_S3_ENDPOINT: 'https://s3.example.org', CLAVIGER_S3_PREFIX: 'claviger/prod', CLAVIGER_S3_LOCK: 'compliance:2555d' }
  expect(read(given(more))).toMatchObject({
    ok: true,
    value: {
      keys: 'AKID\nsecret',
      place: { prefix: 'claviger/prod/', pathStyle: true, lock: { mode: 'COMPLIANCE', seconds: 2555 * 86_400 } },
    },
  })
})

test.each([
  'http://s3.example.org',
  'http://10.0.0.1:9000',
  'http://127.0.0.1.example.org',
  'https://user@s3.example.org',
  'https://s3.example.org/path',
  'ftp://127.0.0.1',
  'nowhere',
])('nothing that is sealed goes over %s', (endpoint) => {
  expect(read(given({ CLAVIGER_S3_ENDPOINT: endpoint }))).toMatchObject({ ok: false })
})

test.each(['http://127.0.0.1:9000', 'http://localhost:9000', 'http://[::1]:9000'])(
  'a store on this machine may speak without TLS: %s',
  (endpoint) => {
    expect(read(given({ CLAVIGER_S3_ENDPOINT: endpoint }))).toMatchObject({ ok: true })
  },
)

test.each([
  ['everybody can read', keysFileOf('a\nb', 0o604), /everybody/],
  ['holds one line', keysFileOf('AKIDonly'), /two lines/],
  ['holds a space', keysFileOf('AK ID\nsecret'), /two lines/],
  ['is not there', () => '/nowhere/keys', /cannot be read/],
])('keys in a file that %s are refused, and not printed', (_what, file, words) => {
  const read_ = read({ CLAVIGER_S3_BUCKET: 'recordings', CLAVIGER_S3_KEYS_FILE: file() })
  expect(read_).toMatchObject({ ok: false, error: expect.stringMatching(words) })
  expect(JSON.stringify(read_)).not.toContain('AK')
})

test.each(['../up', 'a//b', '/a', 'a/./b', 'a?b'])('a prefix is a plain path: not %s', (prefix) => {
  expect(read(given({ CLAVIGER_S3_PREFIX: prefix }))).toMatchObject({ ok: false })
})

test('of tiers 0 and 1 nobody can let a session run on without the database for more than a minute', () => {
  const outage = (text: string) => z.object(outageVariables).safeParse({ CLAVIGER_WITHOUT_DATABASE: text })
  expect(outage('60s,61s,1h,1h').success).toBe(false)
  expect(outage('60s,60s,1h').success).toBe(false)
  const parsed = outage('10s,60s,1h,1d')
  expect(parsed.success && readOutage(parsed.data)).toMatchObject({ withoutDatabaseMs: [10_000, 60_000, 3_600_000, 86_400_000] })
})

test('the sessions of tier 0 end in any case when no more recordings may wait', () => {
  const spool = (more: object) => z.object(outageVariables).safeParse(more)
  expect(spool({ CLAVIGER_RECORDING_SPOOL_ENDS: '1,2' }).success).toBe(false)
  const parsed = spool({ CLAVIGER_RECORDING_SPOOL_ENDS: '0', CLAVIGER_RECORDING_SPOOL: '500MiB' })
  expect(parsed.success && readOutage(parsed.data)).toMatchObject({ spoolEnds: [0], spoolBytes: 500 * 2 ** 20 })
})

function keysFileOf(text: string, mode?: number): () => string {
  return () => keysFile(text, mode)
}
