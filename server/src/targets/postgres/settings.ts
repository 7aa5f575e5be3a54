import { z } from 'zod'

const certificate = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/

/** How we reach one PostgreSQL cluster. Roles belong to the whole cluster; `database` is only where we log in. */
export const postgresSettings = z
  .strictObject({
    host: z
      .union([z.ipv4(), z.ipv6(), z.hostname().max(253)], 'must be a host name or an IP address')
      .describe('Name or IP address of the server'),
    port: z.int().min(1).max(65_535).default(5432).describe('Where PostgreSQL listens'),
    database: z
      .string()
      .trim()
      .min(1)
      .max(63)
      .regex(/^[^\0]*$/)
      .default('postgres')
      .describe('Where we log in; roles belong to the whole cluster'),
    /**
     * `verify`: TLS, the chain checked against `ca` (or the system's authorities), the certificate itself pinned.
     * `off-scram`: no TLS; SCRAM's server signature proves the server, the wire can be read along. For the lab.
     */
    tls: z
      .enum(['verify', 'off-scram'])
      .default('verify')
      .describe('verify: TLS with the certificate checked and pinned. off-scram: no TLS, for the lab'),
    /** PEM; the server's own certificate where it is self-signed. */
    ca: z
      .string()
      .max(64_000)
      .regex(certificate, 'must be a certificate in PEM')
      .optional()
      .describe("Certificate in PEM to check the chain against; the system's authorities when left out"),
  })
  .refine((s) => s.ca === undefined || s.tls === 'verify', { path: ['ca'], message: 'is for tls: verify' })

export type PostgresSettings = z.infer<typeof postgresSettings>
