import { readFileSync, statSync } from 'node:fs'
import { z } from 'zod'
import { fail, ok, type Result } from './kernel/result.ts'
import { parseAddress } from './platform/dialer/index.ts'
import type { S3Place } from './platform/object-store/index.ts'

/** Where recordings are taken, and what opens that place. */
export interface BucketSettings {
  place: S3Place
  /** The access key's id and its secret, in two lines. A part that gets them makes a Secret of them. */
  keys: string
}

/** Names of the variables, to be spread into the schema of the environment. */
export const bucketVariables = {
  /** A bucket of S3, or of a store that speaks like it: recordings are taken there when they are over. */
  CLAVIGER_S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be the name of a bucket')
    .optional(),
  /** Where the store is, if not at AWS: https, or http on this machine. */
  CLAVIGER_S3_ENDPOINT: z.string().max(300).optional(),
  CLAVIGER_S3_REGION: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/)
    .default('us-east-1'),
  /** What stands before the name of each object. */
  CLAVIGER_S3_PREFIX: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_./-]{0,199}$/, 'must be a path such as claviger/prod')
    .refine((text) => !text.split('/').some((part) => part === '' || /^\.+$/.test(part)) || text.endsWith('/'), 'must have no empty part')
    .optional(),
  /** Whether the bucket is in the path, not in the host name. Default: yes with an endpoint. */
  CLAVIGER_S3_PATH_STYLE: z.enum(['yes', 'no']).optional(),
  /** A file with the access key's id in its first line and its secret in the second. */
  CLAVIGER_S3_KEYS_FILE: z.string().min(1).max(1000).optional(),
  /** A file with certificates in PEM by which the endpoint is believed. Default: the public authorities. */
  CLAVIGER_S3_CA: z.string().min(1).max(1000).optional(),
  /** What the store is asked to encrypt with, besides what is sealed already. */
  CLAVIGER_S3_ENCRYPTION: z
    .string()
    .regex(/^(none|AES256|aws:kms(=[A-Za-z0-9:/_-]{1,300})?)$/, 'must be none, AES256, aws:kms or aws:kms=KEY')
    .default('none'),
  /** For how long the store lets nobody change or remove what was written. */
  CLAVIGER_S3_LOCK: z
    .string()
    .regex(/^(governance|compliance):[1-9]\d{0,4}d$/, 'must be such as governance:365d or compliance:2555d')
    .optional(),
}

type Given = z.output<z.ZodObject<typeof bucketVariables>>

/** Undefined: no bucket is set, and recordings stay in the folder. */
export function readBucket(e: Given): Result<BucketSettings | undefined, string> {
  const { CLAVIGER_S3_BUCKET: bucket, CLAVIGER_S3_ENDPOINT: endpoint, CLAVIGER_S3_PREFIX: prefix = '', CLAVIGER_S3_LOCK: lock } = e
  if (bucket === undefined) return ok(undefined)
  if (endpoint !== undefined && !isSafe(endpoint))
    return fail('CLAVIGER_S3_ENDPOINT: must be an https address, or http on this machine, without a path')
  if (e.CLAVIGER_S3_KEYS_FILE === undefined)
    return fail('CLAVIGER_S3_KEYS_FILE: name the file with the key of the bucket: its id in the first line, its secret in the second')
  const keys = readKeys(e.CLAVIGER_S3_KEYS_FILE)
  if (!keys.ok) return keys
  const ca = e.CLAVIGER_S3_CA === undefined ? ok(undefined) : readCa(e.CLAVIGER_S3_CA)
  if (!ca.ok) return ca
  const [by, key] = e.CLAVIGER_S3_ENCRYPTION.split('=')
  const [mode = '', days = ''] = lock?.split(':') ?? []
  return ok({
    keys: keys.value,
    place: {
      ...{ bucket, endpoint, region: e.CLAVIGER_S3_REGION, ca: ca.value },
      prefix: prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`,
      pathStyle: (e.CLAVIGER_S3_PATH_STYLE ?? (endpoint === undefined ? 'no' : 'yes')) === 'yes',
      ...(by === 'AES256' && { encryption: { by } }),
      ...(by === 'aws:kms' && { encryption: { by, key } }),
      ...(lock !== undefined && {
        lock: { mode: mode.toUpperCase() as 'GOVERNANCE' | 'COMPLIANCE', seconds: Number(days.slice(0, -1)) * 86_400 },
      }),
    },
  })
}

function readKeys(file: string): Result<string, string> {
  try {
    const { size, mode } = statSync(file)
    if (size > 1000) return fail(`${file} (CLAVIGER_S3_KEYS_FILE) holds more than two lines.`)
    if ((mode & 0o007) !== 0) return fail(`${file} (CLAVIGER_S3_KEYS_FILE) can be read by everybody on this machine: chmod 600 ${file}`)
    const lines = readFileSync(file, 'utf8').trim().split(/\r?\n/)
    if (lines.length !== 2 || !lines.every((l) => /^[\x21-\x7e]{3,200}$/.test(l)))
      return fail(`${file} (CLAVIGER_S3_KEYS_FILE) must hold two lines: the access key's id, and its secret.`)
    return ok(lines.join('\n'))
  } catch (error) {
    return fail(`${file} (CLAVIGER_S3_KEYS_FILE) cannot be read: ${(error as Error).message}`)
  }
}

function readCa(file: string): Result<string, string> {
  try {
    const text = readFileSync(file, 'utf8')
    return text.includes('BEGIN CERTIFICATE') && text.length < 1_000_000
      ? ok(text)
      : fail(`${file} (CLAVIGER_S3_CA) holds no certificate in PEM.`)
  } catch (error) {
    return fail(`${file} (CLAVIGER_S3_CA) cannot be read: ${(error as Error).message}`)
  }
}

/** Whether the store is this machine: then, and then alone, the dialer may go to loopback. */
export function isLoopback(endpoint: string | undefined): boolean {
  if (endpoint === undefined) return false
  const host = new URL(endpoint).hostname.replace(/^\[|\]$/g, '')
  const address = parseAddress(host)
  return host === 'localhost' || address?.text === '::1' || (address?.family === 'ipv4' && address.text.startsWith('127.'))
}

function isSafe(endpoint: string): boolean {
  if (!URL.canParse(endpoint)) return false
  const { protocol, pathname, search, hash, username } = new URL(endpoint)
  const bare = pathname === '/' && search === '' && hash === '' && username === ''
  return bare && (protocol === 'https:' || (protocol === 'http:' && isLoopback(endpoint)))
}
