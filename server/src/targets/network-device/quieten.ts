import { ok } from '../../kernel/result.ts'
import { type Answer, notPermitted } from './failures.ts'
import type { Device } from './on-device.ts'
import { fill, type Vendor } from './vendor.ts'

/** Nothing is to be paged or broken into lines from here on. Refused to who has to ask for more rights first: the enable password is not used. */
export async function quieten({ at, dialogue }: Device, { quiet }: Vendor): Promise<Answer<void>> {
  if (at !== 'privileged')
    return notPermitted('it is at an unprivileged prompt after the login: the managing account needs its rights at once (privilege 15)')
  for (const line of quiet) {
    const said = await dialogue.say(fill(line, { account: '' }))
    // one that it does not know does no harm: paging is answered as well
    if (!said.ok) return said
  }
  return ok(undefined)
}
