/*
 * Terminology
 *
 * - code: what a machine may rely on, `domain.reason`; never changes
 * - face: how a code looks to people (a sentence that says what to do next) and to HTTP (a status)
 */

/** Turns a table of codes and their facts into a union on `code`. */
export type ErrorOf<T, C extends keyof T = keyof T> = { [K in C]: { code: K } & T[K] }[C]

export type HttpRefusal = 400 | 401 | 403 | 404 | 409 | 410 | 413 | 422 | 429 | 502 | 503

export interface Face<E> {
  http: HttpRefusal
  /** One sentence for a person; ends with what to do when there is something to do. */
  say(error: E): string
}
export type Faces<T> = { [C in keyof T]: Face<ErrorOf<T, C>> }

export interface Explained {
  http: HttpRefusal
  /** `passkey`: what it is asked, where that is the answer. */
  body: { code: string; message: string; passkey?: { challenge: string; rpId: string; credentials: string[] } }
}

export function explain<T, C extends keyof T & string>(faces: Faces<T>, error: ErrorOf<T, C>): Explained {
  const face = faces[error.code]
  return { http: face.http, body: { code: error.code, message: face.say(error) } }
}
