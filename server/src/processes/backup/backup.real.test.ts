import { chmodSync, createReadStream, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type House, openHouse } from '../../domains/identity/test/house.ts'
import { signCheckpoint, verifierKey } from '../../keeper/ledger/checkpoint.ts'
import { Secret } from '../../kernel/secret.ts'
import { readArchive } from '../../platform/archive/read-archive.ts'
import { type ArchiveFile, writeArchive } from '../../platform/archive/write-archive.ts'
import { newAgeKey } from '../../platform/crypto/age.ts'
import { decryptStream, encryptStream } from '../../platform/crypto/age-stream.ts'
import { newSeed, signingKey } from '../../platform/crypto/ed25519.ts'
import { sha256 } from '../../platform/crypto/hash.ts'
import { type EmptyDatabase, openEmptyDatabase } from './empty-database.ts'
import { manifestFile, signatureFile, signedText } from './manifest.ts'
import { readKeptNotes } from './outside-checkpoints.ts'
import { restoreBackup } from './restore-backup.ts'
import { writeBackup } from './write-backup.ts'

let house: House
let empty: EmptyDatabase
let folder: string
let file: string
let us: { identity: string; recipient: string }
const migrations = join(import.meta.dirname, '..', '..', 'migrations')

/** A backup of the house as it is. */
async function backUp(name: string, id = 'bak_aaaaaaaaaa') {
  const { identity, notary } = house.inside.context
  const to = join(folder, name)
  return await writeBackup(
    {
      ...{ id, database: house.database.connection('owner'), keeper: join(house.database.folder, 'keeper'), recordings: undefined },
      ...{ recipients: [us.recipient], file: to, node: 'one', version: '0' },
    },
    {
      sign: async (digest) => identity.signer.sign(Buffer.from(signedText(digest), 'utf8')).toString('base64'),
      ...{ log: identity.log, verifierKey: notary.verifierKey, progress: () => undefined },
    },
  )
}

const check = (path: string, more: { key?: string; checkpoint?: string; identity?: string } = {}) =>
  restoreBackup(
    {
      ...{ file: path, identities: [more.identity ?? us.identity], database: empty.owner, migrations, verifierKey: more.key },
      ...{ kept: readKeptNotes(more.checkpoint ?? ''), progress: () => undefined },
    },
    undefined,
  )

/** Reads the files of a backup, and writes others as somebody may who knows the recipient. */
async function forged(name: string, change: (files: ArchiveFile[]) => ArchiveFile[], from = file): Promise<string> {
  const plain = await decryptStream([us.identity], createReadStream(from))
  if (!plain.ok) throw new Error(plain.error)
  const files = change(await Array.fromAsync(readArchive(plain.value, () => 1 << 28)))
  async function* all() {
    yield* files
  }
  const path = join(folder, name)
  writeFileSync(path, Buffer.concat(await Array.fromAsync(await encryptStream([us.recipient], writeArchive(all())))))
  return path
}
const textOf = (files: readonly ArchiveFile[], name: string) =>
  Buffer.from(files.find((f) => f.name === name)?.bytes ?? '').toString('utf8')
const replaced = (files: readonly ArchiveFile[], name: string, text: string) =>
  files.map((f) => (f.name === name ? { name, bytes: Buffer.from(text, 'utf8') } : f))

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'claviger-backup-'))
  chmodSync(folder, 0o711) // the database runs as another user
  house = await openHouse()
  await house.enrolled('ann', ['administrators'])
  await house.inside.context.vault.put(
    { kind: 'account', id: 'acc_aaaaaaaaaa', what: 'password' },
    'standard',
    Secret.fromText('swordfish one'),
    {
      state: 'current',
      escrow: true,
    },
  )
  us = await newAgeKey()
  file = join(folder, 'good.tar.age')
  await backUp('good.tar.age')
  const data = join(folder, 'data')
  mkdirSync(data, { mode: 0o711 })
  const opened = await openEmptyDatabase({ data, external: undefined, migrations, log: () => undefined })
  if (!opened.ok) throw new Error(opened.error)
  empty = opened.value
})
afterAll(async () => {
  await empty?.stop()
  await house?.close()
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
})

