import { access, call, identity, type inventory, people, session } from '@claviger/api'
import { type Claviger, startClaviger } from '../support/claviger.ts'
import { invite, must, type Person } from '../support/person.ts'
import { ssh } from '../support/ssh.ts'
import { until } from '../support/until.ts'
import { grant, takeOver, workAccount } from '../support/work.ts'
import { replacedSince } from '../tour/rotations.ts'
import type { Actor } from './table.ts'

/** What somebody has: a request that waits, a grant that has ended, the session under it, an SSH key. Who cannot ask for access has only a key and a sign-in. */
export interface Things {
  request?: string
  digest?: string
  grant?: string
  session?: string
  /** An act in it that was held, and is over. */
  ask?: string
  /** A link at the SSH gateway that was confirmed. */
  link?: string
  key: string
  signIn: string
}

/** A running server with one person of each kind, and what belongs to them. */
export interface World {
  claviger: Claviger
  people: Record<Exclude<Actor, 'nobody' | 'signed out'>, Person>
  /** A token that was good once. */
  ended: string
  things: Map<Person, Things>
  account: string
  accountId: string
  targetId: string
}

export async function openWorld(): Promise<World> {
  const claviger = await startClaviger({ lab: true })
  try {
    return await furnish(claviger)
  } catch (error) {
    await claviger.stop()
    throw error
  }
}

async function furnish(claviger: Claviger): Promise<World> {
  const [alice, bob, carol, dave] = await Promise.all(['alice', 'bob', 'carol', 'dave'].map((name) => claviger.person(name)))
  if (!alice || !bob || !carol || !dave) throw new Error('the lab has fewer people than it says')
  // carol is in several groups: those who stand for one alone are invited; each code is good once, so two people invite
  const others = (async () => {
    const adam = await invite(claviger, carol, 'adam', ['administrators'])
    const [sybil, nemo] = await Promise.all([invite(claviger, carol, 'sybil', ['security'], adam), invite(claviger, adam, 'nemo', [])])
    return { adam, sybil, nemo }
  })()
  others.catch(() => undefined)
  await takeOver(claviger, ['deploy@web01'])
  const account = await workAccount(claviger)
  const name = `${account.name}@web01`
  const { adam, sybil, nemo } = await others

  const things = new Map<Person, Things>()
  for (const person of [alice, bob, dave, adam, sybil, nemo]) {
    const [key] = must(await call(person.api, identity.sshKeys)).keys
    const [signIn] = must(await call(person.api, people.mySignIns)).signIns
    things.set(person, { key: key?.id ?? '', signIn: signIn?.id ?? '' })
  }
  for (const person of [alice, adam]) {
    const since = new Date().toISOString()
    Object.assign(things.get(person) ?? {}, await accessOf(claviger, person, bob, name))
    await rotated(carol, account, since)
    await held(claviger, things.get(person) ?? {}, person === alice ? 'ask_aaaaaaaaaa' : 'ask_bbbbbbbbbb')
    await linked(claviger, things.get(person) ?? {}, person)
  }
  must(await call(carol.api, identity.signOut))
  return {
    ...{ claviger, things, ended: carol.token, account: name, accountId: account.id, targetId: account.target.id },
    people: {
      'no group': nemo,
      engineer: alice,
      approver: bob,
      security: sybil,
      auditor: dave,
      administrator: adam,
    },
  }
}

/** The next one connects with what stands in the vault after the rotation that follows a grant, not in the middle of it. */
const rotated = (reader: Person, account: inventory.Account, since: string) =>
  until(
    'the rotation after the end of a grant',
    async () => (await replacedSince(reader.api, account, since))?.every((r) => r.state === 'done'),
    60,
  )

async function accessOf(claviger: Claviger, person: Person, approver: Person, account: string): Promise<Partial<Things>> {
  const given = await grant(person, approver, account)
  const ran = await ssh(claviger, person, account, 'true')
  if (ran.status !== 0) throw new Error(`no session: ${ran.said}`)
  const id = given.grant.id
  must(await call(person.api, access.endGrant, { params: { id }, body: { reason: 'it is done' } }))
  const { sessions } = must(await call(person.api, session.sessions))
  const { request, digest } = await waiting(person, account)
  return { grant: id, session: sessions.find((s) => s.grant === id)?.id ?? '', request, digest }
}

/** A row that is over decides nothing: who is told of it is all that is looked at here. */
async function held(claviger: Claviger, things: Partial<Things>, id: string): Promise<void> {
  const superuser = await claviger.superuser()
  await superuser.sql(
    `insert into session_ask (id, session_id, person_id, account_id, action, digest, asked_at, expires_at, state, revision, mac)
     select $2, id, person_id, account_id, 'run', 'none', now(), now(), 'over', 2, '' from session where id = $1`,
    [things.session, id],
  )
  things.ask = id
}

/** Decides nothing either: the keeper attested none. */
async function linked(claviger: Claviger, things: Partial<Things>, { name }: Person): Promise<void> {
  const superuser = await claviger.superuser()
  things.link = name === 'alice' ? 'AAAA-AAAA' : 'BBBB-BBBB'
  await superuser.sql(
    `insert into sign_in_link (id, display_code, connection, who, account, target, source, address, client, shown, number, asked_at, expires_at, state)
     values ($1, $2, '', $3, 'deploy', 'web01', '192.0.2.9:1', '192.0.2.9', 'ssh', '', '427', now(), now() + interval '1 minute', 'confirmed')`,
    [name === 'alice' ? 'lnk_aaaaaaaaaa' : 'lnk_bbbbbbbbbb', things.link, name],
  )
}

/** A request that nobody decided on yet. */
export async function waiting(person: Person, account: string): Promise<{ request: string; digest: string }> {
  const asked = must(await call(person.api, access.fileRequest, { body: { account, duration: '1h', reason: 'to be looked at' } }))
  return { request: asked.id, digest: asked.digest }
}
