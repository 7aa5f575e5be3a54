import { BucketError, type BucketFault } from './bucket.ts'

/** By the names of the protocol's errors and of the library's own. */
const faults: Readonly<Record<string, BucketFault>> = {
  AccessDenied: 'denied',
  AllAccessDisabled: 'denied',
  ExpiredToken: 'denied',
  InvalidAccessKeyId: 'denied',
  RequestTimeTooSkewed: 'denied',
  SignatureDoesNotMatch: 'denied',
  NotImplemented: 'refused',
  NoSuchBucket: 'no_bucket',
  NoSuchUpload: 'no_upload',
  ObjectLocked: 'locked',
  InternalError: 'away',
  ServiceUnavailable: 'away',
  SlowDown: 'away',
  RequestTimeout: 'too_slow',
  TimeoutError: 'too_slow',
}

export function s3Error(error: unknown): BucketError {
  if (error instanceof BucketError) return error
  const { name = 'Error', message = '', code, $metadata } = error as Error & { code?: string; $metadata?: { httpStatusCode?: number } }
  const status = $metadata?.httpStatusCode ?? 0
  const byStatus: BucketFault = status === 403 ? 'denied' : status >= 500 || code !== undefined || status === 0 ? 'away' : 'refused'
  // an answer to a question for the head alone has no words of its own
  const said = message === 'UnknownError' ? `status ${status}` : message
  return new BucketError(
    faults[name] ?? byStatus,
    `${name === 'Unknown' || name === 'Error' ? '' : `${name}: `}${said}`.slice(0, 200),
    status,
  )
}
