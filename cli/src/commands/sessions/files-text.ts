import { call, session } from '@claviger/api'
import type { Shell } from '../../kit/shell.ts'

/** All that a transfer of files did, as text. */
export const filesText = async (shell: Shell, id: string): Promise<string> =>
  await shell.get(call(shell.server, session.exportFiles, { params: { id }, query: { format: 'text' } }), 'Opening the recording')
