/*
 * The letters by which messages are known after the startup (PostgreSQL docs, "Message Formats"). The same letter means another
 * message in the other direction.
 */

const letter = (text: string): number => text.charCodeAt(0)

/** What a client says. */
export const clientSays = {
  bind: letter('B'),
  close: letter('C'),
  copyData: letter('d'),
  copyDone: letter('c'),
  copyFail: letter('f'),
  describe: letter('D'),
  execute: letter('E'),
  functionCall: letter('F'),
  parse: letter('P'),
  query: letter('Q'),
  sync: letter('S'),
  terminate: letter('X'),
}

/** What a server says. */
export const serverSays = {
  bindComplete: letter('2'),
  closeComplete: letter('3'),
  commandComplete: letter('C'),
  copyData: letter('d'),
  copyInResponse: letter('G'),
  dataRow: letter('D'),
  emptyQueryResponse: letter('I'),
  errorResponse: letter('E'),
  functionCallResponse: letter('V'),
  noData: letter('n'),
  parameterDescription: letter('t'),
  parameterStatus: letter('S'),
  parseComplete: letter('1'),
  portalSuspended: letter('s'),
  readyForQuery: letter('Z'),
  rowDescription: letter('T'),
}

/** A transaction's state as `readyForQuery` tells it: in none. */
export const idleTransaction = letter('I')
