import type { asks } from '@claviger/api'
import { useHeldActs } from '../data/asks.ts'
import { HeldActs } from './held-acts.tsx'

const none: asks.SessionAsk[] = []

/** What is held in one session while it runs, on its page; afterwards only what became of it, for nothing is held in a session that is over. */
export function HeldInSession({ session, running }: { session: string; running: boolean }) {
  const held = useHeldActs(session, running)
  return <HeldActs held={running || !held.data ? held : { ...held, data: none }} inSession />
}
