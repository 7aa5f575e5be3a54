import pg from 'pg'

const mark = '-- statement '

/**
 * Begins a statement that is asked hundreds of times a second: the server parses and plans it once for each connection, and not each time. Only for
 * texts that never change: a server keeps each that it was ever told. Unlike `name` of pg it comes through the query builder.
 */
export const named = (name: string): string => `${mark}${name}\n`

/** A connection that tells the server the names that statements begin with. */
export class NamingClient extends pg.Client {
  // biome-ignore lint/suspicious/noExplicitAny: pg declares a dozen shapes of this one, and all but one pass as they are
  override query(...asked: any[]): any {
    const [text, values, ...rest] = asked
    const given =
      typeof text === 'string' && text.startsWith(mark)
        ? [{ name: text.slice(mark.length, text.indexOf('\n')), text, values }, ...rest]
        : asked
    return (super.query as (...all: unknown[]) => unknown)(...given)
  }
}
