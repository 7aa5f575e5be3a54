import { command } from '../../../protocols/mysql/index.ts'

const replication = 'Replication is not carried by this gateway.'

/** What this gateway does not carry, and what to do instead. What is not in any list is refused too. */
const sentences = new Map<number, string>([
  [
    command.changeUser,
    'Another user needs another connection here: each session is under one grant. Connect again as person@account@target.',
  ],
  [command.processKill, 'This command is not carried here. Use the statement KILL.'],
  [command.binlogDump, replication],
  [command.binlogDumpGtid, replication],
  [command.registerSlave, replication],
  [0x05, 'This command is not carried here. Use the statement CREATE DATABASE.'],
  [0x06, 'This command is not carried here. Use the statement DROP DATABASE.'],
  [0x07, 'This command is not carried here. Use the statement FLUSH.'],
  [0x08, 'This command is not carried here. Use the statement SHUTDOWN.'],
  [0x0a, 'This command is not carried here. Use the statement SHOW PROCESSLIST.'],
  [0xfa, 'Bulk execution is not carried here. Execute the statement for each row.'],
])

export const whyRefused = (code: number): string =>
  sentences.get(code) ?? `Command 0x${code.toString(16).padStart(2, '0')} is not carried by this gateway.`
