import { describe } from 'vitest'
import { keepsTheContract } from '../test/keeps-the-contract.ts'
import { redisHarness } from './test/harness.ts'

describe.each(['aclfile', 'config'] as const)('with its users in %s', (keeps) => keepsTheContract(redisHarness(keeps)))
