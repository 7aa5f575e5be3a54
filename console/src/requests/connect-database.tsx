import type { access } from '@claviger/api'
import { Button } from '@mantine/core'
import styles from '../check-out/in-hand.module.css'
import { useGateways, useTicket } from '../data/connect.ts'
import { Copyable } from '../ui/copyable.tsx'
import { Fact, Facts } from '../ui/facts.tsx'
import { Failure } from '../ui/failure.tsx'
import { useNow, When } from '../ui/when.tsx'
import { mariadbCommand, mysqlUri } from './mysql-command.ts'
import { psqlCommand, psqlUri } from './psql-command.ts'

const authority = '/api/gateway-ca.pem'

interface Place {
  host: string
  port: number
  user: string
  database: string
}

/** What differs between the databases. */
const wires = {
  postgres: {
    client: 'psql',
    command: psqlCommand,
    uri: psqlUri,
    tls: 'verify-full, with ',
    database: (named: string | null) => named ?? 'postgres',
  },
  mysql: {
    client: 'mariadb',
    command: (place: Place) => mariadbCommand(place),
    uri: (place: Place) => mysqlUri(place),
    tls: 'required; the certificate checked by ',
    database: (named: string | null) => named ?? '',
  },
} as const

/** For psql, mariadb and graphical clients: where to connect, and a ticket in the place of a password. */
export function ConnectDatabase({ grant, kind }: { grant: access.Grant; kind: keyof typeof wires }) {
  const gateways = useGateways()
  const ticket = useTicket(grant.id)
  const now = useNow()
  const given = ticket.data && Date.parse(ticket.data.expiresAt) > now ? ticket.data : undefined
  if (!gateways.data) return gateways.error && <Failure error={gateways.error} retry={() => gateways.refetch()} />
  const { host, port } = gateways.data[kind]
  const wire = wires[kind]
  const user = `${grant.person.name}@${grant.account}@${grant.target}`
  const database = wire.database(ticket.data?.database ?? null)
  return (
    <>
      <h3>With another client</h3>
      <Copyable value={wire.command({ host, port, user, database })} what={`${wire.client} command`} />
      <Facts>
        <Fact name="Address">
          <Copyable value={wire.uri({ host, port, user, database })} what="connection string" />
        </Fact>
        <Fact name="Host">{host}</Fact>
        <Fact name="Port">{port}</Fact>
        <Fact name="User">
          <Copyable value={user} what="user name" />
        </Fact>
        {database !== '' && <Fact name="Database">{database}</Fact>}
        <Fact name="TLS">
          {wire.tls}
          <a href={authority} download>
            this authority
          </a>
        </Fact>
        <Fact name="Password">
          {given ? (
            <>
              <Copyable value={given.ticket} shown="clvt_••••••••••" what="connection ticket" /> expires <When at={given.expiresAt} />
            </>
          ) : (
            <Button size="xs" variant="default" loading={ticket.isPending} onClick={() => ticket.mutate()}>
              {ticket.data ? 'Get another connection ticket' : 'Get a connection ticket'}
            </Button>
          )}
        </Fact>
      </Facts>
      <p className={styles.note}>
        You may have {gateways.data.sessions.perPerson} sessions open at once, with this account {gateways.data.sessions.perAccount} may be
        open in all; policy may say fewer. Keep a pool of connections below that.
      </p>
      {ticket.error && <Failure error={ticket.error} />}
    </>
  )
}
