import { fail, ok, type Result } from '../../../kernel/result.ts'
import type { Audit } from '../../audit/index.ts'
import type { SessionError } from '../errors.ts'
import { linkRefused } from '../events.ts'
import type { Finder } from './find-link.ts'
import { type LinkRow, lockLink, settleLink } from './links.store.ts'

/** "This was not me": the connection ends, and somebody should look who made it. Takes no code, so that nothing keeps people from it. */
export async function refuseLink({ audit }: { audit: Audit }, found: LinkRow, by: Finder): Promise<Result<void, SessionError>> {
  return await audit.act<void, SessionError>(
    { act: 'session.link_refuse', by: by.person, about: { link: found.id } },
    async ({ tx, record }) => {
      const row = await lockLink(tx, found.id)
      // one that nobody waits for any more is told of as well: it may have been an attempt
      if (!row || row.state === 'confirmed' || row.state === 'refused') return fail({ code: 'session.link_over' })
      await settleLink(tx, row.id, 'refused', ['waiting', 'misread', 'over'])
      const { id, account, target, source, client, shown } = row
      await record(linkRefused({ link: id, door: 'ssh', account, target, shown: shown || null, from: source, client }), [], {
        phase: 'alarm',
      })
      return ok(undefined)
    },
  )
}
