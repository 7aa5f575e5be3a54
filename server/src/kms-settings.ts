import { z } from 'zod'
import { fail, ok, type Result } from './kernel/result.ts'

/** The key of the seal `aws-kms`, as the keeper is told of it. */
export interface KmsSettings {
  key: string
  region: string | undefined
  endpoint: string | undefined
  environment: Record<string, string>
}

/** Names of the variables, to be spread into the schema of the environment. */
export const kmsVariables = {
  /** ARN, id or alias of a key of AWS KMS. */
  CLAVIGER_AWS_KMS_KEY: z
    .string()
    .regex(/^(arn:[a-z0-9-]+:kms:[a-z0-9-]+:\d{12}:(key|alias)\/[A-Za-z0-9/_-]+|alias\/[A-Za-z0-9/_-]+|[A-Za-z0-9-]+)$/)
    .max(300)
    .optional(),
  /** Where the service is asked, if not at its own address: an endpoint of one's own network. */
  CLAVIGER_AWS_KMS_ENDPOINT: z.string().max(300).optional(),
}

/** Undefined: no key is set. The credentials are found by the SDK's standard chain, which reads AWS_*. */
export function readKms(e: z.output<z.ZodObject<typeof kmsVariables>>, env: NodeJS.ProcessEnv): Result<KmsSettings | undefined, string> {
  const { CLAVIGER_AWS_KMS_KEY: key, CLAVIGER_AWS_KMS_ENDPOINT: endpoint } = e
  if (key === undefined) return ok(undefined)
  if (endpoint !== undefined && !isSafe(endpoint))
    return fail('CLAVIGER_AWS_KMS_ENDPOINT: must be an https address, or http on this machine, without a path')
  const [, region] = /^arn:[a-z0-9-]+:kms:([a-z0-9-]+):/.exec(key) ?? []
  const environment = Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (/^AWS_[A-Z0-9_]{1,60}$/.test(name) && value !== undefined ? [[name, value]] : [])),
  )
  if (region === undefined && !environment.AWS_REGION) return fail('CLAVIGER_AWS_KMS_KEY: give the whole ARN of the key, or set AWS_REGION')
  return ok({ key, region, endpoint, environment })
}

/** What the key is asked to open goes over this connection in the clear but for TLS. */
function isSafe(endpoint: string): boolean {
  if (!URL.canParse(endpoint)) return false
  const { protocol, hostname, pathname, search, hash, username } = new URL(endpoint)
  const bare = pathname === '/' && search === '' && hash === '' && username === ''
  return bare && (protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)))
}
