import type { Printer } from '../../kit/printer.ts'
import type { Verdict } from '../../verify/index.ts'

/** Says what verification came to. Green is for *verified and anchored* alone. */
export function printVerdict(print: Printer, verdict: Verdict, couldBeGiven: boolean): void {
  const { ok, anchored, anchoredTo, size, log, verifierKey, erased, findings, more } = verdict
  print.answer(verdict, () => {
    if (ok) print.line(`Verified and anchored: ${size} entries, none changed, none missing.`, 'green')
    else if (findings.length > 0) print.line(`NOT AS IT WAS: ${findings.length + more} findings in ${size} entries.`, 'red')
    else print.line(`Unanchored: ${size} entries fit together, but nothing from outside says that they are all.`, 'yellow')
    for (const { message } of findings) print.line(`  ✗ ${message}`, 'red')
    if (more > 0) print.line(`  … and ${more} more`, 'red')
    print.facts([
      ['log', log ?? 'unknown'],
      ['signer', verifierKey ?? 'unknown'],
      ['anchored', anchoring(anchored, anchoredTo, size), anchored ? undefined : 'yellow'],
      ...(erased > 0 ? [['erased', `${erased} personal values; their commitments still stand`] as const] : []),
    ])
    if (!anchored && couldBeGiven) print.next('keep one outside: claviger audit checkpoint --out FILE; then verify with --checkpoint FILE')
    else if (!anchored && findings.length === 0)
      print.next('claviger audit verify: the checkpoint was kept here, the next verification is anchored in it')
  })
}

function anchoring(anchored: boolean, to: number, size: number): string {
  if (!anchored) return 'no: without an agreeing outside checkpoint this proves nothing about what is missing'
  return to < size ? `up to entry ${to}; entries ${to + 1} to ${size} stand on the signature alone` : `up to entry ${to}`
}
