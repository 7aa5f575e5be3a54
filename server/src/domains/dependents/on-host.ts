import type { EntryId, TargetId } from '../../kernel/id.ts'
import { fail, type Result } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import type { Login, OpenDependents, PinnedIdentity } from '../../targets/contract.ts'
import type { DependentDeps } from './deps.ts'
import type { DependentError } from './errors.ts'
import { dependentImpostor } from './events.ts'

/** A host as the keeper vouches for it. */
export interface Host {
  id: TargetId
  kind: string
  settings: unknown
  identity: PinnedIdentity
}

/** Lets `work` work on a host, logged in as the account that manages it. `intent` names the host as its target. An impostor is an alarm. */
export async function onHost<T>(
  { keeper, kinds, audit }: DependentDeps,
  host: Host,
  intent: EntryId,
  work: (open: OpenDependents, as: Login) => Promise<Result<T, DependentError>>,
): Promise<Result<T, DependentError>> {
  const opened = kinds.open(host.kind, host.settings)
  if (!opened.ok) return fail({ code: 'target.settings_invalid', issues: [opened.error.code] })
  if (!opened.value.dependents) return fail({ code: 'dependents.no_host', host: host.id, kind: host.kind })
  const manager = await keeper.ask('managerSecret', { target: host.id, intent })
  if (!manager.ok) return manager
  const { account, credential: kind, public: publicKey, payload } = manager.value
  const secret = payload ?? new Secret(new Uint8Array())
  try {
    const done = await work(opened.value.dependents, { account, credential: { kind, secret, ...(publicKey && { publicKey }) } })
    if (!done.ok && done.error.code === 'target.impostor' && 'expected' in done.error) {
      const { expected, presented } = done.error
      await audit.note(dependentImpostor({ target: host.id, expected, presented, during: 'dependents' }), null, { phase: 'alarm', intent })
    }
    return done
  } finally {
    secret.wipe()
  }
}
