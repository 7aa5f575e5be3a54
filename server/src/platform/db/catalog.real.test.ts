import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDatabase } from '../../domains/identity/test/database.ts'
import { factColumns, factKinds } from '../../keeper/facts/tables.ts'
import { roleNames } from './provision.ts'

let database: Awaited<ReturnType<typeof openDatabase>>
let owner: pg.Client
beforeAll(async () => {
  database = await openDatabase()
  owner = new pg.Client(database.connection('owner'))
  await owner.connect()
})
afterAll(async () => {
  await owner?.end()
  await database?.close()
})

const ask = async <R>(sql: string, values: unknown[] = []): Promise<R[]> => (await owner.query(sql, values)).rows

test('every foreign key is indexed, so that nothing is slow or locked because of what refers to it', async () => {
  const missing = await ask<{ name: string }>(`
    select c.conrelid::regclass || '.' || c.conname as name from pg_constraint c
    where c.contype = 'f' and not exists (
      select 1 from pg_index i where i.indrelid = c.conrelid and i.indpred is null
        and (i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey and (i.indkey::int2[])[0:cardinality(c.conkey) - 1] <@ c.conkey)`)
  expect(missing).toEqual([])
})

/**
 * Who may do what in the database. `i` insert, `s` select, `u` update, `d` delete; with columns where it is only some. Whoever changes
 * a migration changes this table, and a reader of the change sees what it means.
 */
const reviewed: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  claviger_server: {
    access_grant: 'isu',
    access_request: 'isu',
    account: 'isu',
    account_care: 'isu',
    approval: 'isu',
    breakglass_activation: 'isu',
    breakglass_key: 'isu',
    breakglass_kit: 'isu',
    breakglass_recording: 'is',
    breakglass_login: 'is',
    breakglass_upload: 'disu',
    breakglass_watch: 'dis',
    backup: 'isu',
    credential_health: 'isu',
    dependent: 'isu',
    dependent_news: 'isu',
    deposit: 'isu',
    deposit_batch: 'isu',
    destruction: 'isu',
    factor: 'isu',
    holding: 'isu',
    import: 'is',
    input_opening: 'isu',
    import_entry: 'isu',
    ledger_checkpoint: 'is',
    ledger_entry: 's i(bytes,id,origin,place,tag) u(place)',
    ledger_personal: 'is',
    ledger_index: 'is',
    ledger_tile: 'is',
    ledger_sequencer: 'su',
    legal_hold: 'isu',
    login_look: 'dis',
    login_seen: 'isu',
    node_part: 'isu',
    open_look: 'dis',
    passkey: 'isu',
    password_policy: 'isu',
    person: 'isu',
    policy: 'isu',
    policy_change: 'isu',
    recording: 'isu',
    recording_outline: 'dis',
    recording_words: 'isu',
    recording_destruction: 'isu',
    retention_anchor: 'isu',
    retention_class: 'isu',
    reveal: 'isu',
    rotation: 'isu',
    rotation_batch: 'is',
    rotation_batch_item: 'is',
    rotation_order: 'isu',
    session: 'isu',
    session_ask: 's u(comment,decided_at,decided_by,mac,revision,state)',
    session_forward: 's',
    session_live: 'ds',
    session_order: 'is',
    session_watch: 'isu',
    session_word: 'dis',
    sign_in: 'isu',
    sign_in_challenge: 'isu',
    sign_in_confirmation: 'is',
    sign_in_failures: 'isu',
    sign_in_link: 's u(state)',
    ssh_key: 'isu',
    ssh_rotation: 'isu',
    ssh_trust: 'isu',
    target: 'isu',
    version_policy: 'isu',
  },
  // no vault, no verifier of a password (what one begins with, and how often one was wrong), no sign-ins, nothing of the ledger but to add to it
  claviger_gateway: {
    access_grant: 's',
    access_request: 'is',
    account: 's',
    approval: 's',
    ledger_entry: 'i(bytes,id,origin,tag)',
    ledger_personal: 'i',
    node_part: 'isu',
    password_opening: 's',
    person: 's',
    policy: 's',
    recording: 'isu',
    recording_outline: 'dis',
    recording_words: 'i(recording_id) s(recording_id,state) u(state)',
    recording_destruction: 's u(removed_at)',
    rotation: 's',
    session: 'isu',
    session_ask: 'is u(mac,revision,state,why)',
    session_forward: 'is u(ended_at,message,outcome,received,sent)',
    session_live: 'dis',
    session_order: 's u(outcome)',
    session_watch: 's u(state)',
    sign_in_failures: 'isu',
    sign_in_link: 'dis u(state)',
    ssh_key: 's',
    target: 's',
  },
  // the vault alone is its own; of everything else it checks what it reads
  claviger_keeper: {
    access_grant: 's',
    access_request: 's',
    account: 's',
    approval: 's',
    breakglass_activation: 's',
    breakglass_key: 's',
    deposit: 's',
    destruction: 's',
    factor: 's',
    holding: 's',
    input_opening: 's',
    legal_hold: 's',
    ledger_checkpoint: 's',
    ledger_entry: 's i(bytes,id,origin,tag)',
    ledger_personal: 'i',
    ledger_sequencer: 's',
    passkey: 's',
    password_policy: 's',
    person: 's',
    policy: 's',
    policy_change: 's',
    recording: 's',
    recording_destruction: 's',
    retention_anchor: 's',
    retention_class: 's',
    dependent: 's',
    reveal: 's',
    rotation: 's',
    session: 's',
    session_ask: 's',
    session_order: 's',
    sign_in_confirmation: 's',
    ssh_key: 's',
    ssh_rotation: 's',
    ssh_trust: 's',
    target: 's',
    version_policy: 's',
    'vault.certificate': 'isu',
    'vault.connection_ticket': 'dis',
    'vault.enrolment': 'isu',
    'vault.factor_use': 'isu',
    'vault.installation': 'isu',
    'vault.location_key': 'disu',
    'vault.opened_for_words': 'isu',
    'vault.passkey_spent': 'dis',
    'vault.passkey_use': 'isu',
    'vault.secret_version': 'isu',
  },
}

