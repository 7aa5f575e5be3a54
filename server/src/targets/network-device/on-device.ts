import { connectSsh, pinnedHostKey } from '../../platform/ssh/index.ts'
import type { Dial, Login, PinnedIdentity } from '../contract.ts'
import { type Dialogue, openDialogue, type Prompt } from './dialogue.ts'
import { type Answer, fromSsh, protocol } from './failures.ts'
import { type NetworkDeviceSettings, vendorOf } from './settings.ts'

/** A device on which we are logged in, at the prompt that it showed first. */
export interface Device {
  at: Prompt
  dialogue: Dialogue
}

/** Wide, so that no line is broken where a device does not know how to stop that. */
const terminal = { name: 'vt100', columns: 511, rows: 1000 }

/** Logs in as `as`, having seen the pinned host key, waits for the first prompt, lets `work` work, and logs out, whatever it came to. */
export async function onDevice<T>(
  settings: NetworkDeviceSettings,
  identity: PinnedIdentity,
  as: Login,
  dial: Dial,
  work: (device: Device) => Promise<Answer<T>>,
): Promise<Answer<T>> {
  const hostKey = pinnedHostKey(identity)
  if (!hostKey) return protocol('no host key is pinned for this target')
  const { kind, secret } = as.credential
  const { host, port } = settings
  const connected = await secret.lend('log-in-to-target', (bytes) =>
    connectSsh(dial, { host, port, hostKey }, { user: as.account, proof: { kind, bytes } }),
  )
  if (!connected.ok) return fromSsh(connected.error, as.account)
  try {
    const shell = await connected.value.openShell(terminal)
    if (!shell.ok) return fromSsh(shell.error, as.account)
    const dialogue = openDialogue(shell.value, vendorOf(settings))
    const first = await dialogue.prompt()
    return first.ok ? await work({ at: first.value.at, dialogue }) : first
  } finally {
    await connected.value.close()
  }
}
