import type { FileAct, Recorder } from '../../../gateways/contract.ts'
import { maskEnd, maskStatement } from './mask-statement.ts'
import { maskCards } from './mask-text.ts'

/**
 * A recorder that lets nothing through of card numbers in statements and names of files, for whatever hears of them behind it: recording, ledger
 * and rules. Streams of bytes pass: the recording masks them itself, since it alone knows what was echoed.
 */
export const maskingRecorder = (to: Recorder): Recorder => ({
  output: (bytes) => to.output(bytes),
  input: (bytes) => to.input(bytes),
  resize: (columns, rows) => to.resize(columns, rows),
  statementStarted: (statement) => to.statementStarted(maskStatement(statement)),
  statementEnded: (end) => to.statementEnded(maskEnd(end)),
  // where card numbers are, no result is kept, whatever policy says
  resultPassed: () => {},
  file: (act) => to.file(maskAct(act)),
  pressure: () => to.pressure(),
})

const maskAct = (act: FileAct): FileAct => ({
  ...act,
  path: maskCards(act.path),
  to: act.to && maskCards(act.to),
  message: act.message && maskCards(act.message),
})
