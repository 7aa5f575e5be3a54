import { type Bytes, fromBase64, hex, sha256, utf8 } from '../ledger/bytes.ts'
import { isSigned } from '../ledger/note.ts'
import { checkProof } from '../ledger/verify.ts'
import type { Facts, Told } from './told.ts'

/** Does not hold of a session without an end, and is no sign of a change then. */
export const endStep = 'The ledger knows the recording from its first block to its last'

export interface Step {
  what: string
  ok: boolean
}
export interface Head {
  chunks: number
  head: string
}
export interface Manifest extends Head {
  recording: string
  session: string
  grant: string
  participants: string[]
  complete: boolean
  bytes: number
  started: string
  ended: string
}
interface Entry {
  id: string
  at: string
  act: string
  by: string | null
  fields: Record<string, unknown>
}
/** What the ledger says of the recording, each entry with its place. */
export interface Vouched {
  steps: Step[]
  entries: (Entry & { place: number })[]
  facts: Facts | undefined
  manifest: Manifest | undefined
  heads: Head[]
  /** SHA-256 of the first block, from the entry that was written before the session began. */
  begins: string | undefined
}

/** What an auditor compares: SHA-256 of the verifier key, in groups of four. */
export const fingerprintOf = async (verifierKey: string): Promise<string> =>
  (hex(await sha256(utf8(verifierKey))).match(/.{4}/g) ?? []).join(' ')

/** The key itself, or its fingerprint however it was written. */
export async function isKey(typed: string, verifierKey: string): Promise<boolean> {
  const letters = typed.toLowerCase().replaceAll(/[^0-9a-f]/g, '')
  return (
    typed.trim() === verifierKey ||
    (/^[0-9a-f\s:.-]+$/i.test(typed.trim()) && letters === (await fingerprintOf(verifierKey)).replaceAll(' ', ''))
  )
}

/** Checks what the page says against its own proofs, with WebCrypto alone. Throws nothing: what cannot be read is a step that failed. */
export async function vouch(told: Told): Promise<Vouched> {
  const steps: Step[] = []
  const step = async (what: string, check: () => Promise<boolean> | boolean): Promise<boolean> => {
    const ok = await Promise.resolve()
      .then(check)
      .catch(() => false)
    steps.push({ what, ok })
    return ok
  }
  const so: Vouched = { steps, entries: [], facts: undefined, manifest: undefined, heads: [], begins: undefined }
  const { log, verifierKey, checkpoint } = told
  await step('The checkpoint of the ledger is signed by the key of this page', () => isSigned(checkpoint, { verifierKey, log }))
  for (const { path, ...entry } of told.entries ?? []) {
    const { place, id } = entry
    const proof = { format: 'claviger-inclusion-proof' as const, version: 1 as const, log, verifierKey, entry, path, checkpoint }
    const holds = async () => (await checkProof(proof, entry)).ok
    if (!(await step(`Entry ${id} stands in that ledger at place ${place}: ${path?.length} hashes lead from it to the signed root`, holds)))
      continue
    so.entries.push({ ...(JSON.parse(new TextDecoder().decode(fromBase64(entry.bytes))) as Entry), place })
  }
  const { recording } = told
  const about = (act: string) => so.entries.find((entry) => entry.act === act && entry.fields.recording === recording.id)
  so.begins = textIn(about('session.opening')?.fields.header)
  for (const act of ['recording.head', 'session.interrupted']) {
    const { chunks, head } = about(act)?.fields ?? {}
    if (typeof chunks === 'number' && typeof head === 'string') so.heads.push({ chunks, head })
  }
  const exported = about('recording.viewed')
  const written = hex(await sha256(utf8(told.facts)))
  const isWritten = await step('What this page says of the session is what the ledger has of this export', () => {
    return exported?.fields.how === 'html' && exported.fields.facts === written
  })
  if (isWritten) so.facts = JSON.parse(told.facts) as Facts
  const ended = about('session.ended')
  if (!ended) return so
  const manifest = String(ended.fields.manifest)
  const isSigned_ = await step('The manifest of the recording is signed by the same key', () =>
    signed(verifierKey, `claviger/recording-manifest/v1\n${manifest}`, String(ended.fields.signature)),
  )
  if (!isSigned_) return so
  so.manifest = JSON.parse(manifest) as Manifest
  await step('The manifest is of this recording, this session, its grant and its person', () => {
    const { session } = so.facts ?? {}
    const m = so.manifest as Manifest
    const of = m.recording === recording.id && m.session === session?.id && m.grant === session?.grant
    return of && m.participants.includes(session?.person.id ?? '')
  })
  return so
}

const textIn = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** Ed25519 by the key `name+hash+base64(01 ‖ key)`. */
async function signed(verifierKey: string, text: string, signature: string): Promise<boolean> {
  const raw = fromBase64(verifierKey.split('+').slice(2).join('+')).slice(1) as Bytes
  const key = await crypto.subtle.importKey('raw', raw, { name: 'Ed25519' }, false, ['verify'])
  return await crypto.subtle.verify({ name: 'Ed25519' }, key, fromBase64(signature), utf8(text))
}