describe('in the database', () => {
  test.each(Object.keys(reviewed))('%s may do what was reviewed, and nothing else', async (role) => {
    const rows = await ask<{ name: string; schema: string; whole: string; columns: { privilege: string; columns: string[] }[] | null }>(
      `select n.nspname as schema, c.relname as name,
         (select coalesce(string_agg(lower(left(p, 1)), '' order by p), '') from unnest(array['DELETE','INSERT','REFERENCES','SELECT','TRIGGER','TRUNCATE','UPDATE']) p
           where has_table_privilege($1, c.oid, p)) as whole,
         (select json_agg(json_build_object('privilege', lower(left(x.p, 1)), 'columns', x.columns) order by x.p) from (
           select p, array_agg(a.attname::text order by a.attname) as columns from unnest(array['INSERT','SELECT','UPDATE']) p, pg_attribute a
           where a.attrelid = c.oid and a.attnum > 0 and has_column_privilege($1, c.oid, a.attnum, p) and not has_table_privilege($1, c.oid, p) group by p) x) as columns
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p', 'v', 'm', 'S') and n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'`,
      [role],
    )
    const may = rows.flatMap(({ schema, name, whole, columns }) => {
      const parts = [whole, ...(columns ?? []).map((c) => `${c.privilege}(${c.columns.join(',')})`)].filter(Boolean)
      return parts.length > 0 ? [[schema === 'public' ? name : `${schema}.${name}`, parts.join(' ')] as const] : []
    })
    expect(Object.fromEntries(may.sort())).toEqual(reviewed[role])
  })

  test('no role of ours but the owner owns anything, and none has a power over the server', async () => {
    const owned = await ask<{ name: string; owner: string }>(
      `select c.relname as name, r.rolname as owner from pg_class c join pg_roles r on r.oid = c.relowner where r.rolname = any($1) and r.rolname <> $2`,
      [Object.values(roleNames), roleNames.owner],
    )
    expect(owned).toEqual([])
    const powers = await ask(
      `select rolname from pg_roles where rolname = any($1) and (rolsuper or rolcreaterole or rolcreatedb or rolbypassrls or rolreplication)`,
      [Object.values(roleNames)],
    )
    expect(powers).toEqual([])
    expect(
      await ask('select r.rolname from pg_auth_members m join pg_roles r on r.oid = m.member where r.rolname = any($1)', [
        Object.values(roleNames),
      ]),
    ).toEqual([])
  })

  test('no function runs with more rights than its caller', async () => {
    expect(
      await ask(
        "select proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace where p.prosecdef and n.nspname in ('public', 'vault')",
      ),
    ).toEqual([])
  })

  test.each(['server', 'gateway', 'keeper'] as const)(
    'the %s makes no table, function, schema or role, and reads no file',
    async (role) => {
      const client = new pg.Client(database.connection(role))
      await client.connect()
      for (const statement of [
        'create table mine (a int)',
        'create function mine() returns int language sql as $$ select 1 $$',
        'create schema mine',
        'create role mine',
        'create temporary table person (a int)',
        "select pg_read_file('postgresql.conf')",
        "copy person to program 'id'",
        'alter table person disable trigger all',
        'set session_replication_role = replica',
      ])
        await expect(client.query(statement), statement).rejects.toThrow(/permission denied|must be/)
      await client.end()
    },
  )

  test.each(['server', 'gateway'] as const)('the %s does not see that there is a vault', async (role) => {
    const client = new pg.Client(database.connection(role))
    await client.connect()
    await expect(client.query('select 1 from vault.secret_version')).rejects.toThrow('permission denied for schema vault')
    await client.end()
  })
})

