// protocols/mysql/index.ts — a login at a MySQL or MariaDB server: packets, greeting, proofs of a password.
export { can, ourCapabilities } from './capabilities.ts'
export { type MysqlGreeting, readGreeting, writeGreeting } from './greeting.ts'
export { type LoginAnswer, loginRequest, readError, readLoginAnswer, sslRequest } from './login-messages.ts'
export { longestLoginPacket, packet, readHead } from './packet.ts'
export { nativeHash, proofs } from './passwords.ts'
