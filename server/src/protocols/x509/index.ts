// protocols/x509/index.ts — certificates of the two shapes that we issue: our authority, and a door under it.
export { buildCertificate, type CertificateFields, type ServerName, toPem } from './certificate.ts'
