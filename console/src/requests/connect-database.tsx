import type { access } from '@claviger/api'
import { Button } from '@mantine/core'
import { useGateways, useTicket } from '../data/connect.ts'
import { Copyable } from '../ui/copyable.tsx'
import { Fact, Facts } from '../ui/facts.tsx'
import { Failure } from '../ui/failure.tsx'
import { useNow, When } from '../ui/when.tsx'
import { psqlCommand, psqlUri } from './psql-command.ts'

const authority = '/api/gateway-ca.pem'

/** For psql and graphical clients: where to connect, and a ticket in the place of a password. */
export function ConnectDatabase({ grant }: { grant: access.Grant }) {
  const gateways = useGateways()
  const ticket = useTicket(grant.id)
  const now = useNow()
  const given = ticket.data && Date.parse(ticket.data.expiresAt) > now ? ticket.data : undefined
  if (!gateways.data) return gateways.error && <Failure error={gateways.error} retry={() => gateways.refetch()} />
  const { host, port } = gateways.data.postgres
  const user = `${grant.person.name}@${grant.account}@${grant.target}`
  const database = ticket.data?.database ?? 'postgres'
  return (
    <>
      <h3>With another client</h3>
      <Copyable value={psqlCommand({ host, port, user, database })} what="psql command" />
      <Facts>
        <Fact name="Address">
          <Copyable value={psqlUri({ host, port, user, database })} what="connection string" />
        </Fact>
        <Fact name="Host">{host}</Fact>
        <Fact name="Port">{port}</Fact>
        <Fact name="User">
          <Copyable value={user} what="user name" />
        </Fact>
        <Fact name="Database">{database}</Fact>
        <Fact name="TLS">
          verify-full, with{' '}
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
      {ticket.error && <Failure error={ticket.error} />}
    </>
  )
}
