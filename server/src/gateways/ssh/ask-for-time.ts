import type { LiveSession } from '../contract.ts'
import type { Person } from './person.ts'
import { type TimeKeys, timeKeys } from './time-keys.ts'

/** Later than this nobody asks for more time and gets it. */
const lastWarningMs = 10_000

/** The end of a session told in its terminal, and more time asked for there. */
export interface TimeAtTerminal {
  input: Person['input']
  /** A warning that the end is near, with what can be done about it. */
  warn(sentence: string, leftMs: number): void
}

export function timeAtTerminal(live: LiveSession, person: Person): TimeAtTerminal {
  let asking = false
  const ask = () => {
    if (asking) return
    asking = true
    void askForTime(live, person, keys)
      .catch(() => person.say('More time could not be asked for. Try again, or ask from the console.'))
      .finally(() => {
        asking = false
      })
  }
  const keys = timeKeys(person.input, ask)
  return {
    input: person.terminal ? keys.input : person.input,
    warn(sentence, leftMs) {
      if (!person.terminal) return
      if (leftMs <= lastWarningMs) return person.say(sentence)
      keys.arm()
      person.say(`${sentence} Press Ctrl-] and then r to ask for more time.`)
    },
  }
}

async function askForTime(live: LiveSession, person: Person, keys: TimeKeys): Promise<void> {
  let asked = await live.renew()
  if (!asked.ok && asked.error.code === 'access.fresh_code_needed') {
    person.say(
      'More time takes a fresh code. Type the six digits of your authenticator and Enter; Ctrl-C leaves it. Nothing of it is shown.',
    )
    const code = await keys.line()
    if (code === '') return person.say('No time was asked for.')
    asked = await live.renew(code)
  }
  if (!asked.ok) return person.say(asked.error.say)
  const { request, approvers, link, decided } = asked.value
  if (approvers.length > 0)
    person.say(`Request ${request} filed; waiting for approval by ${approvers.join(', ')} (${link}). Go on working.`)
  const decision = await decided
  // what is granted is said where it moves the end
  if (!decision.ok && !person.gone) person.say(decision.error.say)
}
