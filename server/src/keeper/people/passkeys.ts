import type pg from 'pg'
import { ok, type Result } from '../../kernel/result.ts'
import { sameBytes, sha256 } from '../../platform/crypto/hash.ts'
import { verifyPasskey } from '../../platform/crypto/passkey-key.ts'
import { challengeOf, type PasskeyAnswer, readAuthenticatorData } from '../../protocols/webauthn/index.ts'
import type { KeeperRefusal } from '../contract.ts'
import type { FactContent } from '../facts/fact.ts'
import type { FactReader } from '../facts/fact-reader.ts'
import { refuse } from '../refuse.ts'
import { passkeyAsked } from '../shown-factor.ts'
import { challengeMs, type PasskeyChallenges } from './passkey-challenges.ts'
import { moveCounter, type PasskeyUse, readPasskeyUse, spendChallenge } from './passkeys.store.ts'

export interface Passkeys {
  /** The name that passkeys are made for, and the address of the pages that may ask for them; undefined where the address is not a name. */
  readonly site: PasskeySite | undefined
  /** Asks the passkeys of an active person for one act. Always a refusal: what carries the question is `factor.passkey_asked`. */
  ask(person: string, act: string): Promise<Result<never, KeeperRefusal>>
  /** Takes the answer of one of them, for this act and once. */
  spend(person: string, answer: PasskeyAnswer, act: string): Promise<Result<{ factor: string }, KeeperRefusal>>
}

export interface PasskeySite {
  rpId: string
  origin: string
}

const no = (message: string) => refuse('factor.passkey_refused', message)

export function createPasskeys(deps: {
  pool: pg.Pool
  facts: FactReader
  challenges: PasskeyChallenges
  site: PasskeySite | undefined
  alarm: (kind: string, id: string, why: string) => Promise<void>
  now: () => Date
}): Passkeys {
  const { pool, facts, challenges, site, alarm, now } = deps
  // beside the database, so that rows that were put back or deleted make no answer good again. What other nodes wrote counts as well
  const counters = new Map<string, number>()
  const spent = new Map<string, number>()

  const active = async (person: string): Promise<Result<{ revision: number; passkeys: FactContent[] }, KeeperRefusal>> => {
    const who = await facts.read('person', person)
    if (!who.ok) return who
    if (who.value.content.state !== 'active') return refuse('factor.person_not_active', 'This person is not active. Ask an administrator.')
    const all = await facts.where('passkey', { person_id: person })
    if (!all.ok) return all
    const passkeys = all.value.map((f) => f.content).filter((p) => p.state === 'active' && p.rp_id === site?.rpId)
    return passkeys.length > 0
      ? ok({ revision: who.value.revision, passkeys })
      : refuse('factor.no_passkey', 'There is no passkey here. Give a code from your authenticator.')
  }

  /** Whether its authenticator counts on. One that went back is there twice: somebody made a copy of it. */
  const countsOn = async (passkey: string, { counter, usedAt }: PasskeyUse): Promise<boolean> => {
    const last = Math.max(counters.get(passkey) ?? 0, (await readPasskeyUse(pool, passkey))?.counter ?? 0)
    if ((counter > 0 || last > 0) && counter <= last) return false
    if (!(await moveCounter(pool, passkey, { counter, usedAt }))) return false
    counters.set(passkey, counter)
    return true
  }

  const spendOnce = async (challenge: string): Promise<boolean> => {
    const at = now()
    for (const [known, when] of spent) if (at.getTime() - when > 2 * challengeMs) spent.delete(known)
    if (spent.has(challenge)) return false
    spent.set(challenge, at.getTime())
    return await spendChallenge(pool, sha256(challenge), at, new Date(at.getTime() - 2 * challengeMs))
  }

  return {
    site,
    async ask(person, act) {
      const who = await active(person)
      if (!who.ok) return who
      return refuse(passkeyAsked, 'Use one of your passkeys for this, within two minutes.', {
        challenge: challenges.make({ person, revision: who.value.revision, act }),
        rpId: site?.rpId ?? '',
        credentials: who.value.passkeys.map((p) => p.credential_id).join(' '),
      })
    },
    async spend(person, answer, act) {
      const who = await active(person)
      if (!who.ok) return who
      const { revision, passkeys } = who.value
      const passkey = passkeys.find((p) => p.credential_id === answer.credential)
      if (!site || !passkey) return no('This passkey is not one of yours. Use another one, or a code.')
      const challenge = challengeOf(answer.clientData, site.origin)
      const said = readAuthenticatorData(answer.authenticatorData)
      if (!challenge || !said || !sameBytes(said.rpIdHash, sha256(site.rpId)))
        return no(`This answer was not given on a page of ${site.origin}. Open Claviger there.`)
      const signed = Buffer.concat([answer.authenticatorData, sha256(answer.clientData)])
      if (!verifyPasskey({ spki: String(passkey.public_key), algorithm: String(passkey.algorithm) }, signed, answer.signature))
        return no('The passkey did not sign this. Try again, or use a code.')
      if (!said.userPresent || !said.userVerified)
        return no('The passkey did not make sure that it is you. Use one that asks for a PIN, a finger or your face, or use a code.')
      const asked = challenges.check(challenge, { person, revision, act })
      if (asked === 'other') return no('This yes was given for something else than what would be done now. Look again and say it again.')
      if (asked === 'old') return no('That took longer than two minutes. Try again.')
      if (!(await spendOnce(challenge))) return no('This answer was used already. Try again.')
      const id = String(passkey.id)
      if (!(await countsOn(id, { counter: said.counter, usedAt: now() }))) {
        await alarm('passkey', id, `its counter went back to ${said.counter}: somebody may have a copy of it`)
        return no('This passkey counts backwards, as a copy of it would: an alarm was raised. Use a code, and remove this passkey.')
      }
      return ok({ factor: id })
    },
  }
}
