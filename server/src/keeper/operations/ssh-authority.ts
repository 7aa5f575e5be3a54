import { ok } from '../../kernel/result.ts'
import { fingerprint } from '../../protocols/ssh-keys/index.ts'
import { refuse } from '../refuse.ts'
import { principalOf, signLoginCertificate } from '../vault/sign-login-certificate.ts'
import { sshSaid } from '../vault/ssh-acts.ts'
import { openSshAuthority, sshAuthority as signing, sshAuthorityOwner } from '../vault/ssh-authority.ts'
import type { Handler } from './handler.ts'
import { intentIsRecorded } from './recorded-intent.ts'

const states = ['current', 'candidate', 'previous'] as const

/** Opened, so that a row with another public key is found out before anybody has hosts trust it. */
export const sshAuthority: Handler<'sshAuthority'> = async ({ context }) => {
  const versions = []
  for (const state of states) {
    const row = await context.vault.find(sshAuthorityOwner, state)
    if (!row) continue
    const opened = await openSshAuthority(context.vault, row)
    if (!opened.ok) return opened
    const { version, line, blob } = opened.value
    versions.push({ version, state, line, fingerprint: fingerprint(blob), madeAt: row.created_at.toISOString() })
  }
  return ok({ versions, sources: [...context.sshSources] })
}

/** For a login that shows whether a host trusts us. Nothing runs with it but `true`, so that the api process gets no way in. */
export const trialCertificate: Handler<'trialCertificate'> = async ({ context, args }) => {
  const recorded = await intentIsRecorded(context, args.intent, 'target', args.target)
  if (!recorded.ok) return recorded
  if (recorded.value.act !== 'ssh.trusting') return refuse('keeper.no_intent', 'This intent is for something else. Start it again.')
  const target = await context.facts.read('target', args.target)
  if (!target.ok) return target
  const authority = await signing(context.vault)
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
