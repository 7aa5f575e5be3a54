import { Radio, Stack } from '@mantine/core'
import type { SealStatus } from '../seal/use-seal.ts'
import { kindWords } from './words.ts'

type Kind = Exclude<SealStatus['kind'], 'none'>

const about: Readonly<Record<Kind, string>> = {
  dev: 'Opens by itself. For trying out, and not for real secrets.',
  shamir: 'The server waits for custodians after every start.',
  pkcs11: 'Opens by itself while the HSM is there. The server has to know it: CLAVIGER_PKCS11_MODULE.',
  'aws-kms': 'Opens by itself while AWS KMS answers. The server has to know the key: CLAVIGER_AWS_KMS_KEY.',
}

/** Where the new root key will be kept. */
export const ChooseKind = ({ value, others, onChoose }: { value: Kind; others: readonly Kind[]; onChoose: (kind: Kind) => void }) => (
  <Radio.Group label="The new seal" value={value} onChange={(kind) => onChoose(kind as Kind)}>
    <Stack gap="xs" mt="xs">
      {others.map((kind) => (
        <Radio key={kind} value={kind} label={kindWords[kind]} description={about[kind]} />
      ))}
    </Stack>
  </Radio.Group>
)
