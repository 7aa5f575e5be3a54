import type { policy } from '@claviger/api'
import type { Printer } from '../../kit/printer.ts'
import { demands } from '../words.ts'
import { askedFor, ofActs } from './acts-in-words.ts'

/** What becomes of each policy, and who gains and who loses by it. */
export function showEffects(print: Printer, { edits, effects, acts, looked, complete }: policy.PolicyPreview): void {
  showEdits(print, edits)
  print.table(
    [
      { title: 'WHO', value: (e) => several(e.people, 4), style: () => 'bold' },
      { title: 'GROUPS', value: (e) => e.groups.join(', ') || 'none' },
      { title: 'WHAT', value: (e) => e.action },
      { title: 'ACCOUNTS', value: (e) => several(e.accounts, 3) },
      { title: 'NOW', value: (e) => said(e.before) },
      { title: 'THEN', value: (e) => said(e.after), style: (e) => (e.after === null ? 'red' : 'green') },
    ],
    effects,
    'No request of anybody who is here now would be answered differently. Floors at release and in sessions are not tried.',
  )
  if (acts.length > 0) {
    print.line('What is done in sessions', 'bold')
    print.table(
      [
        { title: 'POLICY', value: (e) => e.policy },
        { title: 'WHO', value: (e) => several(e.people, 4), style: () => 'bold' },
        { title: 'ACCOUNTS', value: (e) => several(e.accounts, 3) },
        { title: 'NOW', value: (e) => ofActs(e.before) },
        { title: 'THEN', value: (e) => ofActs(e.after) },
        { title: 'ASKED', value: (e) => askedFor(e.asked) },
      ],
      acts,
      '',
    )
    print.hint('What a policy says of the act itself is not tried: it stands above.')
  }
  print.hint(`Looked at ${looked.people} people and ${looked.accounts} accounts${complete ? '' : '; there are more'}.`)
}

export function showEdits(print: Printer, edits: readonly policy.PolicyEdit[]): void {
  for (const { name, before, after } of edits) {
    const what = before === null ? 'is new' : after === null ? 'is retired' : 'changes'
    print.line(`${name} ${what}`, after === null ? 'red' : 'bold')
    const [was, is] = [linesOf(before), linesOf(after)]
    for (const line of was.filter((one) => !is.includes(one))) print.line(`  - ${line}`, 'red')
    for (const line of is.filter((one) => !was.includes(one))) print.line(`  + ${line}`, 'green')
  }
}

const linesOf = (text: string | null): string[] => (text === null ? [] : text.trimEnd().split('\n'))
const several = (names: readonly string[], most: number): string =>
  names.length <= most ? names.join(', ') : `${names.slice(0, most).join(', ')} and ${names.length - most} more`

const said = (terms: policy.PolicyEffect['before']): string => (terms === null ? 'no' : demands(terms))
