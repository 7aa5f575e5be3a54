import { open } from '../../platform/crypto/sealed.ts'
import type { InstallationFacts } from '../seal/installation.ts'
import { KeyMisfit } from '../seal/key-misfit.ts'
import type { LocationKeys } from './location-keys.ts'

export const derivationPlace = { purpose: 'derivation', location: 'root', id: 'derivation', version: 1 }

/**
 * What the keeper's own keys are derived from: attestations of rows, tags of entries, hashes of tokens. At first the location key `system`; when that
 * is rotated, what it was stays here, since every attested row would otherwise have to be attested anew. The caller wipes it.
 */
export function openDerivation(facts: InstallationFacts, root: Uint8Array, keys: LocationKeys): Buffer {
  if (facts.derivation === undefined) return Buffer.from(keys.of('system').key)
  const opened = open(root, derivationPlace, Buffer.from(facts.derivation, 'base64'))
  if (!opened.ok)
    throw new KeyMisfit(
      'The root key does not open the key of derivations in the installation’s record. Put the record back from a backup.',
    )
  return opened.value
}
