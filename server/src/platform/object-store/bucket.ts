/*
 * Terminology
 *
 * - bucket: a place for objects at a store that speaks S3
 * - object: bytes under a name; written once as a whole, or in parts that become an object when they are complete
 * - upload: the parts of an object that is not complete; the store keeps them, and nobody can read them
 */

export type BucketFault = 'away' | 'denied' | 'no_bucket' | 'no_upload' | 'too_slow' | 'locked' | 'not_installed' | 'refused'

/** What a store says no with. `detail` is its own word, without any key. */
export class BucketError extends Error {
  readonly fault: BucketFault
  /** Of HTTP; 0 where there was no answer. */
  readonly status: number
  constructor(fault: BucketFault, detail: string, status = 0) {
    super(detail)
    this.fault = fault
    this.status = status
  }
}

/** A part that the store has. */
export interface Part {
  etag: string
  /** Base64, of its bytes. */
  sha256: string
}

/** Every call may throw a BucketError. Names are below the prefix of the settings. */
export interface Bucket {
  /** For people: where it is. */
  readonly place: string
  /** Bytes of an object; undefined where there is none of that name. */
  size(name: string): Promise<number | undefined>
  /** Fewer bytes than asked only at the end. */
  read(name: string, from: number, length: number): Promise<Uint8Array>
  put(name: string, bytes: Uint8Array): Promise<void>
  begin(name: string): Promise<string>
  part(name: string, upload: string, number: number, bytes: Uint8Array): Promise<Part>
  complete(name: string, upload: string, parts: readonly Part[]): Promise<void>
  /** Lets the store forget an upload; one that it does not know is no error. */
  abandon(name: string, upload: string): Promise<void>
  /** With all its versions, where the store keeps some. What is not there is no error. */
  remove(name: string): Promise<void>
  close(): void
}
