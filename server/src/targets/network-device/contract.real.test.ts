import { keepsTheContract } from '../test/keeps-the-contract.ts'
import { networkDeviceHarness } from './test/harness.ts'

keepsTheContract(networkDeviceHarness)
