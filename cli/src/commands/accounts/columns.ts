import type { inventory } from '@claviger/api'
import type { Printer } from '../../kit/printer.ts'
import type { Column } from '../../kit/table.ts'
import { stateStyle, tierStyle } from '../words.ts'

export const accountColumns = (print: Printer): Column<inventory.Account>[] => [
  { title: 'ACCOUNT', value: (a) => `${a.name}@${a.target.name}`, style: () => 'bold' },
  { title: 'CATEGORY', value: (a) => a.category },
  { title: 'TIER', value: (a) => a.tierLabel, style: tierStyle },
  { title: 'STATE', value: (a) => a.state, style: stateStyle },
  { title: 'CREDENTIALS', value: (a) => a.credentials.map((c) => `${c.kind} v${c.version}`).join(', ') || '–' },
  { title: 'PRIVILEGES', value: (a) => a.privileges.join(', ') },
  { title: 'PROVEN', value: (a) => print.time(newest(a.credentials.map((c) => c.verifiedAt))) },
]

const newest = (times: (string | null)[]): string | null =>
  times
    .filter((t) => t !== null)
    .sort()
    .at(-1) ?? null
