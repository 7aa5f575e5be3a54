import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findInFiles, formsOf } from '../../../../../test/support/planted.ts'
import type { How, LiveSession } from '../../../gateways/contract.ts'
import { granted } from '../../../keeper/test/access.ts'
import { openWorld, type World } from '../../../keeper/test/world.ts'
import { Secret } from '../../../kernel/secret.ts'
import { openDb, openPool } from '../../../platform/db/open-db.ts'
import type { SignedIn } from '../../../platform/http/handler.ts'
import { createDecide } from '../../access/index.ts'
import { auditEvent, createActs } from '../../audit/index.ts'
import { must } from '../../identity/test/house.ts'
import { beginReading, forgetWords, putWords } from '../../recording/index.ts'
import { createSessionHost, type Host } from '../session-host.ts'
import { indexRecordings } from './index-recordings.ts'
import { type SearchAsked, searchSessions } from './search-sessions.ts'

let world: World
let pool: pg.Pool
let host: Host
let recordings: string
let grant: string
const indexDeps = () => ({
  db: world.db,
  audit: world.audit,
  keeper: world.keeper,
  recordings,
  log: (line: string) => void said.push(line),
})
const said: string[] = []

beforeAll(async () => {
  world = await openWorld()
  recordings = join(world.database.folder, 'recordings')
  mkdirSync(recordings)
  pool = openPool(world.database.connection('gateway'), 4)
  const { clock, gateway } = world
  const db = openDb(pool)
  host = createSessionHost({
    ...{ db, clock, recordings, keeper: gateway, audit: createActs({ db, keeper: gateway, now: clock.now }), now: clock.now },
    ...{
      reachable: { ssh: ['linux-ssh'], postgres: ['linux-ssh'], mysql: [] },
      rotationMs: 20_000,
      limits: { idleSeconds: 28_800, longestSeconds: 28_800 },
      log: () => undefined,
    },
    ...{ decide: createDecide(gateway), shortestSeconds: 20, connects: () => true, console: 'http://localhost' },
  })
  must(
    await world.keeper.ask(
      'storeCredential',
      { account: world.deploy.id, credential: 'password', public: null },
      Secret.fromText('injected'),
    ),
  )
  grant = String((await granted(world, world.alice, world.deploy, world.bob)).grant.id)
})
afterAll(async () => {
  await pool?.end()
  await world?.close()
})

const shell: How = { kind: 'shell', term: { columns: 80, rows: 24, name: 'xterm' } }
async function open(how: How = shell): Promise<LiveSession> {
  const door = how.kind === 'sql' ? ('postgres' as const) : ('ssh' as const)
  const attempt = { door, person: 'alice', account: 'deploy', target: 'web01', from: '192.0.2.9:4711' }
  const { presence } = await world.present(world.alice)
  return must(
    await host.open({ person: world.alice.id, attempt, admitted: true, presence }, { id: grant as never, remainingMs: 3_600_000 }, how),
  )
}
/** A session that ended, in which this happened. */
async function happened(how: How, what: (live: LiveSession) => void, exitStatus = 0): Promise<string> {
  const live = await open(how)
  what(live)
  await live.ended({ reason: 'closed', exitStatus })
  return live.id
}
const typed = (live: LiveSession, command: string, answer = '') => {
  live.recorder.output(Buffer.from('$ '))
  live.recorder.input(Buffer.from(`${command}\r`))
  live.recorder.output(Buffer.from(`${command}\r\n${answer}`))
}
const statement = (live: LiveSession, n: number, sql: string, parameters: string[] = []) => {
  live.recorder.statementStarted({ n, via: 'extended', sql, parameters, unsureEncoding: false, escaped: false })
  live.recorder.statementEnded({ n, durationMs: 1, rows: 1, bytes: 1, outcome: 'ok' })
}

