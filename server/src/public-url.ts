import { z } from 'zod'
import { fail, ok, type Result } from './kernel/result.ts'

/** Where people open the console. Passkeys belong to a name: at an address of numbers there are none. */
export interface PublicUrl {
  origin: string
  passkeys: { rpId: string; origin: string } | undefined
}

const numbers = z.union([z.ipv4(), z.ipv6()])

/** `https://pam.example.com`; `http` on this machine alone, as browsers have it. */
export function readPublicUrl(text: string | undefined, httpPort: number): Result<PublicUrl, string> {
  const no = (what: string) => fail(`CLAVIGER_PUBLIC_URL: ${what}`)
  const url = URL.parse(text ?? `http://localhost:${httpPort}`)
  if (!url || url.origin === 'null') return no('must be an address such as https://pam.example.com')
  if (url.username || url.password || url.pathname !== '/' || url.search || url.hash)
    return no('must be an address alone, without a path, such as https://pam.example.com')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const here = host === 'localhost' || host.endsWith('.localhost') || host === '127.0.0.1' || host === '::1'
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && here)) return no('must begin with https://, or be on this machine')
  const { origin } = url
  return ok({ origin, passkeys: numbers.safeParse(host).success ? undefined : { rpId: host, origin } })
}
