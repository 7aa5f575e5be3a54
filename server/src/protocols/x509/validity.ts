import { X509Certificate } from 'node:crypto'

/** From when and until when the first certificate of this PEM is good; undefined when it cannot be read. */
export function validityOf(pem: Uint8Array): { notBefore: Date; notAfter: Date } | undefined {
  try {
    const { validFrom, validTo } = new X509Certificate(pem)
    const [notBefore, notAfter] = [new Date(validFrom), new Date(validTo)]
    return Number.isNaN(notBefore.getTime()) || Number.isNaN(notAfter.getTime()) ? undefined : { notBefore, notAfter }
  } catch {
    return undefined
  }
}
