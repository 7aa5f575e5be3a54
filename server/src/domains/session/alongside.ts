import type { Recorder } from '../../gateways/contract.ts'

type Told = Partial<Pick<Recorder, 'statementStarted' | 'statementEnded' | 'file' | 'pressure'>>

/** A recorder that writes down through `writer` and, once that has it, tells `also`. It holds back while either does. */
export function alongside(writer: Recorder, also: Told): Recorder {
  return {
    output: (bytes) => writer.output(bytes),
    input: (bytes) => writer.input(bytes),
    resize: (columns, rows) => writer.resize(columns, rows),
    statementStarted(statement) {
      writer.statementStarted(statement)
      also.statementStarted?.(statement)
    },
    statementEnded(end) {
      writer.statementEnded(end)
      also.statementEnded?.(end)
    },
    resultPassed: (n, read) => writer.resultPassed(n, read),
    file(act) {
      writer.file(act)
      also.file?.(act)
    },
    pressure: () => writer.pressure() ?? also.pressure?.(),
  }
}
