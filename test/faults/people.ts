import { setTimeout as sleep } from 'node:timers/promises'
import type { Call, Transport } from '@claviger/api'
import { waitFor } from '../../cli/src/codes/hand-out.ts'
import type { Claviger } from '../support/claviger.ts'
import { must, type Person, signIn } from '../support/person.ts'

type Name = 'alice' | 'bob' | 'carol' | 'dave'

/** The lab's people, who stay signed in over restarts and sign in again where the server does not know them any more. */
export class People {
  readonly #claviger: Claviger
  readonly #known = new Map<Name, Person>()

  constructor(claviger: Claviger) {
    this.#claviger = claviger
  }

  async person(name: Name): Promise<Person> {
    const known = this.#known.get(name)
    if (known) return known
    const person = await signIn(this.#claviger, name)
    this.#known.set(name, person)
    return person
  }

  /** The value of an answer that must be yes. Throws a sentence otherwise. */
  async ask<T>(name: Name, question: (api: Transport, person: Person) => Promise<Call<T>>): Promise<T> {
    const person = await this.person(name)
    const answer = await question(patient(person.api), person)
    if (!answer.ok && answer.status === 401) this.#known.delete(name)
    return must(answer)
  }

  /** Whoever of those who may approve has a code sooner. */
  approver(): Name {
    const { data } = this.#claviger
    return waitFor(data, 'carol') < waitFor(data, 'bob') ? 'carol' : 'bob'
  }

  forget(): void {
    this.#known.clear()
  }
}

/** A server that is frozen takes the connection and never answers. */
const patient = (api: Transport): Transport => ({ ...api, fetch: fetchAgain })

/**
 * Who reads and is cut off before the answer, as by a connection that an ended process left, reads again: nothing was lost by that. What
 * changes something is not repeated here: it may have been done.
 */
export const fetchAgain: typeof fetch = async (url, init = {}) => {
  for (let tries = 1; ; tries++) {
    try {
      return await fetch(url, { ...init, signal: AbortSignal.timeout(60_000) })
    } catch (error) {
      const cutOff = error instanceof TypeError
      if (!cutOff || (init.method ?? 'GET') !== 'GET' || tries === 10) throw error
      await sleep(300)
    }
  }
}
