import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Admitted, Grant, Refusal, SessionHost } from '../contract.ts'
import type { Stop } from '../door/stop.ts'
import type { Person } from './person.ts'

/** How often someone who waits at a terminal sees that they still wait. */
const signOfLifeMs = 10_000

/**
 * The running grant, or the one that comes of a request filed here: the person sees who may approve it and waits. Ctrl-C in
 * a terminal, and leaving, stop the wait; the request stays where it is. The first refusal is the answer.
 */
export async function grantFor(host: SessionHost, admitted: Admitted, person: Person, stop: Stop): Promise<Result<Grant, Refusal>> {
  const found = await host.findGrant(admitted)
  if (!found.ok) return found
  if (found.value) return ok(found.value)

  const filed = await host.requestInPlace(admitted)
  if (!filed.ok) return filed
  const { request, approvers, link } = filed.value
  const { account, target } = admitted.attempt
  const asked = approvers.length > 0 ? approvers.join(', ') : 'an approver'
  person.say(
    `No grant for ${account}@${target}. Request ${request} filed; waiting for approval by ${asked} … (Ctrl-C to stop waiting; ${link})`,
  )

  const waiting = new AbortController()
  let interrupted = false
  const giveUp = () => waiting.abort()
  person.onGone(giveUp)
  stop.signal.addEventListener('abort', giveUp)
  person.input.onInterrupt(() => {
    interrupted = true
    giveUp()
  })
  const signs = person.terminal && setInterval(() => person.show('.'), signOfLifeMs)
  try {
    const decided = await host.awaitDecision(request, waiting.signal)
    if (signs) person.show('\r\n')
    if (decided.ok) {
      person.say('Approved.')
      return decided
    }
    if (stop.reason)
      return fail({ code: 'ssh.shutting_down', say: `The gateway is stopping. Request ${request} stays open; connect again in a moment.` })
    return interrupted
      ? fail({ code: 'ssh.wait_stopped', say: `Stopped waiting. Request ${request} stays open; connect again to go on.` })
      : decided
  } finally {
    clearInterval(signs)
  }
}
