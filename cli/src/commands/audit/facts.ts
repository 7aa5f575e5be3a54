/** What an id is called, where the answer that showed it told; the text as it is where not. */
export const named = (text: string, names: Readonly<Record<string, string>>): string =>
  text.replaceAll(/\b[a-z]{3}_[a-z0-9]{10}\b/g, (id) => (Object.hasOwn(names, id) ? (names[id] ?? id) : id))

/** What an entry says, on one line. */
export const factsOf = (fields: Record<string, unknown>, names: Readonly<Record<string, string>> = {}): string =>
  Object.entries(fields)
    .map(([name, value]) => `${name}=${named(typeof value === 'string' ? value : JSON.stringify(value), names)}`)
    .join(' ')
