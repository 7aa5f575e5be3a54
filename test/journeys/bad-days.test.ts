import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type access, call, follow, inventory, live, session } from '@claviger/api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { keysOfStore, type S3Server, startS3 } from '../../server/src/platform/object-store/test/s3-server.ts'
import { type Claviger, startClaviger } from '../support/claviger.ts'
import { must, type Person } from '../support/person.ts'
import { childrenOf } from '../support/process.ts'
import { ssh, startSsh } from '../support/ssh.ts'
import { until } from '../support/until.ts'
import { accounts, entries, grant, takeOver, workAccount } from '../support/work.ts'

/* Parts of the server are killed without warning while people work. What was given goes on or ends; nothing is lost; it comes back. */

let s3: S3Server
let claviger: Claviger
let alice: Person
let bob: Person
let carol: Person
let account: inventory.Account
let at: string
let granted: access.Grant

beforeAll(async () => {
  s3 = await startS3()
  const keys = join(mkdtempSync(join(tmpdir(), 'claviger-bucket-')), 'keys')
  writeFileSync(keys, keysOfStore, { mode: 0o600 })
  const bucket = {
    CLAVIGER_S3_BUCKET: s3.bucket,
    CLAVIGER_S3_ENDPOINT: s3.endpoint,
    CLAVIGER_S3_PREFIX: 'prod',
    CLAVIGER_S3_KEYS_FILE: keys,
  }
  const bounds = { CLAVIGER_RECORDING_SPOOL: '1MiB', CLAVIGER_WITHOUT_DATABASE: '60s,60s,1h,1h' }
  claviger = await startClaviger({ lab: true, env: { ...bucket, ...bounds } })
  carol = await claviger.person('carol')
  bob = await claviger.person('bob')
  alice = await claviger.person('alice')
  await takeOver(claviger)
  account = await workAccount(claviger)
  at = `${account.name}@web01`
  granted = (await grant(alice, bob, at, '2h')).grant
})
afterAll(async () => {
  await claviger?.stop()
  await s3?.stop()
})

/** A shell over there, with a prompt of its own. */
async function shell(where = at) {
  const terminal = await startSsh(claviger, alice, where, { terminal: true, seconds: 290 })
  await terminal.shows(/This session is recorded/)
  // typed in two halves, so that its echo is not taken for it
  terminal.type("PS1='rea''dy> '\n")
  await terminal.shows(/ready> /)
  return terminal
}

const newestSession = async () => {
  const { sessions } = must(await call(carol.api, session.sessions, { query: { limit: 1 } }))
  return sessions[0] as session.Session
}
const works = async () => {
  const { out, said } = await ssh(claviger, alice, at, 'echo it-works-again')
  expect(out, said).toContain('it-works-again')
}

/** As soon as it is noticed. */
const noDatabase = () =>
  until('/readyz to say no', async () => {
    const now = await claviger.ready().catch(() => undefined)
    return now?.status === 503 && /does not answer/.test(now.checks.database ?? '')
  })

const settled = (id: string, state: 'ended' | 'interrupted' = 'ended') =>
  until('the session to be settled', async () => {
    const shown = await call(carol.api, session.getSession, { params: { id } })
    return shown.ok && shown.value.state === state && shown.value
  })
const inBucket = (id: string) =>
  until('the recording to be in the bucket', async () => {
    const shown = must(await call(carol.api, session.getSession, { params: { id } }))
    return shown.recording?.storedIn ? shown.recording : undefined
  })

