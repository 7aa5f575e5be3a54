import type { Keeper } from '../../keeper/client.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { verifyEd25519 } from '../../platform/crypto/ed25519.ts'
import type { Expected, Manifest } from '../recording/index.ts'
import type { SessionError } from './errors.ts'
import { type EvidenceDeps, evidenceOf, type RecordingEvidence } from './recording-evidence.ts'

export interface ExpectedDeps extends EvidenceDeps {
  keeper: Keeper
}

/** What the recording must be: its manifest, signed by the keeper, once it ended; until then the heads that the ledger learned. */
export async function expectedOf(deps: ExpectedDeps, recording: string): Promise<Result<Expected, SessionError>> {
  const { heads, ended } = await evidenceOf(deps, recording)
  const manifest = await signedManifest(deps, recording, ended)
  return manifest.ok ? ok({ ...(manifest.value && { manifest: manifest.value }), heads }) : manifest
}

/** The manifest alone, once the recording ended: of hours there are thousands of heads. */
export async function manifestOf(deps: ExpectedDeps, recording: string): Promise<Result<Manifest | undefined, SessionError>> {
  return await signedManifest(deps, recording, (await evidenceOf(deps, recording, ['session.ended'])).ended)
}

async function signedManifest(
  deps: ExpectedDeps,
  recording: string,
  ended: RecordingEvidence['ended'],
): Promise<Result<Manifest | undefined, SessionError>> {
  if (!ended) return ok(undefined)
  const status = await deps.keeper.ask('status', {})
  if (!status.ok) return status
  const key = Buffer.from(/^[^+]+\+[0-9a-f]{8}\+(.+)$/.exec(status.value.verifierKey)?.[1] ?? '', 'base64').subarray(1)
  const signed = Buffer.from(`claviger/recording-manifest/v1\n${ended.manifest}`, 'utf8')
  if (!verifyEd25519(key, signed, Buffer.from(ended.signature, 'base64'))) return fail({ code: 'session.manifest_forged' })
  const { participants: _participants, grant: _grant, ...manifest } = JSON.parse(ended.manifest) as Manifest & Record<string, unknown>
  return manifest.recording === recording ? ok(manifest as Manifest) : fail({ code: 'session.manifest_forged' })
}

/** Whether there is a manifest in the ledger, and the keeper signed it. */
export async function manifestState(deps: ExpectedDeps, recording: string): Promise<Result<'signed' | 'forged' | 'none', SessionError>> {
  const expected = await expectedOf(deps, recording)
  if (expected.ok) return ok(expected.value.manifest ? 'signed' : 'none')
  return expected.error.code === 'session.manifest_forged' ? ok('forged') : expected
}
