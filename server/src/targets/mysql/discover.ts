import { type Dial, type FoundAccount, type Login, type PinnedIdentity, TargetError } from '../contract.ts'
import type { MysqlClient } from './client.ts'
import { type Entry, hasPassword, isMariadb, opensWithoutPassword, readEntries } from './entries.ts'
import { statementFailure } from './failures.ts'
import { logIn } from './login.ts'
import type { MysqlSettings } from './settings.ts'

const patience = 60_000

/** Global privileges with which one gets at more than one's own: each with its words. */
const powers = {
  Super_priv: 'super',
  Create_user_priv: 'create user',
  Grant_priv: 'grant option',
  File_priv: 'file',
  Process_priv: 'process',
  Reload_priv: 'reload',
  Shutdown_priv: 'shutdown',
  Repl_slave_priv: 'replication slave',
  Select_priv: 'reads every database',
  Insert_priv: 'writes every database',
  Update_priv: 'writes every database',
  Delete_priv: 'writes every database',
} as const
/** Made by the servers for themselves; locked, and no account of anybody's. */
const internal = new Set(['mariadb.sys', 'mysql.sys', 'mysql.session', 'mysql.infoschema', 'PUBLIC'])

/**
 * The accounts with a privilege over the whole server, or over the tables in which privileges stand, themselves or by a role,
 * and those that open without a password. One for each user name: what its entries (`'app'@'10.%'`) have is added up, and
 * the hosts are named.
 */
export async function* discover(settings: MysqlSettings, identity: PinnedIdentity, as: Login, dial: Dial): AsyncGenerator<FoundAccount> {
  const client = await logIn(settings, identity, as, dial, patience)
  if (!client.ok) throw new TargetError(client.error)
  try {
    yield* readAccounts(client.value)
  } catch (error) {
    throw error instanceof TargetError ? error : new TargetError(statementFailure(error, as.account))
  } finally {
    await client.value.close()
  }
}

async function* readAccounts(client: MysqlClient): AsyncGenerator<FoundAccount> {
  const reasons = await reasonsOf(client)
  const byName = new Map<string, Entry[]>()
  for (const entry of await readEntries(client)) byName.set(entry.user, [...(byName.get(entry.user) ?? []), entry])
  for (const [name, entries] of byName) {
    if (name === '' || internal.has(name)) continue
    const open = entries.filter((entry) => !entry.locked)
    const bare = open.filter((entry) => entry.methods.some(opensWithoutPassword))
    const privileges = new Set(entries.flatMap((entry) => [...(reasons.get(key(entry)) ?? [])]))
    if (bare.length > 0) privileges.add(`no password from ${hosts(bare)}`)
    if (privileges.size === 0) continue
    yield {
      name,
      category: 'database',
      privileges: [...privileges, `from ${hosts(entries)}`],
      credentials: entries.some((entry) => entry.methods.some(hasPassword)) ? ['password'] : [],
      canLogIn: open.some((entry) => entry.methods.some((m) => hasPassword(m) || opensWithoutPassword(m))),
    }
  }
}

const hosts = (entries: readonly Entry[]): string => entries.map(({ host }) => (host === '%' ? 'any host' : host)).join(', ')
const key = ({ user, host }: { user: string; host: string }): string => `${user}\0${host}`

/** Why each entry is privileged, also by its roles. */
async function reasonsOf(client: MysqlClient): Promise<Map<string, Set<string>>> {
  const reasons = new Map<string, Set<string>>()
  const add = (who: { user: string; host: string }, why: string) =>
    void reasons.set(key(who), (reasons.get(key(who)) ?? new Set()).add(why))

  type Powers = { user: string; host: string } & Record<keyof typeof powers, string>
  for (const row of await client.query<Powers>(`select User as user, Host as host, ${Object.keys(powers).join(', ')} from mysql.user`))
    for (const [column, why] of Object.entries(powers)) if (row[column as keyof typeof powers] === 'Y') add(row, why)
  // who writes the tables of privileges gives them to himself
  const writers = `select User as user, Host as host from mysql.db where 'mysql' like Db and 'Y' in (Insert_priv, Update_priv, Grant_priv)`
  for (const row of await client.query<{ user: string; host: string }>(writers)) add(row, 'writes the tables of privileges')

  const edges = await client.query<Edge>(isMariadb(client) ? mariadbRoles : mysqlRoles)
  for (let more = true; more; ) {
    more = false
    for (const { user, host, role, roleHost } of edges) {
      const why = `role ${role}`
      const has = reasons.get(key({ user, host }))?.has(why) === true
      if (has || !reasons.has(key({ user: role, host: roleHost }))) continue
      add({ user, host }, why)
      more = true
    }
  }
  return reasons
}

interface Edge {
  user: string
  host: string
  role: string
  roleHost: string
}
const mariadbRoles = `select User as user, Host as host, Role as role, '' as roleHost from mysql.roles_mapping`
const mysqlRoles = `select TO_USER as user, TO_HOST as host, FROM_USER as role, FROM_HOST as roleHost from mysql.role_edges`
