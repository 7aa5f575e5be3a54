import { z } from 'zod'
import { parseDn } from '../../platform/ldap/index.ts'

const certificate = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/

/** How we reach one domain controller of a domain. */
export const activeDirectorySettings = z.strictObject({
  host: z
    .union([z.ipv4(), z.ipv6(), z.hostname().max(253)], 'must be a host name or an IP address')
    .describe('Name or IP address of one domain controller'),
  port: z.int().min(1).max(65_535).default(636).describe('Where it speaks LDAP: 636 for ldaps, 389 for starttls'),
  tls: z
    .enum(['ldaps', 'starttls'])
    .default('ldaps')
    .describe('TLS from the first byte, or asked for on a clear connection. There is no way without'),
  ca: z
    .string()
    .max(65_536)
    .regex(certificate, 'must be a certificate in PEM')
    .optional()
    .describe('The authority that signed its certificate, in PEM; left out, the authorities of this system'),
  serverName: z
    .hostname()
    .max(253)
    .optional()
    .describe('The name in its certificate, such as dc1.corp.example.org, where that is another than the host'),
  domain: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,14}$/, 'must be the short name of the domain, such as CORP')
    .describe('The short (NetBIOS) name of the domain, as people type it before their own: CORP'),
  newAccountsIn: z
    .string()
    .trim()
    .max(1_024)
    .refine((text) => parseDn(text) !== undefined, 'must be a distinguished name, such as OU=Admins,DC=corp,DC=example,DC=org')
    .optional()
    .describe('Where accounts are made; left out, the container Users of the domain'),
})

export type ActiveDirectorySettings = z.infer<typeof activeDirectorySettings>
