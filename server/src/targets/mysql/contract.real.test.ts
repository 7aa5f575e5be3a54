import { keepsTheContract } from '../test/keeps-the-contract.ts'
import { mysqlHarness } from './test/harness.ts'

keepsTheContract(mysqlHarness)
