import type { BodyOf, seal } from '@claviger/api'
import { fewest, most } from './words.ts'

/** A custodian, and the public key that their share is encrypted to. */
export type Custodian = NonNullable<BodyOf<typeof seal.sealInit>['custodians']>[number]

const line = /^([\w.@ -]{1,60}?)[ \t:=]+(age1[a-z0-9]{20,3000}|p256-[\w-]{87})$/

/** A custodian a line: a name, and their public key as `claviger share key` prints it. `wrong`: what is to be put right, in a sentence. */
export function readCustodians(text: string): { custodians: Custodian[]; wrong: string | undefined } {
  const lines = text.split('\n').map((each) => each.trim())
  const custodians: Custodian[] = []
  for (const [i, each] of lines.entries()) {
    if (each === '') continue
    const [, name, key] = line.exec(each) ?? []
    if (!name || !key) return { custodians, wrong: `Line ${i + 1} is no name with a public key behind it, such as: bob age1…` }
    if (custodians.some((other) => other.name === name)) return { custodians, wrong: `${name} stands there twice` }
    if (custodians.some((other) => other.key === key)) return { custodians, wrong: `The key of ${name} stands there twice` }
    custodians.push({ name, key })
  }
  const few = custodians.length < fewest || custodians.length > most
  return { custodians, wrong: few ? `From ${fewest} to ${most} custodians, each on a line` : undefined }
}

/** How the file of a custodian's share is called, as the command line calls it. `number` from 1. */
export const fileName = (set: string, number: number, { name, key }: Custodian): string =>
  `claviger-share-${set}-${number}-${name.replaceAll(/[^\w.@-]/g, '-')}.${key.startsWith('p256-') ? 'p256' : 'age'}`
