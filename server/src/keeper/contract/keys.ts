import { z } from 'zod'
import { locations } from '../vault/locations.ts'
import { api, nothing, operation } from './operation.ts'

export const keyOperations = {
  /** How far sealing anew under new location keys is. For looking at. */
  keyProgress: operation(
    api,
    nothing,
    z.strictObject({
      busy: z.boolean(),
      keys: z.array(
        z.strictObject({
          location: z.enum(locations),
          /** Under which everything new is sealed. */
          version: z.int(),
          /** Older versions that are not destroyed yet. */
          kept: z.array(z.int()),
          /** Data keys under the newest version, under older ones, and of these: that do not open. */
          done: z.int(),
          left: z.int(),
          stuck: z.int(),
        }),
      ),
    }),
  ),
} as const
