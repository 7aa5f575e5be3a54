import { keepsTheContract } from '../test/keeps-the-contract.ts'
import { activeDirectoryHarness } from './test/harness.ts'

keepsTheContract(activeDirectoryHarness)
