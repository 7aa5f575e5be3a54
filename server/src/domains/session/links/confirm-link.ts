import { attest } from '../../../keeper/attest-rows.ts'
import type { Keeper } from '../../../keeper/client.ts'
import { factorShownBy } from '../../../keeper/contract.ts'
import { fail, ok, type Result } from '../../../kernel/result.ts'
import type { Audit } from '../../audit/index.ts'
import type { SessionError } from '../errors.ts'
import { linkConfirmed, linkMisread } from '../events.ts'
import type { Finder } from './find-link.ts'
import { type ConfirmationRow, insertConfirmation, type LinkRow, lockLink, revisionOf, settleLink } from './links.store.ts'

export interface ConfirmLinkDeps {
  audit: Audit
  keeper: Keeper
  now: () => Date
}

/**
 * Its person says yes to one connection: by the number in its terminal and a fresh code. Nobody comes in by this: the gateway that holds the connection asks the
 * keeper, which compares it with what it attested here. Another number than the one in the terminal ends the link.
 */
export async function confirmLink(
  { audit, keeper, now }: ConfirmLinkDeps,
  found: LinkRow,
  by: Finder,
  { number, code }: { number: string; code: string },
): Promise<Result<void, SessionError>> {
  let misread = false
  const done = await audit.act<void, SessionError>(
    { act: 'session.link_confirm', by: by.person, about: { link: found.id } },
    async ({ tx, record }) => {
      const row = await lockLink(tx, found.id)
      const at = now()
      if (row?.state !== 'waiting' || row.expires_at <= at) return fail({ code: 'session.link_over' })
      const { id, who, account, target, source, connection, expires_at } = row
      if (number !== row.number) {
        misread = true
        await settleLink(tx, id, 'misread')
        await record(linkMisread({ link: id, account, target, from: source }), [], { phase: 'refused' })
        return ok(undefined)
      }
      const status = await keeper.ask('status', {})
      if (!status.ok) return status
      const confirmation: ConfirmationRow = {
        ...{ id, person_id: by.person, person_revision: await revisionOf(tx, by.person), epoch: status.value.epoch },
        ...{ who, account, target, source, number, connection, confirmed_at: at, expires_at, revision: 1 },
      }
      const rows = [{ kind: 'sign_in_confirmation' as const, revision: 1, row: { ...confirmation } }]
      const attested = await attest(keeper, rows, { by: 'stepUp', person: by.person, code })
      if (!attested.ok) return attested
      await insertConfirmation(tx, confirmation, attested.value.macOf(id))
      await settleLink(tx, id, 'confirmed')
      await record(
        linkConfirmed({ link: id, door: 'ssh', account, target, factor: factorShownBy(code), from: source }),
        attested.value.attestations,
      )
      return ok(undefined)
    },
  )
  return done.ok && misread ? fail({ code: 'session.link_misread' }) : done
}
