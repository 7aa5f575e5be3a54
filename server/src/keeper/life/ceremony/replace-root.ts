import { setTimeout as sleep } from 'node:timers/promises'
import { ok, type Result } from '../../../kernel/result.ts'
import { signingKey } from '../../../platform/crypto/ed25519.ts'
import { sameBytes } from '../../../platform/crypto/hash.ts'
import { open } from '../../../platform/crypto/sealed.ts'
import type { KeeperContext } from '../../context.ts'
import type { KeeperRefusal } from '../../contract.ts'
import { refuse } from '../../refuse.ts'
import type { Ceremony, Prepared } from '../../seal/ceremony-table.ts'
import { findRecord, replaceRecord } from '../../seal/installation.store.ts'
import { isOurs, readRecord, recordKey, writeRecord } from '../../seal/installation.ts'
import { allKinds } from '../../seal/kinds/kinds.ts'
import { setsAfter, withSets } from '../../seal/sets.ts'
import { signerPlace } from '../../state/identity.ts'
import { keyFile, wrapAll } from '../../vault/location-keys.ts'
import { upsertLocationKey } from '../../vault/vault.store.ts'
import type { Belongings } from '../belongings.ts'

/**
 * The step at which one root key ends and the next one counts: one transaction of the database with record, location keys and entry. Before it, the
 * seal of before opens everything; after it, the new one does, also where this server dies before its folder knows (seal/succession.ts).
 */
export async function replaceRoot(
  life: Belongings,
  context: KeeperContext,
  prepared: Prepared,
  root: Uint8Array,
  { begun, confirmed }: Pick<Ceremony, 'begun' | 'confirmed'>,
): Promise<Result<void, KeeperRefusal>> {
  const { pool, folder, installation, locationKeys, identity } = context
  const fresh = await newestOfOurs(context)
  if (!fresh.ok) return fresh
  const before = installation.record
  const sets = setsAfter(before.facts)
  const seal = withSets(prepared.seal, sets)
  const { derivation: _, ...facts } = before.facts
  const key = recordKey(root)
  const next = writeRecord(key, { ...facts, ...prepared, seal, sets, revision: before.facts.revision + 1 })
  // what is about to count is opened with the new key before the old one dies
  const again = readRecord(next.text)
  const seed = open(root, signerPlace, Buffer.from(prepared.signer, 'base64'))
  const opens = again && isOurs(key, again) && seed.ok && sameBytes(signingKey(seed.value).publicKey, identity.signer.publicKey)
  if (seed.ok) seed.value.fill(0)
  if (!opens) throw new Error('the new root key does not open what was sealed under it: nothing was changed')
  const wrapped = wrapAll(root, locationKeys)

  const entry = context.prepareNote(
    'seal.replaced',
    {
      kind: seal.kind,
      from: before.facts.seal.kind,
      set: seal.kind === 'shamir' ? seal.set : null,
      threshold: seal.kind === 'shamir' ? seal.threshold : null,
      shares: seal.kind === 'shamir' ? seal.shares : null,
      confirmed: confirmed?.person ?? null,
    },
    { by: begun.person },
  )
  const written = await replaceRecord(pool, before.text, { revision: next.facts.revision, text: next.text }, async (client) => {
    for (const { name, version, wrapped: bytes } of wrapped) await upsertLocationKey(client, name, version, bytes)
    await entry(client)
  }).catch(async (error: unknown) => {
    life.log(`the new root key could not be written: ${String(error)}`)
    return await whatStands(context, before.text, next.text)
  })
  if (written === undefined)
    return refuse(
      'ceremony.unsure',
      'The database did not answer whether the change arrived. Keep the shares, keys and files of before and those of now: at the next start one of them opens, and this server says which.',
    )
  if (!written)
    return refuse(
      'ceremony.not_written',
      'The change could not be written, so nothing was changed: what opened the server before still does.',
    )

  // it counts. What is left is put right at the next start where it cannot be written now
  try {
    installation.become(next, key)
    for (const { name, version, wrapped: bytes } of wrapped) folder.write(keyFile(name, version), bytes)
    for (const kind of allKinds) kind.tidy?.(kind.kind === seal.kind ? seal : undefined, life.place)
  } catch (error) {
    life.log(
      `ALARM: the keeper's folder does not know of the new root key yet (${String(error)}); is the disk full? The next start puts it right`,
    )
  }
  return ok(undefined)
}

/** Another server may have written a later record under the same root key; anything else that stands there is not ours. */
async function newestOfOurs({ pool, installation, alarm }: KeeperContext): Promise<Result<void, KeeperRefusal>> {
  const there = await findRecord(pool)
  if (there === installation.record.text) return ok(undefined)
  const record = there === undefined ? undefined : readRecord(there)
  if (record && isOurs(installation.key, record) && record.facts.revision > installation.facts.revision) {
    installation.become(record, installation.key)
    return ok(undefined)
  }
  await alarm('seal', 'installation', 'vault.installation is not what the keeper wrote: a key ceremony was stopped')
  return refuse(
    'seal.record_changed',
    'The record in the database (vault.installation) is not the one that this server wrote, so nothing was changed. Restart the server: it puts the record right or says what is wrong. Then begin anew.',
  )
}

/** After a lost connection: whether the new record stands there. Undefined when nobody says. */
async function whatStands({ pool }: KeeperContext, before: string, next: string): Promise<boolean | undefined> {
  for (let tries = 0; tries < 5; tries++) {
    const there = await findRecord(pool).catch(() => undefined)
    if (there === next) return true
    if (there === before) return false
    await sleep(500)
  }
  return undefined
}
