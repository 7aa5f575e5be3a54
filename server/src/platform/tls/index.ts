export { type ClientCertificate, whyUnusable } from './client-certificate.ts'
export { type SecuredSocket, secureSocket, type TlsRefusal } from './secure-socket.ts'
