import { isLoopback } from '../bucket-settings.ts'
import { Secret } from '../kernel/secret.ts'
import { createDialer } from '../platform/dialer/index.ts'
import { type Bucket, openS3 } from '../platform/object-store/index.ts'
import type { CommonConfig } from './part-config.ts'

/** The bucket of the settings, if there is one. It is reached through a dialer of its own: the networks of targets do not bound it, everything else does. */
export async function openBucket(config: CommonConfig, now: () => Date): Promise<Bucket | undefined> {
  const { bucket, ownListeners } = config
  if (!bucket) return undefined
  const allow = [{ cidr: '0.0.0.0/0' }, { cidr: '::/0' }]
  const dial = createDialer({ allow, ownListeners, lab: isLoopback(bucket.place.endpoint) })
  return await openS3(bucket.place, Secret.fromText(bucket.keys), dial, now)
}
