import { leave } from '../door/leave.ts'
import { listenWhileSealed } from '../door/sealed-listener.ts'
import { firstError } from './say.ts'

/** The MySQL door while nothing opens: a server may answer a connection with an error before anything else, and so do we. */
export const openSealedMysqlDoor = (
  listen: { host: string; port: number },
  { sentence, hint }: { sentence: string; hint: string },
): Promise<{ port: number; close(): Promise<void> }> =>
  listenWhileSealed(listen, ({ line }) => leave(line, firstError('sealed', `${sentence} ${hint}`)))
