import type { rotation } from '@claviger/api'
import type { Fact, Printer } from '../../kit/printer.ts'
import { spell } from '../../kit/times.ts'

/** How the credentials of an account are looked after: what happens next, and what the target said last. */
export function careFacts(print: Printer, care: rotation.Care, { replaceable }: { replaceable: boolean }): Fact[] {
  const { ageSeconds, maxAgeSeconds, dueAt, tryAt, health, oldValidUntil, oldCheckedAt } = care
  return [
    ...(replaceable
      ? ([
          ['replaced', `every ${spell(ageSeconds)}${maxAgeSeconds === null ? ', as the installation says' : ''}`],
          ['replaced next', dueAt ? print.time(dueAt) : 'not planned yet'],
        ] satisfies Fact[])
      : ([['replaced', 'by hand: claviger credentials put --kind tls']] satisfies Fact[])),
    ['tried next', tryAt ? print.time(tryAt) : 'not planned yet'],
    ...health.map((h): Fact => {
      const bad = h.refused.length > 0
      const said = bad
        ? `the target refused v${h.refused.join(', v')}`
        : h.works === null
          ? 'not tried yet'
          : `v${h.works} opened the target`
      const at = h.refusedAt ?? h.workedAt
      return [h.credential, `${said}${at ? `, ${print.time(at)}` : ''}`, bad ? 'red' : undefined]
    }),
    ...(oldValidUntil && oldCheckedAt === null
      ? [['the old one', `may be accepted until ${print.time(oldValidUntil)}`, 'yellow'] as const]
      : []),
  ]
}
