import { ok } from '../../kernel/result.ts'
import { fingerprint } from '../../protocols/ssh-keys/index.ts'
import { sshRotationId, sshVersions, versionsIn } from '../facts/ssh-rotation.ts'
import { refuse } from '../refuse.ts'
import { shredOlder } from '../vault/destroy.store.ts'
import { dropFromEscrow } from '../vault/escrow-drop.ts'
import { principalOf, signLoginCertificate } from '../vault/sign-login-certificate.ts'
import { sshSaid } from '../vault/ssh-acts.ts'
import { addSshAuthority, openSshAuthority, sshAuthorityOf, sshAuthorityOwner } from '../vault/ssh-authority.ts'
import { findExactly, lastVersion, promoteVersion } from '../vault/vault.store.ts'
import type { Handler } from './handler.ts'
import { intentIsRecorded } from './recorded-intent.ts'

/** Opened, so that a row with another public key is found out before anybody has hosts trust it. */
export const sshAuthority: Handler<'sshAuthority'> = async ({ context }) => {
  const inForce = await sshVersions(context.facts)
  if (!inForce.ok) return inForce
  const versions = []
  for (const state of ['current', 'candidate', 'previous'] as const) {
    const number = inForce.value[state]
    const row = number === undefined ? undefined : await findExactly(context.pool, sshAuthorityOwner, number)
    if (!row) continue
    const opened = await openSshAuthority(context.vault, row)
    if (!opened.ok) return opened
    const { version, line, blob } = opened.value
    versions.push({ version, state, line, fingerprint: fingerprint(blob), madeAt: row.created_at.toISOString() })
  }
  const next = (await lastVersion(context.pool, sshAuthorityOwner)) + 1
  return ok({ versions, sources: [...context.sshSources], next })
}

/** Does what the attested row of the rotation says: makes the next key, has it be the one that signs, destroys the one before. Safe to repeat. */
export const moveSshAuthority: Handler<'moveSshAuthority'> = async ({ context }) => {
  const { pool, vault, facts, folder, note } = context
  const row = await facts.find('ssh_rotation', sshRotationId)
  if (!row.ok) return row
  const { current, candidate, previous } = versionsIn(row.value?.content)
  if (candidate !== undefined) {
    if (!(await findExactly(pool, sshAuthorityOwner, candidate))) {
      if ((await lastVersion(pool, sshAuthorityOwner)) + 1 !== candidate)
        return refuse('vault.no_credential', `Version ${candidate} of the SSH authority is gone from the vault. Restore a backup.`)
      await addSshAuthority(vault, candidate)
      const made = await sshAuthorityOf(context, candidate)
      if (!made.ok) return made
      await note(...sshSaid('ssh.authority_made', { authority: candidate, key: fingerprint(made.value.blob) }))
    }
    return ok({ signs: current })
  }
  if (row.value) await promoteVersion(pool, sshAuthorityOwner, current)
  if (row.value && previous === undefined) {
    const gone = await shredOlder(pool, sshAuthorityOwner, current)
    const { kind, id, what } = sshAuthorityOwner
    dropFromEscrow(folder, (l) => l.owner_kind === kind && l.owner_id === id && l.what === what && l.version < current)
    if (gone.length > 0) await note(...sshSaid('ssh.authority_destroyed', { versions: gone.map(String) }))
  }
  return ok({ signs: current })
}

/** For a login that shows whether a host trusts us. Nothing runs with it but `true`, so that the api process gets no way in. */
export const trialCertificate: Handler<'trialCertificate'> = async ({ context, args }) => {
  const recorded = await intentIsRecorded(context, args.intent, 'target', args.target)
  if (!recorded.ok) return recorded
  if (recorded.value.act !== 'ssh.trusting') return refuse('keeper.no_intent', 'This intent is for something else. Start it again.')
  const target = await context.facts.read('target', args.target)
  if (!target.ok) return target
  const inForce = await sshVersions(context.facts)
  if (!inForce.ok) return inForce
  const { current, candidate, previous } = inForce.value
  const version = args.version ?? current
  if (![current, candidate, previous].includes(version))
    return refuse('vault.no_credential', `Version ${version} of the SSH authority signs nothing any more, nor will it.`)
  const authority = await sshAuthorityOf(context, version)
  if (!authority.ok) return authority
  const account = String(target.value.content.manager)
  const now = context.now()
  const made = await signLoginCertificate(authority.value, {
    principal: principalOf(account, args.target),
    keyId: `claviger trial ${args.intent}`,
    ...{ now, until: new Date(now.getTime() + trialMs), sources: [], forceCommand: 'true' },
  })
  await context.note(
    ...sshSaid('ssh.trial_certificate', {
      ...{ target: args.target, principal: made.principal, serial: String(made.serial), key: made.fingerprint },
      ...{ authority: authority.value.version, validUntil: made.validUntil.toISOString() },
    }),
  )
  return ok({ account, certificate: made.line, version: authority.value.version, payload: made.secret })
}
const trialMs = 60_000
