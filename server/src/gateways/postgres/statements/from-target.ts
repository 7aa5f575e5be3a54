import {
  idleTransaction,
  type MessageSink,
  readErrorFields,
  readParameter,
  readQuery,
  readTypes,
  serverSays,
} from '../../../protocols/postgres/index.ts'
import type { Answers } from './answers.ts'
import type { ClientText } from './client-text.ts'
import type { Failure } from './expected.ts'
import type { KeptRows } from './kept-rows.ts'
import type { Names, Portal } from './names.ts'
import type { StatementLog } from './statement-log.ts'

const fatal = /\0V(?:FATAL|PANIC)\0/
const longestReport = 8192
const longestMessage = 2000
const longestSetting = 1024
/** Of what the target says of columns, where rows are kept: a result of which it says more is not. */
const longestDescription = 16_384
const longestTypes = 2 + 4 * 65_535

export interface TargetDeps {
  log: StatementLog
  answers: Answers
  text: ClientText
  portals: Names<Portal>
  /** Where rows are kept. */
  rows?: KeptRows | undefined
  /** An error came; `refused`: why policy refused the statement to which it answers. */
  error(refused: Failure | undefined): void
}

/** What the target answers. */
export function fromTarget({ log, answers, text, portals, rows, error }: TargetDeps): MessageSink {
  const failed = (body: Buffer) => {
    const { sqlState, message } = readErrorFields(body, text.read)
    const { refused } = answers
    // who says goodbye says something else
    error(refused && fatal.test(body.toString('latin1', 0, 200)) ? undefined : refused)
    answers.failed({ sqlState, message: message.slice(0, longestMessage) })
  }
  const ready = (status: number | undefined) => {
    const moment = answers.ready(status === idleTransaction)
    if (moment !== undefined) portals.forget(moment)
    if (answers.length === 0) text.settled()
  }
  return {
    begin(type, length) {
      switch (type) {
        case serverSays.dataRow:
          log.passed(1, length)
          return rows?.wantsRow(answers.front(), length) ? length : 0
        case serverSays.copyData:
          log.passed(1, length)
          return 0
        case serverSays.parseComplete:
          answers.took('parse')
          return 0
        case serverSays.bindComplete:
          answers.took('bind')
          return 0
        case serverSays.closeComplete:
          answers.took('close')
          return 0
        case serverSays.rowDescription:
          rows?.describes(answers.front())
          answers.described()
          return rows && length <= longestDescription ? length : 0
        case serverSays.noData:
          answers.described()
          return 0
        case serverSays.parameterDescription:
          return longestTypes
        case serverSays.commandComplete:
          return 64
        case serverSays.emptyQueryResponse:
          answers.completed('')
          return 0
        case serverSays.portalSuspended:
          answers.completed('PORTAL SUSPENDED')
          return 0
        case serverSays.functionCallResponse:
          log.passed(0, length)
          answers.completed('FUNCTION CALL')
          return 0
        case serverSays.copyInResponse:
          answers.copyBegins()
          return 0
        case serverSays.parameterStatus:
          return longestSetting
        case serverSays.errorResponse:
          return longestReport
        case serverSays.readyForQuery:
          return 1
        default:
          return 0
      }
    },
    collected(type, body) {
      switch (type) {
        case serverSays.dataRow:
          return rows?.row(answers.front(), body)
        case serverSays.rowDescription:
          return rows?.columns(body)
        case serverSays.commandComplete:
          return answers.completed(text.read(readQuery(body)).text)
        case serverSays.parameterStatus:
          return text.reported(...readParameter(body))
        case serverSays.errorResponse:
          return failed(body)
        case serverSays.readyForQuery:
          return ready(body[0])
        case serverSays.parameterDescription: {
          const item = answers.front()
          if (item?.kind === 'describe') item.learn?.(readTypes(body))
        }
      }
    },
  }
}
