import { InvalidArgumentError } from 'commander'

/** A custodian, and the public key that their share is encrypted to. */
export interface Custodian {
  name: string
  key: string
}

const ofAge = /^age1[a-z0-9]{20,3000}$/
const ofAgeOrP256 = /^(age1[a-z0-9]{20,3000}|p256-[A-Za-z0-9_-]{87})$/

/** One more `--custodian NAME=age1…`. */
const oneMore =
  (form: RegExp) =>
  (text: string, before: Custodian[] | undefined): Custodian[] => {
    const [, name, key = ''] = /^([\w.@ -]{1,60})=(.+)$/.exec(text.trim()) ?? []
    if (!name || !form.test(key)) throw new InvalidArgumentError('NAME=age1…, as claviger share key says it.')
    if (before?.some((other) => other.name === name || other.key === key))
      throw new InvalidArgumentError('named twice: each custodian gets one share.')
    return [...(before ?? []), { name, key }]
  }

export const custodianFlag = [
  '--custodian <name=key>',
  "a custodian and their public key (age1…): their share leaves the server encrypted to it. Once for each; they are the shares' number",
  oneMore(ofAge),
] as const

/** Of the seal's shares, which may go to P-256 keys as well. */
export const shareCustodianFlag = [
  '--custodian <name=key>',
  "a custodian and their public key (age1… or p256-…): their share leaves the server encrypted to it. Once for each; they are the shares' number",
  oneMore(ofAgeOrP256),
] as const
