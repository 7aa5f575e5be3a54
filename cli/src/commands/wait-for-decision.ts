import { setTimeout as sleep } from 'node:timers/promises'
import { access, call } from '@claviger/api'
import { CliError } from '../kit/exit.ts'
import { answered } from '../kit/server.ts'
import type { Shell } from '../kit/shell.ts'

/** Waits until the request is decided, and until its turn has come where it queues; it expires by itself, so this ends. */
export async function waitForDecision(
  shell: Shell,
  filed: access.AccessRequest,
  approvers: readonly string[],
): Promise<access.AccessRequest> {
  const decision = async () => {
    let now = filed
    let place: number | null = null
    const said = ({ position }: access.AccessRequest) => {
      place = position
      shell.print.hint(`Somebody else has ${filed.account.name}@${filed.target.name}. You are number ${position} in the queue.`)
    }
    while (now.state === 'waiting' || now.state === 'queued') {
      if (now.state === 'queued' && now.position !== place) said(now)
      await sleep(1000)
      now = await answered(call(shell.server, access.getRequest, { params: { id: filed.id } }), shell.base)
    }
    return now
  }
  return await shell.progress.during(`Waiting for ${approvers.join(' or ') || 'an approver'} to decide on ${filed.id}`, decision())
}

/** Refuses unless the request was approved. */
export function decided(request: access.AccessRequest): void {
  const { id, state, approvals, account, target } = request
  if (state === 'approved') return
  const no = approvals.find((a) => a.verdict === 'denied')
  const why = no ? `: ${no.approver.name} said "${no.comment ?? ''}"` : request.voidReason ? `: ${request.voidReason}` : ''
  const next = `claviger request ${account.name}@${target.name} --for … --reason …`
  throw new CliError('refused', `Request ${id} is ${state}${why}.`, next, { code: `cli.request_${state}` })
}
