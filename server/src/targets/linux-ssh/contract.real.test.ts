import { keepsTheContract } from '../test/keeps-the-contract.ts'
import { linuxSshHarness } from './test/harness.ts'

// without root there is no host of its own to start, only one's own account: see linux-ssh.real.test.ts
if (process.getuid?.() === 0) keepsTheContract(linuxSshHarness)