describe('recordings in a bucket', () => {
  test('lie there when their session is over, and nowhere else; they are shown from there, and what was altered is said', async () => {
    const { out } = await ssh(claviger, alice, at, 'echo kept-elsewhere')
    expect(out).toContain('kept-elsewhere')
    const { id } = await newestSession()
    const { id: recording, storedIn } = await inBucket(id)
    expect(storedIn).toContain(`s3://${s3.bucket}/prod/`)
    const object = s3.file(`prod/${recording}.clvr`)
    expect(existsSync(object)).toBe(true)
    await until('the file here to be gone', () => !existsSync(join(claviger.data, 'recordings', `${recording}.clvr`)))
    expect(must(await call(carol.api, session.replayCast, { params: { id } }))).toContain('kept-elsewhere')
    const entry = (await entries(carol, 'recording.stored')).find((e) => e.fields.recording === recording)
    expect(entry?.fields).toMatchObject({ place: storedIn, bytes: readFileSync(object).length })
    expect(must(await call(carol.api, session.replayCommands, { params: { id } })).verified).toMatchObject({ ok: true })
    const bytes = readFileSync(object)
    bytes[bytes.length - 20] = (bytes[bytes.length - 20] ?? 0) ^ 1
    writeFileSync(object, bytes)
    const { verified } = must(await call(carol.api, session.replayCommands, { params: { id } }))
    expect(verified).toMatchObject({ ok: false, message: expect.stringMatching(/bytes \d+ to \d+/) })
  })

  test('wait here while it is away, up to a bound: then what runs ends, nothing begins, and all of it arrives later', async () => {
    s3.line.state = 'away'
    // longer than it takes to notice, and so much that a machine comes to the bound that has little time for it
    const command = 'for i in $(seq 4000); do head -c 12000 /dev/urandom | base64; sleep 0.02; done; echo all-was-shown'
    const program = await startSsh(claviger, alice, at, { command, seconds: 240 })
    program.child.stdin?.end()
    expect(await program.ended).toBe(255)
    expect(program.out()).not.toContain('all-was-shown')
    expect(program.said()).toMatch(/\[claviger\] .*no more may wait/)
    const { id } = await newestSession()
    expect(await settled(id)).toMatchObject({ endReason: 'spool_full', recording: { state: 'sealed', storedIn: null } })
    const refused = await ssh(claviger, alice, at, 'echo open')
    expect(refused.out).not.toContain('open')
    expect(refused.said).toMatch(/\[claviger\] No session begins: recordings cannot be taken to their bucket/)
    await until('the alarm about it', async () => (await entries(carol, 'alarm.recording_spool_full')).length > 0)
    s3.line.state = 'open'
    await inBucket(id)
    await until(
      'sessions to begin again',
      async () => (await ssh(claviger, alice, at, 'echo it-works-again')).out.includes('it-works'),
      120,
    )
    // by then each process that carries sessions knows
    await until('the room to be in the ledger', async () => (await entries(carol, 'recording.spool_has_room')).length > 0)
  })
})

describe('when the database is killed', () => {
  test('a running session goes on, new ones are told why they are refused, and all is well when it is back', async () => {
    const terminal = await shell()
    const running = await newestSession()
    const cluster = join(claviger.data, 'postgres', 'cluster', 'global')
    const control = join(cluster, 'pg_control')
    // it cannot come back before we looked
    renameSync(control, `${control}.away`)
    try {
      process.kill(claviger.pid('database'), 'SIGKILL')
      await noDatabase()
      terminal.type('echo still-$((40 + 2))\n')
      await terminal.shows(/still-42/)
      const refused = await ssh(claviger, alice, at, 'echo open')
      expect(refused.status).toBe(255)
      expect(refused.out).not.toContain('open')
      expect(refused.said).toMatch(/\[claviger\] .+\./)
    } finally {
      renameSync(`${control}.away`, control)
    }
    await claviger.untilReady()
    terminal.type('echo after-$((40 + 2))\n')
    await terminal.shows(/after-42/)
    await works()
    // what could not be said meanwhile is caught up with
    const { bytes } = running.recording ?? {}
    const soFar = await until('its size so far to be said', async () => {
      const { recording } = must(await call(carol.api, session.getSession, { params: { id: running.id } }))
      return recording && recording.bytes > (bytes ?? 0) && recording
    })
    expect(soFar).toMatchObject({ state: 'running', storedIn: null })
    terminal.type('exit\n')
    await terminal.ended
    const over = await until('the session to be settled', async () => {
      const shown = must(await call(carol.api, session.getSession, { params: { id: running.id } }))
      return shown.state === 'ended' && shown
    })
    expect(over).toMatchObject({ endReason: 'closed', recording: { state: 'sealed' } })
    const cast = must(await call(carol.api, session.replayCast, { params: { id: running.id } }))
    expect(cast).toContain('still-42')
  })
})

