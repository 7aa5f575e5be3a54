import type { S3Client } from '@aws-sdk/client-s3'
import type { Secret } from '../../kernel/secret.ts'
import { sha256 } from '../crypto/hash.ts'
import type { Dialer } from '../dialer/index.ts'
import { type Bucket, BucketError, type Part } from './bucket.ts'
import { dialedAgents } from './dialed-agents.ts'
import { s3Error } from './s3-faults.ts'

type Sdk = typeof import('@aws-sdk/client-s3')

export interface S3Place {
  bucket: string
  /** Left out: the service's own address in that region. */
  endpoint?: string | undefined
  region: string
  /** Before the name of each object: '' or something that ends with a slash. */
  prefix: string
  pathStyle: boolean
  /** Certificates in PEM by which the endpoint is believed. Default: the public authorities. */
  ca?: string | undefined
  /** What the store is asked to encrypt with, besides what we sealed. */
  encryption?: { by: 'AES256' } | { by: 'aws:kms'; key?: string | undefined } | undefined
  /** For how long the store lets nobody change or remove what was written. */
  lock?: { mode: 'GOVERNANCE' | 'COMPLIANCE'; seconds: number } | undefined
  /** Milliseconds in which one answer must be there. */
  limitMs?: number
}

/** An answer takes at most so long, also that to 16 MiB over a slow line. */
const usualLimitMs = 120_000
const sockets = 8

let loaded: Promise<Sdk | undefined> | undefined

/** Loads the library: before root is given up, since the clone may be closed to us later. Nobody who has no bucket pays for it. */
export function loadS3(): Promise<Sdk | undefined> {
  // it would look for somebody's profile, and give up where the user that we run as has no home
  Object.assign(process.env, { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null', HOME: process.env.HOME || '/' })
  loaded ??= import('@aws-sdk/client-s3').catch(() => undefined)
  return loaded
}

/** `keys`: the access key's id and its secret, with a line break between; they stay the caller's. */
export async function openS3(place: S3Place, keys: Secret, dial: Dialer, now: () => Date): Promise<Bucket> {
  const sdk = await loadS3()
  if (!sdk) throw new BucketError('not_installed', 'the package @aws-sdk/client-s3 is not there')
  const { endpoint, region, pathStyle, ca, limitMs = usualLimitMs } = place
  const agents = dialedAgents(dial, { ca, sockets })
  const client = new sdk.S3Client({
    ...{ region, forcePathStyle: pathStyle, maxAttempts: 2 },
    ...(endpoint !== undefined && { endpoint }),
    // checksums are ours, and given where they matter: stores that are not AWS refuse those that the library invents
    ...{ requestChecksumCalculation: 'WHEN_REQUIRED' as const, responseChecksumValidation: 'WHEN_REQUIRED' as const },
    // the library keeps them as text while it runs
    credentials: () =>
      keys.lend('sign-for-bucket', (bytes) => {
        const [accessKeyId = '', secretAccessKey = ''] = Buffer.from(bytes).toString('utf8').split('\n')
        return { accessKeyId, secretAccessKey }
      }),
    requestHandler: { ...agents, requestTimeout: limitMs, throwOnRequestTimeout: true },
  })
  return bucketOf(sdk, client, place, now)
}

function bucketOf(sdk: Sdk, client: S3Client, place: S3Place, now: () => Date): Bucket {
  const at = (name: string) => ({ Bucket: place.bucket, Key: `${place.prefix}${name}` })
  const asked = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work
    } catch (error) {
      throw s3Error(error)
    }
  }
  const sum = (bytes: Uint8Array): string => sha256(bytes).toString('base64')
  /** What each new object is to be like. */
  const kept = () => ({
    ContentType: 'application/octet-stream',
    ...(place.encryption && { ServerSideEncryption: place.encryption.by }),
    ...(place.encryption?.by === 'aws:kms' && place.encryption.key && { SSEKMSKeyId: place.encryption.key }),
    ...(place.lock && {
      ObjectLockMode: place.lock.mode,
      ObjectLockRetainUntilDate: new Date(now().getTime() + place.lock.seconds * 1000),
    }),
  })
  return {
    place: `s3://${place.bucket}/${place.prefix}${place.endpoint === undefined ? ` in ${place.region}` : ` at ${new URL(place.endpoint).host}`}`,
    async size(name) {
      const found = await asked(client.send(new sdk.HeadObjectCommand(at(name)))).catch(async (error: BucketError) => {
        if (error.status !== 404) throw error
        // the answer to a question for the head alone does not say which of the two is missing
        const asking = asked(client.send(new sdk.GetObjectCommand({ ...at(name), Range: 'bytes=0-0' })))
        await asking.catch((more: BucketError) => {
          if (more.status !== 404 || more.fault === 'no_bucket') throw more
        })
        return undefined
      })
      return found?.ContentLength
    },
    async read(name, from, length) {
      if (length <= 0) return new Uint8Array()
      const Range = `bytes=${from}-${from + length - 1}`
      const { Body } = await asked(client.send(new sdk.GetObjectCommand({ ...at(name), Range })))
      return (await asked(Body?.transformToByteArray() ?? Promise.resolve(new Uint8Array()))).subarray(0, length)
    },
    async put(name, bytes) {
      await asked(client.send(new sdk.PutObjectCommand({ ...at(name), ...kept(), Body: bytes, ChecksumSHA256: sum(bytes) })))
    },
    async begin(name) {
      const begun = await asked(client.send(new sdk.CreateMultipartUploadCommand({ ...at(name), ...kept(), ChecksumAlgorithm: 'SHA256' })))
      return begun.UploadId ?? ''
    },
    async part(name, upload, number, bytes) {
      const where = { ...at(name), UploadId: upload, PartNumber: number }
      const sum256 = sum(bytes)
      const { ETag = '' } = await asked(client.send(new sdk.UploadPartCommand({ ...where, Body: bytes, ChecksumSHA256: sum256 })))
      return { etag: ETag, sha256: sum256 }
    },
    async complete(name, upload, parts) {
      const all = { Parts: parts.map((p: Part, i) => ({ PartNumber: i + 1, ETag: p.etag, ChecksumSHA256: p.sha256 })) }
      await asked(client.send(new sdk.CompleteMultipartUploadCommand({ ...at(name), UploadId: upload, MultipartUpload: all })))
    },
    async abandon(name, upload) {
      // those that cannot forget one do it by their own rules
      await asked(client.send(new sdk.AbortMultipartUploadCommand({ ...at(name), UploadId: upload }))).catch(unlessAway)
    },
    async remove(name) {
      const { DeleteMarker } = await asked(client.send(new sdk.DeleteObjectCommand(at(name))))
      if (!DeleteMarker) return
      // the store keeps versions: what was said to be gone lies there still
      const { Bucket, Key } = at(name)
      const { Versions = [], DeleteMarkers = [] } = await asked(client.send(new sdk.ListObjectVersionsCommand({ Bucket, Prefix: Key })))
      for (const { Key: found, VersionId } of [...Versions, ...DeleteMarkers])
        if (found === Key && VersionId) await asked(client.send(new sdk.DeleteObjectCommand({ Bucket, Key, VersionId })))
    },
    close: () => client.destroy(),
  }
}

/** What a store does not offer may be missing; one that is away has to be asked again. */
function unlessAway(error: BucketError): undefined {
  if (error.fault !== 'refused' && error.fault !== 'no_upload') throw error
}
