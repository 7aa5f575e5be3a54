import { attest } from '../../keeper/attest-rows.ts'
import type { Keeper } from '../../keeper/client.ts'
import { contentOf } from '../../keeper/facts/fact.ts'
import { requestDigest } from '../../keeper/facts/request-digest.ts'
import { factColumns } from '../../keeper/facts/tables.ts'
import type { AccountId, GrantId, PersonId, TargetId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { newId } from '../../platform/crypto/random.ts'
import type { Audit } from '../audit/index.ts'
import { accountNamed, insertRequest, type RequestRow } from './access.store.ts'
import type { Asked, Decide } from './decide.ts'
import type { AccessError } from './errors.ts'
import { requestFiled } from './events.ts'
import { waitSeconds } from './rules.ts'

export interface FileRequestDeps {
  audit: Audit
  keeper: Keeper
  decide: Decide
  now: () => Date
  /** Shortest window, in seconds: 20 in the lab. */
  shortestSeconds: number
  /** Whether a gateway leads to targets of this kind. */
  connects: (kind: string) => boolean
}

export interface Asking {
  /** `deploy@web01` */
  account: string
  seconds: number
  reason: string
  itsmTicket: string | null
  /** What for; `connect` when left out. */
  action?: 'connect' | 'reveal'
  /** More time under this grant instead of a new one. */
  extends?: GrantId
}

/** Files a request: what policy demands of it is decided now, and its digest says exactly what an approver will say yes to. */
export async function fileRequest(
  deps: FileRequestDeps,
  who: { person: PersonId; presence: string; code?: string | undefined },
  asking: Asking,
): Promise<Result<RequestRow & { approverGroups: readonly string[] }, AccessError>> {
  const { audit, keeper, decide, now, shortestSeconds } = deps
  return await audit.act<RequestRow & { approverGroups: readonly string[] }, AccessError>(
    { act: 'access.request', by: who.person, about: { account: asking.account } },
    async ({ tx, record }) => {
      const action = asking.action ?? 'connect'
      if (asking.seconds < shortestSeconds) return fail({ code: 'access.too_short', seconds: shortestSeconds })
      const [accountName = '', targetName = ''] = asking.account.split('@')
      const named = await accountNamed(tx, accountName, targetName)
      if (!named) return fail({ code: 'access.account_unknown', account: asking.account })
      const asked = await vouchFor(keeper, who.person, named)
      if (!asked.ok) return asked
      if (asked.value.account.break_glass === true && maySeeAccounts(asked.value.person))
        return fail({ code: 'access.break_glass', account: asking.account })
      if (action === 'connect' && maySeeAccounts(asked.value.person) && !deps.connects(String(asked.value.target.kind)))
        return fail({ code: 'access.no_gateway', account: asking.account })
      const decided = await decide(tx, asked.value, { action, seconds: asking.seconds, itsmTicket: asking.itsmTicket })
      if (!decided.ok) return decided
      const { decision, approverGroups } = decided.value
      if (!decision.allowed)
        return fail(
          maySeeAccounts(asked.value.person)
            ? { code: decision.code, message: decision.message }
            : { code: 'access.account_unknown', account: asking.account },
        )

      const at = now()
      const draft = {
        id: newId('req'),
        requester_id: who.person,
        account_id: named.account,
        action,
        reason: asking.reason,
        itsm_ticket: asking.itsmTicket,
        seconds: asking.seconds,
        obligations: { ...decision.obligations, because: [...decision.because] },
        state: 'waiting',
        queued_at: null,
        extends_grant: asking.extends ?? null,
        activation: null,
        created_at: at,
        expires_at: new Date(at.getTime() + waitSeconds * 1000),
        revision: 1,
      }
      const digest = requestDigest(contentOf(factColumns.access_request, draft), asked.value.account, asked.value.target)
      const row: RequestRow = { ...draft, digest }
      const { person, code, presence } = who
      const authority = code === undefined ? { by: 'presence' as const, presence } : { by: 'stepUp' as const, person, code }
      const attested = await attest(keeper, [{ kind: 'access_request', revision: 1, row: { ...row } }], authority)
      if (!attested.ok) return attested
      await insertRequest(tx, row, attested.value.macOf(row.id))
      const { id, account_id, seconds, obligations, itsm_ticket, reason } = row
      await record(
        requestFiled({
          request: id,
          account: account_id,
          target: named.target,
          action,
          seconds,
          obligations: { ...obligations },
          digest,
          extends: row.extends_grant,
          ticket: itsm_ticket,
          reason,
        }),
        attested.value.attestations,
      )
      return ok({ ...row, approverGroups })
    },
  )
}

/** Who is in no group sees no accounts: a refusal must not tell them that there is such a one. */
export const maySeeAccounts = (person: Asked['person']): boolean => Array.isArray(person.groups) && person.groups.length > 0

/** The rows of who asks for what, each checked by the keeper. */
export async function vouchFor(
  keeper: Keeper,
  person: PersonId,
  named: { account: AccountId; target: TargetId },
): Promise<Result<Asked, AccessError>> {
  const vouched = await keeper.ask('vouch', {
    rows: [
      { kind: 'person', id: person },
      { kind: 'account', id: named.account },
      { kind: 'target', id: named.target },
    ],
  })
  if (!vouched.ok) return vouched
  const [p, account, target] = vouched.value.rows as Asked['person'][]
  return p && account && target ? ok({ person: p, account, target }) : fail({ code: 'access.account_unknown', account: named.account })
}
