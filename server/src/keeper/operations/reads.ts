import type { CredentialKind } from '../../kernel/credential-kinds.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import type { KeeperContext } from '../context.ts'
import type { KeeperRefusal } from '../contract.ts'
import { maySee } from '../decide/may-see.ts'
import type { Reading } from '../decide/readings.ts'
import type { SignedEntry } from '../ledger/recent-entries.ts'
import { actDigest } from '../people/act-digest.ts'
import { refuse } from '../refuse.ts'
import { shownOf } from '../vault/about.ts'
import type { VersionRow } from '../vault/vault.store.ts'
import type { CallOf, Handler } from './handler.ts'

/** `clvr_` and 16 bytes in base64url. */
const ticketBytes = 27
/** From the entry to the answer. */
const withinMs = 60_000

export const issueReadTicket: Handler<'issueReadTicket'> = async ({ context, entitle, args }) => {
  const { grant, person: by, from, code } = args
  const spent = await context.prove({ person: by, code, act: actDigest('issueReadTicket', { grant, from }) })
  if (!spent.ok) return spent
  const person = await context.facts.read('person', args.person)
  if (!person.ok) return person
  const at = context.now()
  const seen = await maySee(context, entitle, { person: args.person, grant: args.grant, shownAt: at })
  if (!seen.ok) return seen
  const until = new Date(String(seen.value.grant.ends_at))
  const present = { person: args.person, revision: person.value.revision, at, until }
  const issued = await context.readTickets.issue(args.grant, args.from, present)
  return issued.ok ? ok({ expiresAt: issued.value.expiresAt.toISOString(), payload: issued.value.ticket }) : issued
}

type Decided = Result<Reading, KeeperRefusal>

/** What each of these tickets may read, decided once for those that are the same. */
async function decideAll(
  { context, entitle, payload }: Pick<CallOf<'recogniseReads'>, 'context' | 'entitle' | 'payload'>,
  reads: readonly { from: string }[],
): Promise<Decided[] | undefined> {
  return await payload.lend('recognise', async (bytes) => {
    if (bytes.length !== reads.length * ticketBytes) return undefined
    const asked = new Map<string, Promise<Decided>>()
    return await Promise.all(
      reads.map(({ from }, at) => {
        const ticket = bytes.subarray(at * ticketBytes, (at + 1) * ticketBytes)
        const key = `${Buffer.from(ticket).toString('latin1')} ${from}`
        const known = asked.get(key) ?? context.readings.of(ticket, from, entitle)
        asked.set(key, known)
        return known
      }),
    )
  })
}

const malformed = () => refuse('keeper.malformed', 'There is not one ticket for each read.')
const accountsOf = (decided: readonly Decided[]): string[] => decided.flatMap((one) => (one.ok ? [one.value.account] : []))

export const recogniseReads: Handler<'recogniseReads'> = async ({ context, entitle, payload, args }) => {
  const decided = await decideAll({ context, entitle, payload }, args.reads)
  if (!decided) return malformed()
  const sealed = await context.sealedVersions.of(accountsOf(decided))
  const reads = decided.map((one, at) => {
    if (!one.ok) return one
    const rows = sealed.get(one.value.account) ?? []
    const wanted = args.reads[at]?.credential
    const row = wanted ? rows.find((r) => r.what === wanted) : (rows.find((r) => r.what === 'password') ?? rows[0])
    const { person, grant, account, name, target } = one.value
    if (!row) return refuse('vault.no_credential', `The vault has no credential of ${name}@${target} to read.`)
    return {
      ok: true as const,
      person,
      grant,
      account,
      name,
      target,
      credential: row.what as CredentialKind,
      version: row.version,
      size: row.ciphertext.length,
    }
  })
  return ok({ reads })
}

export const readCredentials: Handler<'readCredentials'> = async ({ context, entitle, payload, args }) => {
  const decided = await decideAll({ context, entitle, payload }, args.reads)
  if (!decided) return malformed()
  const sealed = await context.sealedVersions.of(accountsOf(decided))
  const opened = await Promise.all(
    decided.map(async (one, at) => {
      const read = args.reads[at]
      if (!one.ok || !read) return one.ok ? malformed() : one
      return await openOne(context, one.value, read, sealed.get(one.value.account) ?? [])
    }),
  )
  const secrets: Uint8Array[] = []
  const reads = await Promise.all(
    opened.map(async (one) => {
      if (!one.ok) return fail({ code: one.error.code, message: one.error.message })
      const { secret, public: line, endsAt } = one.value
      const bytes = await secret.use('send-over-keeper-socket', (plain) => Buffer.from(plain))
      secrets.push(bytes)
      return { ok: true as const, length: bytes.length, ...shownOf(line), endsAt }
    }),
  )
  const together = Buffer.concat(secrets)
  for (const bytes of secrets) bytes.fill(0)
  return ok({ reads, payload: new Secret(together) })
}

interface Asked {
  entry: string
  reads: number
  credential: string
  version: number
}

/** Opens once for all of these reads, and keeps nothing: the next message opens anew. */
async function openOne(
  context: KeeperContext,
  reading: Reading,
  read: Asked,
  rows: readonly VersionRow[],
): Promise<Result<{ secret: Secret; public: string | null; endsAt: string }, KeeperRefusal>> {
  const { notary } = context
  await notary.whenSigned(read.entry, 5_000)
  const recorded = notary.signedEntry(read.entry)
  if (!recorded || recorded.closed || !saysExactly(recorded, reading, read) || !isFresh(context, recorded.at))
    return refuse('keeper.no_intent', 'The ledger does not say that this is read. Ask again.')
  const row = rows.find((r) => r.what === read.credential)
  if (row?.version !== read.version) return refuse('keeper.stale', 'The credential was replaced meanwhile. Ask again.')
  recorded.closed = true
  const secret = await context.vault.open(row)
  return secret.ok ? ok({ secret: secret.value.secret, public: row.public, endsAt: reading.endsAt.toISOString() }) : secret
}

const saysExactly = ({ act, phase, by, fields }: SignedEntry, reading: Reading, read: Asked): boolean =>
  act === 'access.read' &&
  phase === 'done' &&
  by === reading.person &&
  fields.grant === reading.grant &&
  fields.account === reading.account &&
  fields.credential === read.credential &&
  fields.version === read.version &&
  fields.reads === read.reads

/** What was signed before we were opened may have been read already: which entries were used is known from memory alone. */
const isFresh = ({ now, openedAt }: KeeperContext, at: number): boolean =>
  at >= openedAt.getTime() && Math.abs(now().getTime() - at) < withinMs
