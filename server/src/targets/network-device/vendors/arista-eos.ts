import { vendorDescription } from '../vendor.ts'
import { ciscoIos } from './cisco-ios.ts'

/** Arista EOS: the same words in another order of prompts. Written from its manual, never tried against one. */
export const aristaEos = vendorDescription.parse({
  ...ciscoIos,
  name: 'arista-eos',
  quiet: ['terminal length 0', 'terminal width 32767'],
  list: { ...ciscoIos.list, command: 'show running-config section username' },
  change: { ...ciscoIos.change, enter: 'configure' },
  password: { longest: 64, excluded: '?"\\ \'' },
})
