export { type SecuredSocket, secureSocket, type TlsRefusal } from './secure-socket.ts'
