// protocols/x509/index.ts — certificates of the two shapes that we issue: our authority, and a door under it; and the chains that people bring.

export { buildCertificate, type CertificateFields, type ServerName, toPem } from './certificate.ts'
export { type ChainTrouble, readChain } from './chain.ts'
export { validityOf } from './validity.ts'
