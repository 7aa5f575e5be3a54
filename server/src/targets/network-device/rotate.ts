import { ok } from '../../kernel/result.ts'
import type { Credential, Dial, Login, PinnedIdentity } from '../contract.ts'
import { listAccounts, refusalIn, safeName } from './accounts.ts'
import type { Dialogue, Prompt } from './dialogue.ts'
import { type Answer, accountGone, credentialRefused, notPermitted, passwordRefused, protocol } from './failures.ts'
import { onDevice } from './on-device.ts'
import { quieten } from './quieten.ts'
import { type NetworkDeviceSettings, vendorOf } from './settings.ts'
import { fill, type Vendor } from './vendor.ts'

/**
 * Sets a password in the device's configuration, and saves that: otherwise the device would forget it at its next start. Twice with the same one is as
 * good as once. What would be cut or read in another way is refused before it leaves.
 */
export async function rotate(
  settings: NetworkDeviceSettings,
  identity: PinnedIdentity,
  as: Login,
  account: string,
  next: Credential,
  dial: Dial,
): Promise<Answer<void>> {
  const vendor = vendorOf(settings)
  if (next.kind !== 'password') return credentialRefused('accounts of network devices have passwords')
  if (!safeName.test(account)) return notPermitted(`the name ${account} has characters that we say to no device`)
  const unfit = await next.secret.lend('set-on-target', (bytes) => whyUnfit(bytes, vendor, settings.longestPassword))
  if (unfit !== undefined) return credentialRefused(unfit)
  return await onDevice(settings, identity, as, dial, async (device): Promise<Answer<void>> => {
    const quiet = await quieten(device, vendor)
    if (!quiet.ok) return quiet
    const accounts = await listAccounts(device.dialogue, vendor)
    if (!accounts.ok) return accounts
    // setting the password of an account that is not there would make it
    if (!accounts.value.some(({ name }) => name === account)) return accountGone(account)
    return await change(device.dialogue, vendor, account, next)
  })
}

async function change(dialogue: Dialogue, vendor: Vendor, account: string, next: Credential): Promise<Answer<void>> {
  const { enter, set, leave, save } = vendor.change
  const entered = await step(dialogue, vendor, fill(enter, { account }), 'config')
  if (!entered.ok) return entered
  const changed = await next.secret.lend('set-on-target', async (password) => {
    const line = fill(set, { account, password })
    const said = await step(dialogue, vendor, line, 'config')
    line.fill(0)
    return said
  })
  // out of the configuration whatever became of it: some devices keep it locked for everybody else
  const left = await step(dialogue, vendor, fill(leave, { account }), 'privileged')
  if (!changed.ok) return changed
  return left.ok ? await step(dialogue, vendor, fill(save, { account }), 'privileged') : left
}

async function step(dialogue: Dialogue, vendor: Vendor, line: Uint8Array, expected: Prompt): Promise<Answer<void>> {
  const said = await dialogue.say(line)
  if (!said.ok) return said
  switch (refusalIn(said.value.text, vendor)) {
    case 'right':
      return notPermitted('its authorisation refuses the command to who manages it')
    case 'password':
      return passwordRefused("the device's own rules do not like it")
    case 'unknown':
      return protocol('it does not understand a command that devices of its vendor know')
  }
  return said.value.at === expected ? ok(undefined) : protocol(`it shows another prompt than that behind the command`)
}

/** Why a device of this vendor cannot take a password, in words; undefined where it can. */
export function whyUnfit(password: Uint8Array, vendor: Vendor, longest = vendor.password.longest): string | undefined {
  if (password.length === 0 || password.length > longest) return `a password has 1 to ${longest} characters there; more would be cut`
  const taken = (byte: number) => byte > 0x20 && byte < 0x7f && !vendor.password.excluded.includes(String.fromCharCode(byte))
  return password.every(taken) ? undefined : `a password has no spaces and none of ${vendor.password.excluded.trim()} there`
}
