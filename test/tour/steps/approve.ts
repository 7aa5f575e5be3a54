import { access, call, type inventory } from '@claviger/api'
import { yes } from '../person.ts'
import type { Step, Tour } from '../tour.ts'
import { approveDatabase } from './database.ts'

type Changed = { target: inventory.Target; voided: { requests: string[]; grants: string[] } }

export const approve: Step = {
  name: 'approve',
  title: 'bob approves with a fresh code, bound to exactly this request; another address voids it',
  async run(tour, proof) {
    const { id, digest } = tour.need('request')
    const bob = tour.person('bob')
    const { request, approvedDigest } = await bob.must<{ request: access.AccessRequest; approvedDigest: string }>(
      ['approve', id, '--code-file', '-'],
      { code: true },
    )
    const { grant, approvals } = request
    const vote = approvals.find((a) => a.approver.name === 'bob')
    proof.show('approval', [
      {
        by: 'bob',
        verdict: vote?.verdict ?? null,
        factor: vote?.factor ?? null,
        at: vote?.at ?? null,
        grant: grant?.id ?? null,
        until: grant?.endsAt ?? null,
      },
    ])
    proof.show('approved digest', approvedDigest)
    proof.prove(
      'bob approved with a fresh code what alice asked for: the digests are the same',
      vote?.verdict === 'approved' && vote.factor === 'totp' && approvedDigest === digest,
      request,
    )
    proof.prove('the request became a grant', request.state === 'approved' && grant?.state === 'active', request)

    await approveDatabase(tour, proof)
    const { voided, target } = await moveAway(tour)
    proof.show('address of web01', [
      {
        before: request.target.address,
        after: target.address,
        'void grants': voided.grants.join(', '),
        'void requests': voided.requests.join(', '),
      },
    ])
    const now = await yes('the request', call(bob.api, access.getRequest, { params: { id } }))
    proof.show('request', [{ id, state: now.state, why: now.voidReason, grant: now.grant?.state ?? null }])
    proof.prove(
      'carol changed the address of web01, and the approval is void: nobody approved *that* machine',
      voided.grants.includes(grant?.id ?? '') && now.state === 'void' && now.grant?.state === 'void',
      now,
    )
    const tried = await tour.person('alice').json(['connect', tour.accountAtTarget, '--', 'true'])
    proof.show('connect afterwards', `exit ${tried.status}: ${tried.error.message ?? ''}`)
    proof.prove('it opens nothing any more', tried.status === 4, tried)
  },
}

/** Changes the address to the other of two names of one machine: back again in the next run, so that no second code of hers is waited for. */
async function moveAway(tour: Tour): Promise<Changed> {
  const host = tour.need('web01').settings.host === 'localhost' ? '127.0.0.1' : 'localhost'
  return await tour
    .person('carol')
    .must<Changed>(['targets', 'change', 'web01', '--set', `host=${host}`, '--code-file', '-'], { code: true })
}
