import type { Attempt, LiveSession } from '../contract.ts'
import type { Exit } from './ssh2-internals.ts'
import type { StopReason } from './stop.ts'
import type { NoWay } from './upstream.ts'

/** How a session came to its end: what is written down, and what the person gets to see and their client as exit. */
export interface End {
  outcome: Parameters<LiveSession['ended']>[0]
  exit: Exit
  say?: string
}

/** What ssh itself answers when it is not the command that failed. */
export const notTheCommand: Exit = { status: 255 }

/** The command or shell ended by itself; a target that closes without a word how is a failed one. */
export function finished(exit: Exit | undefined): End {
  if (!exit) {
    const say = 'The target closed the connection without saying how the command ended.'
    return { outcome: { reason: 'target_failed', detail: 'no exit status' }, exit: notTheCommand, say }
  }
  if ('status' in exit) return { outcome: { reason: 'closed', exitStatus: exit.status }, exit }
  return { outcome: { reason: 'closed', detail: `signal ${exit.signal}` }, exit }
}

export const unreached = ({ reason, detail, say }: NoWay): End => ({ outcome: { reason, detail }, exit: notTheCommand, say })

/** The session was ended from our side, or the person left. */
export function stopped(reason: StopReason, { account, target }: Pick<Attempt, 'account' | 'target'>): End {
  if (reason === 'closed') return { outcome: { reason, detail: 'the client left' }, exit: notTheCommand }
  return { outcome: { reason }, exit: notTheCommand, say: sentences[reason](`${account}@${target}`) }
}

export const broken = {
  outcome: { reason: 'target_failed', detail: 'internal fault' },
  exit: notTheCommand,
  say: 'The session ended by a fault in Claviger. Connect again; if it stays, tell your administrator.',
} satisfies End

const sentences: Record<Exclude<StopReason, 'closed'>, (account: string) => string> = {
  grant_ended: (account) => `The grant has ended. To go on, ask again with: claviger request ${account} --for 1h --reason "…"`,
  ended_by_officer: () => 'A security officer ended this session. Ask them before you connect again.',
  idle: () => 'The session ended because nothing moved in it. Connect again to go on.',
  recording_failed: () => 'The session ended because it could not be recorded. Tell your administrator, then connect again.',
  shutting_down: () => 'The session ended because the gateway is stopping. Connect again in a moment.',
}
