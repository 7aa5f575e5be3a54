import type { DoorCertificate } from '../gateways/postgres/index.ts'
import type { Keeper } from '../keeper/client.ts'
import { newP256Key, privateKeyPem } from '../platform/crypto/ecdsa.ts'

const lookEveryMs = 5_000
const tryAgainMs = 60_000
/** The keeper lets a certificate begin a minute early. */
const earlyMs = 30_000

/**
 * The TLS certificate of a door: a key made here, which leaves this process only for the one that takes its
 * place when the seal is closed, and the keeper's word for it. A new pair
 * is asked for at half of its life, and when the clock was set back to before this one was made: it was made under a wrong clock,
 * and clients would refuse it as not valid yet. While the keeper does not answer the old one stays, and it is tried again every minute.
 */
export async function keepCertificate(keeper: Keeper, log: (line: string) => void) {
  const renew = async (): Promise<DoorCertificate & { madeAt: number; renewAt: number }> => {
    const { privateKey, publicKey } = newP256Key()
    const answer = await keeper.ask('gatewayCertificate', { publicKey: publicKey.toString('base64') })
    if (!answer.ok) throw new Error(answer.error.message)
    const { certificate, validUntil } = answer.value
    const pem = privateKeyPem(privateKey)
    privateKey.fill(0)
    return { certificate, privateKey: pem, madeAt: Date.now(), renewAt: (Date.now() + Date.parse(validUntil)) / 2 }
  }
  const first = await renew()
  let { madeAt, renewAt } = first
  let notBefore = 0
  let renewed: (certificate: DoorCertificate) => void = () => {}
  const look = async (): Promise<void> => {
    const fits = Date.now() >= madeAt - earlyMs && Date.now() < renewAt
    if (fits || performance.now() < notBefore) return
    notBefore = performance.now() + tryAgainMs
    const next = await renew()
    notBefore = 0
    ;({ madeAt, renewAt } = next)
    renewed(next)
  }
  const timer = setInterval(() => {
    look().catch((error: unknown) => log(`the certificate of the PostgreSQL gateway was not renewed: ${String(error)}`))
  }, lookEveryMs)
  return {
    first,
    onRenewed(callback: (certificate: DoorCertificate) => void): void {
      renewed = callback
    },
    stop: () => clearInterval(timer),
  }
}
