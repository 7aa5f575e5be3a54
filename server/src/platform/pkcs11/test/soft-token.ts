import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const softHsm = '/usr/lib/softhsm/libsofthsm2.so'

/** SoftHSM with a token in a folder of its own: a real PKCS#11 token, on disk. */
export interface SoftToken {
  module: string
  token: string
  serial: string
  pin: string
  environment: { SOFTHSM2_CONF: string }
  /** As when the HSM is unplugged. */
  away(): void
  back(): void
  /** A copy of all that is in it, as its maker's own backup; answers how to put it back. */
  copy(): () => void
  /** Another token of the same name in the same HSM; answers its serial number. */
  another(pin?: string): string
  remove(): void
}

/** `uid`: who may use it, beside root. */
export function softToken({ label = 'claviger', pin = '48151623', uid }: { label?: string; pin?: string; uid?: number } = {}): SoftToken {
  if (!existsSync(softHsm)) throw new Error('There is no SoftHSM. Install it: apt-get install softhsm2')
  const folder = mkdtempSync(join(tmpdir(), 'claviger-hsm-'))
  const [tokens, conf, hidden] = [join(folder, 'tokens'), join(folder, 'softhsm2.conf'), join(folder, 'hidden')]
  mkdirSync(tokens)
  writeFileSync(conf, `directories.tokendir = ${tokens}\nobjectstore.backend = file\nlog.level = ERROR\n`)
  const environment = { SOFTHSM2_CONF: conf }
  const util = (...args: string[]) => execFileSync('softhsm2-util', args, { env: { ...process.env, ...environment }, encoding: 'utf8' })
  const serials = () => [...util('--show-slots').matchAll(/Serial number:\s+([0-9a-f]{16})/g)].map(([, serial]) => serial as string)
  const owned = () => {
    if (uid === undefined) return
    for (const each of [folder, ...readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name))])
      chownSync(each, uid, uid)
  }
  const make = (secret: string) => {
    const before = serials()
    util('--init-token', '--free', '--label', label, '--so-pin', '12345678', '--pin', secret)
    owned()
    return serials().find((serial) => !before.includes(serial)) ?? ''
  }
  chmodSync(folder, 0o755)
  const serial = make(pin)
  return {
    ...{ module: softHsm, token: label, serial, pin, environment },
    away: () => {
      renameSync(tokens, hidden)
      mkdirSync(tokens)
      owned()
    },
    back: () => {
      rmSync(tokens, { recursive: true })
      renameSync(hidden, tokens)
    },
    copy: () => {
      const kept = mkdtempSync(join(folder, 'copy-'))
      cpSync(tokens, kept, { recursive: true })
      return () => {
        rmSync(tokens, { recursive: true })
        cpSync(kept, tokens, { recursive: true })
        owned()
      }
    },
    another: (other = pin) => make(other),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
