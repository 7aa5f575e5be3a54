import { z } from 'zod'

const certificate = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/

/** How we reach one Redis server. TLS is no choice: without it the server could not prove who it is, and AUTH sends the password. */
export const redisSettings = z.strictObject({
  host: z
    .union([z.ipv4(), z.ipv6(), z.hostname().max(253)], 'must be a host name or an IP address')
    .describe('Name or IP address of the server'),
  port: z.int().min(1).max(65_535).default(6379).describe('Where the server listens for TLS (tls-port)'),
  /** PEM; the server's own certificate where it is self-signed. */
  ca: z
    .string()
    .max(64_000)
    .regex(certificate, 'must be a certificate in PEM')
    .optional()
    .describe("Certificate in PEM to check the chain against; the system's authorities when left out"),
})

export type RedisSettings = z.infer<typeof redisSettings>
