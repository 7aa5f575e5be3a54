import type { Admitted, Attempt, OfferedLink, Recognised, Refusal } from '../../../gateways/contract.ts'
import { linkWaitsMs } from '../../../keeper/facts/sign-in-confirmation.ts'
import { fail, ok, type Result } from '../../../kernel/result.ts'
import { Secret } from '../../../kernel/secret.ts'
import { sha256 } from '../../../platform/crypto/hash.ts'
import { newId, randomSecretBytes } from '../../../platform/crypto/random.ts'
import { admitted } from '../events.ts'
import type { RecogniseDeps } from '../recognise.ts'
import { addressOf } from './addresses.ts'
import { displayCode } from './display-code.ts'
import { type Crowd, crowd, deleteLinksBefore, insertLink, type LinkRow, settleLink } from './links.store.ts'
import { untilDecided, type WaitDeps } from './until-decided.ts'

export interface OfferLinkDeps extends RecogniseDeps, WaitDeps {
  /** Where the console is. */
  console: string
}

/** The page of one that is over can be looked at for so long. */
const keptMs = 3600_000
const most: Crowd = { ofName: 10, ofNameHere: 3, ofAddress: 10, madeHere: 30 }

const no = (code: string, say: string) => fail<Refusal>({ code, say, final: true })

/**
 * Second factor, or all of them: a link that its person confirms in the console. Nobody is looked up by their name, so that the same happens for one
 * that nobody has. What lets the connection in is the keeper's word for bytes that only this process knows.
 */
export async function offerLink(
  deps: OfferLinkDeps,
  attempt: Attempt,
  client: string,
  recognised?: Recognised,
): Promise<Result<OfferedLink, Refusal>> {
  const at = deps.now()
  const secret = randomSecretBytes(16)
  const row: LinkRow = {
    ...{ id: newId('lnk'), display_code: displayCode(randomSecretBytes(8)), connection: sha256(secret).toString('hex') },
    ...{ who: attempt.person, account: attempt.account, target: attempt.target },
    ...{ source: attempt.from, address: addressOf(attempt.from), client: client.replace(/[^\x20-\x7e]/g, '?').slice(0, 100) },
    ...{ shown: shownOf(recognised), number: String(100 + (randomSecretBytes(4).readUInt32BE() % 900)) },
    ...{ asked_at: at, expires_at: new Date(at.getTime() + linkWaitsMs), state: 'waiting' },
  }
  const made = await deps.db.transaction().execute(async (tx) => {
    await deleteLinksBefore(tx, new Date(at.getTime() - keptMs))
    const already = await crowd(tx, row)
    if ((Object.keys(most) as (keyof Crowd)[]).some((bound) => already[bound] >= most[bound])) return false
    await insertLink(tx, row)
    return true
  })
  if (!made) {
    deps.attempts.record(attempt.door, attempt.from, 'link.too_many', 'link', { attempt, ...(recognised && { person: recognised.person }) })
    return no('link.too_many', 'Too many sign-ins wait for their link already. Try again in two minutes.')
  }
  return ok({
    url: `${deps.console}/link/${row.display_code}`,
    number: row.number,
    seconds: linkWaitsMs / 1000,
    confirmed: (signal) => confirmed(deps, { attempt, row, secret, recognised }, signal),
  })
}

interface Waiting {
  attempt: Attempt
  row: LinkRow
  secret: Uint8Array
  recognised: Recognised | undefined
}

const say = {
  'link.refused': 'This sign-in was refused in the console.',
  'link.misread': 'Another number was typed in the console than the one above. Connect again.',
  'link.expired': 'The link was not confirmed in time. Connect again.',
  'link.gone': 'You stopped waiting.',
}

async function confirmed(deps: OfferLinkDeps, waiting: Waiting, signal: AbortSignal): Promise<Result<Admitted, Refusal>> {
  const { db, keeper, attempts, audit } = deps
  const { attempt, row, secret, recognised } = waiting
  const refused = (code: string, sentence: string, person = recognised?.person) => {
    attempts.record(attempt.door, attempt.from, code, `link, after ${row.shown || 'nothing'}`, { attempt, ...(person && { person }) })
    return no(code, sentence)
  }
  const came = await untilDecided(deps, row, signal)
  if (came !== 'confirmed') {
    await db.transaction().execute((tx) => settleLink(tx, row.id, 'over'))
    return refused(`link.${came}`, say[`link.${came}`])
  }
  const { id: link, who, account, target, source, number } = row
  const present = await keeper.ask('presenceByLink', { link, who, account, target, source, number }, new Secret(secret))
  if (!present.ok) return refused(present.error.code, present.error.message)
  const person = present.value.person as Recognised['person']
  if (recognised && recognised.person !== person) return refused('link.other_person', 'This link is for another person. Connect again.')
  const shown = recognised?.shown ?? (recognised ? (['key'] as const) : [])
  const factor = [...shown, 'link'].join('+')
  await audit.noteLater(admitted({ door: attempt.door, way: attempt.way ?? 'native', factor, from: attempt.from }), person)
  return ok({ person, attempt, shown, admitted: true, presence: present.value.presence })
}

const shownOf = (recognised: Recognised | undefined): LinkRow['shown'] => (recognised ? (recognised.shown?.at(-1) ?? 'key') : '')
