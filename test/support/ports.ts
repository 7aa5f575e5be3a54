export { freePorts, isFree } from '../../server/src/platform/postgres-server/free-port.fixture.ts'
