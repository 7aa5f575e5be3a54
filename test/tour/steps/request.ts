import { access, call } from '@claviger/api'
import { yes } from '../person.ts'
import type { Proof } from '../proof.ts'
import type { Step, Tour } from '../tour.ts'
import { askForDatabase } from './database.ts'

/** The most that policy gives; it is void moments later. */
const window = '4h'

export const request: Step = {
  name: 'request',
  title: 'alice asks for an account; policy answers; her own approval is refused',
  async run(tour, proof) {
    const alice = tour.person('alice')
    await clearAway(tour)
    const account = tour.accountAtTarget
    const preview = (duration: string) => call(alice.api, access.previewRequest, { body: { account, duration } })
    const [fits, tooLong] = await Promise.all([yes('preview of 4h', preview('4h')), yes('preview of 5h', preview('5h'))])
    const { obligations } = fits
    proof.show('policy', [
      {
        window: '4h',
        answer: fits.allowed ? 'allowed' : 'refused',
        approvals: obligations?.approvals ?? null,
        'at most (s)': obligations?.maxSeconds ?? null,
        because: fits.because.join(', '),
        says: fits.message,
      },
      {
        window: '5h',
        answer: tooLong.allowed ? 'allowed' : 'refused',
        approvals: null,
        'at most (s)': null,
        because: tooLong.because.join(', '),
        says: tooLong.message,
      },
    ])
    proof.prove(
      'policy asks for one approval, gives at most 4 h, and records',
      fits.allowed && obligations?.approvals === 1 && obligations.maxSeconds === 14_400 && obligations.recorded,
      fits,
    )
    proof.prove('more than 4 h is refused', !tooLong.allowed, tooLong)

    const { request } = await alice.must<{ request: access.AccessRequest }>([
      'request',
      account,
      '--for',
      window,
      '--reason',
      'tour: roll out the new release',
    ])
    tour.found('request', request)
    const { id, digest, state, reason, account: asked } = request
    proof.show('request', [{ id, account, tier: asked.tierLabel, for: window, reason, state, approvers: fits.approvers.join(', ') }])
    proof.show('digest', digest)
    proof.prove('the request waits, for an account of tier 1', state === 'waiting' && asked.tier === 1, request)
    await ownApproval(tour, proof, request)
    await askForDatabase(tour, proof)
  },
}

/** Neither the API nor the CLI lets alice approve what she asked for; no code of hers is needed to find out. */
async function ownApproval(tour: Tour, proof: Proof, { id, digest }: access.AccessRequest): Promise<void> {
  const alice = tour.person('alice')
  const byApi = await call(alice.api, access.approveRequest, { params: { id }, body: { digest, code: '000000' } })
  const byCli = await alice.json(['approve', id, '--code-file', '-'], '000000\n')
  const api = byApi.ok ? { status: 200, code: 'none', message: 'approved' } : { status: byApi.status, ...byApi.refusal }
  proof.show('own approval', [
    { by: 'API', answer: `HTTP ${api.status}`, code: api.code, says: api.message },
    { by: 'CLI', answer: `exit ${byCli.status}`, code: byCli.error.code ?? null, says: byCli.error.message ?? null },
  ])
  proof.prove(
    "alice's own approval is refused by the API",
    !byApi.ok && ['access.own_request', 'http.forbidden', 'access.forbidden'].includes(api.code),
    api,
  )
  proof.prove("alice's own approval is refused by the CLI", byCli.status === 5, byCli)
  const still = await yes('the request', call(alice.api, access.getRequest, { params: { id } }))
  proof.prove('and the request still waits, with no vote', still.state === 'waiting' && still.approvals.length === 0, still)
}

/** What an earlier run left behind for alice: she gives it back, so that this run begins without a grant. */
async function clearAway(tour: Tour): Promise<void> {
  const { api } = tour.person('alice')
  const { grants } = await yes('the list of grants', call(api, access.grants, { query: { state: 'active' } }))
  for (const grant of grants.filter((g) => g.person.name === 'alice'))
    await yes(`end of ${grant.id}`, call(api, access.endGrant, { params: { id: grant.id }, body: { reason: 'tour: left over' } }))
  const { requests } = await yes('the list of requests', call(api, access.requests, { query: { view: 'mine', state: 'waiting' } }))
  for (const { id } of requests) await yes(`withdrawal of ${id}`, call(api, access.withdrawRequest, { params: { id } }))
}
