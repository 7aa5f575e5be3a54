import type { Attempt, LiveSession } from '../contract.ts'
import { sayCut } from '../door/say-cut.ts'
import type { StopReason } from '../door/stop.ts'
import type { Exit } from './ssh2-internals.ts'
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

/** Its end was not seen, and whether what it did was done neither. */
export const targetLost: End = {
  outcome: { reason: 'target_failed', detail: 'nothing was heard of the target any more' },
  exit: notTheCommand,
  say: 'Nothing is heard of the target any more: the connection to it is lost. Connect again, or ask whoever runs it.',
}

export const unreached = ({ reason, detail, say }: NoWay): End => ({ outcome: { reason, detail }, exit: notTheCommand, say })

/** The session was ended from our side, or the person left. */
export function stopped(reason: StopReason, { account, target }: Pick<Attempt, 'account' | 'target'>): End {
  if (reason === 'closed') return { outcome: { reason, detail: 'the client left' }, exit: notTheCommand }
  return { outcome: { reason }, exit: notTheCommand, say: sayCut(reason, `${account}@${target}`) }
}

export const broken = {
  outcome: { reason: 'target_failed', detail: 'internal fault' },
  exit: notTheCommand,
  say: 'The session ended by a fault in Claviger. Connect again; if it stays, tell your administrator.',
} satisfies End
