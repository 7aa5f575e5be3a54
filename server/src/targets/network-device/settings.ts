import { z } from 'zod'
import type { Vendor } from './vendor.ts'
import { aristaEos } from './vendors/arista-eos.ts'
import { ciscoIos } from './vendors/cisco-ios.ts'

const vendors: readonly Vendor[] = [ciscoIos, aristaEos]

/** How we reach one device over SSH. */
export const networkDeviceSettings = z.strictObject({
  host: z
    .union([z.ipv4(), z.ipv6(), z.hostname().max(253)], 'must be a host name or an IP address')
    .describe('Name or IP address of the device'),
  port: z.int().min(1).max(65_535).default(22).describe('Where it listens for SSH'),
  vendor: z.enum(vendors.map(({ name }) => name) as [string, ...string[]]).describe('Whose commands it understands'),
  /** Devices cut what is longer without a word, and then take the beginning for the whole. */
  longestPassword: z
    .int()
    .min(8)
    .max(128)
    .optional()
    .describe('Characters of a password at most, where the device takes fewer than its vendor says'),
})
export type NetworkDeviceSettings = z.infer<typeof networkDeviceSettings>

export const vendorOf = ({ vendor }: NetworkDeviceSettings): Vendor => vendors.find(({ name }) => name === vendor) ?? ciscoIos
