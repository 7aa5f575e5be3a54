import { call, session } from '@claviger/api'
import type { Shell } from '../../kit/shell.ts'

/** All statements of an SQL session as text. */
export const statementsText = async (shell: Shell, id: string): Promise<string> =>
  await shell.get(call(shell.server, session.exportStatements, { params: { id }, query: { format: 'text' } }), 'Opening the recording')
