import { setTimeout as sleep } from 'node:timers/promises'
import type { Attempt, Refusal } from '../../gateways/contract.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import { releasedAgain } from './events.ts'
import type { Opening, OpenSessionDeps, Released } from './opening.ts'
import { isBeingRotated } from './session.store.ts'

const everyMs = 150

/**
 * Between the change on a target and its proof the vault's current credential is not the target's. So whoever opens a session
 * waits for the rotation that is under way, on whichever server, and takes what it promoted.
 */
export async function releaseCredential(deps: OpenSessionDeps, so: Opening): Promise<Refusal | undefined> {
  const released = await afterRotation(deps, so)
  if (!released.ok) return released.error
  const { terms, secret } = released.value
  if (terms.supervised && so.how.kind === 'forward') {
    secret.wipe()
    return notForwarded
  }
  so.released = released.value
  return undefined
}

/**
 * The target refused what was released: perhaps a rotation began in between. Then its credential is released once more, for the same
 * session and decided anew, and the ledger says so; undefined when there is none but the one that was refused.
 */
export async function releaseNewer(deps: OpenSessionDeps, so: Required<Opening>): Promise<Released | undefined> {
  const { row, released: before, admitted, intent } = so
  const released = await afterRotation(deps, so)
  if (!released.ok) return undefined
  const { credential, version, secret } = released.value
  if (credential === before.credential && version === before.version) {
    secret.wipe()
    return undefined
  }
  await deps.audit.noteLater(releasedAgain({ session: row.id, account: row.account_id, credential, version }), admitted.person, { intent })
  return released.value
}

async function afterRotation(deps: OpenSessionDeps, { row, admitted }: Opening): Promise<Result<Released, Refusal>> {
  if (!row) throw new Error('the intent comes first')
  const { db, keeper, rotationMs } = deps
  const until = performance.now() + rotationMs
  while (await db.transaction().execute((tx) => isBeingRotated(tx, row.account_id))) {
    if (performance.now() > until) return fail(stillRotating(admitted.attempt))
    await sleep(everyMs)
  }
  const answer = await keeper.ask('release', { grant: row.grant_id, session: row.id, presence: admitted.presence })
  if (!answer.ok) return fail({ code: answer.error.code, say: answer.error.message })
  const { account, credential, version, public: publicKey, target, endsAt, terms: policy, payload } = answer.value
  const { limits } = deps
  const { resultBytes, ...others } = policy
  const terms = {
    ...others,
    ...(resultBytes !== undefined && { resultBytes }),
    idleSeconds: Math.min(policy.idleSeconds, limits.idleSeconds),
    longestSeconds: Math.min(policy.longestSeconds, limits.longestSeconds),
  }
  const secret = payload ?? new Secret(new Uint8Array())
  return ok({ account, credential, version, publicKey, secret, target, endsAt: new Date(endsAt), terms })
}

const stillRotating = ({ account, target }: Attempt): Refusal => ({
  code: 'session.rotating',
  say: `The credential of ${account}@${target} is being rotated, and that has not come to its end yet. Try again in a minute; if it stays so, ask an administrator to look: claviger accounts show ${account}@${target}`,
})

/** Whoever watches sees where connections lead, and nothing of what passes in them. */
const notForwarded: Refusal = {
  code: 'session.forward_unseen',
  say: 'Sessions here are supervised, and nobody sees what passes in a forwarded connection. Work in a session on the target instead.',
}