describe('when the database stays away', () => {
  test('a grant’s end cuts at its time, the tier’s limit cuts what is left, and both are settled when it is back', async () => {
    const limited = await shell()
    // it ends while the database is away: after she came in, and before the tier's limit
    const { grant: short } = await grant(alice, bob, 'root@web01', '45s')
    const bounded = await shell('root@web01')
    const { sessions } = must(await call(carol.api, session.sessions, { query: { limit: 2 } }))
    const idOf = (name: string) => sessions.find((s) => s.account === name)?.id ?? ''
    const control = join(claviger.data, 'postgres', 'cluster', 'global', 'pg_control')
    renameSync(control, `${control}.away`)
    try {
      process.kill(claviger.pid('database'), 'SIGKILL')
      await noDatabase()
      expect(await bounded.ended).toBe(255)
      expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(short.endsAt))
      expect(bounded.said()).toMatch(/\[claviger\] The grant has ended/)
      expect(await limited.ended).toBe(255)
      expect(limited.said()).toMatch(/\[claviger\] The session ended because Claviger was without its database/)
    } finally {
      renameSync(`${control}.away`, control)
    }
    await claviger.untilReady()
    expect(await settled(idOf('root'))).toMatchObject({ endReason: 'grant_ended', recording: { state: 'sealed' } })
    expect(await settled(idOf(account.name))).toMatchObject({ endReason: 'database_away', recording: { state: 'sealed' } })
    expect((await entries(carol, 'session.ended')).map((e) => e.fields.session)).toEqual(
      expect.arrayContaining([idOf(account.name), idOf('root')]),
    )
    await works()
  })
})

describe('when the keeper is killed', () => {
  test('it is started again and everything works, with no sign-in lost', async () => {
    const before = claviger.pid('keeper')
    process.kill(before, 'SIGKILL')
    await until('another keeper', () => {
      try {
        return claviger.pid('keeper') !== before
      } catch {
        return false
      }
    })
    await claviger.untilReady()
    await works()
  })
})

describe('when the gateway is killed', () => {
  test('its session is closed as interrupted, with a recording that verifies up to the last second', async () => {
    const terminal = await shell()
    const running = await newestSession()
    terminal.type('echo last-$((40 + 2))-words\n')
    await terminal.shows(/last-42-words/)
    await until('it to be recorded', async () =>
      must(await call(carol.api, session.replayCast, { params: { id: running.id } })).includes('last-42-words'),
    )
    const watching = await follow(carol.api, live.watchSession, { params: { id: running.id }, body: {} }, AbortSignal.timeout(240_000))
    if (!watching.ok) throw new Error(watching.refusal.code)
    const shown: live.LiveEvent[] = []
    const watched = (async () => {
      for await (const event of watching.value) shown.push(event)
    })()
    await until('the watcher to see what happens now', () => shown.some((event) => event.kind === 'now'))
    const before = claviger.pid('gateway')
    process.kill(before, 'SIGKILL')
    expect(await terminal.ended).toBe(255)
    const over = await until('the session to be settled', async () => {
      const shown = await call(carol.api, session.getSession, { params: { id: running.id } })
      return shown.ok && shown.value.state === 'interrupted' && shown.value
    })
    expect(over).toMatchObject({ endReason: 'interrupted', recording: { state: 'interrupted' } })
    // who watches is told, and does not look at a picture that stands still
    await watched
    expect(shown.at(-1)).toEqual({ kind: 'over', why: 'interrupted', endReason: 'interrupted' })
    expect(JSON.stringify(shown)).toContain('last-42-words')
    const { verified } = must(await call(carol.api, session.replayCommands, { params: { id: running.id } }))
    expect(verified).toMatchObject({ ok: true, interrupted: true })
    expect(must(await call(carol.api, session.replayCast, { params: { id: running.id } }))).toContain('last-42-words')
    const outcome = (await entries(carol, 'session.interrupted')).find((e) => e.fields.session === running.id)
    expect(outcome).toMatchObject({ phase: 'outcome', fields: { verified: true } })
    await until(
      'the gateway to listen again',
      async () => {
        const { out } = await ssh(claviger, alice, at, 'echo it-works-again')
        return out.includes('it-works-again')
      },
      120,
    )
  })
})

