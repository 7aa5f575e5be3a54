import { z } from 'zod'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { verifyEd25519 } from '../../platform/crypto/ed25519.ts'
import { sha256 } from '../../platform/crypto/hash.ts'

/*
 * A backup (docs/formats.md, "Backup") is an age file around a tar: `backup.json` first, `manifest.json` and `manifest.sig` last, and between
 * them the members in pieces. Anybody can encrypt to a public key, so nothing in it is believed before the signature over the manifest was
 * checked, and the manifest names the digest of everything else.
 */

const hex64 = z.string().regex(/^[0-9a-f]{64}$/)
const tableName = z.string().regex(/^(public|vault)\.[a-z][a-z0-9_]{0,60}$/)
const columnName = z.string().regex(/^[a-z][a-z0-9_]{0,60}$/)
export const backupId = z.string().regex(/^bak_[a-z0-9]{10}$/)
const memberName = z
  .string()
  .regex(/^(backup\.json|database\/[a-z0-9_.]{1,80}|keeper\/(escrow\.jsonl|checkpoint)|recordings\/rec_[a-z0-9]{10}\.clvr)$/)

const head = z.strictObject({
  v: z.literal(1),
  id: backupId,
  /** Name of the installation's ledger, and the key that signs it. */
  log: z.string().min(1).max(200),
  verifierKey: z.string().min(1).max(400),
  at: z.iso.datetime(),
  node: z.string().max(100),
  version: z.string().max(40),
  migrations: z.array(z.strictObject({ name: z.string().regex(/^\d{4}-[a-z0-9-]{1,80}\.sql$/), sha256: hex64 })).max(2000),
  tables: z.array(z.strictObject({ name: tableName, columns: z.array(columnName).min(1).max(200) })).max(500),
  recordings: z.boolean(),
})
export type BackupHead = z.infer<typeof head>

const member = z.strictObject({
  name: memberName,
  pieces: z.int().min(0),
  bytes: z.int().min(0),
  sha256: hex64,
  /** Of a table: how many rows. */
  rows: z.int().min(0).nullable(),
})
export type BackupMember = z.infer<typeof member>

const manifest = z.strictObject({
  v: z.literal(1),
  id: backupId,
  members: z.array(member).min(1).max(1_000_000),
  /** Entries that had a place when it was taken, and the newest checkpoint that was there. */
  ledger: z.strictObject({ size: z.int().min(0), checkpoint: z.string().max(2048) }),
})
export type BackupManifest = z.infer<typeof manifest>

export const headFile = 'backup.json'
export const manifestFile = 'manifest.json'
export const signatureFile = 'manifest.sig'

/** What is signed: of constant length, however many members there are. */
export const signedText = (digest: string): string => `claviger/backup-manifest/v1\n${digest}\n`

const parse = <S extends z.ZodType>(shape: S, bytes: Uint8Array): z.output<S> | undefined => {
  try {
    return shape.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8'))).data
  } catch {
    return undefined
  }
}
export const readHead = (bytes: Uint8Array): BackupHead | undefined => parse(head, bytes)
export const readManifest = (bytes: Uint8Array): BackupManifest | undefined => parse(manifest, bytes)

/** The name and the 32 bytes of a key as verifiers are given it (C2SP signed-note: `name+hash+base64(0x01 ‖ key)`). */
export function readVerifierKey(text: string): { name: string; publicKey: Buffer } | undefined {
  const [, name, hash, encoded] = /^([^+\s]{1,256})\+([0-9a-f]{8})\+([A-Za-z0-9+/=]{44})$/.exec(text) ?? []
  const bytes = encoded === undefined ? undefined : Buffer.from(encoded, 'base64')
  if (name === undefined || bytes?.length !== 33 || bytes[0] !== 1) return undefined
  const right = sha256(Buffer.concat([Buffer.from(`${name}\n`), bytes]))
    .subarray(0, 4)
    .toString('hex')
  return right === hash ? { name, publicKey: bytes.subarray(1) } : undefined
}

/** Whether the manifest is signed by the key that the head names, and that key is of the log that it names. */
export function checkSignature(of: BackupHead, manifestBytes: Uint8Array, signature: Uint8Array): Result<{ publicKey: Buffer }, string> {
  const key = readVerifierKey(of.verifierKey)
  if (key?.name !== of.log)
    return fail('The backup names a key that is not of its own ledger. It was not made by Claviger, or somebody changed it.')
  const signed = Buffer.from(Buffer.from(signature).toString('utf8').trim(), 'base64')
  const text = Buffer.from(signedText(sha256(manifestBytes).toString('hex')), 'utf8')
  return signed.length === 64 && verifyEd25519(key.publicKey, text, signed)
    ? ok({ publicKey: key.publicKey })
    : fail(
        "The signature over the backup's manifest is not of the key that it names: somebody changed it, or put the manifest of another backup there.",
      )
}