const signedIn = async (who: { id: string; name: string; code(): string }, groups: SignedIn['groups']): Promise<SignedIn> =>
  ({ person: who.id, name: who.name, groups, signIn: 'sgn_aaaaaaaaaa', presence: (await world.present(who as never)).presence }) as SignedIn
const asAuditor = () => signedIn(world.dave, ['auditors'])
const search = async (asked: Partial<SearchAsked>, who?: SignedIn) =>
  await searchSessions({ db: world.db, keeper: world.keeper, audit: world.audit, recordings }, who ?? (await asAuditor()), {
    limit: 10,
    ...asked,
  })
const found = async (asked: Partial<SearchAsked>): Promise<string[]> => must(await search(asked)).sessions.map((s) => s.session.id)
const entriesOf = async (act: string) => (await world.entries()).filter((e) => e.act === act)

const secrets = { typed: 'Unseen-typed-zebu', masked: 'Masked-sql-okapi' }
const said_ = { command: 'gazellecommand', screen: 'antelopescreen', sql: 'ibexstatement', parameter: 'oryxparameter', file: 'kuduname' }
let terminal: string
let sql: string
let files: string

describe('sessions are found', () => {
  beforeAll(async () => {
    terminal = await happened(shell, (live) => {
      typed(live, `cat /srv/${said_.command}.conf`, `${said_.screen}=on\r\nPassword: `)
      live.recorder.input(Buffer.from(`${secrets.typed}\r`))
      live.recorder.output(Buffer.from('\r\n$ '))
    })
    sql = await happened({ kind: 'sql', database: 'orders' }, (live) => {
      statement(live, 1, `select * from ${said_.sql} where name = $1`, [said_.parameter])
      statement(live, 2, `alter role app password '${secrets.masked}'`)
    })
    files = await happened(
      { kind: 'files' },
      (live) => {
        const act = { n: 1, op: 'get' as const, path: `/srv/${said_.file}.csv`, to: null, from: 0, sha256: null, message: null }
        live.recorder.file({ ...act, bytes: null, outcome: 'open' })
        live.recorder.file({ ...act, bytes: 7, outcome: 'ok' })
      },
      2,
    )
    await indexRecordings(indexDeps())
  })

  test('by words in commands, on the screen, in statements, their parameters and names of files', async () => {
    expect(await found({ words: said_.command })).toEqual([terminal])
    expect(await found({ words: said_.screen.toUpperCase() })).toEqual([terminal])
    expect(await found({ words: said_.sql })).toEqual([sql])
    expect(await found({ words: said_.parameter })).toEqual([sql])
    expect(await found({ words: said_.file })).toEqual([files])
    expect(await found({ words: `${said_.command}.conf ${said_.screen}` })).toEqual([terminal])
    expect(await found({ words: `${said_.command} ${said_.sql}` })).toEqual([])
    expect(said).toEqual([])
  })

  test('with the line, where the words are in it, and its moment', async () => {
    const { sessions, waiting, failed } = must(await search({ words: said_.sql }))
    expect(sessions).toMatchObject([{ looked: 'whole', hits: [{ where: 'statement', n: 1, text: expect.stringContaining(said_.sql) }] }])
    const [hit] = sessions[0]?.hits ?? []
    expect(hit?.marks.map(({ from, to }) => hit.text.slice(from, to))).toEqual([said_.sql])
    expect({ waiting, failed }).toEqual({ waiting: 0, failed: 0 })
  })

  test('and never by what was typed unseen, or by what is masked in SQL', async () => {
    for (const secret of Object.values(secrets)) expect(await found({ words: secret }), secret).toEqual([])
    expect(await found({ words: 'zebu' })).toEqual([])
    expect(await found({ words: 'okapi' })).toEqual([])
    // it is there, and what stands around it is found
    expect(await found({ words: '"alter role app password"' })).toEqual([sql])
  })

  test('together with person, account, target, time, exit status and alerts, with words or without', async () => {
    const words = 'srv'
    expect(await found({ words })).toEqual([files, terminal])
    expect(await found({ words, exit: 'failed' })).toEqual([files])
    expect(await found({ exit: 2 })).toEqual([files])
    expect(await found({ words, exit: 0, person: 'ALI', account: 'deploy@web', target: 'eb01' })).toEqual([terminal])
    for (const other of [
      { person: 'bob' },
      { account: 'root@' },
      { target: 'db' },
      { ticket: 'CHG0012345' },
      { alerts: 'any' },
      { alerts: 'drop' },
    ])
      expect(await found({ words, ...other }), JSON.stringify(other)).toEqual([])
    expect(await found({ words, alerts: 'none' })).toEqual([files, terminal])
    const day = (days: number) => new Date(world.clock.now().getTime() + days * 24 * 3600_000).toISOString()
    expect(await found({ words, since: day(-1), until: day(1) })).toEqual([files, terminal])
    expect(await found({ words, until: day(-1) })).toEqual([])
    expect(await found({ words, since: day(1) })).toEqual([])
  })

  test('with an alert of a rule, by its name', async () => {
    const seen = auditEvent('alarm.session_rule', { session: 'shown', rule: 'shown' })
    await world.audit.note(seen({ session: terminal, rule: 'recursive_delete' }), null, { phase: 'alarm' })
    const rows = await world.sql('select place, at, act from ledger_index')
    expect(rows).toEqual([]) // nobody follows the ledger in this house
    await world.sql(
      `insert into ledger_index (place, at, act, phase, words) values (1, now(), 'alarm.session_rule', 'alarm', array[$1, 'recursive_delete'])`,
      [terminal],
    )
    expect(await found({ words: 'srv', alerts: 'any' })).toEqual([terminal])
    expect(await found({ alerts: 'recursive_delete' })).toEqual([terminal])
    expect(await found({ words: 'srv', alerts: 'none' })).toEqual([files])
    expect(await found({ words: 'srv', alerts: 'drop' })).toEqual([])
  })

  test('a page at a time', async () => {
    const first = must(await search({ words: 'srv', limit: 1 }))
    expect(first.sessions.map((s) => s.session.id)).toEqual([files])
    const second = must(await search({ words: 'srv', limit: 1, after: first.next ?? '' }))
    expect(second.sessions.map((s) => s.session.id)).toEqual([terminal])
    const third = must(await search({ words: 'srv', limit: 1, after: second.next ?? '' }))
    expect(third).toMatchObject({ sessions: [], next: null })
    const rows = must(await search({ limit: 2 }))
    expect((await found({ limit: 2, after: rows.next ?? '' })).length).toBeGreaterThan(0)
    for (const after of ['ses_aaaaaaaaaa', '9999999999.9999999999']) expect((await search({ words: 'srv', after })).ok).toBe(true)
  })

  test('is refused where there is nothing to look up, or too much', async () => {
    expect(await search({ words: 'a - /' })).toMatchObject({ ok: false, error: { code: 'session.words_too_short' } })
    expect(await search({ words: 'one two three four five six seven eight nine' })).toMatchObject({
      ok: false,
      error: { code: 'session.words_too_many' },
    })
  })

  test('and it stands in the ledger who searched, and what was opened for it; what for only beside it', async () => {
    const before = (await entriesOf('recording.viewed')).length
    await found({ words: said_.command, person: 'alice' })
    const entry = (await entriesOf('session.searched')).at(-1)
    expect(entry).toMatchObject({ by: world.dave.id, fields: {} })
    expect(JSON.stringify(entry)).not.toContain(said_.command)
    const viewed = (await entriesOf('recording.viewed')).slice(before)
    expect(viewed).toMatchObject([{ by: world.dave.id, fields: { session: terminal, how: 'search' } }])
    expect((await entriesOf('recording.indexing')).map((e) => [e.by, e.fields.session])).toContainEqual([null, terminal])
  })
})

