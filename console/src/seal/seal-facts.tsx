import { Fact, Facts } from '../ui/facts.tsx'
import { When } from '../ui/when.tsx'
import type { SealStatus } from './use-seal.ts'

const kinds: Readonly<Record<string, string>> = {
  dev: 'a key file beside the data',
  pkcs11: 'a key that never leaves an HSM',
  'aws-kms': 'a key of AWS KMS',
}

/** Which seal there is, and since when it is open. */
export const SealFacts = ({ status: { kind, shares, openSince } }: { status: SealStatus }) => (
  <Facts>
    <Fact name="Kind">{shares ? `shares: any ${shares.threshold} of ${shares.shares} open it` : (kinds[kind] ?? kind)}</Fact>
    {shares && (
      <Fact name="Set">
        <code>{shares.set}</code>
      </Fact>
    )}
    {openSince && (
      <Fact name="Open since">
        <When at={openSince} as="moment" />
        {shares && `, by ${shares.threshold} shares`}
      </Fact>
    )}
  </Facts>
)