describe('a backup', () => {
  test('is whole at its place or not there at all, and is nothing but its recipients’', async () => {
    expect(existsSync(`${file}.part`)).toBe(false)
    const text = readFileSync(file).toString('latin1')
    for (const planted of ['ann', 'swordfish', house.inside.context.identity.log]) expect(text).not.toContain(planted)
  })

  test('is good: digests, signature, rows and ledger are what they were', async () => {
    const checked = await check(file)
    expect(checked).toMatchObject({ ok: true, value: { ledger: { anchoredTo: 0, newer: undefined } } })
    if (!checked.ok) throw new Error(checked.error)
    expect(checked.value.ledger.size).toBeGreaterThan(3)
    const [{ n }] = (await house.sql('select count(*) as n from person')) as [{ n: number }]
    expect(checked.value.read.manifest.members.find((m) => m.name === 'database/public.person')?.rows).toBe(n)
  })

  test('holds every table that there is but those that are named, and no sequence is forgotten', async () => {
    const checked = await check(file)
    if (!checked.ok) throw new Error(checked.error)
    const rows = await house.sql(
      `select n.nspname || '.' || c.relname as name, c.relkind::text as kind from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname in ('public', 'vault') and c.relkind in ('r', 'p', 'S', 'm') order by 1`,
    )
    expect(rows.filter((r) => r.kind !== 'r')).toEqual([])
    const there = checked.value.read.head.tables.map((t) => t.name)
    expect(rows.map((r) => r.name).filter((name) => !there.includes(String(name)))).toEqual([
      'public.migration',
      'public.node_part',
      'public.recording_outline',
      'public.recording_words',
      'public.session_live',
      'public.session_word',
      'vault.opened_for_words',
    ])
  })

  test('holds nothing that opens the seal', async () => {
    const root = readFileSync(join(house.database.folder, 'keeper', 'dev-root.key'))
    const plain = await decryptStream([us.identity], createReadStream(file))
    if (!plain.ok) throw new Error(plain.error)
    const all = Buffer.concat(await Array.fromAsync(plain.value))
    for (const form of [root, Buffer.from(root.toString('hex')), Buffer.from(root.toString('base64'))])
      expect(all.includes(form)).toBe(false)
    expect(all.includes('swordfish')).toBe(false)
  })
})