describe('nobody else', () => {
  const searchedBy = auditEvent('session.searched', { words: 'personal' })
  const indexingOf = auditEvent('recording.indexing', { recording: 'shown' })
  const month = () => world.clock.now().toISOString().slice(0, 7)
  const hash = async (presence: string, intent: string) =>
    await world.keeper.ask('hashSearch', { presence, intent, since: '0000-01', until: '9999-12', words: ['srv'] })

  test('learns anything by a search, not even how many: the keeper hashes for viewers alone, whose search is in the ledger', async () => {
    const alice = await signedIn(world.alice, ['engineers'])
    expect(await search({ words: 'srv' }, alice)).toMatchObject({ ok: false, error: { code: 'recording.not_a_viewer' } })
    // an api process that says that she is a security officer
    const disguised = await signedIn(world.alice, ['security'])
    expect(await search({ words: 'srv' }, disguised)).toMatchObject({ ok: false, error: { code: 'recording.not_a_viewer' } })
    const { presence } = await asAuditor()
    const hers = await world.audit.note(searchedBy({ words: 'srv' }), world.alice.id)
    expect(await hash(presence, hers)).toMatchObject({ ok: false, error: { code: 'keeper.no_intent' } })
    const other = await world.audit.note(indexingOf({ recording: 'rec_aaaaaaaaaa' }), world.dave.id)
    expect(await hash(presence, other)).toMatchObject({ ok: false, error: { code: 'keeper.no_intent' } })
  })

  test('has a recording opened for its words without an entry of that, or often', async () => {
    const [{ recording }] = (await world.sql('select recording_id as recording from session where id = $1', [files])) as [
      { recording: string },
    ]
    const ask = async (intent: string) => await world.keeper.ask('openRecordingForWords', { recording, intent })
    const other = await world.audit.note(indexingOf({ recording: 'rec_aaaaaaaaaa' }), null)
    expect(await ask(other)).toMatchObject({ ok: false, error: { code: 'keeper.no_intent' } })
    const codes: unknown[] = []
    for (let i = 0; i < 6; i++) {
      const opened = await ask(await world.audit.note(indexingOf({ recording }), null))
      codes.push(opened.ok ? 'opened' : opened.error.code)
    }
    expect(codes).toEqual([...Array(4).fill('opened'), ...Array(2).fill('recording.read_often')])
    expect(await world.keeper.ask('hashWords', { recording: 'rec_aaaaaaaaaa', month: month(), words: ['srv'] })).toMatchObject({
      ok: false,
      error: { code: 'keeper.no_intent' },
    })
  })

  test('is shown anything because of forged hashes', async () => {
    const [{ n }] = (await world.sql('select n from recording_words w join session s using (recording_id) where s.id = $1', [files])) as [
      { n: number },
    ]
    const copied = await world.sql(
      `insert into session_word select token, at, $1 from session_word where n <> $1 on conflict do nothing returning token`,
      [n],
    )
    expect(copied.length).toBeGreaterThan(5)
    expect(await found({ words: said_.screen })).toEqual([terminal])
    await world.sql('delete from session_word where n = $1 and token = any($2::bigint[])', [n, copied.map((row) => row.token)])
  })
})

