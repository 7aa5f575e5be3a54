import { describe } from 'vitest'
import { keepsTheContract } from '../test/keeps-the-contract.ts'
import { openldapHarness } from './test/harness.ts'

describe.each(['ldaps', 'starttls'] as const)('over %s', (tls) => keepsTheContract(openldapHarness(tls)))
