import type pg from 'pg'
import { z } from 'zod'
import { ok, type Result } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import { encryptTo } from '../../platform/crypto/age.ts'
import { fipsInForce } from '../../platform/crypto/fips.ts'
import type { KeeperRefusal } from '../contract.ts'
import type { FactReader } from '../facts/fact-reader.ts'
import { refuse } from '../refuse.ts'
import type { KeeperFolder } from '../state/folder.ts'
import { openEscrow } from './escrow.ts'
import { insertVersion, lastVersion, type Owner } from './vault.store.ts'

/*
 * The break-glass location. There is no location key for it: what is put there is an age file to a public key, whose private half is split among
 * custodians and was never on a server. So the keeper writes it and cannot read it, whatever it is told.
 */
export const breakGlass = 'break-glass'

export interface BreakGlassKey {
  id: string
  recipient: string
  threshold: number
  custodians: { name: string; key: string; share: string }[]
}

/** The key that counts, as attested. */
export async function breakGlassKey({ facts }: { facts: FactReader }): Promise<Result<BreakGlassKey, KeeperRefusal>> {
  if (fipsInForce())
    return refuse(
      'vault.not_in_fips',
      'The break-glass location is made of age, which the FIPS profile of this server does not use: no account is for emergencies here.',
    )
  const found = await facts.where('breakglass_key', { state: 'active' })
  if (!found.ok) return found
  const [key] = found.value
  if (!key)
    return refuse(
      'vault.no_breakglass_key',
      'There is no key for the break-glass location yet: claviger breakglass init, and an officer confirms it.',
    )
  const { id, recipient, threshold, custodians } = key.content
  return ok({
    id: String(id),
    recipient: String(recipient),
    threshold: Number(threshold),
    custodians: custodians as unknown as BreakGlassKey['custodians'],
  })
}

/** What stands in the place of a sealed data key: format 2, algorithm 1 (age), and which key it was sealed to. */
export function sealedTo(keyId: string): Buffer {
  const id = Buffer.from(`${breakGlass}:${keyId}`)
  return Buffer.concat([Buffer.from([2, 1, id.length]), id])
}

/** u32 length of the head | head, JSON | the secret. What it is of stands inside: a file that was moved to another account says so when it is opened. */
function boxed(head: object, secret: Uint8Array): Buffer {
  const json = Buffer.from(JSON.stringify(head))
  const length = Buffer.alloc(4)
  length.writeUInt32BE(json.length)
  return Buffer.concat([length, json, secret])
}

const boxHead = z.object({ v: z.literal(1), account: z.string(), credential: z.string(), version: z.int() })

/** What a box holds, when it is of this; undefined when it was moved there from elsewhere. `plain`: opened by custodians; stays the caller's to wipe. */
export function unboxed(plain: Buffer, of: { account: string; credential: string; version: number }): Secret | undefined {
  const length = plain.length > 4 ? plain.readUInt32BE() : 0
  if (length > 4096 || plain.length <= 4 + length) return undefined
  try {
    const head = boxHead.safeParse(JSON.parse(plain.subarray(4, 4 + length).toString('utf8'))).data
    const fits = head?.account === of.account && head.credential === of.credential && head.version === of.version
    return fits ? new Secret(Uint8Array.from(plain.subarray(4 + length))) : undefined
  } catch {
    return undefined
  }
}

/** Adds a candidate, durable in the escrow and in the database when this answers. The secret stays the caller's to wipe. */
export async function putInBreakGlass(
  { pool, folder, now }: { pool: pg.Pool; folder: KeeperFolder; now: () => Date },
  key: BreakGlassKey,
  what: { owner: Owner; name: string; secret: Secret; public: string | null; rotation: string },
): Promise<number> {
  const { owner, rotation } = what
  const version = (await lastVersion(pool, owner)) + 1
  const head = { v: 1, account: owner.id, name: what.name, credential: owner.what, version, public: what.public }
  const row = {
    owner_kind: owner.kind,
    owner_id: owner.id,
    what: owner.what,
    version,
    location: breakGlass,
    state: 'candidate' as const,
    public: what.public,
    rotation_id: rotation,
    wrapped_key: sealedTo(key.id),
    ciphertext: await what.secret.lend('seal', async (bytes) => {
      const plain = boxed(head, bytes)
      const sealed = await encryptTo([key.recipient], plain)
      plain.fill(0)
      return sealed
    }),
  }
  await openEscrow(folder)(row, now())
  if ((await insertVersion(pool, row, { name: breakGlass, version: 0 })) !== 'inserted')
    throw new Error(`version ${version} of ${owner.kind}/${owner.id}/${owner.what} was made twice at once`)
  return version
}
