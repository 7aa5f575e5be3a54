import { keepsTheContract } from '../test/keeps-the-contract.ts'
import { postgresHarness } from './test/harness.ts'

keepsTheContract(postgresHarness)