test('of each row that decides access, only these columns are not attested: they decide nothing', async () => {
  const rows = await ask<{ table: string; column: string }>(
    'select table_name as table, column_name as column from information_schema.columns where table_schema = $1 and table_name = any($2)',
    ['public', factKinds],
  )
  const beside = rows.filter(({ table, column }) => !['revision', 'mac', ...factColumns[table as 'person']].includes(column))
  expect(
    Object.fromEntries([...Map.groupBy(beside, (r) => r.table)].map(([table, list]) => [table, list.map((r) => r.column).sort()]).sort()),
  ).toEqual({
    access_grant: ['end_reason', 'ended_at'],
    access_request: ['queued_at', 'void_reason'],
    account: ['authorised_keys', 'found_at', 'gone_at'],
    approval: ['comment'],
    breakglass_activation: ['end_reason', 'ended_at', 'steps'],
    breakglass_key: ['created_at'],
    dependent: ['created_at'],
    deposit: ['batch_id', 'intent', 'state'],
    destruction: ['changed_at'],
    factor: ['created_at'],
    holding: ['changed_at'],
    legal_hold: ['lift_reason', 'lifted_at', 'reason'],
    passkey: ['created_at', 'label'],
    password_policy: ['created_at'],
    person: ['created_at'],
    policy: ['created_at'],
    policy_change: ['decided_at'],
    recording_destruction: ['bytes', 'intent', 'keys_at', 'removed_at'],
    retention_anchor: ['reason'],
    retention_class: ['changed_at'],
    reveal: ['intent', 'state'],
    // what policy said of its time and its observers is here for lists: the gateway has it from the keeper, and keeps it in memory
    session: [
      ...['database_name', 'end_reason', 'ended_at', 'ends_at', 'exit_status', 'finish_seconds', 'idle_seconds', 'intent', 'node', 'state'],
      ...['supervised', 'unobserved', 'way'],
    ],
    session_ask: ['comment', 'decided_at', 'why'],
    session_order: ['outcome'],
    ssh_key: ['created_at', 'label'],
    ssh_rotation: ['begun_at', 'changed_at'],
    ssh_trust: ['next_try', 'seen_at', 'tries', 'why'],
    target: ['created_at', 'last_discovery'],
  })
})
