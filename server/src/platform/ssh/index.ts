// platform/ssh/index.ts — the SSH client for targets. ssh2 is used here and in gateways/ssh, nowhere else.
export { connectSsh, identifyHost, type SshLimits, type SshLogin, sshLimits } from './client.ts'
export type { Environment, SshConnection, Terminal } from './connection.ts'
export type { SshAddress, SshDial } from './dial.ts'
export type { ExecOptions, Executed } from './exec.ts'
export type { SshFailure } from './failures.ts'
export { type PinnedHostKey, pinnedHostKey } from './host-key.ts'