test('no file of the database holds a word of a recording', async () => {
  const needles = Object.fromEntries(
    [said_.command, said_.screen, said_.sql, said_.parameter].flatMap((word) => Object.entries(formsOf(word, word))),
  )
  // who searches is told on: their words stand beside the ledger, where they can be erased. These were never searched for
  const fresh = { command: 'bongocommand', screen: 'elandscreen', sql: 'impalastatement' }
  await happened(shell, (live) => typed(live, `ls ${fresh.command}`, `${fresh.screen}\r\n`))
  await happened({ kind: 'sql', database: 'orders' }, (live) => statement(live, 1, `select ${fresh.sql}`))
  expect(await indexRecordings(indexDeps())).toBe(2)
  const planted = Object.fromEntries(Object.values(fresh).flatMap((word) => Object.entries(formsOf(word, word))))
  const clean = findInFiles(world.database.folder, planted)
  expect(clean.read).toBeGreaterThan(1_000_000)
  expect(clean.found).toEqual([])
  // the search for it works: what was searched for before is where it says
  expect(findInFiles(join(world.database.folder, 'postgres'), needles).found.length).toBeGreaterThan(0)
  expect(await found({ words: fresh.screen })).toHaveLength(1)
})

describe('the words of a recording', () => {
  const rowOf = async (session: string) =>
    (await world.sql('select w.* from recording_words w join session s using (recording_id) where s.id = $1', [session]))[0] as {
      recording_id: string
      n: number
      state: string
    }

  test('are read again where somebody died while reading, and none are there before all are', async () => {
    const session = await happened(shell, (live) => typed(live, 'echo caracal'))
    const { recording_id: recording } = await rowOf(session)
    await beginReading(world.db, recording)
    expect(await indexRecordings(indexDeps())).toBe(0) // somebody has it in hand
    expect(await found({ words: 'caracal' })).toEqual([])
    await world.sql(`update recording_words set looked_at = now() - interval '1 hour' where recording_id = $1`, [recording])
    expect(await indexRecordings(indexDeps())).toBe(1)
    expect(await found({ words: 'caracal' })).toEqual([session])
  })

  test('go with it: forgotten, it is not found, and nobody puts them back', async () => {
    const session = await happened(shell, (live) => typed(live, 'echo serval'))
    await indexRecordings(indexDeps())
    const { recording_id: recording, n } = await rowOf(session)
    expect(await found({ words: 'serval' })).toEqual([session])
    expect(await world.db.transaction().execute((tx) => forgetWords(tx, recording))).toBeGreaterThan(1)
    expect(await found({ words: 'serval' })).toEqual([])
    expect(await world.sql('select * from session_word where n = $1', [n])).toEqual([])
    // also while somebody was reading it
    expect(await world.db.transaction().execute((tx) => putWords(tx, { recording, n, at: 1, tokens: [1n], cut: false }))).toBe(false)
    await world.sql(`update recording set state = 'interrupted' where id = $1`, [recording])
    expect(await indexRecordings(indexDeps())).toBe(0)
    expect(await rowOf(session)).toMatchObject({ state: 'forgotten' })
  })

  test('of a recording whose key is gone never come, and that is said', async () => {
    const session = await happened(shell, (live) => typed(live, 'echo ocelot'))
    const { recording_id: recording } = await rowOf(session)
    await world.sql(
      `update vault.secret_version set state = 'destroyed', wrapped_key = null, ciphertext = null where owner_kind = 'recording' and owner_id = $1`,
      [recording],
    )
    expect(await indexRecordings(indexDeps())).toBe(0)
    expect(await rowOf(session)).toMatchObject({ state: 'failed' })
    expect(must(await search({ words: 'ocelot' }))).toMatchObject({ sessions: [], waiting: 0, failed: 1 })
  })

  test('of one that was altered do not come beyond what is genuine', async () => {
    const session = await happened(shell, (live) => typed(live, 'echo margay'))
    const { recording_id: recording } = await rowOf(session)
    const file = join(recordings, `${recording}.clvr`)
    const bytes = readFileSync(file)
    bytes[bytes.length - 200] = (bytes[bytes.length - 200] ?? 0) ^ 1
    writeFileSync(file, bytes)
    await indexRecordings(indexDeps())
    expect(await found({ words: 'margay' })).toEqual([])
  })

  test('find nothing any more when the key of their month is destroyed', async () => {
    expect(await found({ words: said_.screen })).toEqual([terminal])
    await world.sql(
      `update vault.secret_version set state = 'destroyed', wrapped_key = null, ciphertext = null where owner_kind = 'words' returning 1`,
    )
    expect(await found({ words: said_.screen })).toEqual([])
    expect(await found({ words: 'srv' })).toEqual([])
  })
})
