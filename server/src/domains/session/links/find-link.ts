import type { PersonId } from '../../../kernel/id.ts'
import { fail, ok, type Result } from '../../../kernel/result.ts'
import type { Db } from '../../../platform/db/open-db.ts'
import type { Audit } from '../../audit/index.ts'
import type { SessionError } from '../errors.ts'
import { linkNotTheirs } from '../events.ts'
import { readDisplayCode } from './display-code.ts'
import { type LinkRow, linkNamed } from './links.store.ts'

export interface FindLinkDeps {
  db: Db
  audit: Audit
}

export interface Finder {
  person: PersonId
  name: string
}

const mostNoted = 10_000

/** Finds links for those whose they are. Anybody else is told what everybody is told of one that is not there, and the ledger has it, once for each of them. */
export function createFindLink({ db, audit }: FindLinkDeps) {
  const noted = new Set<string>()
  return async (typed: string, by: Finder): Promise<Result<LinkRow, SessionError>> => {
    const row = await linkNamed(db, readDisplayCode(typed))
    if (row && row.who === by.name) return ok(row)
    if (row && !noted.has(`${row.id} ${by.person}`)) {
      if (noted.size >= mostNoted) noted.clear()
      noted.add(`${row.id} ${by.person}`)
      await audit.note(linkNotTheirs({ link: row.id }), by.person, { phase: 'refused' })
    }
    return fail({ code: 'session.link_unknown' })
  }
}
