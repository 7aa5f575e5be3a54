import type { AnswerOf, breakGlass as api } from '@claviger/api'
import type { Keeper } from '../../keeper/client.ts'
import { isLoginKind } from '../../kernel/credential-kinds.ts'
import type { Db } from '../../platform/db/open-db.ts'
import './tables.ts'

export type Shown = AnswerOf<typeof api.breakglass>
type ShownKey = NonNullable<Shown['key']>
type Version = Shown['accounts'][number]['versions'][number] & { account: string }

const mostKits = 20

export async function showKeys(db: Db): Promise<ShownKey[]> {
  const rows = await db
    .selectFrom('breakglass_key as k')
    .innerJoin('person as p', 'p.id', 'k.introduced_by')
    .select(['k.id', 'k.recipient', 'k.threshold', 'k.custodians', 'k.state', 'k.created_at', 'p.id as person', 'p.name as person_name'])
    .where('k.state', 'in', ['active', 'proposed'])
    .execute()
  return rows.map((k) => ({
    id: k.id,
    recipient: k.recipient,
    threshold: k.threshold,
    custodians: k.custodians.map(({ name, key }) => ({ name, key })),
    state: k.state as ShownKey['state'],
    introducedBy: { id: k.person, name: k.person_name },
    at: k.created_at.toISOString(),
  }))
}

interface Marked {
  id: string
  name: string
  target: string
  kind: string
}

export async function listMarked(db: Db): Promise<Marked[]> {
  return await db
    .selectFrom('account as a')
    .innerJoin('target as t', 't.id', 'a.target_id')
    .select(['a.id', 'a.name', 't.name as target', 't.kind'])
    .where('a.break_glass', '=', true)
    .orderBy('t.name')
    .orderBy('a.name')
    .limit(5000)
    .execute()
}

/** The versions that count of these accounts, as the vault has them. Empty when the keeper is away. */
export async function currentVersions(keeper: Keeper, accounts: readonly string[]): Promise<Version[]> {
  const found: Version[] = []
  for (let from = 0; from < accounts.length; from += 500) {
    const answer = await keeper.ask('versions', { accounts: accounts.slice(from, from + 500) })
    if (!answer.ok) continue
    for (const { account, credential, version, state, at, breakGlass } of answer.value.versions)
      if (state === 'current' && breakGlass && isLoginKind(credential)) found.push({ account, credential, version, rotatedAt: at })
  }
  return found
}

export interface Contents {
  account: string
  credential: string
  version: number
}

/** What makes a kit other than things are, in words; empty while it is good. */
export function whatIsStale(
  kit: { key_id: string; contents: readonly Contents[] },
  now: { key: string | undefined; accounts: readonly Marked[]; versions: readonly Contents[] },
): string[] {
  const named = (id: string) => {
    const account = now.accounts.find((a) => a.id === id)
    return account && `${account.name}@${account.target}`
  }
  const same = (a: Contents, b: Contents) => a.account === b.account && a.credential === b.credential && a.version === b.version
  const rotated = now.versions.filter((v) => !kit.contents.some((c) => same(c, v)))
  const gone = kit.contents.filter((c) => !named(c.account))
  return [
    ...(kit.key_id === now.key ? [] : ['the key for break-glass was replaced']),
    ...new Set(
      rotated.map((v) =>
        kit.contents.some((c) => c.account === v.account) ? `${named(v.account)} was rotated` : `${named(v.account)} is not in it`,
      ),
    ),
    ...(gone.length > 0 ? [`${gone.length} in it are no accounts for emergencies any more`] : []),
  ]
}

export async function newestKits(db: Db, limit = mostKits) {
  return await db
    .selectFrom('breakglass_kit as k')
    .leftJoin('person as p', 'p.id', 'k.made_by')
    .select(['k.id', 'k.key_id', 'k.made_at', 'k.contents', 'k.stale_at', 'p.id as person', 'p.name as person_name'])
    .orderBy('k.made_at', 'desc')
    .limit(limit)
    .execute()
}

export async function kitFile(db: Db, id: string): Promise<string | undefined> {
  return (await db.selectFrom('breakglass_kit').select('file').where('id', '=', id).where('file', '<>', '').executeTakeFirst())?.file
}

export async function recordingText(db: Db, id: string): Promise<string | undefined> {
  return (await db.selectFrom('breakglass_recording').select('lines').where('id', '=', id).executeTakeFirst())?.lines
}

async function showRecordings(db: Db): Promise<Shown['recordings']> {
  const rows = await db
    .selectFrom('breakglass_recording as r')
    .innerJoin('account as a', 'a.id', 'r.account_id')
    .innerJoin('target as t', 't.id', 'a.target_id')
    .select(['r.id', 'r.kit_id', 'a.name', 't.name as target', 'r.custodians', 'r.started_at', 'r.adopted_at', 'r.whole'])
    .orderBy('r.started_at', 'desc')
    .limit(mostKits)
    .execute()
  return rows.map((r) => ({
    id: r.id,
    kit: r.kit_id,
    account: `${r.name}@${r.target}`,
    custodians: r.custodians,
    startedAt: r.started_at.toISOString(),
    adoptedAt: r.adopted_at.toISOString(),
    whole: r.whole,
  }))
}

export async function showBreakglass(db: Db, keeper: Keeper, folder: string | null): Promise<Shown> {
  const [keys, accounts, kits] = [await showKeys(db), await listMarked(db), await newestKits(db)]
  const versions = await currentVersions(
    keeper,
    accounts.map((a) => a.id),
  )
  const key = keys.find((k) => k.state === 'active') ?? null
  return {
    key,
    proposed: keys.find((k) => k.state === 'proposed') ?? null,
    accounts: accounts.map((a) => ({
      ...a,
      versions: versions.filter((v) => v.account === a.id).map(({ account: _, ...rest }) => rest),
    })),
    kits: kits.map((k) => ({
      id: k.id,
      madeAt: k.made_at.toISOString(),
      madeBy: k.person && k.person_name ? { id: k.person, name: k.person_name } : null,
      accounts: new Set(k.contents.map((c) => c.account)).size,
      stale: whatIsStale(k, { key: key?.id, accounts, versions }),
    })),
    recordings: await showRecordings(db),
    folder,
  }
}
