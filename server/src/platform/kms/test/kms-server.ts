import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/*
 * AWS KMS as far as a seal needs it: Encrypt and Decrypt of its JSON 1.1 protocol over real HTTP, with the encryption context bound to the ciphertext, the
 * key id checked, and the signature (Signature Version 4) computed anew from what came over the wire. Written from the service's API reference; it is not
 * the service.
 */

const account = '111122223333'
export const region = 'eu-central-1'
export const arnOf = (id: string) => `arn:aws:kms:${region}:${account}:key/${id}`
export const keyId = '1234abcd-12ab-34cd-56ef-1234567890ab'

interface Asked {
  target: string
  body: { KeyId?: string; Plaintext?: string; CiphertextBlob?: string; EncryptionContext?: Record<string, string> }
}

class Refusal extends Error {
  readonly type: string
  readonly status: number
  constructor(type: string, message: string, status = 400) {
    super(message)
    this.type = type
    this.status = status
  }
}

export interface KmsServer {
  endpoint: string
  asked: Asked[]
  /** What it answers to everything from now on; undefined: as it should. */
  broken: { type: string; status: number } | 'hangs' | 'other-key' | undefined
  environment: Record<string, string>
  stop(): Promise<void>
}

/** `port`: where it was before, to come back there. */
export async function startKms({ port = 0 }: { port?: number } = {}): Promise<KmsServer> {
  const keys = new Map([keyId, '99999999-12ab-34cd-56ef-1234567890ab'].map((id) => [arnOf(id), randomBytes(32)]))
  const credentials = { id: 'AKIDEXAMPLE', secret: randomBytes(20).toString('hex') }
  const asked: Asked[] = []
  const named = (id = '') => {
    const arn = id.startsWith('arn:') ? id : id === 'alias/claviger' ? arnOf(keyId) : arnOf(id)
    const key = keys.get(arn)
    if (!key) throw new Refusal('NotFoundException', `Key '${id}' does not exist`)
    return { arn, key }
  }
  const contextBytes = (context: Record<string, string> = {}) => Buffer.from(JSON.stringify(Object.entries(context).sort()))

  const answer = ({ target, body }: Asked): object => {
    if (target === 'TrentService.Encrypt') {
      const { arn, key } = named(body.KeyId)
      const iv = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(contextBytes(body.EncryptionContext))
      const sealed = Buffer.concat([cipher.update(Buffer.from(body.Plaintext ?? '', 'base64')), cipher.final()])
      const blob = Buffer.concat([Buffer.from([arn.length]), Buffer.from(arn), iv, cipher.getAuthTag(), sealed])
      return { CiphertextBlob: blob.toString('base64'), KeyId: arn, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' }
    }
    if (target !== 'TrentService.Decrypt') throw new Refusal('UnknownOperationException', target)
    const blob = Buffer.from(body.CiphertextBlob ?? '', 'base64')
    const length = blob[0] ?? 0
    const arn = blob.toString('utf8', 1, 1 + length)
    const key = keys.get(arn)
    if (!key) throw new Refusal('InvalidCiphertextException', '')
    if (body.KeyId !== undefined && named(body.KeyId).arn !== arn)
      throw new Refusal('IncorrectKeyException', 'The key ID in the request does not identify a CMK that can perform this operation.')
    const rest = blob.subarray(1 + length)
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, rest.subarray(0, 12)).setAAD(contextBytes(body.EncryptionContext))
      decipher.setAuthTag(rest.subarray(12, 28))
      const plain = Buffer.concat([decipher.update(rest.subarray(28)), decipher.final()])
      return { Plaintext: plain.toString('base64'), KeyId: arn, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' }
    } catch {
      throw new Refusal('InvalidCiphertextException', '')
    }
  }

  const server: KmsServer = {
    ...{ endpoint: '', asked, broken: undefined, stop: async () => undefined },
    environment: { AWS_ACCESS_KEY_ID: credentials.id, AWS_SECRET_ACCESS_KEY: credentials.secret, AWS_REGION: region },
  }
  const http = createServer(async (request, response) => {
    const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>))
    const give = (status: number, what: object) => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': randomBytes(8).toString('hex') })
      response.end(JSON.stringify(what))
    }
    try {
      const { broken } = server
      if (broken === 'hangs') return
      if (typeof broken === 'object') throw new Refusal(broken.type, 'broken by the test', broken.status)
      checkSignature(request, body, credentials)
      const one: Asked = { target: String(request.headers['x-amz-target']), body: JSON.parse(body.toString('utf8')) }
      asked.push(one)
      const answered = answer(one)
      give(200, broken === 'other-key' ? { ...answered, KeyId: arnOf('99999999-12ab-34cd-56ef-1234567890ab') } : answered)
    } catch (error) {
      const { type = 'KMSInternalException', status = 500, message } = error as Partial<Refusal>
      give(status, { __type: type, message })
    }
  })
  await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve))
  server.endpoint = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  server.stop = async () => {
    http.closeAllConnections()
    await new Promise<void>((resolve) => http.close(() => resolve()))
  }
  return server
}

/** Signature Version 4, as the service checks it ("Create a signed AWS API request", IAM User Guide). */
function checkSignature(request: IncomingMessage, body: Buffer, { id, secret }: { id: string; secret: string }): void {
  const header = String(request.headers.authorization)
  const [, credential = '', signed = '', signature = ''] =
    /^AWS4-HMAC-SHA256 Credential=([^,]+), SignedHeaders=([^,]+), Signature=(\w+)$/.exec(header) ?? []
  const [akid, date = '', where = '', service = ''] = credential.split('/')
  if (akid !== id) throw new Refusal('UnrecognizedClientException', 'The security token included in the request is invalid.')
  const hash = (text: string | Buffer) => createHash('sha256').update(text).digest('hex')
  const mac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()
  const headers = signed
    .split(';')
    .map((name) => `${name}:${String(request.headers[name]).trim()}\n`)
    .join('')
  const canonical = [request.method, '/', '', headers, signed, hash(body)].join('\n')
  const scope = `${date}/${where}/${service}/aws4_request`
  const toSign = ['AWS4-HMAC-SHA256', request.headers['x-amz-date'], scope, hash(canonical)].join('\n')
  const key = mac(mac(mac(mac(`AWS4${secret}`, date), where), service), 'aws4_request')
  if (mac(key, toSign).toString('hex') !== signature || service !== 'kms')
    throw new Refusal('InvalidSignatureException', 'The request signature we calculated does not match the signature you provided.')
}
