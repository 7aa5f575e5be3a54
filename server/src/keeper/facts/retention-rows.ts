import type { FactContent } from './fact.ts'
import type { Closed, Hold, RetentionClass, Term } from './retention.ts'
import { defaultClasses, firstTermOf } from './retention-defaults.ts'

/** All that says how long recordings are kept. */
export interface Keeping {
  classes: RetentionClass[]
  holds: Hold[]
  closed: Closed
}

/** The same from attested rows: what people said, and the shipped classes about which nobody said anything. */
export function keepingFrom(rows: {
  classes: readonly FactContent[]
  holds: readonly FactContent[]
  anchors: readonly FactContent[]
}): Keeping {
  const said = rows.classes.map(
    (c) => ({ ...c, terms: c.terms as unknown as readonly Term[], confirmed: true }) as unknown as RetentionClass,
  )
  const shipped = defaultClasses
    .filter((d) => !said.some((c) => c.id === d.id))
    .map(({ id, name, anchor }) => ({ id, name, anchor, terms: [firstTermOf(id) as Term], confirmed: false }))
  const placed = rows.holds.filter((h) => h.state === 'placed')
  const dates = new Map(
    rows.anchors.filter((a) => a.state === 'closed').map((a) => [`${a.anchor} ${a.subject_id}`, new Date(String(a.closed_at))]),
  )
  return {
    classes: [...said, ...shipped],
    holds: placed.map((h) => ({ id: String(h.id), kind: h.subject_kind as Hold['kind'], subject: String(h.subject_id) })),
    closed: (anchor, subject) => dates.get(`${anchor} ${subject}`),
  }
}