describe('refused is a backup', () => {
  test('with one bit flipped, wherever it is', async () => {
    const good = readFileSync(file)
    for (const at of [20, 300, Math.floor(good.length / 3), Math.floor(good.length / 2), good.length - 5]) {
      const bad = Buffer.from(good)
      bad[at] = (bad[at] ?? 0) ^ 1
      const path = join(folder, 'flipped.age')
      writeFileSync(path, bad)
      expect(await check(path), `at ${at}`).toMatchObject({
        ok: false,
        error: expect.stringMatching(/is not whole|recipients|no age file/),
      })
    }
  })

  test.each([0.1, 0.5, 0.99])('that was cut off at %f of its length', async (share) => {
    const good = readFileSync(file)
    const path = join(folder, 'short.age')
    writeFileSync(path, good.subarray(0, Math.floor(good.length * share)))
    expect(await check(path)).toMatchObject({ ok: false, error: expect.stringMatching(/is not whole/) })
  })

  test('of other recipients, and says whose key file is wanted', async () => {
    const other = await newAgeKey()
    expect(await check(file, { identity: other.identity })).toMatchObject({
      ok: false,
      error: expect.stringContaining('encrypted to other recipients'),
    })
  })

  test('in which somebody who knows the recipient changed a row', async () => {
    const path = await forged('row.age', (files) =>
      replaced(files, 'database/public.person/000000', textOf(files, 'database/public.person/000000').replace('ann', 'eve')),
    )
    expect(await check(path)).toMatchObject({ ok: false, error: expect.stringContaining('not what its manifest says') })
  })

  test('from which a table was taken away', async () => {
    const path = await forged('gone.age', (files) =>
      files.filter((f) => !f.name.startsWith('database/public.approval')).filter((f) => !f.name.startsWith('database/public.person')),
    )
    expect(await check(path)).toMatchObject({ ok: false, error: expect.stringContaining('manifest') })
  })

  test('with the manifest of another backup', async () => {
    await backUp('later.tar.age', 'bak_bbbbbbbbbb')
    let later: ArchiveFile[] = []
    await forged('unused.age', (files) => (later = files), join(folder, 'later.tar.age'))
    const path = await forged('manifest.age', (files) =>
      replaced(replaced(files, manifestFile, textOf(later, manifestFile)), signatureFile, textOf(later, signatureFile)),
    )
    expect(await check(path)).toMatchObject({ ok: false, error: expect.stringContaining('bak_bbbbbbbbbb') })
  })

  test('that is signed by a key of somebody’s own, also where nobody said which key is right', async () => {
    const { identity } = house.inside.context
    const own = signingKey(newSeed())
    const path = await forged('own-key.age', (files) => {
      const head = { ...JSON.parse(textOf(files, 'backup.json')), verifierKey: verifierKey(identity.log, own.publicKey) }
      const manifest = JSON.parse(textOf(files, manifestFile))
      const bytes = Buffer.from(JSON.stringify(head))
      manifest.members[0] = { ...manifest.members[0], bytes: bytes.length, sha256: sha256(bytes).toString('hex') }
      const text = JSON.stringify(manifest)
      const signature = own.sign(Buffer.from(signedText(sha256(text).toString('hex')))).toString('base64')
      return replaced(replaced(replaced(files, 'backup.json', bytes.toString()), manifestFile, text), signatureFile, signature)
    })
    expect(await check(path)).toMatchObject({ ok: false, error: expect.stringContaining('not signed by the key that signed its manifest') })
    const key = house.inside.context.notary.verifierKey
    expect(await check(path, { key })).toMatchObject({ ok: false, error: expect.stringContaining('you expect') })
  })

  test('of another installation than the outside checkpoint', async () => {
    const other = signingKey(newSeed())
    const checkpoint = signCheckpoint(other, {
      log: 'claviger.dev/ledger/other',
      size: 3,
      root: sha256('x'),
      epoch: 1,
      time: new Date().toISOString(),
    })
    expect(await check(file, { checkpoint })).toMatchObject({ ok: false, error: expect.stringContaining('different installations') })
  })

  test('whose history another signed checkpoint saw differently', async () => {
    const { identity } = house.inside.context
    const checkpoint = signCheckpoint(identity.signer, {
      log: identity.log,
      size: 3,
      root: sha256('x'),
      epoch: 1,
      time: new Date().toISOString(),
    })
    expect(await check(file, { checkpoint })).toMatchObject({ ok: false, error: expect.stringContaining('changed and signed again') })
  })
})

describe('an outside checkpoint', () => {
  test('of before the backup anchors it', async () => {
    const note = house.inside.context.notary.note
    const later = join(folder, 'anchored.age')
    await house.enrolled('bob')
    await backUp('anchored.age', 'bak_cccccccccc')
    const checked = await check(later, { checkpoint: `${note}\n` })
    expect(checked).toMatchObject({ ok: true, value: { ledger: { anchoredTo: Number(note.split('\n')[1]), newer: undefined } } })
  })

  test('of after it tells which entries are missing', async () => {
    await house.enrolled('cleo')
    const note = house.inside.context.notary.note
    const checked = await check(file, { checkpoint: note })
    expect(checked).toMatchObject({ ok: true, value: { ledger: { newer: { checkpoint: { size: Number(note.split('\n')[1]) } } } } })
  })
})
