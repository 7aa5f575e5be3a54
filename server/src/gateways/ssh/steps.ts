/*
 * Terminology
 *
 * - step: one thing that a person shows at the door: a key, a password, a code; a link that they confirm in the console, with a code; or a certificate,
 *   which stands for all
 * - steps: what lets somebody in, in this order: `key+code`
 */
import { fail, ok, type Result } from '../../kernel/result.ts'

export const everySteps = ['key+code', 'certificate', 'password+code', 'key+password+code', 'key+link', 'password+link', 'link'] as const
export type Steps = (typeof everySteps)[number]
export type Step = 'key' | 'certificate' | 'password' | 'code' | 'link'

export const usualSteps: readonly Steps[] = ['key+code', 'certificate']

const stepsOf = (steps: Steps): readonly Step[] => steps.split('+') as Step[]

/** Reads `key+code, certificate`. Who meets one of them comes in, so one that asks for more than another of them is refused: nobody would ever have to meet it. */
export function readSteps(text: string): Result<readonly Steps[], string> {
  const named = [...new Set(text.split(',').map((part) => part.trim()))]
  const read = named.flatMap((name) => everySteps.find((one) => one === name) ?? [])
  if (read.length < named.length) return fail(`must name one or more of ${everySteps.join(', ')}, separated by commas`)
  for (const more of read)
    for (const less of read)
      if (more !== less && stepsOf(less).every((step) => stepsOf(more).includes(step)))
        return fail(`names ${more} beside ${less}, which lets in with less: leave one of them out`)
  return ok(read)
}

/** What may come next, of somebody who has shown `done`. */
export function nextSteps(accepted: readonly Steps[], done: readonly Step[]): ReadonlySet<Step> {
  const begun = accepted.map(stepsOf).filter((steps) => done.every((step, i) => steps[i] === step))
  return new Set(begun.flatMap((steps) => steps[done.length] ?? []))
}

export type Method = 'publickey' | 'password' | 'keyboard-interactive'

/** The same as SSH's methods. They are the same for everybody, whoever they say they are. */
export function methodsFor(next: ReadonlySet<Step>): readonly Method[] {
  const methods: Method[] = []
  if (next.has('key') || next.has('certificate')) methods.push('publickey')
  if (next.has('password') || next.has('code') || next.has('link')) methods.push('keyboard-interactive')
  if (next.has('password')) methods.push('password')
  return methods
}

const words: Record<Steps, string> = {
  'key+code': 'your registered SSH key and a code',
  certificate: 'claviger login',
  'password+code': 'your password and a code',
  'key+password+code': 'your registered SSH key, your password and a code',
  'key+link': 'your registered SSH key and a link that you confirm in the console',
  'password+link': 'your password and a link that you confirm in the console',
  link: 'a link that you confirm in the console',
}

/** "Sign in with your registered SSH key and a code, or with claviger login." */
export const howToSignIn = (accepted: readonly Steps[]): string =>
  `Sign in with ${everySteps
    .filter((steps) => accepted.includes(steps))
    .map((steps) => words[steps])
    .join(', or with ')}.`
