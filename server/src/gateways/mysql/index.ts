// gateways/mysql/index.ts — the MySQL door. Everything else in here is private to it.
export { openMysqlGateway } from './open-mysql-gateway.ts'
export { openSealedMysqlDoor } from './sealed-door.ts'
