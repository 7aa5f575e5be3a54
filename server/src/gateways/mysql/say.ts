import type { Duplex } from 'node:stream'
import { errorBody, packet } from '../../protocols/mysql/index.ts'
import { leave } from '../door/leave.ts'
import type { Farewell } from '../door/sql/wire.ts'

/** Numbers and SQLSTATE of the errors that we say ourselves, from MySQL's and MariaDB's lists. */
export const errors = {
  tooMany: [1040, '08004'],
  refused: [1045, '28000'],
  denied: [1142, '42000'],
  unknownCommand: [1047, '08S01'],
  noDatabase: [1049, '42000'],
  fault: [1105, 'HY000'],
  ended: [1152, '08S01'],
  tooLong: [1153, '08S01'],
  targetGone: [1158, '08S01'],
  interrupted: [1317, '70100'],
  notAllowed: [1148, '42000'],
  wrongArguments: [1210, 'HY000'],
  unsupported: [1235, '42000'],
  unknownStatement: [1243, 'HY000'],
  noTarget: [1429, 'HY000'],
  tooManyPrepared: [1461, '42000'],
  protocol: [1835, 'HY000'],
  sealed: [3032, 'HY000'],
} as const satisfies Record<string, readonly [number: number, sqlState: string]>

export type SaidError = keyof typeof errors

/** An error as a packet of its number in the exchange. */
export const errorPacket = (sequence: number, error: SaidError, sentence: string): Buffer =>
  packet(sequence, errorBody(errors[error][0], errors[error][1], sentence))

/** The same as the first that a client hears: it has no SQLSTATE yet. */
export const firstError = (error: SaidError, sentence: string): Buffer => packet(0, errorBody(errors[error][0], undefined, sentence))

export const turnAway = (socket: Duplex, sequence: number, error: SaidError, sentence: string): void =>
  leave(socket, errorPacket(sequence, error, sentence))

export const farewells = {
  ...{ refused: 'refused', tooMany: 'tooMany', fault: 'fault', ended: 'ended' },
  ...{ tooLong: 'tooLong', targetGone: 'targetGone', protocol: 'protocol' },
} as const satisfies Record<Farewell, SaidError>
