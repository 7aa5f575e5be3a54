import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Credential, Dial, Lifecycle, Login, PinnedIdentity, TargetFailure } from '../contract.ts'
import { type MysqlClient, quoteText } from './client.ts'
import { type Entry, entriesOf, named, readEntries } from './entries.ts'
import { numberOf } from './failures.ts'
import { onServer } from './login.ts'
import { setPassword } from './set-password.ts'
import type { MysqlSettings } from './settings.ts'

const patience = 15_000
const unknownThread = 1094
const longestName = 64

type Work = (client: MysqlClient, entries: readonly Entry[], account: string) => Promise<Result<void, TargetFailure>>
const done = ok(undefined)

/** An act on all entries of an account that must be there. */
const onEntries =
  (work: Work) =>
  (settings: MysqlSettings, identity: PinnedIdentity, as: Login, account: string, dial: Dial): Promise<Result<void, TargetFailure>> =>
    onServer(settings, identity, as, dial, patience, async (client) => {
      const entries = await entriesOf(client, account, as.account)
      return entries.ok ? work(client, entries.value, account) : entries
    })

const lock = (how: 'lock' | 'unlock') =>
  onEntries(async (client, entries) => {
    // the lock stands once behind all entries
    await client.query(`alter user ${entries.map(named).join(', ')} account ${how}`)
    return done
  })

async function create(
  settings: MysqlSettings,
  identity: PinnedIdentity,
  as: Login,
  account: string,
  credential: Credential,
  dial: Dial,
): Promise<Result<void, TargetFailure>> {
  if (account.length > longestName) return fail({ code: 'target.not_permitted', detail: `a name has at most ${longestName} characters` })
  return onServer(settings, identity, as, dial, patience, async (client) => {
    const there = await readEntries(client, account)
    if (there.length > 0) return setPassword(client, there, credential, settings)
    const methods = [{ plugin: 'mysql_native_password', stored: '' }]
    return setPassword(client, [{ user: account, host: '%', methods, locked: false }], credential, settings, 'create')
  })
}

/** `drop user` leaves what was defined under the name behind, broken: views and routines that run with the rights of nobody. */
const definitions = `
  select definer from information_schema.views union all select definer from information_schema.routines
  union all select definer from information_schema.triggers union all select definer from information_schema.events`

const remove = (
  settings: MysqlSettings,
  identity: PinnedIdentity,
  as: Login,
  account: string,
  dial: Dial,
): Promise<Result<void, TargetFailure>> =>
  onServer(settings, identity, as, dial, patience, async (client) => {
    const entries = await readEntries(client, account)
    if (entries.length === 0) return done
    const definers = entries.map(({ user, host }) => quoteText(`${user}@${host}`)).join(', ')
    const [row] = await client.query<{ count: number }>(
      `select count(*) as count from (${definitions}) as d where definer in (${definers})`,
    )
    if (Number(row?.count) > 0)
      return fail({
        code: 'target.not_permitted',
        detail: `${row?.count} views, routines, triggers or events run as ${account} there; give them another definer`,
      })
    await client.query(`drop user ${entries.map(named).join(', ')}`)
    return done
  })

const closeSessions = (
  settings: MysqlSettings,
  identity: PinnedIdentity,
  as: Login,
  account: string,
  dial: Dial,
): Promise<Result<void, TargetFailure>> =>
  onServer(settings, identity, as, dial, patience, async (client) => {
    const sessions = await client.query<{ id: number }>(
      'select id from information_schema.processlist where user = ? and id <> connection_id()',
      [account],
    )
    for (const { id } of sessions)
      await client.query(`kill connection ${Number(id)}`).catch((error) => {
        if (numberOf(error) !== unknownThread) throw error
      })
    return done
  })

export const lifecycle: Lifecycle<MysqlSettings> = { disable: lock('lock'), enable: lock('unlock'), create, remove, closeSessions }
