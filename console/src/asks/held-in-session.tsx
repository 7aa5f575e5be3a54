import { useHeldActs } from '../data/asks.ts'
import { HeldActs } from './held-acts.tsx'

/** What is held in one session while it runs, on its page; afterwards only what became of it. */
export const HeldInSession = ({ session, running }: { session: string; running: boolean }) => (
  <HeldActs held={useHeldActs(session, running)} inSession />
)
