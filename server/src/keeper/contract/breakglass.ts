import { z } from 'zod'
import { api, content, credential, done, operation, someId, text } from './operation.ts'

export const breakglassOperations = {
  /** Payload out: an offline kit (docs/formats.md) with these accounts, all of which are for emergencies. Nobody but its custodians opens it. */
  makeKit: operation(
    api,
    z.strictObject({ kit: someId, accounts: z.array(someId).min(1).max(5000), roads: content, server: text(300) }),
    z.strictObject({
      key: someId,
      madeAt: z.iso.datetime(),
      contents: z.array(z.strictObject({ account: someId, credential, version: z.int() })),
    }),
  ),
  /** Payload out: the key of one recording under this kit. `sealed`: the age file in its header. */
  openKitRecording: operation(api, z.strictObject({ kit: someId, sealed: text(4000) }), done),
} as const
