/** One entry as it was found. Attributes are asked for without regard to case, as a directory compares them. */
export class LdapEntry {
  readonly dn: string
  readonly #values = new Map<string, readonly Buffer[]>()

  constructor(dn: string, attributes: Iterable<readonly [name: string, values: readonly (string | Buffer)[]]>) {
    this.dn = dn
    for (const [name, values] of attributes) {
      this.#values.set(
        name.toLowerCase(),
        values.map((value) => (typeof value === 'string' ? Buffer.from(value) : value)),
      )
    }
  }

  all(attribute: string): string[] {
    return this.bytes(attribute).map((value) => value.toString('utf8'))
  }

  first(attribute: string): string | undefined {
    return this.all(attribute)[0]
  }

  bytes(attribute: string): readonly Buffer[] {
    return this.#values.get(attribute.toLowerCase()) ?? []
  }

  /** Whether it is of this class, directly or by inheritance: servers list both. */
  isA(objectClass: string): boolean {
    return this.all('objectClass').some((name) => name.toLowerCase() === objectClass.toLowerCase())
  }
}
