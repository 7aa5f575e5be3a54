import { type MessageSink, readErrorFields, readParameter, readQuery, readTypes } from '../../../protocols/postgres/index.ts'
import type { Answers } from './answers.ts'
import type { ClientText } from './client-text.ts'
import type { Names, Portal } from './names.ts'
import type { StatementLog } from './statement-log.ts'

const longestReport = 8192
const longestMessage = 2000
const longestSetting = 1024
const longestTypes = 2 + 4 * 65_535
const letter = (text: string): number => text.charCodeAt(0)

export interface TargetDeps {
  log: StatementLog
  answers: Answers
  text: ClientText
  portals: Names<Portal>
}

/** What the target answers. */
export function fromTarget({ log, answers, text, portals }: TargetDeps): MessageSink {
  const failed = (body: Buffer) => {
    const { sqlState, message } = readErrorFields(body, text.read)
    answers.failed({ sqlState, message: message.slice(0, longestMessage) })
  }
  const ready = (status: number | undefined) => {
    const moment = answers.ready(status === letter('I'))
    if (moment !== undefined) portals.forget(moment)
    if (answers.length === 0) text.settled()
  }
  return {
    begin(type, length) {
      switch (type) {
        case letter('D'):
        case letter('d'):
          log.passed(1, length)
          return 0
        case letter('1'):
          answers.took('parse')
          return 0
        case letter('2'):
          answers.took('bind')
          return 0
        case letter('3'):
          answers.took('close')
          return 0
        case letter('T'):
        case letter('n'):
          answers.described()
          return 0
        case letter('t'):
          return longestTypes
        case letter('C'):
          return 64
        case letter('I'):
          answers.completed('')
          return 0
        case letter('s'):
          answers.completed('PORTAL SUSPENDED')
          return 0
        case letter('V'):
          log.passed(0, length)
          answers.completed('FUNCTION CALL')
          return 0
        case letter('G'):
          answers.copyBegins()
          return 0
        case letter('S'):
          return longestSetting
        case letter('E'):
          return longestReport
        case letter('Z'):
          return 1
        default:
          return 0
      }
    },
    collected(type, body) {
      switch (type) {
        case letter('C'):
          return answers.completed(text.read(readQuery(body)).text)
        case letter('S'):
          return text.reported(...readParameter(body))
        case letter('E'):
          return failed(body)
        case letter('Z'):
          return ready(body[0])
        case letter('t'): {
          const item = answers.front()
          if (item?.kind === 'describe') item.learn?.(readTypes(body))
        }
      }
    },
  }
}
