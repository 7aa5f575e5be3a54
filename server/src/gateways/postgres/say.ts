import type { Duplex } from 'node:stream'
import { fatalError } from '../../protocols/postgres/index.ts'
import { leave } from '../door/leave.ts'

/** SQLSTATE, PostgreSQL docs appendix A, of the endings that we give. */
export const sqlStates = {
  notAuthorised: '28000',
  denied: '42501',
  cancelled: '57014',
  wrongTicket: '28P01',
  protocol: '08P01',
  unsupported: '0A000',
  noTarget: '08001',
  targetGone: '08006',
  noDatabase: '3D000',
  tooMany: '53300',
  ended: '57P01',
  sealed: '57P03',
  tooLong: '54000',
  fault: 'XX000',
} as const

export const turnAway = (socket: Duplex, sqlState: string, sentence: string, hint?: string): void =>
  leave(socket, fatalError(sqlState, sentence, hint))
