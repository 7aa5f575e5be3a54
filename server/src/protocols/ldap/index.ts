// protocols/ldap/index.ts — the parts of LDAP that we write ourselves: what is said before TLS, and RFC 3062. The rest is ldapts'.
export { passwordModifyOid, passwordModifyValue } from './password-modify.ts'
export { readStartTlsAnswer, type StartTlsAnswer, startTlsRequest } from './start-tls.ts'