describe('when one of the processes that carry sessions starts late', () => {
  test('and finds no database, sessions that another one carries already go on', async () => {
    const before = claviger.pid('gateway')
    process.kill(before, 'SIGKILL')
    const [first, late] = await until('the gateway and its second process to be started', () => {
      try {
        const carriers = claviger.carriers()
        return carriers[0] !== before && carriers.length > 1 ? carriers : undefined
      } catch {
        return undefined
      }
    })
    process.kill(late as number, 'SIGSTOP')
    const control = join(claviger.data, 'postgres', 'cluster', 'global', 'pg_control')
    let here: Awaited<ReturnType<typeof shell>>
    const from = claviger.said().length
    try {
      here = await until('the first one to carry a session', () => shell().catch(() => undefined))
      renameSync(control, `${control}.away`)
      process.kill(claviger.pid('database'), 'SIGKILL')
      await noDatabase()
      process.kill(late as number, 'SIGCONT')
      await until('the late one to find no database', () => /could not begin after the seal was opened/.test(claviger.said().slice(from)))
    } finally {
      // it may be gone, and then it ended what this is about
      if (existsSync(`/proc/${late}`)) process.kill(late as number, 'SIGCONT')
      if (existsSync(`${control}.away`)) renameSync(`${control}.away`, control)
    }
    await claviger.untilReady()
    here.type("echo still-'here'\n")
    await here.shows(/still-here/)
    expect(claviger.carriers()).toEqual([first, late])
    here.type('exit\n')
    expect(await here.ended).toBe(0)
  })
})

describe('when the API process is killed in the middle of a rotation', () => {
  test('the rotation is finished afterwards, and what the vault holds opens the target', async () => {
    const all = await accounts(claviger)
    const named = (name: string, target: string) => all.find((a) => a.name === name && a.target.name === target)
    // both managers, whose own login changes, and an account that they manage
    const victims = [account, named('root', 'web01'), named('postgres', 'orders-db'), account, named('postgres', 'orders-db')]
    for (const victim of victims.filter((v) => v !== undefined)) {
      const begun = new Date().toISOString()
      const cutOff = call(carol.api, inventory.rotateAccount, { params: { id: victim.id }, body: { reason: 'to be cut off' } }).catch(
        () => undefined,
      )
      await sleep(20 + Math.random() * 500)
      process.kill(claviger.pid('api'), 'SIGKILL')
      await cutOff
      await claviger.untilReady()
      await until(
        `the rotation of ${victim.name}@${victim.target.name} to be over`,
        async () => {
          const { rotations } = must(await call(carol.api, inventory.rotations, { query: { account: victim.id, limit: 20 } }))
          return rotations.filter((r) => r.startedAt >= begun).every((r) => r.state === 'done' || r.state === 'failed')
        },
        120,
      )
      // a rotation logs in as the manager and proves the new credential by a fresh login
      const again = await call(carol.api, inventory.rotateAccount, { params: { id: victim.id }, body: { reason: 'does it still open' } })
      expect(again, `${victim.name}@${victim.target.name}`).toMatchObject({ ok: true })
      expect(must(again).rotations.every((r) => r.state === 'done' && r.oldRefusedAt !== null)).toBe(true)
    }
    await works()
  })
})

describe('when the target goes away', () => {
  test('the session ends with a sentence, and the next one is told that it cannot be reached', async () => {
    const terminal = await shell()
    const running = await newestSession()
    const web01 = childrenOf(claviger.supervisor()).find(({ command }) => /unshare|sshd/.test(command))
    expect(web01).toBeDefined()
    process.kill(web01?.pid ?? 0, 'SIGKILL')
    expect(await terminal.ended).toBe(255)
    expect(terminal.said()).toMatch(/\[claviger\] .*target.*\./)
    const next = await ssh(claviger, alice, at, 'echo open')
    expect(next.status).toBe(255)
    expect(next.said).toMatch(/\[claviger\] .*(reach|connect|answer).*\./i)
    const over = await until('the session to be settled', async () => {
      const shown = must(await call(carol.api, session.getSession, { params: { id: running.id } }))
      return shown.state === 'ended' && shown
    })
    expect(over).toMatchObject({ endReason: 'target_failed', recording: { state: 'sealed' } })
    expect(granted.state).toBe('active')
    expect(readdirSync(join(claviger.data, 'recordings')).length).toBeGreaterThan(0)
  })
})
