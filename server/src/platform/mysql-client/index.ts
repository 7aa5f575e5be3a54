// platform/mysql-client/index.ts — how we log in to a MySQL or MariaDB server, and what it has to prove first.
export { certificateOf, connectMysql, type MysqlLogin, type MysqlServer } from './connect.ts'
export type { MysqlFailure } from './failures.ts'
export { readPacket } from './read-packet.ts'
export { secure as secureMysql } from './secure.ts'
